import cadquery as cq
r = cq.Workplane().sketch().arc((0, 0), (1, 0), (2, 0)).close().assemble().finalize().extrude(1)
