import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">X").workplane().circle(1).cutThruAll()
