"""Simulated scans of varied parts, for the development of the reconstruction: NAME.ply (points) beside NAME.stl (truth).

Each part is a short CadQuery program; a simulated scanner (make_scan.py) looks at it from a few sides. They differ in
noise, in what is seen, in whether normals are given, and in how the part lies.

python packaging/samples/development_scans.py OUT_FOLDER
"""

import sys
from pathlib import Path

import cadquery as cq
import make_scan
import numpy as np

W = cq.Workplane
ALL_ROUND = make_scan.VIEWS
FROM_ABOVE = [(1, 0.4, 1.1), (-0.2, 1, 0.9), (0.3, -1, 0.8), (-1, -0.3, 0.7)]


def parts() -> dict:
    """Name -> (part, noise as a share of the longest side, views, whether normals are given, whether it is turned)."""
    plate = W("XY").box(90, 60, 6).faces(">Z").workplane().rect(70, 40, forConstruction=True).vertices().hole(7)
    plate = plate.faces(">Z").workplane().hole(22)
    flange = W("XY").circle(40).extrude(9).union(W("XY").circle(20).extrude(26)).cut(W("XY").circle(12).extrude(26))
    flange = flange.cut(W("XY").polarArray(31, 0, 360, 6).circle(4).extrude(9))
    shaft = W("XZ").circle(9).extrude(30).union(W("XZ").workplane(offset=30).circle(14).extrude(20))
    shaft = shaft.union(W("XZ").workplane(offset=50).circle(7).extrude(35))
    pocket = W("XY").box(80, 55, 30).cut(W("XY").workplane(offset=-7).rect(64, 39).extrude(30))
    steps = W("XZ").polyline([(0, 0), (80, 0), (80, 12), (55, 12), (55, 26), (28, 26), (28, 40), (0, 40)]).close().extrude(45)
    wedge = W("XZ").polyline([(0, 0), (70, 0), (70, 14), (20, 45), (0, 45)]).close().extrude(40)
    wedge = wedge.cut(W("XY").moveTo(45, -20).circle(6).extrude(60))
    channel = W("YZ").polyline([(0, 0), (50, 0), (50, 35), (43, 35), (43, 7), (7, 7), (7, 35), (0, 35)]).close().extrude(90)
    channel = channel.cut(W("XY").pushPoints([(20, 25), (70, 25)]).circle(5).extrude(10))
    tee = W("XY").box(90, 20, 10).union(W("XY").box(20, 70, 10).translate((0, 35, 0)))
    tee = tee.union(W("XY").workplane(offset=5).moveTo(0, 50).circle(8).extrude(14))
    clevis = W("XY").box(60, 40, 8, centered=(True, True, False))
    for x in (-22, 22):
        clevis = clevis.union(W("XY").box(9, 40, 42, centered=(True, True, False)).translate((x, 0, 0)))
    clevis = clevis.cut(W("YZ").workplane(offset=-40).moveTo(0, 29).circle(7).extrude(80))
    return {
        "plate": (plate, 0.002, ALL_ROUND, True, False),
        "flange": (flange, 0.003, ALL_ROUND, True, False),
        "shaft": (shaft, 0.004, ALL_ROUND, False, False),
        "pocket": (pocket, 0.004, ALL_ROUND, True, False),
        "pocket-above": (pocket, 0.004, FROM_ABOVE, False, False),
        "steps": (steps, 0.006, FROM_ABOVE, False, False),
        "wedge": (wedge, 0.003, FROM_ABOVE, True, True),
        "channel": (channel, 0.005, ALL_ROUND, False, False),
        "tee": (tee, 0.003, FROM_ABOVE, False, True),
        "clevis": (clevis, 0.008, ALL_ROUND, True, False),
    }


def main(folder: Path) -> None:
    """Writes all scans."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (part, noise, views, normals, turned)) in enumerate(parts().items()):
        shape = part.val()
        if turned:
            shape = shape.rotate(cq.Vector(0, 0, 0), cq.Vector(0.3, 0.2, 1), 33)
        size = max(shape.BoundingBox().xlen, shape.BoundingBox().ylen, shape.BoundingBox().zlen)
        make_scan.NOISE_MM, make_scan.VIEWS, make_scan.CELL_MM = noise * size, views, 0.012 * size
        points, directions = make_scan.scan(shape, seed)
        make_scan.write_ply(folder / f"{name}.ply", points, directions if normals else None)
        offset = cq.Vector(*make_scan.OFFSET_MM)
        cq.exporters.export(W(obj=shape.translate(offset)), str(folder / f"{name}.stl"), tolerance=0.02, angularTolerance=0.1)
        print(f"{name}: {len(points)} points, volume {shape.Volume():.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
