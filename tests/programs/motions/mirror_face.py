import cadquery as cq
b = cq.Workplane().box(1, 2, 3)
r = b.mirror(b.faces(">X"), union=True)
