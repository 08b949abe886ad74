import cadquery as cq
r = cq.Workplane().rect(10, 20).extrude(5).faces(">X").workplane(offset=2, centerOption="CenterOfBoundBox").circle(1).extrude(3)
