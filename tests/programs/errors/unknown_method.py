import cadquery as cq
r = cq.Workplane().sketch().rectangle(1, 1).finalize().extrude(1)
