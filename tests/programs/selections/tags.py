import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces(">Z").workplane().tag("top").circle(2).extrude(4).workplaneFromTagged("top").center(4, 0).circle(0.5).cutThruAll()
