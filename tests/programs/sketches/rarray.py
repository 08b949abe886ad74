import cadquery as cq
r = cq.Workplane().sketch().rarray(5, 4, 3, 2).circle(1).finalize().extrude(1)
