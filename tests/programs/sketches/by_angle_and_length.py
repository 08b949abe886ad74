import cadquery as cq
r = cq.Workplane().sketch().segment((0, 0), (10, 0)).segment(5.0, 90.0).segment(10.0, 180.0).close().assemble().finalize().extrude(1)
