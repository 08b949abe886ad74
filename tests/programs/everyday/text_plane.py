import cadquery as cq
r = cq.Workplane(cq.Plane(origin=(1, 2, 3), xDir=(0, 1, 0), normal=(1, 0, 0))).box(1, 2, 3)
