import cadquery as cq
r = cq.Workplane().cylinder(10, 3, angle=90)
