import cadquery as cq
import math
from math import pi, sin
r = cq.Workplane().box(math.pi, pi, 1 + sin(0.5))
