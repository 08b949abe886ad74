import cadquery as cq
r = cq.Workplane().rarray(1, 1, 3, 1).box(1.5, 1, 1, combine=False).combine()
