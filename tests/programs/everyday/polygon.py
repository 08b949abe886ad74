import cadquery as cq
r = cq.Workplane().polygon(6, 10).extrude(4).faces(">Z").workplane().polygon(5, 4, circumscribed=True).cutBlind(-1)
