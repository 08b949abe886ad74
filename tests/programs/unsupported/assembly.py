import cadquery as cq
a = cq.Assembly().add(cq.Workplane().box(1, 1, 1))
r = a.toCompound()
