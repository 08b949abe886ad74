import cadquery as cq
r = cq.Workplane().placeSketch(cq.Sketch().rect(10, 6).vertices().fillet(1)).extrude(2)
