import cadquery as cq
r = cq.Workplane().box(4, 4, 4).intersect(cq.Workplane().sphere(2.5))
