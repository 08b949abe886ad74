import cadquery as cq
r = cq.Workplane().hLine(10).vLine(3).hLine(-4).vLine(2).hLineTo(0).mirrorY().extrude(2)
