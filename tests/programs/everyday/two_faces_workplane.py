import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces("|Z and >Z").workplane().rect(4, 4).cutBlind(-2)
