import cadquery as cq
r = cq.Workplane().box(4, 4, 4).edges(">Z").chamfer(0.5)
