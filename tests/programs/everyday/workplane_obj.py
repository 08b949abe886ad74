import cadquery as cq
r = cq.Workplane(cq.Solid.makeBox(1, 2, 3, cq.Vector(1, 1, 1)))
