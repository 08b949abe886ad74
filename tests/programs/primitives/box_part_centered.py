import cadquery as cq
r = cq.Workplane("YZ", origin=(1, 2, 3)).box(1, 2, 3, centered=(True, False, True))
