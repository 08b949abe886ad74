import cadquery as cq
r = cq.Workplane().add(cq.Solid.makeBox(1, 2, 3)).add(cq.Solid.makeCylinder(1, 5, cq.Vector(10, 0, 0))).combine()
