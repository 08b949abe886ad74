import cadquery as cq
r = cq.Workplane().sketch().segment((2, 2), (4, 2)).segment((4, 4)).segment((2, 2)).segment((0, 0), (10, 0)).segment((10, 10)).segment((0, 10)).segment((0, 0)).assemble().finalize().extrude(1)
