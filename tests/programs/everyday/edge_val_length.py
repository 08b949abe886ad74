import cadquery as cq
l = cq.Workplane().box(1, 2, 3).edges("|Z").val().Length()
r = cq.Workplane().box(l, l, 1)
