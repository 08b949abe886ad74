import cadquery as cq
r = cq.Workplane().sphere(5)
