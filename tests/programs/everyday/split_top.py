import cadquery as cq
r = cq.Workplane().box(4, 4, 4).faces(">Z").workplane(-1).split(keepTop=True)
