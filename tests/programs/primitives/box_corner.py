import cadquery as cq
r = cq.Workplane("XZ").box(1, 2, 3, centered=False)
