import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").workplane().rect(20, 1).cutThruAll()
