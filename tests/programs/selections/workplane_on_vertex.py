import cadquery as cq
r = cq.Workplane().box(4, 4, 1).faces(">Z").vertices("<XY").workplane(centerOption="CenterOfMass").circle(0.5).cutThruAll()
