import cadquery as cq
r = cq.Workplane().lineTo(10, 0).tangentArcPoint((0, 5)).lineTo(0, 5).close().extrude(2)
