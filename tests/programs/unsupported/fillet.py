import cadquery as cq
r = cq.Workplane().box(4, 4, 4).edges("|Z").fillet(0.5)
