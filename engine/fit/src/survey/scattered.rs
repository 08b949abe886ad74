//! Faces of a cloud: surfaces that few neighbouring points propose, scored by the points that lie on them, and taken
//! greedily, the largest first.
//!
//! After R. Schnabel, R. Wahl, R. Klein, "Efficient RANSAC for point-cloud shape detection", Computer Graphics Forum 26
//! (2007), with proposals by least squares of whole neighbourhoods in place of minimal sets, as normals of measured points
//! are too rough for those.

use glam::DVec3;
use partwright_geometry::nearest::NearestPoints;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::fit::{Fit, fitted};
use super::segment::Sides;
use super::start::{self, Tangent};
use super::{Segment, Surface};
use crate::progress::Deadline;
use crate::understand::CloudTarget;

/// Neighbourhoods that propose, by their number of points.
const PATCHES: [usize; 3] = [16, 50, 150];
/// Places that propose in a round, and rounds at most.
const SEEDS: usize = 48;
const ROUNDS: usize = 60;
/// Points that a proposal is scored by.
const SCORED: usize = 1600;
/// Proposals that are fitted before one is taken.
const FITTED: usize = 4;
/// Rounds without a face after which what is left counts as free-form.
const VAIN: usize = 3;
/// Least points of a face, and the least share of all.
const LEAST: usize = 24;
const LEAST_SHARE: f64 = 2e-3;
/// Normals may differ from the surface's by 25 degrees: at edges they are rounded off.
const NORMAL_COS: f64 = 0.906;
/// What a surface with more parameters has to hold of a plainer one's points.
const WORTH: f64 = 1.12;
/// The least gap in a turn: 20 degrees, as points are missing by chance.
const LEAST_GAP_RAD: f64 = 0.35;
/// Points of a fit at most.
const MOST_FITTED: usize = 1500;
/// Neighbours along which faces hang together.
const NEIGHBOURS: usize = 10;
/// Radii are at most this many times the size.
const LARGEST_RADIUS: f64 = 2.0;

/// The faces of a cloud, and the points that lie on none.
pub(super) struct Scattered {
    pub(super) segments: Vec<Segment>,
    pub(super) complete: bool,
}

struct Seeking<'a> {
    target: &'a CloudTarget,
    neighbours: Vec<Vec<u32>>,
    free: Vec<bool>,
    within: f64,
    least: usize,
}

/// A face while it is sought.
struct Found {
    fit: Fit,
    members: Vec<u32>,
}

/// The faces of `target`, in part coordinates.
pub(super) fn scattered(target: &CloudTarget, deadline: &Deadline) -> Scattered {
    let count = target.points.len();
    let neighbours = target
        .points
        .par_iter()
        .with_min_len(256)
        .map(|p| target.tree.nearest_n(*p, NEIGHBOURS + 1).into_iter().map(|n| n.0 as u32).collect())
        .collect();
    let within = (3.0 * target.noise).max(0.1 * target.spacing).max(5e-4 * target.size);
    let least = LEAST.max((LEAST_SHARE * count as f64) as usize);
    let mut seeking = Seeking { target, neighbours, free: vec![true; count], within, least };
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let mut found: Vec<Found> = Vec::new();
    let (mut vain, mut complete) = (0, true);
    for _ in 0..ROUNDS {
        let left: Vec<u32> = (0..count as u32).filter(|i| seeking.free[*i as usize]).collect();
        if left.len() < least || vain == VAIN {
            break;
        }
        if deadline.reached() {
            complete = false;
            break;
        }
        let seeds: Vec<u32> = (0..SEEDS).map(|_| left[random.random_range(0..left.len())]).collect();
        let axes: Vec<(DVec3, DVec3)> = found.iter().filter_map(|f| f.fit.surface.axis()).take(12).collect();
        match seeking.largest(&left, &seeds, &axes, deadline) {
            Some(face) => {
                for &i in &face.members {
                    seeking.free[i as usize] = false;
                }
                found.push(face);
                vain = 0;
            }
            None => vain += 1,
        }
    }
    let mut segments: Vec<Segment> = joined(&seeking, found).into_iter().map(|f| seeking.segment(f)).collect();
    segments.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.members.cmp(&b.members)));
    Scattered { segments, complete }
}

