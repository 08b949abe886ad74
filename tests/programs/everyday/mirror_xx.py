import cadquery as cq
r = cq.Workplane().moveTo(0, 0).lineTo(0, 3).lineTo(5, 4).lineTo(9, 0).mirrorX().extrude(2)
