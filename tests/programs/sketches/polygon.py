import cadquery as cq
r = cq.Workplane().sketch().polygon([(0, 0), (4, 0), (4, 3), (0, 0)]).finalize().extrude(1)