/// Pieces of one surface as one face: the points of the smaller one lie on the larger one's surface.
fn joined(seeking: &Seeking<'_>, mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members.cmp(&b.members)));
    let mut faces: Vec<Found> = Vec::new();
    for piece in found {
        let flat = matches!(piece.fit.surface, Surface::Plane { .. });
        let close = |face: &&mut Found| {
            let lie = piece
                .members
                .iter()
                .filter(|i| face.fit.surface.distance(seeking.target.points[**i as usize]).abs() <= seeking.within);
            !flat
                && face.fit.surface.kind() == piece.fit.surface.kind()
                && lie.count() * 10 >= piece.members.len() * 9
                && seeking.side(&face.fit.surface, &face.members) * seeking.side(&piece.fit.surface, &piece.members)
                    >= 0.0
        };
        match faces.iter_mut().find(close) {
            Some(face) => {
                face.members.extend(piece.members);
                face.members.sort_unstable();
                if let Some(better) = seeking.fitted(face.fit.surface, &face.members) {
                    face.fit = better;
                }
            }
            None => faces.push(piece),
        }
    }
    faces
}

impl Seeking<'_> {
    /// The face with most points that one of the seeds proposes.
    fn largest(&self, left: &[u32], seeds: &[u32], axes: &[(DVec3, DVec3)], deadline: &Deadline) -> Option<Found> {
        let some: Vec<u32> = left.iter().step_by(left.len().div_ceil(SCORED)).copied().collect();
        let mut proposed: Vec<(usize, Surface, u32)> = seeds
            .par_iter()
            .flat_map_iter(|&seed| {
                let surfaces = if deadline.reached() { Vec::new() } else { self.proposals(seed, axes) };
                surfaces.into_iter().map(move |surface| (surface, seed))
            })
            .map(|(surface, seed)| (some.iter().filter(|i| self.lies(&surface, **i)).count(), surface, seed))
            .collect();
        // Fewer parameters first where they explain about as much.
        let merit = |(count, surface, _): &(usize, Surface, u32)| *count as f64 / worth(surface);
        proposed.sort_by(|a, b| merit(b).total_cmp(&merit(a)).then(a.2.cmp(&b.2)));
        let grown = proposed.into_iter().take(FITTED).collect::<Vec<_>>().into_par_iter();
        let grown: Vec<Found> = grown.filter_map(|(_, surface, seed)| self.grown(surface, seed)).collect();
        grown.into_iter().fold(None, |best: Option<Found>, face| {
            let merit = |f: &Found| f.members.len() as f64 / worth(&f.fit.surface);
            if best.as_ref().is_none_or(|b| merit(&face) > merit(b)) { Some(face) } else { best }
        })
    }

    /// Surfaces that neighbourhoods of a point propose.
    fn proposals(&self, seed: u32, axes: &[(DVec3, DVec3)]) -> Vec<Surface> {
        let target = self.target;
        let mut surfaces = Vec::new();
        let near = target.tree.nearest_n(target.points[seed as usize], PATCHES[PATCHES.len() - 1]);
        for many in PATCHES {
            let own: Vec<usize> = near.iter().take(many).map(|n| n.0).filter(|i| self.free[*i]).collect();
            if own.len() < 8 {
                continue;
            }
            let points: Vec<DVec3> = own.iter().map(|i| target.points[*i]).collect();
            let tangents: Vec<Tangent> = own.iter().map(|i| (target.points[*i], target.normals[*i])).collect();
            let round = [
                start::cylinder(&points, &tangents),
                start::cone(&points, &tangents),
                start::sphere(&points),
                start::axis_of_revolution(&tangents).and_then(|axis| start::torus(&points, axis)),
            ];
            surfaces.extend(start::plane(&points, &tangents));
            surfaces.extend(round.into_iter().flatten());
            surfaces.extend(axes.iter().filter_map(|axis| start::torus(&points, *axis)));
            surfaces.extend(axes.iter().filter_map(|axis| start::cone_along(&points, *axis)));
        }
        surfaces.retain(|s| s.radius().is_none_or(|r| r < LARGEST_RADIUS * target.size && r > 2.0 * self.within));
        surfaces
    }

    fn lies(&self, surface: &Surface, i: u32) -> bool {
        let p = self.target.points[i as usize];
        self.free[i as usize]
            && surface.distance(p).abs() <= self.within
            && surface.normal(p).dot(self.target.normals[i as usize]).abs() > NORMAL_COS
    }

    /// The face fitted to its points and found anew by them, until it stays.
    fn grown(&self, surface: Surface, seed: u32) -> Option<Found> {
        let mut members = self.hanging(&surface, seed);
        let mut fit = self.fitted(surface, &members)?;
        for _ in 0..4 {
            let wider = self.hanging(&fit.surface, seed);
            if wider.len() < members.len() * 9 / 10 {
                break;
            }
            let settled = wider.len() == members.len();
            members = wider;
            fit = self.fitted(fit.surface, &members)?;
            if settled {
                break;
            }
        }
        let fine = fit.surface.radius().is_none_or(|r| r < LARGEST_RADIUS * self.target.size && r > 2.0 * self.within);
        let plain = matches!(fit.surface, Surface::Plane { .. } | Surface::Cylinder { .. });
        let least = if plain { self.least } else { 3 * self.least };
        (members.len() >= least && fine && is_determined(&fit)).then_some(Found { fit, members })
    }

    fn fitted(&self, start: Surface, members: &[u32]) -> Option<Fit> {
        let step = members.len().div_ceil(MOST_FITTED).max(1);
        let points: Vec<DVec3> = members.iter().step_by(step).map(|i| self.target.points[*i as usize]).collect();
        let mut fit = fitted(start, &points, 0.0)?;
        // Points that were left out for time would have narrowed what is known.
        fit.covariance = fit.covariance.scaled(points.len() as f64 / members.len() as f64);
        Some(fit)
    }

    /// Free points on the surface that hang together with `seed`, in the order of their indices.
    fn hanging(&self, surface: &Surface, seed: u32) -> Vec<u32> {
        let mut seen = vec![false; self.free.len()];
        let mut reached = vec![seed];
        seen[seed as usize] = true;
        let mut next = 0;
        while next < reached.len() {
            for &i in &self.neighbours[reached[next] as usize] {
                if !seen[i as usize] && self.lies(surface, i) {
                    seen[i as usize] = true;
                    reached.push(i);
                }
            }
            next += 1;
        }
        reached.sort_unstable();
        reached
    }

    /// Mean agreement of the points' normals with the surface's, weighted by how surely their sign is known.
    fn side(&self, surface: &Surface, members: &[u32]) -> f64 {
        let one = |i: &u32| {
            let i = *i as usize;
            self.target.certainty[i] * self.target.normals[i].dot(surface.normal(self.target.points[i])).signum()
        };
        members.iter().map(one).sum::<f64>() / members.len().max(1) as f64
    }

    fn segment(&self, mut found: Found) -> Segment {
        let side = self.side(&found.fit.surface, &found.members);
        if let Surface::Plane { point, normal } = found.fit.surface {
            let normal = if side < 0.0 { -normal } else { normal };
            found.fit = found.fit.with_plane(Surface::Plane { point, normal });
        }
        let points: Vec<DVec3> = found.members.iter().map(|i| self.target.points[*i as usize]).collect();
        let area = found.members.len() as f64 * self.target.spacing.powi(2);
        Segment::new(found.fit, &points, found.members, area, Sides { outward: side, least_gap_rad: LEAST_GAP_RAD })
    }
}

