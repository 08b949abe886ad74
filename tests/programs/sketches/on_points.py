import cadquery as cq
r = cq.Workplane().pushPoints([(0, 0), (6, 5)]).sketch().rect(1, 2).finalize().extrude(1)
