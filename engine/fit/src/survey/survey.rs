//! All that is known of a scan before a program is proposed.

use glam::{DMat3, DVec3};
use partwright_geometry::query::MeshQuery;
use partwright_geometry::{Geometry, TriMesh, sample};

use super::flats::seams;
use super::symmetry::{Compared, symmetries};
use super::{Blend, BlendGroup, Edge, Missing, Pattern, Segment, Symmetry, SymmetryKind};
use super::{blend, facets, missing, pattern, scattered, sharp_edges};
use crate::progress::Deadline;
use crate::understand::{CloudTarget, Target};

/// What a scan is made of, in the scan's own coordinates and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Whether the scan is an exact mesh, as a CAD program exports them: segments then consist of triangles.
    pub exact: bool,
    /// Longest side of its box, along the axes of the part.
    pub size: f64,
    /// Standard deviation of the points from their surfaces; of an exact mesh the error of its numbers.
    pub noise: f64,
    /// The distance of neighbouring points; of an exact mesh the mean one of its vertices.
    pub spacing: f64,
    /// What segments' members are: middles of triangles, or points, thinned and without outliers.
    pub elements: Vec<DVec3>,
    /// The faces, largest first.
    pub segments: Vec<Segment>,
    /// The share of the area that lies on them.
    pub explained: f64,
    /// Where they meet.
    pub edges: Vec<Edge>,
    /// Rounded and chamfered edges.
    pub blends: Vec<Blend>,
    /// These by kind and size.
    pub blend_groups: Vec<BlendGroup>,
    /// Motions that leave the scan as it is.
    pub symmetries: Vec<Symmetry>,
    /// Equal features in regular places.
    pub patterns: Vec<Pattern>,
    /// What was not seen.
    pub missing: Missing,
    /// Whether the deadline left time for everything.
    pub complete: bool,
}

/// Samples that symmetries are tested with.
const SAMPLES: usize = 2500;
/// The share of a cloud's samples that have to lie on the scan again when moved.
const CLOUD_SHARE: f64 = 0.93;

impl Survey {
    /// Surveys a mesh or a cloud; `None` where there is nothing to be surveyed.
    pub fn of_geometry(scan: &Geometry, deadline: &Deadline) -> Option<Self> {
        match scan {
            Geometry::Mesh(mesh) => Some(Self::of_target(&Target::new(mesh, 8)?, deadline)),
            Geometry::Cloud(cloud) => Some(Self::of_cloud(&CloudTarget::new(cloud)?, deadline)),
        }
    }

    /// Surveys a mesh: by its facets where it is exact, else by its vertices.
    pub fn of_target(target: &Target, deadline: &Deadline) -> Self {
        let seams = seams(&target.mesh);
        let rims = missing::rims(&target.mesh, &seams);
        if !target.exact {
            let cloud = scattered::cloud_of(&target.mesh);
            if let Some(cloud) = CloudTarget::new(&cloud) {
                let mut survey = Self::of_cloud(&cloud, deadline).turned(target.scan_from_part);
                survey.missing = Missing { rims: rims.rims, rim_length: rims.rim_length, ..survey.missing };
                return survey;
            }
        }
        let mesh = &target.mesh;
        let grouped = facets::grouped(mesh, &seams, target.tolerances.flatness, target.size, deadline);
        let segments = grouped.segments;
        let of_triangle = owners(mesh.triangles.len(), &segments);
        let contacts = sharp_edges::mesh_contacts(mesh, &seams, &of_triangle);
        let edges = sharp_edges::edges(&segments, &contacts, true);
        // Tessellations are less regular than what they stand for: by the rise of a facet over its chord.
        let rise = segments.iter().flat_map(|s| s.members.iter().map(move |t| (s, *t)));
        let rise = rise
            .filter_map(|(s, t)| Some(s.surface.distance(middle(mesh, t)?).abs()))
            .fold(0.0, f64::max)
            .min(MOST_RISE * target.size);
        let within = (2.0 * rise).max(LEAST_WITHIN * target.size);
        let total: f64 = mesh.triangles.iter().filter_map(|t| mesh.corners(*t)).map(area).sum();
        let mut samples = sample::surface(mesh, SAMPLES, 23).positions;
        samples.extend(mesh.positions.iter().step_by(mesh.positions.len().div_ceil(SAMPLES).max(1)));
        let query = MeshQuery::new(mesh).ok();
        let distance = |p: DVec3| query.as_ref().map_or(f64::INFINITY, |q| q.distance(p));
        let compared = Compared {
            samples: &samples,
            distance: &distance,
            within,
            most_residual: within,
            same_rad: 1e-3,
            most_order: 36,
            least_share: if target.closed { 1.0 } else { CLOUD_SHARE },
            closed: target.closed,
        };
        let middle_of_area = middle_of_area(mesh);
        let (symmetries, tested) = symmetries(&compared, middle_of_area, &segments, DMat3::IDENTITY, deadline);
        let blends = blend::blends(&segments, &edges, target.size);
        let slack = 16.0 * target.tolerances.vertex;
        let elements = (0..mesh.triangles.len()).map(|t| middle(mesh, t as u32).unwrap_or_default()).collect();
        Self {
            exact: true,
            size: target.size,
            noise: target.tolerances.vertex,
            spacing: (total / mesh.positions.len().max(1) as f64).sqrt(),
            explained: segments.iter().map(|s| s.area).sum::<f64>() / total.max(f64::MIN_POSITIVE),
            blend_groups: blend::groups(&blends, &segments),
            patterns: pattern::patterns(&segments, slack),
            missing: rims,
            complete: grouped.complete && tested,
            elements,
            segments,
            edges,
            blends,
            symmetries,
        }
        .turned(target.scan_from_part)
    }

