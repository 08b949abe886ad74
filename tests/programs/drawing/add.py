import cadquery as cq
w = cq.Workplane(cq.Plane(cq.Vector(1, 2, 3), cq.Vector(0, 1, 0), cq.Vector(1, 0, 0)))
a = w.moveTo(4, 0).threePointArc((6, 2), (4, 4)).lineTo(0, 4).lineTo(0, 0).close()
b = w.moveTo(3, 2).circle(1)
r = w.add(a).add(b).extrude(2)
