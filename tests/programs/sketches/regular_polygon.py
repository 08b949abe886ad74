import cadquery as cq
r = cq.Workplane().sketch().regularPolygon(4, 6).finalize().extrude(1)
