import cadquery as cq
r = cq.Workplane().box(20, 20, 8).faces(">Z").workplane().cskHole(2, 4, 82)
