"""Draws a scan beside its reconstruction, for the README.

partwright reconstruct assets/samples/bracket-scan.ply --mesh bracket.stl
python packaging/samples/make_picture.py assets/samples/bracket-scan.ply bracket.stl assets/bracket.png

Needs matplotlib, numpy and trimesh.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import trimesh
from matplotlib.colors import LightSource
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

LIGHT = LightSource(azdeg=315, altdeg=50)
PART, POINTS, EDGES = np.array([0.55, 0.68, 0.85]), "#c2703d", "#1f3350"


def panel(figure, place: int, title: str, low: np.ndarray, high: np.ndarray):
    """An empty view of the box from low to high."""
    axes = figure.add_subplot(1, 2, place, projection="3d", proj_type="ortho")
    axes.set_box_aspect(high - low)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
    axes.view_init(elev=28, azim=-48)
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
    return axes


def main(scan_file: str, mesh_file: str, out: str) -> None:
    """Draws both into one picture."""
    points = np.asarray(trimesh.load(scan_file).vertices)
    mesh = trimesh.load(mesh_file)
    low, high = points.min(0), points.max(0)
    figure = plt.figure(figsize=(9, 4), dpi=110)
    left = panel(figure, 1, "scan: noisy points, parts unseen", low, high)
    chosen = points[np.random.default_rng(0).permutation(len(points))[:14000]]
    left.scatter(*chosen.T, s=0.6, c=POINTS, linewidths=0, depthshade=True)
    right = panel(figure, 2, "result: exact solid, STEP, CadQuery", low, high)
    normals = mesh.face_normals
    shade = 0.45 + 0.55 * np.clip(normals @ LIGHT.direction, 0, 1)
    faces = Poly3DCollection(mesh.triangles, facecolors=PART * shade[:, None], linewidths=0, antialiaseds=False)
    right.add_collection3d(faces)
    sharp = mesh.face_adjacency_edges[mesh.face_adjacency_angles > np.radians(25)]
    for edge in sharp:
        right.plot(*mesh.vertices[edge].T, c=EDGES, linewidth=0.7)
    figure.tight_layout()
    figure.savefig(out)


if __name__ == "__main__":
    main(*sys.argv[1:4])
