import cadquery as cq
r = cq.Workplane().sketch().circle(4).circle(2, mode="s").finalize().extrude(5, both=True)
