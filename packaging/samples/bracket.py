"""An angle bracket with a boss, holes and a rib: the part behind assets/samples/bracket-scan.ply."""

import cadquery as cq

base = cq.Workplane("XY").box(80, 50, 8, centered=(True, True, False))
upright = cq.Workplane("XY").box(8, 50, 48, centered=(True, True, False)).translate((-36, 0, 0))
boss = cq.Workplane("XY").workplane(offset=8).moveTo(14, 0).circle(13).extrude(12)
r = base.union(upright).union(boss)
r = r.cut(cq.Workplane("XY").moveTo(14, 0).circle(6).extrude(20))
r = r.cut(cq.Workplane("XY").pushPoints([(32, 17), (32, -17), (-18, 17), (-18, -17)]).circle(3.25).extrude(8))
r = r.cut(cq.Workplane("YZ").workplane(offset=-40).pushPoints([(-14, 34), (14, 34)]).circle(4).extrude(8))
