import cadquery as cq
r = cq.Workplane().sketch().push([(3, 4)]).rect(10, 8, angle=30).finalize().extrude(-4)
