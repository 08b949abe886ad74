import cadquery as cq
r = cq.Workplane().box(1, 2, 3).rotate((0, 0, 0), (0, 0, 1), 30)
