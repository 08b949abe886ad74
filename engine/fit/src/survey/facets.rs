//! Faces of an exact mesh: facets of one cylinder are one cylinder.
//!
//! A tessellation's vertices lie on the faces they were made of. From each flat piece a surface is proposed by it and the
//! pieces beside it, kept where all their vertices lie on it to the last digits, grown over edges at which facets may meet,
//! and fitted to all of its vertices. What is left of flat pieces are planes.

use glam::DVec3;
use partwright_geometry::TriMesh;

use super::fit::fitted;
use super::flats::{Flat, Seams, flats};
use super::segment::Sides;
use super::start::Tangent;
use super::{Segment, Surface, start};
use crate::progress::Deadline;

/// Least facets of a curved face: two always lie on a cylinder.
const LEAST_FACETS: usize = 3;
/// Facets' normals may differ from their surface's by half a step (cosine of 22 degrees).
const NORMAL_COS: f64 = 0.927;
/// How many times as large as its largest facet a curved face is at least: a face between two first strips of its
/// roundings lies on a cylinder, too, as trapezoids have a circle about them.
const LEAST_LARGEST: f64 = 2.2;
/// The least gap in a turn: 9 degrees.
const LEAST_GAP_RAD: f64 = 0.15;
/// Vertices a fit is made from at most.
const MOST_VERTICES: usize = 1200;
/// Axes that tori and cones are tried about.
const MOST_AXES: usize = 24;
/// A curved face's radius is at most this many times the part's size.
const LARGEST_RADIUS: f64 = 5.0;
/// How far a first guess may miss a vertex, by the size of its patch.
const WORST_GUESS: f64 = 0.02;
/// Pieces that may propose in vain before what is left counts as free-form.
const MOST_VAIN: usize = 2500;

/// The faces of an exact mesh.
pub(super) struct Grouped {
    pub(super) segments: Vec<Segment>,
    /// Whether the deadline left time for all.
    pub(super) complete: bool,
}

/// A curved face while it grows.
struct Grown {
    surface: Surface,
    flats: Vec<u32>,
    area: f64,
}

struct Growing<'a> {
    mesh: &'a TriMesh,
    flats: &'a [Flat],
    free: Vec<bool>,
    slack: f64,
    size: f64,
}

/// Groups the triangles of `mesh`, whose vertices lie on their faces within `slack`.
pub(super) fn grouped(mesh: &TriMesh, seams: &Seams, slack: f64, size: f64, deadline: &Deadline) -> Grouped {
    let (flats, _) = flats(mesh, seams, slack);
    let mut growing = Growing { mesh, flats: &flats, free: vec![true; flats.len()], slack, size };
    let mut found: Vec<Grown> = Vec::new();
    let mut axes: Vec<(DVec3, DVec3)> = Vec::new();
    let mut complete = true;
    // The second round knows the axes that the first has found.
    for _ in 0..2 {
        let mut vain = 0;
        for seed in 0..flats.len() as u32 {
            if deadline.reached() {
                complete = false;
                break;
            }
            if !growing.free[seed as usize] || vain > MOST_VAIN {
                continue;
            }
            let Some(face) = growing.face_from(seed, &axes) else {
                vain += usize::from(flats[seed as usize].beside.iter().any(|b| b.smooth));
                continue;
            };
            for &f in &face.flats {
                growing.free[f as usize] = false;
            }
            if let Some(axis) = face.surface.axis().filter(|axis| axes.len() < MOST_AXES && is_new(*axis, &axes, slack))
            {
                axes.push(axis);
            }
            found.push(face);
        }
    }
    let mut segments: Vec<Segment> =
        joined(&growing, found).into_iter().filter_map(|face| growing.segment(face.surface, &face.flats)).collect();
    let planes: Vec<u32> = (0..flats.len() as u32).filter(|f| growing.is_plane(*f)).collect();
    for f in planes {
        let flat = &flats[f as usize];
        let surface = Surface::Plane { point: flat.middle, normal: flat.normal };
        segments.extend(growing.segment(surface, &[f]));
    }
    segments.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.members.cmp(&b.members)));
    Grouped { segments, complete }
}

fn is_new((point, axis): (DVec3, DVec3), known: &[(DVec3, DVec3)], slack: f64) -> bool {
    known
        .iter()
        .all(|(p, a)| a.dot(axis).abs() < 1.0 - 1e-9 || (point - *p).reject_from_normalized(*a).length() > slack)
}

