import cadquery as cq
r = cq.Workplane().circle(2).extrude(3, both=True)
