import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces(">Z").workplane(centerOption="CenterOfMass").hole(3)
