//! Which cells of a grid a mesh or a feature covers.

use glam::{DVec2, DVec3};
use partwright_geometry::TriMesh;

use super::{Bits, Grid};
use crate::part::{FeatureKind, Sweep};
use crate::propose::Draft;
use crate::section::Polygon;

/// The cells inside a mesh, by counting crossings along columns. A closed mesh is asked along one axis; one with gaps
/// along all three, and the majority decides.
pub fn occupied_by_mesh(grid: &Grid, mesh: &TriMesh, closed: bool, oriented: bool) -> Bits {
    let along = |axis: usize| columns(grid, mesh, axis, oriented);
    if closed { along(2) } else { Bits::majority(&along(0), &along(1), &along(2)) }
}

/// Casts every column along `axis`.
fn columns(grid: &Grid, mesh: &TriMesh, axis: usize, oriented: bool) -> Bits {
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
    let (us, vs, ws) = (&grid.samples[u], &grid.samples[v], &grid.samples[axis]);
    let mut hits: Vec<Vec<(f64, i32)>> = vec![Vec::new(); us.len() * vs.len()];
    let flat = |p: DVec3| DVec2::new(p[u], p[v]);
    for t in &mesh.triangles {
        let p = t.map(|i| mesh.positions[i as usize]);
        let q = p.map(flat);
        let (low, high) = (q[0].min(q[1]).min(q[2]), q[0].max(q[1]).max(q[2]));
        let range = |samples: &[f64], low: f64, high: f64| {
            samples.partition_point(|&s| s < low)..samples.partition_point(|&s| s <= high)
        };
        let double = (q[1] - q[0]).perp_dot(q[2] - q[0]);
        if double == 0.0 {
            continue;
        }
        let sign = if double > 0.0 { 1 } else { -1 };
        for i in range(us, low.x, high.x) {
            for j in range(vs, low.y, high.y) {
                let s = DVec2::new(us[i], vs[j]);
                // Edges are judged from their lower to their higher vertex, so that a sample on the edge of two
                // triangles belongs to exactly one.
                let inside = (0..3).all(|k| {
                    let (a, b) = (k, (k + 1) % 3);
                    let left = if t[a] < t[b] {
                        (q[b] - q[a]).perp_dot(s - q[a]) >= 0.0
                    } else {
                        (q[a] - q[b]).perp_dot(s - q[b]) < 0.0
                    };
                    left == (sign > 0)
                });
                if inside {
                    let b1 = (s - q[0]).perp_dot(q[2] - q[0]) / double;
                    let b2 = (q[1] - q[0]).perp_dot(s - q[0]) / double;
                    let w = p[0][axis] + b1 * (p[1][axis] - p[0][axis]) + b2 * (p[2][axis] - p[0][axis]);
                    hits[i * vs.len() + j].push((w, sign));
                }
            }
        }
    }
    let mut bits = grid.none();
    for (column, list) in hits.iter_mut().enumerate() {
        list.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (i, j) = (column / vs.len(), column % vs.len());
        let mut winding = 0;
        for pair in list.windows(2) {
            winding += pair[0].1;
            let inside = if oriented { winding != 0 } else { !winding_is_even(&pair[0], list) };
            if !inside {
                continue;
            }
            let from = ws.partition_point(|&w| w <= pair[0].0);
            let to = ws.partition_point(|&w| w <= pair[1].0);
            for k in from..to {
                let mut cell = [0; 3];
                (cell[u], cell[v], cell[axis]) = (i, j, k);
                bits.insert(grid.index(cell[0], cell[1], cell[2]));
            }
        }
    }
    bits
}

/// Whether an even number of crossings lies at or before `hit`.
fn winding_is_even(hit: &(f64, i32), list: &[(f64, i32)]) -> bool {
    list.iter().filter(|h| h.0 <= hit.0).count() % 2 == 0
}

