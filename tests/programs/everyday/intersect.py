import cadquery as cq
r = cq.Workplane().box(4, 4, 4) & cq.Workplane().sphere(2.5)
