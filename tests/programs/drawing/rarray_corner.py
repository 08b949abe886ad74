import cadquery as cq
r = cq.Workplane().rarray(3, 4, 3, 2, center=False).circle(1).extrude(1)
