import cadquery as cq
r = cq.Workplane("XZ").moveTo(3, 3).circle(1).revolve()
