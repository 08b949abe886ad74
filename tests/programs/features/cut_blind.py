import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").workplane().rect(4, 4).cutBlind(-2)
