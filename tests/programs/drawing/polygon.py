import cadquery as cq
r = cq.Workplane().polygon(6, 10).extrude(2)
