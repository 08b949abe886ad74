import cadquery as cq
s = cq.Sketch().rect(10, 6).vertices().circle(1, mode='s').reset().circle(1.5, mode='s')
r = cq.Workplane().placeSketch(s).extrude(3)
