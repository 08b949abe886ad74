import cadquery as cq
r = cq.Workplane().box(20, 20, 8).faces(">Z").workplane().pushPoints([(3, 3)]).cskHole(2, 5, 90, depth=4)
