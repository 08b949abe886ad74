import cadquery as cq
r = cq.Workplane("XZ").lineTo(4, 0).lineTo(2, 5).lineTo(0, 5).close().revolve()
