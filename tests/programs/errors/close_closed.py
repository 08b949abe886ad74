import cadquery as cq
r = cq.Workplane().sketch().segment((0, 0), (1, 0)).segment((1, 1)).segment((0, 0)).close().assemble().finalize().extrude(1)
