import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces(">Z").workplane(invert=True, offset=1).circle(1).extrude(3)
