import cadquery as cq
r = cq.Workplane().box(10, 10, 10).edges("|Z").vertices(">Z").first().workplane(centerOption="CenterOfMass").circle(1).extrude(2)
