import cadquery as cq
r = cq.Workplane().pushPoints([(0, 0), (0, 10)]).slot2D(10, 3).extrude(2)
