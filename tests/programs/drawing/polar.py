import cadquery as cq
r = cq.Workplane().polarLine(10, 30).polarLineTo(5, 120).close().extrude(1)
