import cadquery as cq
r = cq.Workplane().box(1, -2, 3)
