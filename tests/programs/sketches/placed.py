import cadquery as cq
s = cq.Sketch().rect(4, 2).vertices().circle(0.5, mode="s").reset()
r = cq.Workplane().placeSketch(s).extrude(1)
