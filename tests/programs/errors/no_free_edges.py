import cadquery as cq
r = cq.Workplane().sketch().segment((1, 1)).assemble().finalize().extrude(1)
