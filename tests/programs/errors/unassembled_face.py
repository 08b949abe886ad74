import cadquery as cq
w = cq.Workplane()
r = w.sketch().face(w.sketch().segment((0, 0), (1, 0)).segment((1, 1)).close()).finalize().extrude(1)
