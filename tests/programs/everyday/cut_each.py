import cadquery as cq
r = cq.Workplane().box(20, 20, 2).faces(">Z").workplane().rect(14, 14, forConstruction=True).vertices().circle(1).cutThruAll()
