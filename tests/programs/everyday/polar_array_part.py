import cadquery as cq
r = cq.Workplane().circle(20).extrude(3).faces(">Z").workplane().polarArray(12, 10, 90, 4, fill=False).rect(2, 4).cutThruAll()
