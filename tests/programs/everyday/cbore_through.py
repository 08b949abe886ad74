import cadquery as cq
r = cq.Workplane().box(20, 20, 8).faces("<Y").workplane().cboreHole(2, 4, 1.5)
