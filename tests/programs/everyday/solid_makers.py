import cadquery as cq
r = cq.Workplane(obj=cq.Solid.makeSphere(3, angleDegrees1=-90)).add(cq.Solid.makeCone(3, 1, 5, cq.Vector(10, 0, 0), cq.Vector(1, 1, 0)))
