import cadquery as cq
r = cq.Workplane().box(2, 2, 2).union(cq.Workplane().box(2, 2, 2).translate((1, 1, 1)))
