import cadquery as cq
r = cq.Workplane().box(1, 1, 1)
cq.exporters.export(r, "box.step")
