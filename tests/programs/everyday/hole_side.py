import cadquery as cq
r = cq.Workplane().box(10, 20, 5).faces("<X").workplane(centerOption="CenterOfMass").center(3, 1).hole(1, 4)
