import cadquery as cq
r = cq.Workplane().polyline([(0, 0), (4, 0), (0, 3)]).close().extrude(1).faces(">Z").workplane(centerOption="CenterOfBoundBox").circle(0.2).extrude(1)
