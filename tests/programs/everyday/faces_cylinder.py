import cadquery as cq
f = cq.Workplane().cylinder(4, 1).faces().vals()
r = cq.Workplane().box(10, 10, 10)
for i, face in enumerate(f):
    r = r.union(cq.Workplane().box(1, 1, face.Area()).translate((20 + 3 * i, 0, 0)))
