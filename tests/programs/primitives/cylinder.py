import cadquery as cq
r = cq.Workplane("ZX", origin=(0, 4, 0)).moveTo(1, 2).cylinder(10, 3)
