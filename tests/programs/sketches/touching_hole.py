import cadquery as cq
r = cq.Workplane().sketch().rect(20, 10).push([(0, 3)]).circle(2, mode="s").finalize().extrude(5)
