import cadquery as cq
b = cq.Workplane().box(1, 2, 3, centered=False).translate((1, 1, 1))
v = b.val()
assert abs(v.Volume() - 6) < 1e-9
assert abs(v.Area() - 22) < 1e-9
bb = v.BoundingBox()
assert abs(bb.xmin - 1) < 1e-6 and abs(bb.zmax - 4) < 1e-6 and abs(bb.ylen - 2) < 1e-6
c = v.Center()
assert abs(c.x - 1.5) < 1e-9 and abs(c.z - 2.5) < 1e-9
assert b.faces(">Z").val().geomType() == "PLANE"
assert abs(b.edges(">Z and >X").val().Length() - 2) < 1e-9
r = b
