import cadquery as cq
r = cq.Workplane().box(20, 10, 2).faces(">Z").workplane().rect(16, 6, forConstruction=True).vertices().hole(2)
