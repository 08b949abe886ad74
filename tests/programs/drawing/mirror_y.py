import cadquery as cq
r = cq.Workplane().moveTo(0, -1).lineTo(2, -1).lineTo(3, 4).lineTo(0, 4).mirrorY().extrude(1)
