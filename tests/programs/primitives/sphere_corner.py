import cadquery as cq
r = cq.Workplane("YZ").sphere(5, centered=False)
