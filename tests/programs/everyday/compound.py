import cadquery as cq
r = cq.Workplane().pushPoints([(0, 0), (5, 0)]).box(1, 1, 1, combine=False)
