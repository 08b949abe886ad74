import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces(">Z").workplane().center(2, 3).hole(2).center(-4, 0).hole(1)
