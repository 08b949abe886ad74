import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").workplane().cboreHole(2, 4, 1)
