//! The scan in the frame it is fitted in.

use glam::{DMat3, DVec3};
use partwright_geometry::repair::weld_exact;
use partwright_geometry::{TriMesh, valid};
use rustc_hash::FxHashMap;

use super::smoothness::smooth_share;
use super::{Direction, breaks_along, dominant_directions, levels_along, part_frame};
use crate::part::SketchPlane;
use crate::profile::ProfileTolerance;
use crate::section::MeshSlicer;

/// Lengths derived from a scan's size and noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerances {
    /// Error of a vertex.
    pub vertex: f64,
    /// Faces closer than this are one; triangles within it are flat.
    pub flatness: f64,
    /// Areas narrower than this are artefacts.
    pub sliver: f64,
    /// Outline fitting.
    pub profile: ProfileTolerance,
}

impl Tolerances {
    /// Of sections that are exact but for the chords of circles, of a part of `size`.
    pub fn exact(size: f64) -> Self {
        let fine = 1e-6 * size;
        let profile = ProfileTolerance { vertex: fine, loosest: 10.0 * fine };
        Self { vertex: fine, flatness: fine, sliver: 20.0 * fine, profile }
    }
}

/// A scan's surface, turned so that its dominant directions are the coordinate axes.
pub struct Target {
    /// The surface in part coordinates.
    pub mesh: TriMesh,
    /// Rotation from part to scan coordinates.
    pub scan_from_part: DMat3,
    /// Longest side of its box.
    pub size: f64,
    /// Lower and upper corner of its box.
    pub bounds: [DVec3; 2],
    /// Lengths below which nothing counts.
    pub tolerances: Tolerances,
    /// Whether vertices lie on the true surface, as a CAD program exports them: flat faces are made of exactly coplanar
    /// triangles, curved ones of chords.
    pub exact: bool,
    /// Whether triangles are consistently oriented and every edge has two sides.
    pub closed: bool,
    /// Whether neighbouring triangles are consistently oriented.
    pub oriented: bool,
    /// Dominant directions in part coordinates, heaviest first.
    pub directions: Vec<Direction>,
}

/// The share of the surface that has to lie in flat pairs of triangles for a mesh to be taken as exact.
const EXACT_SHARE: f64 = 0.25;
/// The share that has to be flat or smooth.
const SMOOTH_SHARE: f64 = 0.6;
/// Noise of a scan relative to its size, where the mesh is not exact: a good desktop scanner's.
const SCAN_NOISE: f64 = 2e-3;

impl Target {
    /// Understands `mesh`; vertices at one place are welded first. `None` when it has no triangle, no extent or a
    /// coordinate that is not finite.
    pub fn new(mesh: &TriMesh, most_directions: usize) -> Option<Self> {
        if valid::check(mesh).is_err() {
            return None;
        }
        let welded = weld_exact(mesh);
        let mesh = &welded;
        let first = *mesh.triangles.first()?;
        let start = mesh.positions[first[0] as usize];
        let (mut low, mut high) = (start, start);
        for t in &mesh.triangles {
            for &v in t {
                let p = mesh.positions[v as usize];
                (low, high) = (low.min(p), high.max(p));
            }
        }
        let size = (high - low).max_element();
        if !size.is_finite() || size <= 0.0 {
            return None;
        }
        let reach = low.abs().max(high.abs()).max_element();
        // Files hold 24 bits of each coordinate: half a unit in the last place, with room for a computation on top.
        let vertex = (reach * 2.5e-7).max(size * 1e-6);
        let survey = Survey::of(mesh, vertex * 4.0);
        let exact = survey.flat_share >= EXACT_SHARE || survey.flat_share + smooth_share(mesh, size) >= SMOOTH_SHARE;
        let tolerances = if exact {
            Tolerances {
                vertex,
                flatness: vertex * 4.0,
                sliver: size * 2e-4,
                profile: ProfileTolerance { vertex: vertex * 4.0, loosest: size * 4e-3 },
            }
        } else {
            let noise = size * SCAN_NOISE;
            Tolerances {
                vertex: noise,
                flatness: noise * 2.0,
                sliver: noise * 2.0,
                profile: ProfileTolerance { vertex: noise, loosest: size * 1e-2 },
            }
        };
        let spread = if exact { 2e-3 } else { 0.05 };
        let directions = dominant_directions(mesh, spread, most_directions);
        let scan_from_part = part_frame(&directions);
        let part_from_scan = scan_from_part.transpose();
        let mesh = if scan_from_part == DMat3::IDENTITY {
            mesh.clone()
        } else {
            let positions = mesh.positions.iter().map(|&p| part_from_scan * p).collect();
            TriMesh { positions, triangles: mesh.triangles.clone() }
        };
        let directions = dominant_directions(&mesh, spread, most_directions);
        let mut used = mesh.triangles.iter().flatten().map(|&v| mesh.positions[v as usize]);
        let start = used.next()?;
        let bounds = used.fold([start, start], |[l, h], p| [l.min(p), h.max(p)]);
        Some(Self {
            mesh,
            scan_from_part,
            size: (bounds[1] - bounds[0]).max_element(),
            bounds,
            tolerances,
            exact,
            closed: survey.closed,
            oriented: survey.oriented,
            directions,
        })
    }

