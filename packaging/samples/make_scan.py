"""Makes the sample scans of assets/samples from bracket.py and from flange.py, which stands there.

A simulated scanner looks at the bracket from a few sides: a ray per pixel, its first hit, noise along the ray, nothing
where the view is too flat or something stands in the way. The views are merged and thinned to one point per cell, in
millimetres, 300 mm away from the origin, as a scanner puts them into a coordinate system of its own.

Needs cadquery, numpy and numba:  python packaging/samples/make_scan.py assets/samples
"""

import runpy
import sys
from pathlib import Path

import cadquery as cq
import numba
import numpy as np

HERE = Path(__file__).parent
NOISE_MM = 0.05
OFFSET_MM = np.array([300.0, -120.0, 45.0])
CELL_MM = 0.8
FLATTEST_DEG = 72.0
NORMAL_NOISE_DEG = 2.0
VIEW_WIDTH, VIEW_HEIGHT, VIEW_ANGLE_DEG, VIEW_DISTANCE_MM = 460, 380, 30.0, 260.0
# Directions from the part to the scanner. The part lies on its side once, so that its underside is seen too, from one
# direction only; the far ends of the holes and the corner behind the boss stay hidden.
VIEWS = [(1, 0.4, 1.1), (-0.2, 1, 0.9), (0.3, -1, 0.8), (-1, -0.3, 0.7), (0.9, -0.5, 0.5), (0.1, 0.2, 1), (0.5, 0.3, -1)]


def triangles(shape: cq.Shape) -> np.ndarray:
    """The corners of a fine tessellation, (n, 3, 3)."""
    vertices, faces = shape.tessellate(0.02, 0.3)
    points = np.array([v.toTuple() for v in vertices])
    return points[np.array(faces)]


@numba.njit(fastmath=True)
def first_hits(origin, directions, corners):
    """Distance and triangle of each ray's first hit (Moeller and Trumbore 1997); distance inf where there is none.

    The origin is the same for all rays, so that all but the products with a ray's direction is done once per triangle.
    """
    distances = np.full(len(directions), np.inf)
    hit = np.full(len(directions), -1)
    for j in range(len(corners)):
        ax, ay, az = corners[j, 0]
        e1x, e1y, e1z = corners[j, 1, 0] - ax, corners[j, 1, 1] - ay, corners[j, 1, 2] - az
        e2x, e2y, e2z = corners[j, 2, 0] - ax, corners[j, 2, 1] - ay, corners[j, 2, 2] - az
        sx, sy, sz = origin[0] - ax, origin[1] - ay, origin[2] - az
        nx, ny, nz = e1y * e2z - e1z * e2y, e1z * e2x - e1x * e2z, e1x * e2y - e1y * e2x
        qx, qy, qz = sy * e1z - sz * e1y, sz * e1x - sx * e1z, sx * e1y - sy * e1x
        wx, wy, wz = e2y * sz - e2z * sy, e2z * sx - e2x * sz, e2x * sy - e2y * sx
        height = sx * nx + sy * ny + sz * nz
        for i in range(len(directions)):
            dx, dy, dz = directions[i]
            det = -(dx * nx + dy * ny + dz * nz)
            if det < 1e-12:
                continue
            u = (dx * wx + dy * wy + dz * wz) / det
            if u < 0 or u > 1:
                continue
            v = (dx * qx + dy * qy + dz * qz) / det
            if v < 0 or u + v > 1:
                continue
            t = height / det
            if t < distances[i]:
                distances[i] = t
                hit[i] = j
    return distances, hit


def view(corners: np.ndarray, towards: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals seen from one side."""
    box = corners.reshape(-1, 3)
    centre = (box.min(0) + box.max(0)) / 2
    towards = towards / np.linalg.norm(towards)
    origin = centre + VIEW_DISTANCE_MM * towards
    right = np.cross((0, 0, 1) if abs(towards[2]) < 0.9 else (0, 1, 0), towards)
    right /= np.linalg.norm(right)
    up = np.cross(towards, right)
    half = np.tan(np.radians(VIEW_ANGLE_DEG / 2))
    x, y = np.meshgrid(np.linspace(-half, half, VIEW_WIDTH), np.linspace(-half, half, VIEW_HEIGHT))
    directions = x.ravel()[:, None] * right + y.ravel()[:, None] * up - towards
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    distances, hit = first_hits(origin, directions, corners)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    facing = -(directions * normals[hit]).sum(1)
    seen = np.isfinite(distances) & (facing > np.cos(np.radians(FLATTEST_DEG)))
    distances = distances + random.normal(0, NOISE_MM, len(distances))
    points = origin + distances[:, None] * directions
    return points[seen], normals[hit][seen]


def scan(shape: cq.Shape, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals of all views, one point per cell."""
    random = np.random.default_rng(seed)
    corners = triangles(shape)
    seen = [view(corners, np.array(towards, float), random) for towards in VIEWS]
    points = np.concatenate([points for points, _ in seen])
    normals = np.concatenate([normals for _, normals in seen])
    order = random.permutation(len(points))
    points, normals = points[order], normals[order]
    _, first = np.unique(np.floor(points / CELL_MM).astype(int), axis=0, return_index=True)
    first.sort()
    points, normals = points[first], normals[first]
    normals = normals + random.normal(0, np.radians(NORMAL_NOISE_DEG), normals.shape)
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    return points + OFFSET_MM, normals


def write_ply(path: Path, points: np.ndarray, normals: np.ndarray | None) -> None:
    """A binary PLY cloud, with normals where there are some."""
    names = ("x", "y", "z", "nx", "ny", "nz")[: 3 if normals is None else 6]
    head = ["ply", "format binary_little_endian 1.0", "comment simulated scan, millimetres", f"element vertex {len(points)}"]
    head += [f"property float {name}" for name in names] + ["end_header", ""]
    data = np.hstack([points] if normals is None else [points, normals]).astype("<f4")
    path.write_bytes("\n".join(head).encode() + data.tobytes())


def main(folder: Path) -> None:
    """Writes all samples."""
    bracket = runpy.run_path(str(HERE / "bracket.py"))["r"]
    points, normals = scan(bracket.val(), seed=1)
    write_ply(folder / "bracket-scan.ply", points, normals)
    print(f"bracket-scan.ply: {len(points)} points")
    flange = runpy.run_path(str(folder / "flange.py"))["r"]
    cq.exporters.export(flange, str(folder / "flange.stl"), tolerance=0.02, angularTolerance=0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
