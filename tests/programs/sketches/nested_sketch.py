import cadquery as cq
w = cq.Workplane()
r = w.sketch().rect(20, 20).reset().face(w.sketch().segment((0, 0), (5, 0)).segment((5, 5)).close().assemble(), mode="s").finalize().extrude(3)
