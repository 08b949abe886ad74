import cadquery as cq
r = cq.Workplane().sketch().circle(10).parray(7, 0, 360, 6).circle(1, mode="s").finalize().extrude(1)
