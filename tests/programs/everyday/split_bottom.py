import cadquery as cq
r = cq.Workplane().cylinder(4, 4).faces(">Z").workplane(-1).split(keepBottom=True)
