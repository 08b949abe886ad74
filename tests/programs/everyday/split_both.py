import cadquery as cq
r = cq.Workplane().box(4, 4, 4).workplane(offset=1).split(keepTop=True, keepBottom=True)
