import cadquery as cq
r = cq.Workplane().box(1, 2, 3).translate((5, 0, 0)).rotateAboutCenter((0, 0, 1), 45)
