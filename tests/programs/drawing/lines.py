import cadquery as cq
r = cq.Workplane().moveTo(1, 1).lineTo(5, 1).lineTo(5, 4).lineTo(1, 4).close().extrude(2)
