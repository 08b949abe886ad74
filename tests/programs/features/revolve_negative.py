import cadquery as cq
r = cq.Workplane("YZ").moveTo(3, 0).rect(2, 4).revolve(-90, (0, 0, 0), (0, 1, 0))
