import cadquery as cq
r = cq.Workplane().box(4, 4, 4).faces(">Z").shell(-0.5)
