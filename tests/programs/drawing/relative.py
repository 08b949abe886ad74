import cadquery as cq
r = cq.Workplane("XZ").hLine(10).vLine(5).line(-2, 3).hLineTo(0).close().extrude(2)
