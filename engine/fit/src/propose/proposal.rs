//! The competing proposals for a target, ranked by estimate.

use glam::{DMat3, DVec3};

use super::beam::searched;
use super::plainer::{GRID_ERROR, plainer};
use super::rings::through_rings;
use super::slab::{refined, slabs};
use super::stack::{Changing, stack};
use super::vertices::through_vertices;
use super::{Draft, HalfSection, axes_of_revolution, grouped, revolved, turnable};
use crate::emit::{ProgramText, is_writable, program};
use crate::part::{FeatureKind, Part, SketchPlane};
use crate::progress::{Deadline, Progress};
use crate::refine::{Precision, rounded};
use crate::section::Area;
use crate::select::{Selection, pruned};
use crate::understand::Target;

/// How a proposal came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// Slabs along a direction (in scan coordinates).
    Stack {
        /// The direction.
        direction: DVec3,
        /// What was taken where the section changes.
        changing: Changing,
    },
    /// Blocks between the planes and cylinders found in a scan, stacked along a direction (in scan coordinates).
    Blocks {
        /// The direction.
        direction: DVec3,
    },
    /// A body turned about an axis (direction in scan coordinates).
    Revolve {
        /// The axis' direction.
        direction: DVec3,
    },
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let axis = |d: DVec3| {
            [("x", DVec3::X), ("y", DVec3::Y), ("z", DVec3::Z)]
                .into_iter()
                .find(|(_, a)| d.dot(*a).abs() > 1.0 - 1e-9)
                .map_or_else(|| format!("({:.3}, {:.3}, {:.3})", d.x, d.y, d.z), |(name, _)| name.to_owned())
        };
        match self {
            Self::Stack { direction, changing } => {
                let how = match changing {
                    Changing::Middle => "middle sections",
                    Changing::Hull => "hull sections",
                    Changing::Core => "core sections",
                    Changing::Terraces => "terraces",
                };
                write!(f, "slabs along {}, {how}", axis(*direction))
            }
            Self::Blocks { direction } => write!(f, "blocks between planes and cylinders along {}", axis(*direction)),
            Self::Revolve { direction } => write!(f, "revolved about {}", axis(*direction)),
        }
    }
}

/// A program that may make the scanned part.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The features, in part coordinates, on the program's grid.
    pub part: Part,
    /// Rotation from part to scan coordinates.
    pub scan_from_part: DMat3,
    /// The grid the part's coordinates lie on.
    pub precision: Precision,
    /// The program.
    pub source: String,
    /// Statements of the program that make or change the body.
    pub features: usize,
    /// How it came about.
    pub origin: Origin,
    /// Estimated overlap (IoU) with the scan, from cells.
    pub estimate: f64,
    /// A program of straight edges and circles on a coarse grid for much the same part, should this one be too hard for a
    /// kernel; none where it would be the same.
    pub plainer: Option<Box<Proposal>>,
}

impl Proposal {
    /// Writes `part`, whose coordinates are on the grid of `precision`; `None` where it cannot be written.
    pub(super) fn of(
        part: Part,
        scan_from_part: DMat3,
        precision: Precision,
        origin: Origin,
        estimate: f64,
    ) -> Option<Self> {
        is_writable(&part).then(|| {
            let ProgramText { source, features } = program(&part, scan_from_part, precision);
            Self { part, scan_from_part, precision, source, features, origin, estimate, plainer: None }
        })
    }
}

/// What to try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProposeConfig {
    /// Most proposals returned.
    pub most: usize,
    /// Directions that stacks are tried along.
    pub directions: usize,
    /// Cells along the longest side of the part.
    pub resolution: usize,
    /// The grid of the program's numbers; `None` follows the scan's precision.
    pub precision: Option<Precision>,
    /// Overlap that a feature of price one has to bring where the scan leaves doubt.
    pub price: f64,
}

impl Default for ProposeConfig {
    fn default() -> Self {
        Self { most: 6, directions: 6, resolution: 48, precision: None, price: 4e-4 }
    }
}

