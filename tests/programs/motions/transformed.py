import cadquery as cq
r = cq.Workplane().transformed(rotate=(0, 60, 0), offset=(1, 2, 3)).rect(2, 3).extrude(4)
