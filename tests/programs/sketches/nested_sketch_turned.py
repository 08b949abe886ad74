import cadquery as cq
w = cq.Workplane()
r = w.sketch().face(w.sketch().push([(5, 0)]).rect(1, 2), angle=90).finalize().extrude(3)