/// Proposals for `target`, best estimate first. Stops early when `deadline` is reached and returns what there is.
pub fn propose(target: &Target, config: &ProposeConfig, progress: &dyn Progress, deadline: &Deadline) -> Vec<Proposal> {
    let selection = Selection::new(target, config.resolution, config.price);
    let mut models: Vec<(Origin, Vec<Draft>, f64)> = Vec::new();
    let directions: Vec<DVec3> =
        target.directions.iter().filter(|d| d.weight > 1e-3).take(config.directions).map(|d| d.axis).collect();
    let directions = if directions.is_empty() { vec![DVec3::Z] } else { directions };
    for (i, &axis) in directions.iter().enumerate() {
        progress.report("sections", i as f64 / directions.len() as f64);
        if deadline.reached() && !models.is_empty() {
            break;
        }
        for (origin, drafts) in stacks_along(target, axis, deadline) {
            let drafts = if target.exact && drafts.iter().all(|d| d.sure) {
                drafts
            } else {
                pruned(&selection, drafts, deadline)
            };
            let overlap = selection.overlap(&drafts, deadline);
            models.push((origin, drafts, overlap));
        }
    }
    progress.report("axes", 0.0);
    for axis in axes_of_revolution(target, deadline) {
        for half_section in [HalfSection::Hull, HalfSection::Core, HalfSection::Median] {
            if deadline.reached() && !models.is_empty() {
                break;
            }
            let drafts = revolved(target, &axis, half_section, deadline);
            let overlap = selection.overlap(&drafts, deadline);
            models.push((Origin::Revolve { direction: target.scan_from_part * axis.direction }, drafts, overlap));
        }
    }
    let worth = |drafts: &[Draft], overlap: f64| {
        overlap - selection.price() * drafts.iter().map(|d| d.feature.price()).sum::<f64>()
    };
    let rank = |models: &mut Vec<(Origin, Vec<Draft>, f64)>| {
        models.sort_by(|a, b| worth(&b.1, b.2).total_cmp(&worth(&a.1, a.2)));
    };
    rank(&mut models);
    // The front-runners are corrected from other directions; so are hulls and cores, which are made for it.
    let promising = models.iter().take(2).cloned();
    let made_for_it = models.iter().skip(2).filter(|m| {
        matches!(m.0, Origin::Revolve { .. } | Origin::Stack { changing: Changing::Hull | Changing::Core, .. })
    });
    let starts: Vec<_> = promising.chain(made_for_it.take(2).cloned()).collect();
    progress.report("corrections", 0.0);
    let (origins, starts): (Vec<Origin>, Vec<Vec<Draft>>) = starts.into_iter().map(|s| (s.0, s.1)).unzip();
    for found in searched(target, starts, &selection, deadline) {
        let better = pruned(&selection, found.model.drafts, deadline);
        let reached = selection.overlap(&better, deadline);
        models.push((origins[found.start], better, reached));
    }
    rank(&mut models);
    progress.report("programs", 0.0);
    let precision = config.precision.unwrap_or_else(|| Precision::within(target.tolerances.vertex));
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut written_models = 0;
    for (origin, drafts, estimate) in models {
        if written_models >= config.most {
            break;
        }
        let written = |drafts: Vec<Draft>, precision: Precision, on_rings: bool| {
            let features = grouped(drafts)
                .into_iter()
                .map(|d| {
                    let feature = through_vertices(d.feature, target);
                    if on_rings { through_rings(feature, target) } else { feature }
                })
                .collect();
            let part = turnable(&rounded(&Part { features }, precision), target.tolerances.profile.loosest);
            Proposal::of(part, target.scan_from_part, precision, origin, estimate)
        };
        let coarse = Precision::within(GRID_ERROR * target.size);
        let coarse = if coarse.decimals < precision.decimals { coarse } else { precision };
        let plainer = written(plainer(&drafts, target), coarse, false);
        // On a thin shell the true surface lies as far from the mesh's facets as the shell is thick.
        let (on_rings, measured) = (written(drafts.clone(), precision, true), written(drafts, precision, false));
        let before = proposals.len();
        for mut proposal in [on_rings, measured].into_iter().flatten() {
            if proposals.iter().all(|p| p.source != proposal.source) {
                proposal.plainer = plainer.clone().filter(|p| p.source != proposal.source).map(Box::new);
                proposals.push(proposal);
            }
        }
        written_models += usize::from(proposals.len() > before);
    }
    proposals
}

