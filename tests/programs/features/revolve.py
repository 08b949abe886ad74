import cadquery as cq
r = cq.Workplane().moveTo(3, 0).rect(2, 4).revolve(360, (0, 0, 0), (0, 1, 0))
