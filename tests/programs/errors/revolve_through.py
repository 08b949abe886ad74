import cadquery as cq
r = cq.Workplane().rect(2, 2).revolve()
