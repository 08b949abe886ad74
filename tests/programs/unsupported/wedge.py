import cadquery as cq
r = cq.Workplane().wedge(10, 5, 8, 2, 2, 6, 6)