/// Pieces of one surface as one face: all vertices of the smaller one lie on the larger one's surface.
fn joined(growing: &Growing<'_>, mut found: Vec<Grown>) -> Vec<Grown> {
    found.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.flats.cmp(&b.flats)));
    let mut faces: Vec<Grown> = Vec::new();
    for piece in found {
        let vertices = growing.vertices(&piece.flats);
        let same = |face: &&mut Grown| {
            // A small piece of a large radius is known less well than its own vertices: three slacks.
            face.surface.kind() == piece.surface.kind()
                && vertices.iter().all(|p| face.surface.distance(*p).abs() <= 3.0 * growing.slack)
                && growing.side(&face.surface, &face.flats) == growing.side(&face.surface, &piece.flats)
        };
        match faces.iter_mut().find(same) {
            Some(face) => {
                face.flats.extend(piece.flats);
                face.area += piece.area;
            }
            None => faces.push(piece),
        }
    }
    faces
}

impl Growing<'_> {
    fn point(&self, v: u32) -> DVec3 {
        self.mesh.positions[v as usize]
    }

    /// Vertices of flats, each once.
    fn vertices(&self, flats: &[u32]) -> Vec<DVec3> {
        let mut all: Vec<u32> = flats.iter().flat_map(|f| &self.flats[*f as usize].vertices).copied().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|v| self.point(v)).collect()
    }

    /// Whether most of the area looks away from the surface's inside.
    fn side(&self, surface: &Surface, flats: &[u32]) -> bool {
        let flat = |f: &u32| &self.flats[*f as usize];
        flats.iter().map(flat).map(|f| f.area * f.normal.dot(surface.normal(f.middle))).sum::<f64>() > 0.0
    }

    /// The largest curved face that `seed` and its neighbours propose.
    fn face_from(&self, seed: u32, axes: &[(DVec3, DVec3)]) -> Option<Grown> {
        let smooth = |f: u32| {
            let flat = &self.flats[f as usize];
            flat.beside.iter().filter(|b| b.smooth && self.free[b.flat as usize]).map(|b| b.flat)
        };
        let beside: Vec<u32> = smooth(seed).take(12).collect();
        if beside.is_empty() {
            return None;
        }
        let mut best: Option<Grown> = None;
        let mut keep = |grown: Option<Grown>| {
            if let Some(grown) = grown.filter(|g| best.as_ref().is_none_or(|b| g.area > b.area)) {
                best = Some(grown);
            }
        };
        // Facets in a row, as strips along a cylinder or about a cone are.
        for (i, &a) in beside.iter().enumerate().take(6) {
            for &b in beside[i + 1..].iter().take(5) {
                keep(self.grown_from(&[a, seed, b], start::cylinder));
            }
        }
        let mut ring: Vec<u32> = [seed].into_iter().chain(beside.iter().copied()).collect();
        let wider: Vec<u32> = beside.iter().flat_map(|f| smooth(*f).take(12)).collect();
        ring.extend(wider);
        ring.sort_unstable();
        ring.dedup();
        ring.sort_by(|a, b| {
            let away = |f: &u32| self.flats[*f as usize].middle.distance_squared(self.flats[seed as usize].middle);
            away(a).total_cmp(&away(b)).then(a.cmp(b))
        });
        for many in [5, 9, 20] {
            if many > 5 && ring.len() <= many / 2 {
                break;
            }
            let patch = &ring[..many.min(ring.len())];
            keep(self.grown_from(patch, start::cylinder));
            keep(self.grown_from(patch, start::cone));
            keep(self.grown_from(patch, |p, _| start::sphere(p)));
            keep(self.grown_from(patch, |p, t| start::torus(p, start::axis_of_revolution(t)?)));
            for &axis in axes {
                keep(self.grown_from(patch, |p, _| start::cone_along(p, axis)));
                keep(self.grown_from(patch, |p, _| start::torus(p, axis)));
            }
        }
        best
    }

    /// The face that grows from a patch by the surface that `propose` makes of its vertices and of its normals at the
    /// middles of its flats.
    fn grown_from(&self, patch: &[u32], propose: impl Fn(&[DVec3], &[Tangent]) -> Option<Surface>) -> Option<Grown> {
        let vertices = self.vertices(patch);
        let flat = |f: &u32| &self.flats[*f as usize];
        let tangents: Vec<Tangent> = patch.iter().map(flat).map(|f| (f.middle, f.normal)).collect();
        let proposed = propose(&vertices, &tangents)?;
        let start = self.on_vertices(proposed, &vertices)?;
        let mut surface = start;
        let mut flats = self.reached(&surface, patch[0]);
        for _ in 0..3 {
            if flats.len() < LEAST_FACETS {
                return None;
            }
            let Some(better) = self.on_vertices(surface, &self.vertices(&flats)) else { break };
            let wider = self.reached(&better, patch[0]);
            let settled = wider.len() == flats.len();
            if wider.len() >= flats.len() {
                (surface, flats) = (better, wider);
            }
            if settled {
                break;
            }
        }
        let area: f64 = flats.iter().map(|f| self.flats[*f as usize].area).sum();
        let largest = flats.iter().map(|f| self.flats[*f as usize].area).fold(0.0, f64::max);
        let twice_curved = matches!(surface, Surface::Sphere { .. } | Surface::Torus { .. });
        let fine = area >= LEAST_LARGEST * largest && (!twice_curved || self.has_inner_vertex(&flats));
        fine.then_some(Grown { surface, flats, area })
    }

    /// Whether all flats about some vertex are among these: a single ring of facets lies on spheres and tori of any size.
    fn has_inner_vertex(&self, flats: &[u32]) -> bool {
        let mut rim: rustc_hash::FxHashSet<u32> = rustc_hash::FxHashSet::default();
        for f in flats {
            let flat = &self.flats[*f as usize];
            for b in flat.beside.iter().filter(|b| flats.binary_search(&b.flat).is_err()) {
                rim.extend(&self.flats[b.flat as usize].vertices);
            }
        }
        flats.iter().flat_map(|f| &self.flats[*f as usize].vertices).any(|v| !rim.contains(v))
    }

    /// The surface fitted to vertices; `None` unless all lie on it.
    fn on_vertices(&self, start: Surface, vertices: &[DVec3]) -> Option<Surface> {
        // What guesses at exact vertices miss by far is not their surface: most guesses end here.
        let reach = vertices.iter().map(|p| p.distance(vertices[0])).fold(0.0, f64::max);
        if vertices.iter().any(|p| start.distance(*p).abs() > WORST_GUESS * reach) {
            return None;
        }
        let step = vertices.len().div_ceil(MOST_VERTICES);
        let some: Vec<DVec3> = vertices.iter().step_by(step).copied().collect();
        let surface = fitted(start, &some, self.slack)?.surface;
        let lies = vertices.iter().all(|p| surface.distance(*p).abs() <= self.slack);
        (lies && surface.radius().is_none_or(|r| r < LARGEST_RADIUS * self.size)).then_some(surface)
    }

    /// Free flats on the surface, from `seed` on over edges at which facets meet.
    fn reached(&self, surface: &Surface, seed: u32) -> Vec<u32> {
        let side = self.flats[seed as usize].normal.dot(surface.normal(self.flats[seed as usize].middle)).signum();
        let lies = |f: u32| {
            let flat = &self.flats[f as usize];
            self.free[f as usize]
                && (flat.normal == DVec3::ZERO || side * flat.normal.dot(surface.normal(flat.middle)) > NORMAL_COS)
                && flat.vertices.iter().all(|v| surface.distance(self.point(*v)).abs() <= self.slack)
        };
        if !lies(seed) {
            return Vec::new();
        }
        let mut seen = rustc_hash::FxHashSet::default();
        seen.insert(seed);
        let mut reached = vec![seed];
        let mut next = 0;
        while next < reached.len() {
            let flat = &self.flats[reached[next] as usize];
            for b in &flat.beside {
                if (b.smooth || flat.normal == DVec3::ZERO) && !seen.contains(&b.flat) && lies(b.flat) {
                    seen.insert(b.flat);
                    reached.push(b.flat);
                }
            }
            next += 1;
        }
        reached.sort_unstable();
        reached
    }

    /// Whether a piece that is left is a plane and no facet of a free-form face: most of its edge is sharp or meets a
    /// face that was found.
    fn is_plane(&self, f: u32) -> bool {
        let flat = &self.flats[f as usize];
        let loose: f64 = flat.beside.iter().filter(|b| b.smooth && self.free[b.flat as usize]).map(|b| b.length).sum();
        self.free[f as usize] && flat.area > 0.0 && loose <= 0.5 * flat.perimeter
    }

    fn segment(&self, surface: Surface, flats: &[u32]) -> Option<Segment> {
        let vertices = self.vertices(flats);
        let mut used = vertices.clone();
        if used.len() < 8 {
            // A triangle's or rectangle's corners alone leave no degree of freedom: middles of sides lie on a plane, too.
            let ring = vertices.iter().zip(vertices.iter().cycle().skip(1)).map(|(a, b)| a.midpoint(*b));
            if matches!(surface, Surface::Plane { .. }) {
                used.extend(ring);
            }
        }
        let fit = fitted(surface, &used, self.slack / 4.0)?;
        let mut members: Vec<u32> = flats.iter().flat_map(|f| &self.flats[*f as usize].triangles).copied().collect();
        members.sort_unstable();
        let area = flats.iter().map(|f| self.flats[*f as usize].area).sum();
        let outward = if self.side(&fit.surface, flats) { 1.0 } else { -1.0 };
        Some(Segment::new(fit, &vertices, members, area, Sides { outward, least_gap_rad: LEAST_GAP_RAD }))
    }
}
