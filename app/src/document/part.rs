//! What a program made, ready to be looked at.

use std::sync::Arc;
use std::time::Duration;

use glam::DVec3;
use partwright_cadquery::{FacedMesh, Properties, Report, ReportedCall, ReportedFace};
use partwright_geometry::metric::Deviation;
use partwright_geometry::{Bounds, TriMesh};

/// One of the two shapes that stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// What came in.
    Input,
    /// What the program made.
    Result,
}

/// An executed program's body: exact numbers, faces, edges and a mesh of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The text that made it.
    pub source: Arc<str>,
    /// Exact measures.
    pub properties: Properties,
    /// The calls of the program.
    pub history: Vec<ReportedCall>,
    /// The faces of the body.
    pub faces: Vec<ReportedFace>,
    /// The mesh of the faces, with the edges along it.
    pub mesh: Arc<FacedMesh>,
    /// The facets it is measured with, as candidates are: finer than what is drawn.
    pub facets: Arc<TriMesh>,
    /// What the program printed.
    pub printed: String,
    /// How long it took to execute and evaluate.
    pub time: Duration,
}

impl Part {
    /// The part in a worker's report; `None` when something asked for is not in it.
    pub fn of_report(source: Arc<str>, report: Report) -> Option<Self> {
        let time = report.python_time + report.kernel_time;
        Some(Self {
            source,
            properties: report.properties?,
            history: report.history,
            faces: report.faces,
            mesh: Arc::new(report.mesh?),
            facets: Arc::new(report.facets?),
            printed: report.printed,
            time,
        })
    }

    /// The box of the body.
    pub fn bounds(&self) -> Bounds {
        let [min, max] = self.properties.bounds;
        Bounds { min, max }
    }

    /// The numbers of the faces that call `call` made.
    pub fn faces_of_call(&self, call: u32) -> impl Iterator<Item = u32> + '_ {
        let faces = self.faces.iter().enumerate();
        faces.filter(move |(_, face)| face.call.0 == call).map(|(index, _)| index as u32)
    }

    /// The innermost call whose text contains the byte `offset`.
    pub fn call_at(&self, offset: usize) -> Option<u32> {
        let calls = self.history.iter().enumerate().filter(|(_, call)| {
            let (start, end) = (call.span.start as usize, call.span.end as usize);
            (start..=end).contains(&offset)
        });
        calls.min_by_key(|(_, call)| call.span.end - call.span.start).map(|(index, _)| index as u32)
    }
}

/// The part measured against the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The text of the part that was measured.
    pub source: Arc<str>,
    /// Volume shared over volume covered; `None` where the input has no volume.
    pub iou: Option<f64>,
    /// Mean squared nearest distance both ways added.
    pub chamfer: f64,
    /// From the input to the part.
    pub deviation: Option<Deviation>,
    /// The distance of every point or vertex of the input to the part, positive outside the part and negative inside.
    pub distances: Arc<Vec<f32>>,
    /// Volume of the part less that of the input, where both have one.
    pub volume_difference: Option<f64>,
    /// Where the largest deviation is, on the input.
    pub worst: Option<DVec3>,
}
