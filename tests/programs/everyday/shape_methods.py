import cadquery as cq
b = cq.Workplane().box(2, 2, 2).val()
r = cq.Workplane().add(b.cut(cq.Workplane().cylinder(3, 0.5).val()))
