import cadquery as cq
a = cq.Workplane().box(4, 4, 4)
b = cq.Workplane().cylinder(6, 1)
c = cq.Workplane("XZ").cylinder(6, 1)
r = a + b - c
