import cadquery as cq
r = cq.Workplane().moveTo(1, 1).lineTo(10, 1).tangentArcPoint((12, 6), relative=False).lineTo(1, 6).close().extrude(2)
