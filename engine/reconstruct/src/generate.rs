//! Where candidates come from without weights; those of a network join the same list.

use glam::DVec3;
use partwright_fit::emit::number;
use partwright_fit::propose::{Changing, propose_from_primitives};
use partwright_fit::{
    CloudTarget, Deadline, Precision, Progress, Proposal, ProposeConfig, Target, propose, propose_for_cloud,
};
use partwright_geometry::{Bounds, Geometry, PointCloud, TriMesh, sample};

use crate::refinement::Drawn;
use crate::stages::{Stage, Stopwatch};
use crate::{ExecutedFace, Execution, ProgramFrame, Properties, Written};

/// Who proposed a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Fitted without weights, and how.
    Fit(partwright_fit::Origin),
    /// Written by a network.
    Network(Box<Written>),
    /// The scan's box, for want of anything better.
    Box,
}

impl Origin {
    /// Whether the candidate comes near what it cannot make by many steps.
    pub(crate) fn is_stepped(&self) -> bool {
        matches!(self, Self::Fit(partwright_fit::Origin::Stack { changing: Changing::Terraces, .. }))
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fit(origin) => write!(f, "fitted: {origin}"),
            Self::Network(written) => write!(f, "{written}"),
            Self::Box => write!(f, "the scan's box, for want of anything better"),
        }
    }
}

/// A program nobody has run yet.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) source: String,
    pub(crate) origin: Origin,
    /// Statements that make or change the body.
    pub(crate) operations: usize,
    /// What its maker expects of it, on a scale of its own: only differences count. Zero for every candidate of a cloud,
    /// whose makers expect nothing.
    pub(crate) estimate: f64,
    /// The part the program was written from; `None` where there is none to refine.
    pub(crate) drawn: Option<Drawn>,
    /// What to try where this one is too hard for the kernel.
    pub(crate) plainer: Option<Box<Candidate>>,
}

/// Directions that are looked for in a scan.
const DIRECTIONS: usize = 8;

/// Candidates for `scan` (already in the frame of the programs), most promising first.
pub(crate) fn candidates(
    scan: &Geometry,
    frame: ProgramFrame,
    most: usize,
    progress: &dyn Progress,
    deadline: &Deadline,
    clock: &Stopwatch,
) -> Vec<Candidate> {
    let precision = match frame {
        ProgramFrame::Scan => None,
        ProgramFrame::Normalized => Some(Precision::INTEGERS),
    };
    let config = ProposeConfig { most: most.max(3) + 2, precision, ..ProposeConfig::default() };
    let mut found: Vec<Candidate> = match scan {
        Geometry::Mesh(mesh) => of_mesh(mesh, &config, progress, deadline, clock),
        Geometry::Cloud(cloud) => {
            let target = clock.time(Stage::Understand, || CloudTarget::new(cloud));
            let proposals = clock
                .time(Stage::Propose, || target.map(|target| propose_for_cloud(&target, &config, progress, deadline)));
            proposals.unwrap_or_default().into_iter().map(|p| candidate(p, 0.0)).collect()
        }
    };
    if found.is_empty() {
        found.extend(box_of(scan, frame).map(|b| b.0));
    }
    found
}

/// A mesh with more triangles is not cut into sections: it is sampled, and treated as the cloud of its samples.
const MOST_TRIANGLES: usize = 300_000;
/// Points that a mesh is sampled by.
const SAMPLES: usize = 16_000;

fn candidate(proposal: Proposal, estimate: f64) -> Candidate {
    let Proposal { part, scan_from_part, precision, source, features, origin, plainer, .. } = proposal;
    let drawn = Some(Drawn { part, scan_from_part, precision });
    let plainer = plainer.map(|plainer| Box::new(candidate(*plainer, estimate)));
    Candidate { source, origin: Origin::Fit(origin), operations: features, estimate, drawn, plainer }
}

