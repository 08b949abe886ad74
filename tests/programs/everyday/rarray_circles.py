import cadquery as cq
r = cq.Workplane().box(30, 30, 2).faces(">Z").workplane().rarray(5, 6, 4, 3).circle(1).cutThruAll()
