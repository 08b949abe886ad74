import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces(">Z").workplane().tag("top").rect(4, 4).extrude(5).workplaneFromTagged("top").center(4, 4).circle(0.5).extrude(3)
