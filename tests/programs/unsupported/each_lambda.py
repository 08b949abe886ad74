import cadquery as cq
r = cq.Workplane().pushPoints([(0, 0), (5, 5)]).eachpoint(lambda loc: cq.Workplane().box(1, 2, 3).val().moved(loc), combine=True)
