import cadquery as cq
r = cq.Workplane().placeSketch(cq.Sketch().rect(20, 20).rarray(6, 6, 2, 2).each(lambda l: cq.Sketch().circle(1).moved(l), mode='s')).extrude(2)
