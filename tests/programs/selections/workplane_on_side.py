import cadquery as cq
r = cq.Workplane().box(10, 6, 4).faces(">Y").workplane(centerOption="CenterOfMass", offset=1).rect(2, 2).extrude(1)