/// The stacks along `axis`: one where every section is constant, else one for each way to treat those that change.
fn stacks_along(target: &Target, axis: DVec3, deadline: &Deadline) -> Vec<(Origin, Vec<Draft>)> {
    const MOST_LEVELS: usize = 40;
    const MOST_BREAKS: usize = 16;
    let plane = SketchPlane::through(DVec3::ZERO, axis);
    let slicer = target.slicer_in(plane);
    let section = |height: f64| -> Area { slicer.section(height) };
    let levels = target.levels(axis, MOST_LEVELS);
    let layers = slabs(&section, &levels, &target.tolerances, deadline);
    let ways: &[Changing] = if layers.iter().all(|l| l.constant) {
        &[Changing::Middle]
    } else {
        &[Changing::Middle, Changing::Hull, Changing::Core, Changing::Terraces]
    };
    let fine = if ways.len() > 1 {
        refined(&section, &layers, &target.breaks(axis, MOST_BREAKS), &target.tolerances, deadline)
    } else {
        Vec::new()
    };
    ways.iter()
        .map(|&changing| {
            // Steps begin where the section begins to change.
            let layers = if changing == Changing::Terraces { &fine } else { &layers };
            let drafts =
                stack(layers, &section, plane, changing, FeatureKind::Add, target.size, &target.tolerances, deadline);
            (Origin::Stack { direction: target.scan_from_part * axis, changing }, drafts)
        })
        .filter(|(_, drafts)| !drafts.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use glam::DVec2;
    use partwright_geometry::TriMesh;

    use super::*;
    use crate::Silent;

    /// A prism over a convex polygon, z from `from` to `to`, moved by `offset`.
    fn prism(points: &[DVec2], from: f64, to: f64, offset: DVec3) -> TriMesh {
        let n = points.len() as u32;
        let at = |z: f64| points.iter().map(move |p| p.extend(z) + offset);
        let positions = at(from).chain(at(to)).collect();
        let mut triangles = Vec::new();
        for i in 0..n {
            let j = (i + 1) % n;
            triangles.extend([[i, j, n + j], [i, n + j, n + i]]);
        }
        for i in 1..n - 1 {
            triangles.extend([[0, i + 1, i], [n, n + i, n + i + 1]]);
        }
        TriMesh { positions, triangles }
    }

    fn first_program(mesh: &TriMesh) -> String {
        let target = Target::new(mesh, 8).expect("the mesh has an extent");
        let proposals = propose(&target, &ProposeConfig::default(), &Silent, &Deadline::default());
        proposals.first().map(|p| p.source.clone()).unwrap_or_default()
    }

    #[test]
    fn simple_bodies_become_their_own_statements() {
        let rectangle = [(0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0)].map(DVec2::from);
        let round: Vec<DVec2> =
            (0..36).map(|i| 7.5 * DVec2::from_angle(std::f64::consts::TAU * f64::from(i) / 36.0)).collect();
        let check = |mesh: &TriMesh, expected: &str| {
            let found = first_program(mesh);
            assert!(found.contains(expected), "{found}");
            assert_eq!(found, first_program(mesh), "the same input gives the same program");
        };
        check(
            &prism(&rectangle, 0.0, 5.0, DVec3::new(300.0, 0.0, 12.5)),
            "r = cq.Workplane(\"XY\", origin=(320, 10, 15)).box(40, 20, 5)",
        );
        check(&prism(&round, -2.0, 8.0, DVec3::ZERO), "r = cq.Workplane(\"XY\", origin=(0, 0, 3)).cylinder(10, 7.5)");
    }

    #[test]
    fn a_reached_deadline_still_leaves_a_proposal() {
        let rectangle = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)].map(DVec2::from);
        let target = Target::new(&prism(&rectangle, 0.0, 1.0, DVec3::ZERO), 8).expect("the mesh has an extent");
        let deadline = Deadline::default();
        deadline.cancel().cancel();
        let found = propose(&target, &ProposeConfig::default(), &Silent, &deadline);
        assert!(found.len() <= 1);
    }

    #[test]
    fn meshes_without_extent_are_no_target() {
        assert!(Target::new(&TriMesh::default(), 8).is_none());
        let point = TriMesh { positions: vec![DVec3::ONE; 3], triangles: vec![[0, 1, 2]] };
        assert!(Target::new(&point, 8).is_none());
    }
}
