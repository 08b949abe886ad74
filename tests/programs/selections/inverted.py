import cadquery as cq
r = cq.Workplane().box(4, 4, 1).faces(">Z").workplane(invert=True).circle(0.5).extrude(3)