/// Whether the points tell the surface: what lies about edges between noisy faces fits a cone or a torus of any kind.
fn is_determined(fit: &Fit) -> bool {
    let radius = fit.surface.radius().unwrap_or(f64::INFINITY);
    let direction_rad = fit.covariance.direction_rad().unwrap_or(0.0);
    fit.covariance.radius().is_none_or(|deviation| deviation < 0.04 * radius) && direction_rad < 0.05
}

/// What the surface has to hold for each point of a plane.
fn worth(surface: &Surface) -> f64 {
    match surface {
        Surface::Plane { .. } => 1.0,
        Surface::Cylinder { .. } => WORTH,
        Surface::Sphere { .. } => WORTH * 1.02,
        Surface::Cone { .. } => WORTH * WORTH,
        Surface::Torus { .. } => WORTH * WORTH * 1.02,
    }
}

/// The points of a mesh that was scanned, with the normals of their surroundings.
pub(super) fn cloud_of(mesh: &partwright_geometry::TriMesh) -> partwright_geometry::PointCloud {
    let mut normals = vec![DVec3::ZERO; mesh.positions.len()];
    for t in &mesh.triangles {
        if let Some([a, b, c]) = mesh.corners(*t) {
            let cross = (b - a).cross(c - a);
            for &v in t {
                normals[v as usize] += cross;
            }
        }
    }
    let used: Vec<usize> = (0..normals.len()).filter(|i| normals[*i] != DVec3::ZERO).collect();
    let positions: Vec<DVec3> = used.iter().map(|i| mesh.positions[*i]).collect();
    // A vertex' own triangles are as rough as the noise: neighbours smooth it.
    let tree = NearestPoints::new(&positions);
    let own: Vec<DVec3> = used.iter().map(|i| normals[*i].normalize_or_zero()).collect();
    let smooth = positions
        .par_iter()
        .with_min_len(256)
        .zip(&own)
        .map(|(p, n)| {
            let near = tree.nearest_n(*p, 12);
            near.iter().map(|k| own[k.0]).filter(|m| m.dot(*n) > 0.7).sum::<DVec3>().normalize_or(*n)
        })
        .collect();
    partwright_geometry::PointCloud { positions, normals: Some(smooth), colors: None }
}
