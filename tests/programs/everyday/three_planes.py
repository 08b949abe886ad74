import cadquery as cq
r = cq.Workplane("XZ").rect(4, 2).extrude(3).union(cq.Workplane("left").circle(1).extrude(4)).union(cq.Workplane("bottom").workplane(offset=1).rect(1, 1).extrude(6))
