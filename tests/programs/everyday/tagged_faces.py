import cadquery as cq
r = cq.Workplane().box(10, 10, 2).tag("base").faces(">Z").workplane().circle(3).extrude(5).faces("<Z", tag="base").workplane().hole(2)
