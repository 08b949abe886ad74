import cadquery as cq
r = cq.Workplane().sketch().trapezoid(8, 3, 60).finalize().extrude(1)
