import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces(">Z").workplane().rect(4, 4).extrude(3).faces(">Z[1]").workplane(centerOption="CenterOfMass").pushPoints([(4, 4)]).hole(1)
