"""Compares Partwright's metrics with trimesh, manifold3d and scipy on 50 pairs of meshes.

    cargo build --release -p partwright-geometry --example compare_pairs
    python tests/python/metrics_reference.py [BENCH_FOLDER] [--driver PATH] [--pairs N] [--all]

Every second pair is a mesh and the next one of the folder; the others are a mesh and a copy of it turned by 3 degrees,
shrunk and shifted a little, which is what a good candidate looks like. BENCH_FOLDER (default ../shared/bench) is
searched for gt.ply; without it, or without the Python packages, the script says so and ends with 0.

What is compared, and how exactly:
  volume, area, IoU by boolean    against manifold3d on the bodies that trimesh splits (united by size, voids taken
                                  out): 1e-6 relative, IoU 1e-6 absolute (single-precision files: manifold3d imports as 32 bit floats)
  IoU by inside tests             against winding numbers summed in numpy over 20,000 other random points: 0.015
  Chamfer distance                against scipy's cKDTree on trimesh's samples, other random ones: 10 %
  mean, p95 deviation             against trimesh's closest points from as many other random samples: 2 % + 0.0001
  maximum deviation, Hausdorff    the same and all vertices; random maxima of a part without a vertex at its farthest
                                  point differ more: 2 % + 0.0005
Both sides take SAMPLES points on each surface. With 8192, what a program compares with by default, two draws of the same
quantity differ by up to 3 % (the standard error is 1 to 1.5 %), so this takes more.

Prints a table (differences only, unless --all) and a summary; exits 1 on any difference.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

try:
    import manifold3d
    import numpy as np
    import trimesh
    from scipy.spatial import cKDTree
except ImportError as missing:
    print(f"skipped: {missing} (pip install numpy scipy trimesh manifold3d)")
    sys.exit(0)

SAMPLES = 32768
# Triangles are cut into pieces no longer than this share of the box's diagonal before they are looked up by their middle.
PIECE = 0.02
COLUMNS = (
    "iou method chamfer mean p95 max back_mean back_p95 back_max hausdorff volume_a volume_b area_a area_b ms".split()
)


def solid(mesh):
    """The mesh as a manifold3d solid that counts every point once, or None when it is no solid."""
    if not mesh.is_watertight:
        return None
    result = manifold3d.Manifold()
    for body in sorted(mesh.split(only_watertight=False, repair=False), key=lambda body: -abs(body.volume)):
        part = manifold3d.Manifold(
            manifold3d.Mesh64(
                vert_properties=np.asarray(body.vertices, np.float64), tri_verts=np.asarray(body.faces, np.uint64)
            )
        )
        if part.status() != manifold3d.Error.NoError or part.is_empty():
            return None
        result = result + part if body.volume > 0 else result - turned(body)
    return result if result.volume() > 0 else None


def turned(body):
    return manifold3d.Manifold(
        manifold3d.Mesh64(
            vert_properties=np.asarray(body.vertices, np.float64),
            tri_verts=np.asarray(body.faces[:, ::-1], np.uint64),
        )
    )


def inside(mesh, points):
    """By the winding number, every triangle summed: slow and simple."""
    corners = mesh.triangles
    result = np.zeros(len(points), bool)
    step = max(1, 4_000_000 // len(corners))
    for start in range(0, len(points), step):
        a, b, c = (corners[None, :, i] - points[start : start + step, None] for i in range(3))
        la, lb, lc = (np.linalg.norm(v, axis=2) for v in (a, b, c))
        above = np.einsum("ijk,ijk->ij", a, np.cross(b, c))
        below = (
            la * lb * lc
            + np.einsum("ijk,ijk->ij", a, b) * lc
            + np.einsum("ijk,ijk->ij", b, c) * la
            + np.einsum("ijk,ijk->ij", c, a) * lb
        )
        winding = np.arctan2(above, below).sum(axis=1) / (2 * np.pi)
        result[start : start + step] = np.abs(winding) >= 0.5
    return result


def pieces(mesh):
    """The triangles cut along their longest edges until they are short; slivers stay slivers, but short ones."""
    corners = np.asarray(mesh.triangles)
    corners = corners[trimesh.triangles.area(corners) > 0]
    longest = PIECE * np.linalg.norm(mesh.extents)
    done = []
    while len(corners):
        lengths = np.linalg.norm(corners[:, [1, 2, 0]] - corners, axis=2)
        edge = lengths.argmax(axis=1)
        long = lengths.max(axis=1) > longest
        done.append(corners[~long])
        rows, edge = corners[long], edge[long]
        # The longest edge first, then halved.
        order = (edge[:, None] + np.arange(3)) % 3
        rows = np.take_along_axis(rows, order[:, :, None], axis=1)
        middle = rows[:, :2].mean(axis=1)
        corners = np.concatenate(
            [np.stack([rows[:, 0], middle, rows[:, 2]], axis=1), np.stack([middle, rows[:, 1], rows[:, 2]], axis=1)]
        )
    return np.concatenate(done)


def closest_distances(corners, points):
    """Distances to the nearest of short triangles: all whose middles are near enough to matter are tried."""
    middle = corners.mean(axis=1)
    radius = np.linalg.norm(corners - middle[:, None], axis=2).max()
    tree = cKDTree(middle)
    bound = tree.query(points)[0]
    nearest = np.full(len(points), np.inf)
    for start in range(0, len(points), 2048):
        block = slice(start, start + 2048)
        near = tree.query_ball_point(points[block], bound[block] + radius)
        owner = np.repeat(np.arange(len(near)), [len(candidates) for candidates in near])
        candidates = np.concatenate([np.asarray(candidates, int) for candidates in near])
        asked = points[block][owner]
        found = trimesh.triangles.closest_point(corners[candidates], asked)
        np.minimum.at(nearest[block], owner, np.linalg.norm(found - asked, axis=1))
    return nearest


def spread(mesh, target, samples):
    corners = pieces(target)
    of_samples = closest_distances(corners, samples)
    of_vertices = closest_distances(corners, mesh.vertices)
    return of_samples.mean(), np.quantile(of_samples, 0.95), max(of_samples.max(), of_vertices.max())


def reference(a, b, seed):
    """Everything by other hands; None where it cannot be had."""
    value = {"area_a": a.area, "area_b": b.area}
    solid_a, solid_b = solid(a), solid(b)
    value["volume_a"] = solid_a.volume() if solid_a else None
    value["volume_b"] = solid_b.volume() if solid_b else None
    if solid_a and solid_b:
        shared = (solid_a ^ solid_b).volume()
        value["iou"] = shared / (solid_a.volume() + solid_b.volume() - shared)
        value["method"] = "boolean"
    else:
        low = np.minimum(a.bounds[0], b.bounds[0])
        high = np.maximum(a.bounds[1], b.bounds[1])
        points = np.random.default_rng(seed).uniform(low, high, (20_000, 3))
        in_a, in_b = inside(a, points), inside(b, points)
        either = (in_a | in_b).sum()
        value["iou"] = (in_a & in_b).sum() / either if either else None
        value["method"] = "points"
    on_a, on_b = (trimesh.sample.sample_surface(mesh, SAMPLES, seed=seed + i)[0] for i, mesh in enumerate((a, b)))
    there, back = cKDTree(on_b).query(on_a)[0], cKDTree(on_a).query(on_b)[0]
    value["chamfer"] = (there**2).mean() + (back**2).mean()
    value["mean"], value["p95"], value["max"] = spread(a, b, on_a)
    value["back_mean"], value["back_p95"], value["back_max"] = spread(b, a, on_b)
    value["hausdorff"] = max(value["max"], value["back_max"])
    return value


def limit(name, expected, method):
    if name in ("volume_a", "volume_b", "area_a", "area_b"):
        return 1e-6 * abs(expected) + 1e-12
    if name == "iou":
        return 1e-6 if method == "boolean" else 0.015
    if name == "chamfer":
        return 0.1 * expected
    return 0.02 * expected + (5e-4 if "max" in name or name == "hausdorff" else 1e-4)


def near_copy(mesh, path):
    turn = trimesh.transformations.rotation_matrix(np.radians(3), [0.3, 0.5, 0.8], mesh.bounds.mean(axis=0))
    turn[:3, :3] *= 0.97
    turn[:3, 3] += [0.02, 0.01, -0.005]
    copy = mesh.copy()
    copy.apply_transform(turn)
    copy.export(path)


def pairs(folder, count, scratch):
    files = sorted(folder.glob("*/*/gt.ply"))
    chosen = [files[i * len(files) // count] for i in range(count)] if files else []
    for i, path in enumerate(chosen):
        if i % 2:
            copy = scratch / f"{i}.ply"
            near_copy(trimesh.load(path, force="mesh"), copy)
            yield path, copy
        else:
            yield path, files[(i * len(files) // count + 1) % len(files)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench", nargs="?", default="../shared/bench", type=pathlib.Path)
    parser.add_argument("--driver", default="target/release/examples/compare_pairs", type=pathlib.Path)
    parser.add_argument("--pairs", default=50, type=int)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    if not options.bench.is_dir():
        print(f"skipped: {options.bench} is not there")
        return 0
    if not options.driver.exists():
        print(f"{options.driver} is missing: cargo build --release -p partwright-geometry --example compare_pairs")
        return 1
    worst, wrong, missing, methods, millis = {}, 0, 0, {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for number, (path_a, path_b) in enumerate(pairs(options.bench, options.pairs, pathlib.Path(scratch))):
            line = subprocess.run(
                [options.driver, str(SAMPLES), path_a, path_b], capture_output=True, text=True, check=True
            ).stdout.split("\t")
            ours = {
                name: text if name == "method" else None if text.strip() == "-" else float(text)
                for name, text in zip(COLUMNS, line)
            }
            a, b = (trimesh.load(path, force="mesh") for path in (path_a, path_b))
            theirs = reference(a, b, number)
            methods[ours["method"], theirs["method"]] = methods.get((ours["method"], theirs["method"]), 0) + 1
            millis.append(ours["ms"])
            notes = []
            for name, expected in theirs.items():
                if name == "method":
                    continue
                found = ours[name]
                if expected is None:
                    # trimesh merges vertices at one place, after which bodies that touch in an edge are no solid to it.
                    missing += found is not None
                    continue
                if found is None:
                    notes.append(f"{name} is missing, not {expected:.9g}")
                    continue
                share = abs(found - expected) / limit(name, expected, theirs["method"])
                worst[name] = max(worst.get(name, (0, 0)), (share, abs(found - expected)))
                if share > 1:
                    notes.append(f"{name} {found:.9g} != {expected:.9g}")
            wrong += bool(notes)
            if notes or options.all:
                name = f"{path_a.parent.name} x {path_b.parent.name if path_b.name == 'gt.ply' else 'near copy'}"
                iou = "-" if ours["iou"] is None else f"{ours['iou']:.6f}"
                print(
                    f"{name[:60]:60} iou {iou} ({ours['method']}) "
                    f"cd {ours['chamfer']:.3e} {'; '.join(notes) or 'ok'}",
                    flush=True,
                )
    print(f"\n{len(millis)} pairs, {wrong} with differences; median {np.median(millis):.0f} ms each")
    print(f"{missing} volumes that only Partwright has")
    print("methods (ours, theirs):", ", ".join(f"{key[0]}/{key[1]} {n}" for key, n in sorted(methods.items())))
    print(f"{'quantity':12} {'largest difference':>20} {'share of the limit':>20}")
    for name, (share, difference) in sorted(worst.items()):
        print(f"{name:12} {difference:20.3e} {share:20.3f}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
