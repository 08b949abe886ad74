import cadquery as cq
r = cq.Workplane().sketch().rect(20, 10).push([(-6, 0), (0, 0), (6, 0)]).circle(2, mode="s").finalize().extrude(3)
