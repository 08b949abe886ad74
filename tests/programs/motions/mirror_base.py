import cadquery as cq
r = cq.Workplane().box(1, 2, 3, centered=False).mirror("XY", (0, 0, -1))
