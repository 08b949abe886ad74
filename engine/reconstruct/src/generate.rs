//! Where candidates come from. Today the weight-free fit; the networks join the same list.

use partwright_fit::emit::number;
use partwright_fit::{CloudTarget, Deadline, Precision, Progress, ProposeConfig, Target, propose, propose_for_cloud};
use partwright_geometry::{Bounds, Geometry};

use crate::ProgramFrame;

/// Who proposed a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Fitted without weights, and how.
    Fit(partwright_fit::Origin),
    /// The scan's box, for want of anything better.
    Box,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fit(origin) => write!(f, "fitted: {origin}"),
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
) -> Vec<Candidate> {
    let precision = match frame {
        ProgramFrame::Scan => None,
        ProgramFrame::Normalized => Some(Precision::INTEGERS),
    };
    let config = ProposeConfig { most: most.max(3) + 2, precision, ..ProposeConfig::default() };
    let measured = matches!(scan, Geometry::Mesh(_));
    let proposals = match scan {
        Geometry::Mesh(mesh) => {
            Target::new(mesh, DIRECTIONS).map(|target| propose(&target, &config, progress, deadline))
        }
        Geometry::Cloud(cloud) => CloudTarget::new(&cloud.positions)
            .map(|target| propose_for_cloud(&target, &config, progress, deadline)),
    };
    let mut found: Vec<Candidate> = proposals
        .unwrap_or_default()
        .into_iter()
        .map(|p| Candidate {
            source: p.source,
            origin: Origin::Fit(p.origin),
            operations: p.features,
            // Long programs pay for the time their execution takes.
            estimate: if measured { p.estimate - 5e-4 * p.part.price() } else { 0.0 },
        })
        .collect();
    if found.is_empty() {
        found.extend(box_of(scan, frame));
    }
    found
}

/// A box around the scan as a program.
fn box_of(scan: &Geometry, frame: ProgramFrame) -> Option<Candidate> {
    let bounds = Bounds::of_geometry(scan)?;
    let decimals = match frame {
        ProgramFrame::Scan => Precision::within(1e-5 * bounds.longest_side()).decimals,
        ProgramFrame::Normalized => 0,
    };
    let step = 10f64.powi(-(decimals as i32));
    let list = |values: [f64; 3], decimals: usize| values.map(|v| number(v, decimals)).join(", ");
    let size = bounds.size().to_array().map(|v| v.max(step));
    let source = format!(
        "import cadquery as cq\n\nr = cq.Workplane(\"XY\", origin=({})).box({})\n",
        list(bounds.center().to_array(), decimals + 1),
        list(size, decimals),
    );
    Some(Candidate { source, origin: Origin::Box, operations: 1, estimate: 0.0 })
}
