import cadquery as cq
r = cq.Workplane().slot2D(10, 3, 30).extrude(2)
