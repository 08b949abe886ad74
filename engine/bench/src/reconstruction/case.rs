//! One case: read, reconstruct, measure. Runs in a process of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_geometry::format::{self, FormatError};
use partwright_geometry::metric::{CompareConfig, IouMethod, PreparedReference, normalised_for_evaluation};
use partwright_geometry::simulate::{self, ScannerConfig, SimulateError};
use partwright_geometry::{Bounds, Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{
    CancelToken, Deadline, Executor, ReconstructConfig, ReconstructError, Reconstruction, Score, Silent, Stage,
    editability, reconstruct,
};
use serde::{Deserialize, Serialize};

/// Points of a sampled cloud unless said otherwise, as many as cadrille's evaluation samples.
pub const SAMPLED_POINTS: usize = 8192;

/// Time for trying edits of a program, beside the time of the reconstruction; edits not tried by then do not count.
const EDITING: Duration = Duration::from_secs(15);

/// What a reconstruction sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// The mesh in the file.
    #[default]
    Mesh,
    /// Points sampled on the mesh in the file, without normals.
    Points,
    /// A simulated scan of the mesh in the file.
    Scan,
    /// The point cloud in the file.
    Cloud,
}

/// A length, or a share of a shape's longest side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// In the shape's unit.
    Length(f64),
    /// Of the longest side.
    Share(f64),
}

impl Default for Extent {
    fn default() -> Self {
        Self::Length(0.0)
    }
}

impl Extent {
    /// The length on a shape of the longest side `size`.
    pub fn of(self, size: f64) -> f64 {
        match self {
            Self::Length(length) => length,
            Self::Share(share) => share * size,
        }
    }
}

/// A simulated scanner; see `partwright_geometry::simulate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scanner {
    /// How many views.
    pub views: usize,
    /// Whether they all look from above.
    pub one_sided: bool,
    /// Standard deviation of the points about the surface.
    pub noise: Extent,
    /// Bound of the error of registration.
    pub registration_error: Extent,
    /// Share that is missing in patches.
    pub dropout: f64,
    /// Share of strays.
    pub outliers: f64,
    /// Whether points have normals.
    pub normals: bool,
}

impl Scanner {
    /// The scanner for a shape of the longest side `size`.
    pub fn config(&self, size: f64) -> ScannerConfig {
        ScannerConfig {
            views: self.views,
            one_sided: self.one_sided.then_some(glam::DVec3::Z),
            noise: self.noise.of(size),
            registration_error: self.registration_error.of(size),
            dropout: self.dropout,
            outliers: self.outliers,
            normals: self.normals,
            ..ScannerConfig::default()
        }
    }
}

/// A part of the reconstruction that can be left out, to see what it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ablation {
    /// The constants of the best programs are not improved.
    Refine,
    /// Constants are neither rounded nor related to each other.
    Snapping,
    /// The length of a program costs nothing.
    Price,
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
    /// How many points are sampled where points are asked for.
    pub points: usize,
    /// The scanner where a simulated scan is asked for.
    pub scanner: Scanner,
    /// What is left out.
    pub without: Vec<Ablation>,
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
    /// Seconds of it by stage; see `partwright_reconstruct::Stage`.
    #[serde(default)]
    pub stages_s: BTreeMap<String, f64>,
    /// What the verdict rests on, by name: measured against the scan, never against the truth.
    #[serde(default)]
    pub evidence: BTreeMap<String, f64>,
    /// Share of the edits of named parameters (see `partwright_reconstruct::editability`) that leave as many solids, all
    /// valid; absent where the program names none.
    #[serde(default)]
    pub editability: Option<f64>,
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
    /// A shape that should be scanned cannot be.
    #[error("'{}' cannot be scanned: {source}", path.display())]
    NotScanned {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SimulateError,
    },
}

impl CaseJob {
    /// What the reconstruction sees.
    ///
    /// # Errors
    /// A file of the data set that cannot be read, or a shape that cannot be scanned.
    pub fn scan(&self) -> Result<Geometry, CaseError> {
        let cloud = match (self.kind, read(&self.input)?) {
            (InputKind::Points, Geometry::Mesh(mesh)) => points_of(&mesh, self.points, self.seed),
            (InputKind::Scan, Geometry::Mesh(mesh)) => {
                let size = Bounds::of_mesh(&mesh).map_or(0.0, Bounds::longest_side);
                let config = ScannerConfig { points: self.points, seed: self.seed, ..self.scanner.config(size) };
                simulate::scan_of(&mesh, &config)
                    .map_err(|source| CaseError::NotScanned { path: self.input.clone(), source })?
                    .cloud
            }
            (_, scan) => return Ok(scan),
        };
        Ok(Geometry::Cloud(cloud))
    }

