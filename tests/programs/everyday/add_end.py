import cadquery as cq
r = cq.Workplane().box(1, 1, 1).add(cq.Workplane().box(1, 1, 1).translate((3, 0, 0))).combine()
