import cadquery as cq
r = cq.Workplane().circle(10).extrude(2).faces(">Z").workplane().polarArray(7, 0, 360, 5).rect(2, 1).cutThruAll()
