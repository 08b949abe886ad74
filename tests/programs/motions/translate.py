import cadquery as cq
r = cq.Workplane().box(1, 2, 3).translate((1, 2, 3))
