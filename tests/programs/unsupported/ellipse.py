import cadquery as cq
r = cq.Workplane().ellipse(5, 3).extrude(2)
