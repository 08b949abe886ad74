import cadquery as cq
r = cq.Workplane().sketch().segment((0, 0), (10, 0)).segment((0, 5), (10, 5)).segment((10, 0), (10, 5)).segment((0, 5), (0, 0)).assemble().finalize().extrude(2)
