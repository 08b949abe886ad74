import cadquery as cq
r = cq.Workplane().transformed(rotate=(30, 20, 10), offset=(1, 2, 3)).box(1, 2, 3)
