import cadquery as cq
r = cq.Workplane().rect(10, 6).offset2D(1).extrude(2)
