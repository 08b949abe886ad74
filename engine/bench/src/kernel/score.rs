//! Evaluating the cases and comparing with the reference.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use cpu_time::ProcessTime;
use partwright_brep::Body;
use partwright_brep::step::{self, StepConfig};
use partwright_geometry::{repair, save};
use serde::Serialize;

use super::{KernelCase, KernelCaseError, Reference, references};
use crate::statistics::{median, percentile};

/// Largest relative error of volume and area.
const VOLUME_TOLERANCE: f64 = 1e-3;
/// Largest error of a corner of the bounding box, in the program's unit (parts are 200 long).
const BOX_TOLERANCE: f64 = 0.01;

/// A bench that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum KernelBenchError {
    /// A case or the reference is unusable.
    #[error(transparent)]
    Case(#[from] KernelCaseError),
    /// A STEP file cannot be written.
    #[error("the STEP file '{}' cannot be written: {reason}", path.display())]
    Step {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// One case against its reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent column of the table")]
pub struct KernelResult {
    /// The case.
    pub id: String,
    /// The kind of geometry it probes.
    pub category: String,
    /// Why there is no solid.
    pub error: Option<String>,
    /// Whether the volume agrees within 0.1 %.
    pub volume: bool,
    /// Whether the area agrees within 0.1 %.
    pub area: bool,
    /// Whether the corners of the box agree within 0.01.
    pub bounds: bool,
    /// Whether there are equally many solids.
    pub solids: bool,
    /// Whether there are equally many faces.
    pub faces: bool,
    /// Whether the facet mesh is watertight.
    pub watertight: bool,
    /// Processor time of boolean and rebuild in milliseconds.
    pub cpu_ms: f64,
    /// Disagreements in words.
    pub disagreements: Vec<String>,
}

/// All cases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KernelResults {
    /// How many cases.
    pub n: usize,
    /// How many have no solid, with an error that says why.
    pub errors: usize,
    /// How many agree in volume.
    pub volume: usize,
    /// How many agree in area.
    pub area: usize,
    /// How many agree in their box.
    pub bounds: usize,
    /// How many agree in the number of solids.
    pub solids: usize,
    /// How many agree in the number of faces.
    pub faces: usize,
    /// How many have a watertight mesh.
    pub watertight: usize,
    /// How many give a solid with a wrong volume, area, box or number of solids and no error.
    pub silently_wrong: usize,
    /// Median processor time in milliseconds.
    pub median_cpu_ms: Option<f64>,
    /// 95th percentile of it.
    pub p95_cpu_ms: Option<f64>,
    /// Every case, by name.
    pub cases: Vec<KernelResult>,
}

/// Evaluates all cases of `folder`, writing STEP files into `step_folder` if there is one.
///
/// # Errors
/// A case that cannot be read or a file that cannot be written; a case the kernel cannot do is a result.
pub fn run(
    folder: &Path,
    step_folder: Option<&Path>,
    mut on_finished: impl FnMut(usize, usize),
) -> Result<KernelResults, KernelBenchError> {
    let references = references(folder)?;
    let mut cases = Vec::with_capacity(references.len());
    for (id, reference) in &references {
        let case = KernelCase::read(folder, id)?;
        let (result, body) = score(id, &case, reference);
        if let (Some(folder), Some(body)) = (step_folder, body) {
            write_step(&folder.join(format!("{id}.step")), id, &body)?;
        }
        cases.push(result);
        on_finished(cases.len(), references.len());
    }
    let count = |holds: fn(&KernelResult) -> bool| cases.iter().filter(|case| holds(case)).count();
    let times: Vec<f64> = cases.iter().map(|case| case.cpu_ms).collect();
    Ok(KernelResults {
        n: cases.len(),
        errors: count(|case| case.error.is_some()),
        volume: count(|case| case.volume),
        area: count(|case| case.area),
        bounds: count(|case| case.bounds),
        solids: count(|case| case.solids),
        faces: count(|case| case.faces),
        watertight: count(|case| case.watertight),
        silently_wrong: count(|case| case.error.is_none() && !(case.volume && case.area && case.bounds && case.solids)),
        median_cpu_ms: median(&times),
        p95_cpu_ms: percentile(&times, 95.0),
        cases,
    })
}

fn score(id: &str, case: &KernelCase, reference: &Reference) -> (KernelResult, Option<std::sync::Arc<Body>>) {
    // The least of a few runs: the first one warms the caches, and others share the processor.
    const RUNS: usize = 3;
    let timed = |_| {
        let shape = case.shape();
        let clock = ProcessTime::now();
        let outcome = shape.body();
        (clock.elapsed().as_secs_f64() * 1e3, outcome)
    };
    let runs: Vec<_> = (0..RUNS).map(timed).collect();
    let cpu_ms = runs.iter().map(|(millis, _)| *millis).fold(f64::INFINITY, f64::min);
    let mut result = KernelResult {
        id: id.to_owned(),
        category: case.category.clone(),
        error: None,
        volume: false,
        area: false,
        bounds: false,
        solids: false,
        faces: false,
        watertight: false,
        cpu_ms,
        disagreements: Vec::new(),
    };
    let body = match runs.into_iter().next_back() {
        Some((_, Ok(body))) => body,
        Some((_, Err(error))) => {
            result.error = Some(error.to_string());
            return (result, None);
        }
        None => return (result, None),
    };
    let relative = |ours: f64, theirs: f64| (ours - theirs).abs() / theirs.abs();
    let [low, high] = body.bounds;
    let corners = low.to_array().into_iter().chain(high.to_array());
    let off = corners.zip(reference.bounds).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max);
    result.volume = relative(body.volume, reference.volume) <= VOLUME_TOLERANCE;
    result.area = relative(body.area, reference.area) <= VOLUME_TOLERANCE;
    result.bounds = off <= BOX_TOLERANCE;
    result.solids = body.solids.len() == reference.solids;
    result.faces = body.faces.len() == reference.faces;
    result.watertight = repair::inspect(&body.mesh).watertight;
    let checks = [
        ("volume", result.volume, body.volume, reference.volume),
        ("area", result.area, body.area, reference.area),
        ("box off by", result.bounds, off, 0.0),
        ("solids", result.solids, body.solids.len() as f64, reference.solids as f64),
        ("faces", result.faces, body.faces.len() as f64, reference.faces as f64),
    ];
    let wrong = checks.into_iter().filter(|(_, right, ..)| !right);
    result.disagreements = wrong.map(|(what, _, ours, theirs)| format!("{what} {ours} instead of {theirs}")).collect();
    if !result.watertight {
        result.disagreements.push("the mesh is not watertight".to_owned());
    }
    (result, Some(body))
}

fn write_step(path: &Path, id: &str, body: &Body) -> Result<(), KernelBenchError> {
    let config = StepConfig { product: id.to_owned(), ..StepConfig::default() };
    save::atomically(path, |file: &mut BufWriter<_>| {
        step::write(&body.solids, &config, file).map_err(|error| io::Error::other(error.to_string()))
    })
    .map_err(|error| KernelBenchError::Step { path: path.to_owned(), reason: error.to_string() })
}
