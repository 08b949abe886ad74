import cadquery as cq
r = cq.Workplane().sketch().segment((0, 0), (10, 0)).segment((10, 5)).arc((5, 8), (0, 5)).close().assemble().finalize().extrude(2)