/// Candidates for a mesh: from its sections, and, where it was scanned, from the planes and cylinders its surface shows.
fn of_mesh(
    mesh: &TriMesh,
    config: &ProposeConfig,
    progress: &dyn Progress,
    deadline: &Deadline,
    clock: &Stopwatch,
) -> Vec<Candidate> {
    let large = mesh.triangles.len() > MOST_TRIANGLES;
    let target = if large { None } else { clock.time(Stage::Understand, || Target::new(mesh, DIRECTIONS)) };
    let scanned = large || target.as_ref().is_some_and(|t| !t.exact);
    let mut from_surfaces = Vec::new();
    if scanned {
        let samples = sample::surface(mesh, SAMPLES, 0);
        let cloud = PointCloud { positions: samples.positions, normals: Some(samples.normals), colors: None };
        if let Some(cloud) = clock.time(Stage::Understand, || CloudTarget::new(&cloud)) {
            from_surfaces = clock.time(Stage::Propose, || propose_from_primitives(&cloud, config, progress, deadline));
        }
    }
    let sections = target.map(|target| clock.time(Stage::Propose, || propose(&target, config, progress, deadline)));
    let sections = sections.unwrap_or_default();
    // Long programs pay for the time their execution takes.
    let worth = |p: &Proposal| p.estimate - 5e-4 * p.part.price();
    let best = sections.iter().map(worth).fold(0.0, f64::max);
    // What comes from surfaces was not estimated, and is always tried.
    let mut found: Vec<Candidate> = from_surfaces.into_iter().map(|p| candidate(p, best)).collect();
    found.extend(sections.into_iter().map(|p| {
        let estimate = worth(&p);
        candidate(p, estimate)
    }));
    found
}

/// A box around the scan as a program, and what executing it makes, which needs no kernel.
pub(crate) fn box_of(scan: &Geometry, frame: ProgramFrame) -> Option<(Candidate, Execution)> {
    let bounds = Bounds::of_geometry(scan)?;
    let decimals = match frame {
        ProgramFrame::Scan => Precision::within(1e-5 * bounds.longest_side()).decimals,
        ProgramFrame::Normalized => 0,
    };
    let step = 10f64.powi(-(decimals as i32));
    let list = |values: DVec3, decimals: usize| values.to_array().map(|v| number(v, decimals)).join(", ");
    let on_grid = |v: DVec3, step: f64| (v / step).round() * step;
    let (center, size) = (on_grid(bounds.center(), step / 10.0), on_grid(bounds.size(), step).max(DVec3::splat(step)));
    let source = format!(
        "import cadquery as cq\n\nr = cq.Workplane(\"XY\", origin=({})).box({})\n",
        list(center, decimals + 1),
        list(size, decimals),
    );
    let candidate = Candidate { source, origin: Origin::Box, operations: 1, estimate: 0.0, drawn: None, plainer: None };
    Some((candidate, cuboid(center - size / 2.0, center + size / 2.0)))
}

fn cuboid(low: DVec3, high: DVec3) -> Execution {
    let positions = (0..8)
        .map(|i| {
            let pick = |bit: usize| if i >> bit & 1 == 1 { high[bit] } else { low[bit] };
            DVec3::new(pick(0), pick(1), pick(2))
        })
        .collect();
    let sides = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles = sides.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect();
    let size = high - low;
    let properties = Properties {
        volume: size.element_product(),
        area: 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x),
        bounds: [low, high],
        valid: true,
        solids: 1,
        faces: 6,
    };
    let side = |axis: usize, at: DVec3| {
        let mut place = (low + high) / 2.0;
        place[axis] = at[axis];
        let area = properties.volume / size[axis];
        ExecutedFace { kind: "plane", area, center: place, made_by: None }
    };
    let faces = [(2, low), (2, high), (1, low), (1, high), (0, low), (0, high)].map(|(axis, at)| side(axis, at));
    let face_of = (0..6).flat_map(|face| [face, face]).collect();
    let mesh = TriMesh { positions, triangles };
    Execution { mesh, properties, faces: faces.to_vec(), face_of, shape: None }
}
