import cadquery as cq
r = cq.Workplane().circle(20).extrude(3).faces(">Z").workplane().polarArray(15, 0, 360, 6).hole(4)
