import cadquery as cq
s = cq.Sketch().rect(4, 4)
r = cq.Workplane().pushPoints([(0, 0), (10, 0)]).placeSketch(s).extrude(2)
