import cadquery as cq
r = cq.Workplane().sketch().rect(1, 1, mode="s").finalize().extrude(1)
