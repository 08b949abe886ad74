import cadquery as cq
r = cq.Workplane().rect(10, 6).extrude(1).faces(">Z").workplane().rect(8, 4, forConstruction=True).vertices().circle(0.5).extrude(2)
