import cadquery as cq
b = cq.Workplane().box(2, 2, 2).val().moved(cq.Location(cq.Vector(1, 2, 3), cq.Vector(0, 0, 1), 45))
r = cq.Workplane().add(b)
