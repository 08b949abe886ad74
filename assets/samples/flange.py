"""A flange with a hub and a bolt circle."""

import math

import cadquery as cq

FLANGE_DIAMETER, THICKNESS = 90, 10
HUB_DIAMETER, HUB_HEIGHT, BORE = 46, 28, 28
BOLTS, BOLT_CIRCLE, BOLT_HOLE = 6, 68, 9

r = cq.Workplane("XY").circle(FLANGE_DIAMETER / 2).extrude(THICKNESS)
r = r.union(cq.Workplane("XY").circle(HUB_DIAMETER / 2).extrude(HUB_HEIGHT))
r = r.cut(cq.Workplane("XY").circle(BORE / 2).extrude(HUB_HEIGHT))
angles = [2 * math.pi * i / BOLTS for i in range(BOLTS)]
centres = [(BOLT_CIRCLE / 2 * math.cos(a), BOLT_CIRCLE / 2 * math.sin(a)) for a in angles]
r = r.cut(cq.Workplane("XY").pushPoints(centres).circle(BOLT_HOLE / 2).extrude(THICKNESS))
