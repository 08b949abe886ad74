import cadquery as cq
c = cq.Workplane("XY").box(1, 1, 1).faces(">Z").workplane().circle(0.25).cutThruAll()
r = c.faces(">Y").workplane(-0.5).split(keepTop=True)
