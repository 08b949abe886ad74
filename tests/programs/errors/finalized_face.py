import cadquery as cq
w = cq.Workplane()
r = w.sketch().rect(1, 1).face(w.sketch().circle(2).finalize()).finalize().extrude(1)
