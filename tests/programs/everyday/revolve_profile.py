import cadquery as cq
r = cq.Workplane("XZ").polyline([(2, 0), (5, 0), (5, 1), (3, 1), (3, 6), (2, 6)]).close().revolve(360, (0, 0, 0), (0, 1, 0))
