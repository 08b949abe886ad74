import cadquery as cq
r = cq.Workplane().box(4, 4, 4).cut(cq.Workplane().cylinder(10, 1))
