import cadquery as cq
r = cq.Workplane().polyline([(0, 0), (4, 0), (4, 2), (2, 5)]).close().extrude(1)