    /// Reconstructs the case with `executor` and measures the best candidate.
    ///
    /// # Errors
    /// A file of the data set that cannot be read; a scan that cannot be reconstructed is an invalid outcome.
    pub fn run(&self, executor: &dyn Executor) -> Result<CaseOutcome, CaseError> {
        let truth = read(self.truth.as_ref().unwrap_or(&self.input))?;
        let scan = self.scan()?;
        let config = ReconstructConfig {
            time: Some(Duration::from_secs_f64(self.time_s)),
            seed: self.seed,
            refine: !self.without.contains(&Ablation::Refine),
            snap: !self.without.contains(&Ablation::Snapping),
            price_scale: if self.without.contains(&Ablation::Price) { 0.0 } else { 1.0 },
            ..ReconstructConfig::default()
        };
        let started = Instant::now();
        let found = reconstruct(&scan, &config, executor, &Silent, &CancelToken::default());
        let time_s = started.elapsed().as_secs_f64();
        let size = Bounds::of_geometry(&scan).map_or(1.0, Bounds::longest_side);
        let outcome = CaseOutcome { time_s, ..measure(found, &truth, size, self.seed) };
        let edited = Deadline::new(CancelToken::default(), Some(Instant::now() + EDITING));
        let program = outcome.program.as_deref();
        let editability = program.and_then(|program| editability(program, executor, &edited).ok()?.share());
        Ok(CaseOutcome { editability, ..outcome })
    }
}

fn read(path: &Path) -> Result<Geometry, CaseError> {
    let file = format::read(path).map_err(|source| CaseError::Unreadable { path: path.to_owned(), source })?;
    Ok(file.geometry)
}

fn points_of(mesh: &TriMesh, count: usize, seed: u64) -> PointCloud {
    PointCloud { positions: sample::surface(mesh, count, seed).positions, ..PointCloud::default() }
}

fn measure(found: Result<Reconstruction, ReconstructError>, truth: &Geometry, size: f64, seed: u64) -> CaseOutcome {
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
        stages_s: stages(&found),
        evidence: best.score.as_ref().map(|score| evidence(score, size)).unwrap_or_default(),
        editability: None,
        operations: Some(best.operations),
        program: Some(best.source.clone()),
    }
}

fn stages(found: &Reconstruction) -> BTreeMap<String, f64> {
    Stage::ALL.iter().map(|stage| (stage.name().to_owned(), found.stages.secs(*stage))).collect()
}

/// The numbers of a score; lengths as shares of the scan's longest side.
fn evidence(score: &Score, size: f64) -> BTreeMap<String, f64> {
    let back = score.deviation_back;
    let numbers = [
        ("iou", score.iou),
        ("mean", Some(score.deviation.mean / size)),
        ("p95", Some(score.deviation.p95 / size)),
        ("max", Some(score.deviation.max / size)),
        ("back_mean", back.map(|d| d.mean / size)),
        ("back_p95", back.map(|d| d.p95 / size)),
        ("back_max", back.map(|d| d.max / size)),
        ("covered_scan", Some(score.coverage.scan)),
        ("covered_part", Some(score.coverage.candidate)),
        ("noise", Some(score.evidence.sampling.noise / size)),
        ("spacing", Some(score.evidence.sampling.spacing / size)),
        ("explained", Some(score.evidence.explained)),
        ("confirmed", Some(score.evidence.confirmed)),
        ("disputed", Some(score.evidence.disputed)),
        ("disputed_unconfirmed", Some(score.evidence.disputed_unconfirmed)),
        ("shifted", Some(score.evidence.shifted)),
        ("reframed", Some(score.evidence.reframed)),
        ("thickness", Some(score.evidence.thickness / size)),
        ("faces", Some(score.evidence.faces.len() as f64)),
        ("unconfirmed_faces", Some(score.evidence.unconfirmed_faces() as f64)),
    ];
    numbers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
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
