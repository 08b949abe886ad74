import cadquery as cq
r = cq.Workplane().lineTo(10, 0).radiusArc((10, 6), -5).lineTo(0, 6).radiusArc((0, 0), 4).close().extrude(2)
