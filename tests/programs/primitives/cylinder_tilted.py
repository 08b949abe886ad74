import cadquery as cq
r = cq.Workplane().cylinder(10, 3, direct=cq.Vector(1, 0, 0), centered=(True, True, False))
