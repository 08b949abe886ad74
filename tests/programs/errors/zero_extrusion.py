import cadquery as cq
r = cq.Workplane().rect(1, 1).extrude(0)
