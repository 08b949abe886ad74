import cadquery as cq
r = cq.Workplane().spline([(0, 0), (5, 3), (10, 0)]).lineTo(10, -5).lineTo(0, -5).close().extrude(2)
