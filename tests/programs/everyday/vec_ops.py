import cadquery as cq
v = cq.Vector(1, 2, 3) + cq.Vector(1, 0, 0) * 2
r = cq.Workplane(origin=v.toTuple()).box(v.x, v.y, v.z)
