import cadquery as cq
r = cq.Workplane().box(20, 20, 5).faces(">Z").workplane().slot2D(10, 3, 30).cutBlind(-2)