    /// Sections perpendicular to `axis`, at heights from the origin.
    pub fn slicer(&self, axis: DVec3) -> MeshSlicer<'_> {
        self.slicer_in(SketchPlane::through(DVec3::ZERO, axis))
    }

    /// Sections parallel to `plane`.
    pub fn slicer_in(&self, plane: SketchPlane) -> MeshSlicer<'_> {
        MeshSlicer::new(&self.mesh, plane, self.oriented)
    }

    /// Heights of faces perpendicular to `axis`.
    pub fn levels(&self, axis: DVec3, most: usize) -> Vec<f64> {
        levels_along(&self.mesh, axis, self.tolerances.flatness, most)
    }

    /// Heights along `axis` at which sections may change without a face there; none in a scan, whose edges are not sharp.
    pub fn breaks(&self, axis: DVec3, most: usize) -> Vec<f64> {
        if self.exact { breaks_along(&self.mesh, axis, self.tolerances.flatness, most) } else { Vec::new() }
    }
}

struct Survey {
    flat_share: f64,
    closed: bool,
    oriented: bool,
}

impl Survey {
    fn of(mesh: &TriMesh, flatness: f64) -> Self {
        let point = |v: u32| mesh.positions[v as usize];
        let mut sides: FxHashMap<(u32, u32), (u32, u32)> = FxHashMap::default();
        let mut flat = vec![false; mesh.triangles.len()];
        let mut twice = 0usize;
        for (i, t) in mesh.triangles.iter().enumerate() {
            for k in 0..3 {
                let (a, b) = (t[k], t[(k + 1) % 3]);
                let opposite = t[(k + 2) % 3];
                if let Some(&(other, apex)) = sides.get(&(b, a)) {
                    let [p, q, r] = [point(a), point(b), point(opposite)];
                    let normal = (q - p).cross(r - p).normalize_or_zero();
                    if normal.dot(point(apex) - p).abs() <= flatness && normal != DVec3::ZERO {
                        flat[i] = true;
                        flat[other as usize] = true;
                    }
                }
                if sides.insert((a, b), (i as u32, opposite)).is_some() {
                    twice += 1;
                }
            }
        }
        let single = sides.keys().filter(|(a, b)| !sides.contains_key(&(*b, *a))).count();
        let (mut total, mut in_flat) = (0.0, 0.0);
        for (t, &is_flat) in mesh.triangles.iter().zip(&flat) {
            let [a, b, c] = t.map(point);
            let area = (b - a).cross(c - a).length() / 2.0;
            total += area;
            if is_flat {
                in_flat += area;
            }
        }
        let share = if total > 0.0 { in_flat / total } else { 0.0 };
        Self { flat_share: share, closed: single == 0 && twice == 0, oriented: twice * 50 <= sides.len() }
    }
}
