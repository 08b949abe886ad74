import cadquery as cq
r = cq.Workplane("YZ", origin=(3, 0, 0)).sketch().rect(10, 8).circle(2, mode="s").finalize().extrude(4)
