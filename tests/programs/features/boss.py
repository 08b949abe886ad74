import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").workplane().circle(2).extrude(3)
