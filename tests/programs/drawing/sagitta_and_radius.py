import cadquery as cq
r = cq.Workplane().lineTo(4, 0).sagittaArc((4, 4), -1).radiusArc((0, 4), -5).close().extrude(1)
