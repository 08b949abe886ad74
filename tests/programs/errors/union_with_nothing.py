import cadquery as cq
r = cq.Workplane().box(1, 1, 1).union(cq.Workplane().rect(1, 1))
