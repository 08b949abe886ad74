import cadquery as cq
r = cq.Workplane().rect(10, 6).pushPoints([(-3, 0), (3, 0)]).circle(1).extrude(2)
