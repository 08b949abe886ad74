import cadquery as cq
r = cq.Workplane().circle(0).extrude(1)