/// The cells a draft's feature covers.
pub fn occupied_by_draft(grid: &Grid, draft: &Draft) -> Bits {
    let mut bits = grid.none();
    let [nx, ny, nz] = grid.shape();
    let plane = draft.feature.plane;
    if let Sweep::Extrude { depth } = draft.feature.sweep
        && let Some(axis) = (0..3).find(|&a| plane.normal[a].abs() > 1.0 - 1e-12)
    {
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
        let [from, to] = {
            let ends = [plane.origin[axis], plane.origin[axis] + depth * plane.normal[axis]];
            [ends[0].min(ends[1]), ends[0].max(ends[1])]
        };
        let ks = grid.samples[axis].partition_point(|&s| s < from)..grid.samples[axis].partition_point(|&s| s <= to);
        if ks.is_empty() {
            return bits;
        }
        let flat = |p: &DVec2| {
            let p = plane.world(*p, 0.0);
            DVec2::new(p[u], p[v])
        };
        for loops in &draft.polygons {
            let loops: Vec<Polygon> = loops.iter().map(|l| l.iter().map(flat).collect()).collect();
            for (i, &row) in grid.samples[u].iter().enumerate() {
                for (low, high) in row_intervals(&loops, row) {
                    let samples = &grid.samples[v];
                    for j in samples.partition_point(|&s| s <= low)..samples.partition_point(|&s| s <= high) {
                        for k in ks.clone() {
                            let mut cell = [0; 3];
                            (cell[u], cell[v], cell[axis]) = (i, j, k);
                            bits.insert(grid.index(cell[0], cell[1], cell[2]));
                        }
                    }
                }
            }
        }
        return bits;
    }
    let inside: Vec<Inside> = draft.polygons.iter().map(|loops| Inside::new(loops)).collect();
    let contains = |p: DVec2| inside.iter().any(|i| i.contains(p));
    for x in 0..nx {
        for y in 0..ny {
            for z in 0..nz {
                let local = plane.local(grid.point(x, y, z));
                let covered = match draft.feature.sweep {
                    Sweep::Extrude { depth } => local.z >= 0.0 && local.z <= depth && contains(local.truncate()),
                    Sweep::Revolve => contains(DVec2::new(local.x.hypot(local.z), local.y)),
                };
                if covered {
                    bits.insert(grid.index(x, y, z));
                }
            }
        }
    }
    bits
}

/// The intervals of y in which the line of that `x` runs inside the loops, by parity.
fn row_intervals(loops: &[Polygon], x: f64) -> Vec<(f64, f64)> {
    let mut hits = Vec::new();
    for polygon in loops {
        let Some(mut a) = polygon.last().copied() else { continue };
        for &b in polygon {
            if (a.x > x) != (b.x > x) {
                hits.push(a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y));
            }
            a = b;
        }
    }
    hits.sort_unstable_by(f64::total_cmp);
    hits.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The cells a model covers: its drafts applied in order.
pub fn occupied_by_model<'a>(grid: &Grid, drafts: impl IntoIterator<Item = (FeatureKind, &'a Bits)>) -> Bits {
    drafts.into_iter().fold(grid.none(), |all, (kind, bits)| match kind {
        FeatureKind::Add => all.union(bits),
        FeatureKind::Cut => all.minus(bits),
    })
}

/// A point-in-polygon test by parity over all loops, behind a box test.
struct Inside<'a> {
    loops: &'a [Polygon],
    low: DVec2,
    high: DVec2,
}

impl<'a> Inside<'a> {
    fn new(loops: &'a [Polygon]) -> Self {
        let points = || loops.iter().flatten();
        let low = points().fold(DVec2::INFINITY, |l, p| l.min(*p));
        let high = points().fold(DVec2::NEG_INFINITY, |h, p| h.max(*p));
        Self { loops, low, high }
    }

    fn contains(&self, p: DVec2) -> bool {
        if p.cmplt(self.low).any() || p.cmpgt(self.high).any() {
            return false;
        }
        let mut inside = false;
        for polygon in self.loops {
            let Some(mut a) = polygon.last().copied() else { continue };
            for &b in polygon {
                if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                    inside = !inside;
                }
                a = b;
            }
        }
        inside
    }
}
