import cadquery as cq
r = cq.Workplane().box(20, 20, 8).faces(">Z").workplane().pushPoints([(4, 4), (-4, -4)]).cboreHole(2, 4, 1.5, depth=5)
