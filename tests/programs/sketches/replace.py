import cadquery as cq
r = cq.Workplane().sketch().rect(10, 10).circle(3, mode="r").finalize().extrude(3)
