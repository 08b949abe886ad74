import cadquery as cq
e = cq.Workplane().box(1, 2, 3).edges("|Z").vals()
r = cq.Workplane().box(10, 10, 10)
for i, edge in enumerate(e):
    c = edge.Center()
    r = r.union(cq.Workplane().box(1, 1, 1 + i).translate((20 * c.x, 20 * c.y, 10 * c.z)))
