import cadquery as cq
r = cq.Workplane().center(5, 5).rect(2, 2).extrude(1).faces(">Z").workplane().center(0.5, 0.5).hole(0.5)
