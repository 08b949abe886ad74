import cadquery as cq
r = cq.Workplane().lineTo(10, 0).sagittaArc((10, 6), 1).lineTo(0, 6).sagittaArc((0, 0), -2).close().extrude(2)
