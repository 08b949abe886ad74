"""Re-reads a folder of STEP files with the real CadQuery and compares with what Partwright says about them.

    python tests/python/step_reread.py FOLDER [--all]

For every NAME.step the values expected stand in NAME.json beside it:
    {"volume": .., "area": .., "bounds": [xmin, ymin, zmin, xmax, ymax, zmax], "solids": n, "faces": n,
     "surfaces": {"plane": n, ...}}          ("faces" and "surfaces" may be missing)
Written by `cargo run --release -p partwright-brep --example kernel_step -- FOLDER` for the kernel cases, and by the unit
tests with PARTWRIGHT_STEP_SAMPLES=FOLDER for the hand-made solids.

Checked: the file reads, every solid is valid (BRepCheck) with a positive volume, the number of solids, volume and area
to 1e-4 relative (on solids with oblique curves OpenCASCADE's values differ by up to 4e-5 from closed forms that the
values expected meet; its approximated parameter curves are the likely reason, not a proven one), the box to 0.01 (by OpenCASCADE's optimal box or, where that is loose, by a fine mesh),
the number of faces, and that every face is on an analytic surface of the kind expected. Prints a table (differences only, unless --all) and exits 1 on any difference.
"""

import argparse
import collections
import json
import pathlib
import sys

try:
    import cadquery as cq
except ImportError:
    sys.exit("step_reread.py needs CadQuery: pip install cadquery (in a venv)")
from OCP.Bnd import Bnd_Box
from OCP.BRepBndLib import BRepBndLib

RELATIVE = 1e-4
BOX = 0.01
KINDS = {"PLANE": "plane", "CYLINDER": "cylinder", "CONE": "cone", "SPHERE": "sphere", "TORUS": "torus"}


def optimal_box(shape):
    """The box from the geometry itself (CadQuery's own may be loose)."""
    box = Bnd_Box()
    BRepBndLib.AddOptimal_s(shape.wrapped, box, False, False)
    return box.Get()


def mesh_box(solids):
    """The box of a fine mesh, which is never too large."""
    points = [v for s in solids for v in s.tessellate(0.001, 0.05)[0]]
    return [min(p.x for p in points), min(p.y for p in points), min(p.z for p in points),
            max(p.x for p in points), max(p.y for p in points), max(p.z for p in points)]


def off(a, b):
    return max((abs(x - y) for x, y in zip(a, b)), default=float("inf"))


def reread(path, expected_bounds):
    """What CadQuery says about a STEP file."""
    shapes = cq.importers.importStep(str(path)).vals()
    solids = [s for shape in shapes for s in shape.Solids()]
    faces = [f for s in solids for f in s.Faces()]
    boxes = [optimal_box(s) for s in solids]
    bounds = [min(b[i] for b in boxes) for i in range(3)] + [max(b[i] for b in boxes) for i in range(3, 6)] if boxes else []
    if boxes and off(bounds, expected_bounds) > BOX:
        bounds = mesh_box(solids)
    return {
        "valid": all(s.isValid() for s in solids),
        "positive": all(s.Volume() > 0 for s in solids),
        "solids": len(solids),
        "volume": sum(s.Volume() for s in solids),
        "area": sum(s.Area() for s in solids),
        "bounds": bounds,
        "faces": len(faces),
        "surfaces": dict(collections.Counter(KINDS.get(f.geomType(), f.geomType()) for f in faces)),
    }


def differences(expected, got):
    out = []
    for name in ("valid", "positive"):
        if not got[name]:
            out.append(f"not {name}")
    for name in ("solids", "faces", "surfaces"):
        if name in expected and expected[name] != got[name]:
            out.append(f"{name} {got[name]} instead of {expected[name]}")
    for name in ("volume", "area"):
        if abs(got[name] - expected[name]) > RELATIVE * abs(expected[name]):
            out.append(f"{name} {got[name]:.9g} instead of {expected[name]:.9g}")
    if off(got["bounds"], expected["bounds"]) > BOX:
        out.append(f"box off by {off(got['bounds'], expected['bounds']):.4g}")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--all", action="store_true", help="print every file, not only differences")
    args = parser.parse_args()
    files = sorted(args.folder.glob("*.step"))
    if not files:
        sys.exit(f"no .step file in {args.folder}")
    bad, worst = 0, collections.defaultdict(float)
    kinds = collections.Counter()
    for path in files:
        expected = json.loads(path.with_suffix(".json").read_text())
        try:
            got = reread(path, expected["bounds"])
        except Exception as e:  # whatever the reader raises is the finding
            bad += 1
            print(f"{path.stem:24} does not read: {e}")
            continue
        kinds.update(got["surfaces"])
        found = differences(expected, got)
        bad += bool(found)
        for name in ("volume", "area"):
            worst[name] = max(worst[name], abs(got[name] / expected[name] - 1))
        if got["bounds"]:
            worst["box"] = max(worst["box"], off(got["bounds"], expected["bounds"]))
        if found or args.all:
            print(f"{path.stem:24} {'; '.join(found) or 'equal'}")
    print(f"{len(files)} files, {len(files) - bad} read back as valid solids with the same values, {bad} differ")
    print("largest differences:", ", ".join(f"{k} {v:.3g}" for k, v in worst.items()), "| surfaces:", dict(kinds))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
