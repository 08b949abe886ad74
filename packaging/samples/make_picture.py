"""Draws a scan beside its reconstruction, for the README.

partwright reconstruct assets/samples/bracket-scan.ply --mesh bracket.stl
python packaging/samples/make_picture.py assets/samples/bracket-scan.ply bracket.stl assets/bracket.png

Needs matplotlib, numpy and trimesh.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import trimesh
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

LIGHT = np.array([0.5, -0.25, 0.85])
ELEVATION_DEG, TURN_DEG = 28, -48
PART, POINTS = np.array([0.58, 0.71, 0.9]), "#c2703d"


def panel(figure, place: int, title: str, low: np.ndarray, high: np.ndarray):
    """An empty view of the box from low to high."""
    axes = figure.add_subplot(1, 2, place, projection="3d", proj_type="ortho")
    axes.set_box_aspect(high - low)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
    axes.view_init(elev=ELEVATION_DEG, azim=TURN_DEG)
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
    left.scatter(*chosen.T, s=1.6, c=POINTS, linewidths=0, depthshade=True)
    right = panel(figure, 2, "result: exact solid, STEP, CadQuery", low, high)
    # Faces are painted from back to front, which needs small ones; those that look away are left out.
    mesh = mesh.subdivide_to_size(1.5)
    elevation, turn = np.radians(ELEVATION_DEG), np.radians(TURN_DEG)
    towards = np.array([np.cos(elevation) * np.cos(turn), np.cos(elevation) * np.sin(turn), np.sin(elevation)])
    seen = mesh.face_normals @ towards > 0
    shade = 0.4 + 0.6 * np.clip(mesh.face_normals[seen] @ LIGHT / np.linalg.norm(LIGHT), 0, 1)
    colours = PART * shade[:, None]
    faces = Poly3DCollection(mesh.triangles[seen], facecolors=colours, edgecolors=colours, linewidths=0.3)
    right.add_collection3d(faces)
    figure.tight_layout()
    figure.savefig(out)


if __name__ == "__main__":
    main(*sys.argv[1:4])
