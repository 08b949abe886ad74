import cadquery as cq
r = cq.Workplane().box(10, 10, 4).faces(">Z").sketch().rect(6, 6).circle(1, mode="s").finalize().extrude(3)
