import cadquery as cq
r = cq.Workplane().rect(2, 3).revolve(180, (-5, 0, 0), (-5, 1, 0))
