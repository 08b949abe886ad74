//! One case: read, reconstruct, measure. Runs in a process of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_geometry::format::{self, FormatError};
use partwright_geometry::metric::{CompareConfig, IouMethod, PreparedReference, normalised_for_evaluation};
use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{
    CancelToken, Executor, ReconstructConfig, ReconstructError, Reconstruction, Silent, reconstruct,
};
use serde::{Deserialize, Serialize};

/// Points of a sampled cloud, as many as cadrille's evaluation samples.
const SAMPLED_POINTS: usize = 8192;

/// What a reconstruction sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// The mesh in the file.
    #[default]
    Mesh,
    /// Points sampled on the mesh in the file, without normals.
    Points,
    /// The point cloud in the file.
    Cloud,
}

/// What a child process is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseJob {
    /// The scan.
    pub input: PathBuf,
    /// What the reconstruction sees of it.
    pub kind: InputKind,
    /// The true surface, where there is one.
    pub truth: Option<PathBuf>,
    /// Time budget in seconds.
    pub time_s: f64,
    /// Seed.
    pub seed: u64,
}

/// What a child process found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseOutcome {
    /// Whether there is a valid solid.
    pub valid: bool,
    /// `good`, `check` or `refused`; absent when the case did not get so far.
    pub verdict: Option<String>,
    /// Why the verdict is so, or what went wrong.
    pub reason: Option<String>,
    /// IoU with the truth, both centred and scaled to unit size; absent where it is undefined or the case is invalid.
    pub iou: Option<f64>,
    /// How the IoU was found.
    pub iou_method: Option<String>,
    /// Chamfer distance times 1000, likewise.
    pub cd_x1000: Option<f64>,
    /// Whether the case counts in the mean of IoU: it does not where nothing true is a surface.
    pub iou_counts: bool,
    /// Seconds from the scan in memory to the ranked candidates.
    pub time_s: f64,
    /// Operations of the program.
    pub operations: Option<usize>,
    /// The program.
    pub program: Option<String>,
}

/// A case that cannot be run at all: the data set is damaged.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// A file of the case cannot be read.
    #[error("'{}': {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: FormatError,
    },
}

impl CaseJob {
    /// Reconstructs the case with `executor` and measures the best candidate.
    ///
    /// # Errors
    /// A file of the data set that cannot be read; a scan that cannot be reconstructed is an invalid outcome.
    pub fn run(&self, executor: &dyn Executor) -> Result<CaseOutcome, CaseError> {
        let scan = read(&self.input)?;
        let truth = match &self.truth {
            Some(path) => read(path)?,
            None => scan.clone(),
        };
        let scan = match (self.kind, scan) {
            (InputKind::Points, Geometry::Mesh(mesh)) => Geometry::Cloud(points_of(&mesh, self.seed)),
            (_, scan) => scan,
        };
        let config = ReconstructConfig {
            time: Some(Duration::from_secs_f64(self.time_s)),
            seed: self.seed,
            ..ReconstructConfig::default()
        };
        let started = Instant::now();
        let found = reconstruct(&scan, &config, executor, &Silent, &CancelToken::default());
        let time_s = started.elapsed().as_secs_f64();
        Ok(CaseOutcome { time_s, ..measure(found, &truth, self.seed) })
    }
}

fn read(path: &Path) -> Result<Geometry, CaseError> {
    let file = format::read(path).map_err(|source| CaseError::Unreadable { path: path.to_owned(), source })?;
    Ok(file.geometry)
}

fn points_of(mesh: &TriMesh, seed: u64) -> PointCloud {
    PointCloud { positions: sample::surface(mesh, SAMPLED_POINTS, seed).positions, ..PointCloud::default() }
}

fn measure(found: Result<Reconstruction, ReconstructError>, truth: &Geometry, seed: u64) -> CaseOutcome {
    let config = CompareConfig { seed, ..CompareConfig::default() };
    let truth = PreparedReference::of_geometry(normalized(truth), config);
    let truth_has_volume = || truth.overlap_with(&truth).iou.is_some();
    let invalid =
        |reason: String| CaseOutcome { reason: Some(reason), iou_counts: truth_has_volume(), ..CaseOutcome::default() };
    let found = match found {
        Ok(found) => found,
        Err(error) => return invalid(error.to_string()),
    };
    let Some((best, execution)) = found.best().and_then(|best| Some((best, best.execution.as_ref().ok()?))) else {
        let why = found.candidates.first().map(|first| first.judgement.reason.clone());
        return invalid(why.unwrap_or_else(|| "there is no candidate".to_owned()));
    };
    let comparison = truth.compare(&normalised_for_evaluation(&execution.mesh));
    CaseOutcome {
        valid: true,
        verdict: Some(best.judgement.verdict.name().to_owned()),
        reason: Some(best.judgement.reason.clone()),
        iou: comparison.iou,
        iou_method: Some(method(&comparison.iou_method)),
        cd_x1000: comparison.chamfer.is_finite().then_some(1000.0 * comparison.chamfer),
        iou_counts: comparison.iou.is_some() || truth_has_volume(),
        time_s: 0.0,
        operations: Some(best.operations),
        program: Some(best.source.clone()),
    }
}

/// Centred and scaled to unit size.
fn normalized(geometry: &Geometry) -> Geometry {
    match geometry {
        Geometry::Mesh(mesh) => Geometry::Mesh(normalised_for_evaluation(mesh)),
        Geometry::Cloud(cloud) => {
            let points = TriMesh { positions: cloud.positions.clone(), triangles: Vec::new() };
            Geometry::Cloud(PointCloud {
                positions: normalised_for_evaluation(&points).positions,
                ..PointCloud::default()
            })
        }
    }
}

fn method(method: &IouMethod) -> String {
    match method {
        IouMethod::Boolean => "boolean".to_owned(),
        IouMethod::InsideTests { reason, .. } => format!("inside tests: {reason}"),
        IouMethod::Undefined { reason } => format!("undefined: {reason}"),
    }
}
