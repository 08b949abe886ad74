import cadquery as cq
r = cq.Workplane().sketch().slot(8, 3, angle=30).finalize().extrude(1)
