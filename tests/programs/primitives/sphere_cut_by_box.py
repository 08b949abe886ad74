import cadquery as cq
r = cq.Workplane().sphere(5).cut(cq.Workplane().box(20, 20, 4))
