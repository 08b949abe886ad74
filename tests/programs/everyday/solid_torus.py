import cadquery as cq
r = cq.Workplane(obj=cq.Solid.makeTorus(10, 2))
