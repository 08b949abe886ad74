import cadquery as cq
r = cq.Workplane().box(10, 20, 5).workplane(offset=0).circle(2).cutBlind(1, both=True)
