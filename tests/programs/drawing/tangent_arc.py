import cadquery as cq
r = cq.Workplane().lineTo(4, 0).tangentArcPoint((3, 3)).lineTo(0, 3).close().extrude(1)
