import cadquery as cq
b = cq.Workplane().box(1, 2, 3)
assert b.edges("|Z").size() == 4
assert b.edges("#Z").size() == 8
assert b.faces("|Z or |X").size() == 4
assert b.faces(">Z").edges().size() == 4
assert b.faces(">Z").vertices().size() == 4
assert b.faces("not >Z").size() == 5
assert b.vertices(">X and >Y").size() == 2
r = b
