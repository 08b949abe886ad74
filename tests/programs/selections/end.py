import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces(">Z").workplane().circle(1).extrude(1).faces("<Z").workplane().hole(0.5).faces(">X").end().faces(">Y").workplane().hole(0.5)
