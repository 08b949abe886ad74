import cadquery as cq
r = cq.Workplane().lineTo(1, 0).lineTo(1, 1).lineTo(0, 0).extrude(1)
