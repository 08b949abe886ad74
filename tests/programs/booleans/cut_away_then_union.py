import cadquery as cq
r = cq.Workplane().box(1, 1, 1).cut(cq.Workplane().box(2, 2, 2)).union(cq.Workplane().box(3, 3, 3).translate((5, 0, 0)))
