import cadquery as cq
e = cq.Workplane().box(1, 2, 3).vertices().vals()
r = cq.Workplane().box(10, 10, 10)
for i, v in enumerate(e):
    x, y, z = v.toTuple()
    r = r.union(cq.Workplane().box(1, 1, 1 + i).translate((20 * x, 20 * y, 20 * z)))
