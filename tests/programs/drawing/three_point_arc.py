import cadquery as cq
r = cq.Workplane().lineTo(4, 0).threePointArc((5, 2), (4, 4)).lineTo(0, 4).close().extrude(1)
