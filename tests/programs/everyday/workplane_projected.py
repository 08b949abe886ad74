import cadquery as cq
r = cq.Workplane(origin=(3, 4, 5)).rect(10, 20).extrude(5).faces(">Z").workplane().circle(1).extrude(3)
