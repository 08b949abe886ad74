import cadquery as cq
r = cq.Workplane().polarLine(10, 30).polarLine(10, 120).polarLineTo(5, 200).close().extrude(2)
