import cadquery as cq
r = cq.Workplane().sketch().arc((1, 1), 3.0, 0.0, 180.0).close().assemble().finalize().extrude(1)
