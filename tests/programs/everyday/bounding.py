import cadquery as cq
b = cq.Workplane().cylinder(5, 2).val().BoundingBox()
r = cq.Workplane().box(b.xlen, b.ylen, b.zlen).translate(b.center)
