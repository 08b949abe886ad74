import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces(">Z").workplane(origin=(2, 3, 0)).hole(2)
