import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").workplane().cskHole(2, 4, 82)
