import cadquery as cq
r = cq.Workplane().rect(2, 6).rect(6, 2).extrude(1)
