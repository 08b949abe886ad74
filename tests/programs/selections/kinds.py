import cadquery as cq
b = cq.Workplane().box(4, 4, 4).faces(">Z").workplane().hole(2)
assert b.faces("%CYLINDER").size() == 1
assert b.faces("%PLANE").size() == 6
assert b.edges("%CIRCLE").size() == 2
assert abs(b.faces("%CYLINDER").val().Area() - 2 * 3.141592653589793 * 4) < 1e-6
r = b