    /// Surveys a cloud.
    pub fn of_cloud(target: &CloudTarget, deadline: &Deadline) -> Self {
        let found = scattered::scattered(target, deadline);
        let segments = found.segments;
        let of_point = owners(target.points.len(), &segments);
        let contacts = sharp_edges::cloud_contacts(target, &segments, &of_point);
        let edges = sharp_edges::edges(&segments, &contacts, false);
        let step = target.points.len().div_ceil(SAMPLES).max(1);
        let samples: Vec<DVec3> = target.points.iter().step_by(step).copied().collect();
        // The distance from the plane through the nearest point, as points of two scans never lie on each other.
        let distance = |p: DVec3| {
            target.tree.nearest(p).map_or(f64::INFINITY, |(i, away)| {
                let along = (p - target.points[i]).dot(target.normals[i]).abs();
                if away <= APART * target.spacing { along } else { away }
            })
        };
        let compared = Compared {
            samples: &samples,
            distance: &distance,
            within: 1.5 * target.tolerance().max(0.5 * target.spacing),
            most_residual: 1.1 * target.noise + 0.35 * target.spacing,
            same_rad: 0.07,
            most_order: 12,
            least_share: CLOUD_SHARE,
            closed: false,
        };
        let middle = samples.iter().sum::<DVec3>() / samples.len().max(1) as f64;
        let (symmetries, tested) = symmetries(&compared, middle, &segments, DMat3::IDENTITY, deadline);
        let blends = blend::blends(&segments, &edges, target.size);
        let explained = segments.iter().map(|s| s.members.len()).sum::<usize>() as f64 / target.points.len() as f64;
        Self {
            exact: false,
            size: target.size,
            noise: target.noise,
            spacing: target.spacing,
            elements: target.points.clone(),
            explained,
            blend_groups: blend::groups(&blends, &segments),
            patterns: pattern::patterns(&segments, target.tolerance()),
            missing: missing::unseen(target, &segments, &of_point, deadline),
            complete: found.complete && tested && !deadline.reached(),
            segments,
            edges,
            blends,
            symmetries,
        }
        .turned(target.scan_from_part)
    }

    /// The survey in other coordinates, turned about the origin.
    fn turned(mut self, rotation: DMat3) -> Self {
        self.elements.iter_mut().for_each(|p| *p = rotation * *p);
        self.segments = self.segments.into_iter().map(|s| s.turned(rotation)).collect();
        for symmetry in &mut self.symmetries {
            symmetry.point = rotation * symmetry.point;
            symmetry.direction = rotation * symmetry.direction;
        }
        for pattern in &mut self.patterns {
            pattern.arrangement = pattern.arrangement.turned(rotation);
        }
        self
    }

    /// Whether rotating the scan about some axis by any angle leaves it as it is.
    pub fn is_turned(&self) -> bool {
        self.symmetries.iter().any(|s| s.kind == SymmetryKind::Revolution)
    }

    /// Points on a unit of surface.
    pub fn density(&self) -> f64 {
        self.spacing.max(f64::MIN_POSITIVE).powi(2).recip()
    }
}

/// Moved samples lie on the mesh within this share of the size, or twice a facet's rise, which counts up to this share.
const LEAST_WITHIN: f64 = 1e-4;
const MOST_RISE: f64 = 2e-3;
/// Spacings from the nearest point beyond which a place counts as not seen.
const APART: f64 = 2.5;

/// The segment of each triangle or point.
fn owners(count: usize, segments: &[Segment]) -> Vec<Option<u32>> {
    let mut owners = vec![None; count];
    for (k, segment) in segments.iter().enumerate() {
        for &i in &segment.members {
            owners[i as usize] = Some(k as u32);
        }
    }
    owners
}

fn middle(mesh: &TriMesh, triangle: u32) -> Option<DVec3> {
    Some(mesh.corners(mesh.triangles[triangle as usize])?.iter().sum::<DVec3>() / 3.0)
}

fn area([a, b, c]: [DVec3; 3]) -> f64 {
    (b - a).cross(c - a).length() / 2.0
}

/// The centre of the area of all triangles.
fn middle_of_area(mesh: &TriMesh) -> DVec3 {
    let weighted =
        mesh.triangles.iter().filter_map(|t| mesh.corners(*t)).map(|c| (area(c), c.iter().sum::<DVec3>() / 3.0));
    let (total, sum) = weighted.fold((0.0, DVec3::ZERO), |(t, s), (area, p)| (t + area, s + p * area));
    if total > 0.0 { sum / total } else { DVec3::ZERO }
}
