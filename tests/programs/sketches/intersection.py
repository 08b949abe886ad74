import cadquery as cq
r = cq.Workplane().sketch().rect(10, 10).push([(3, 3)]).circle(5, mode="i").finalize().extrude(3)
