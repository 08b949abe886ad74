import cadquery as cq
r = cq.Workplane().box(10, 10, 2).faces("not(|Z)").faces(">X").workplane().hole(1)
