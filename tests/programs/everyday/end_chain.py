import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces(">Z").workplane().rect(4, 4).extrude(1).end(3).faces(">X").workplane().hole(1)
