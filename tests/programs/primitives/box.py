import cadquery as cq
r = cq.Workplane("XY").box(1, 2, 3)
