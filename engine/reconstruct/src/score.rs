//! How well an executed candidate matches the scan.

use std::sync::OnceLock;

use glam::DVec3;
use partwright_cadquery::Diagnostic;
use partwright_geometry::cloud::{Sampling, select, thinned};
use partwright_geometry::metric::{
    CompareConfig, Deviation, IouMethod, PreparedReference, area, normalised_for_evaluation, signed_volume,
};
use partwright_geometry::nearest::NearestPoints;
use partwright_geometry::query::MeshQuery;
use partwright_geometry::{Bounds, Geometry, TriMesh, sample};

use crate::evidence::{Distances, gather, share_within, to_surface, without_strays};
use crate::{Evidence, Execution, Judgement, Origin, Refinement};

/// Shares of two surfaces that lie close to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// Share of the scan that the candidate's surface explains.
    pub scan: f64,
    /// Share of the candidate's surface that the scan confirms.
    pub candidate: f64,
    /// The distance within which a point counts as close.
    pub within: f64,
}

/// Everything measured between a candidate and the scan, in the program's coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Volume shared over volume covered; `None` where the scan has no volume.
    pub iou: Option<f64>,
    /// How `iou` was found.
    pub iou_method: IouMethod,
    /// From the scan to the candidate's surface.
    pub deviation: Deviation,
    /// From the candidate's surface to the scan; `None` where the scan's points are too sparse to tell.
    pub deviation_back: Option<Deviation>,
    /// How much of each surface the other explains.
    pub coverage: Coverage,
    /// What the scan says of every face, by distances that follow its noise and density.
    pub evidence: Evidence,
    /// Mean squared nearest distance both ways added, as cadrille counts it.
    pub chamfer: f64,
}

/// One candidate with all that is known of it.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The program.
    pub source: String,
    /// Who proposed it.
    pub origin: Origin,
    /// Statements that make or change the body.
    pub operations: usize,
    /// How its constants were refined; `None` where they are as they were proposed.
    pub refinement: Option<Refinement>,
    /// What it made, or why it made nothing.
    pub execution: Result<Execution, Box<Diagnostic>>,
    /// How it compares with the scan; `None` when it made nothing or nothing could be compared.
    pub score: Option<Score>,
    /// Whether to trust it, and why.
    pub judgement: Judgement,
}

impl Scored {
    /// Length of the program in bytes.
    pub fn program_length(&self) -> usize {
        self.source.len()
    }
}

/// Where strays were found, some more lie too near to the surface to be told from it: beyond each side of the scan's box about
/// one for so many that were found.
const STRAYS_PER_NEAR_ONE: usize = 10;
/// A point counts as close within this share of the scan's longest side.
const CLOSE_SHARE: f64 = 0.01;

/// What decides a candidate's place, the price of its program apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    /// The overlap where there is one, else something negative: the greater the better.
    pub(crate) rank: f64,
    /// How much of `rank` an overlap of one is worth: prices are in overlap.
    pub(crate) worth: f64,
    pub(crate) iou: Option<f64>,
    pub(crate) deviation: Option<Deviation>,
}

/// The scan, ready to be compared with many candidates.
pub(crate) struct Reference {
    prepared: PreparedReference,
    samples: usize,
    seed: u64,
    size: f64,
    is_mesh: bool,
    scan_points: Vec<DVec3>,
    /// Of a cloud, its points to find near ones among, and how far from a seen surface the next of them hardly ever is.
    seen: Option<(NearestPoints, f64)>,
    /// Of a cloud, the noise of its points and the distance between them.
    sampling: Sampling,
    /// The mesh laid into the unit cube; prepared when it is needed first.
    framed: Framed,
}

/// A mesh that may be laid into the unit cube.
struct Framed {
    /// The mesh, and its box; `None` of a cloud and of a mesh too large to be compared twice.
    mesh: Option<(TriMesh, Bounds)>,
    config: CompareConfig,
    prepared: OnceLock<PreparedReference>,
}

impl Framed {
    fn new(scan: &Geometry, config: CompareConfig) -> Self {
        let mesh = match scan {
            Geometry::Mesh(mesh) if mesh.triangles.len() <= MOST_FRAMED => Some(mesh.clone()),
            _ => None,
        };
        let mesh = mesh.and_then(|mesh| Bounds::of_mesh(&mesh).map(|bounds| (mesh, bounds)));
        Self { mesh, config, prepared: OnceLock::new() }
    }

    /// The overlap once both are laid into one box; `None` where their boxes agree, or nothing is known.
    fn overlap(&self, candidate: &TriMesh) -> Option<f64> {
        let (mesh, bounds) = self.mesh.as_ref()?;
        let own = Bounds::of_mesh(candidate)?;
        let off = (own.min - bounds.min).abs().max_element().max((own.max - bounds.max).abs().max_element());
        if off <= ONE_BOX * bounds.longest_side() {
            return None;
        }
        let reference =
            self.prepared.get_or_init(|| PreparedReference::new(&normalised_for_evaluation(mesh), self.config));
        reference.overlap(&normalised_for_evaluation(candidate)).iou
    }
}

/// Boxes whose sides agree within this share of the longest are one.
const ONE_BOX: f64 = 2e-3;
/// A mesh with more triangles is not compared twice.
const MOST_FRAMED: usize = 300_000;

/// Points on a candidate that are asked whether a cloud saw them.
const ASKED: usize = 3000;
/// What a candidate's surface where the cloud saw none counts, by that of a cloud the candidate does not explain: less, as a
/// scanner does not see everything.
const UNSEEN: f64 = 0.5;
/// No point of it counts for more than this share of the size.
const MOST_UNSEEN: f64 = 0.1;

/// A cloud whose noise is this share of the distance between its points is rough: prices count in full.
const ROUGH: f64 = 0.15;

/// Half of normally distributed errors are within the standard deviation over this.
const DEVIATION_OF_MEDIAN: f64 = 1.4826;

impl Reference {
    /// Prepares `scan`, whose longest side is `size`.
    pub(crate) fn new(scan: &Geometry, size: f64, samples: usize, seed: u64) -> Self {
        let config = CompareConfig { samples, seed, ..CompareConfig::default() };
        let scan_points = match scan {
            Geometry::Mesh(mesh) => sample::surface(mesh, samples, seed).positions,
            Geometry::Cloud(cloud) => {
                thinned(&cloud.positions, samples).into_iter().map(|i| cloud.positions[i]).collect()
            }
        };
        let is_mesh = matches!(scan, Geometry::Mesh(_));
        let seen = (!is_mesh).then(|| {
            let tree = NearestPoints::new(&scan_points);
            let reach = reach_of(&scan_points, &tree);
            (tree, reach)
        });
        let sampling = seen.as_ref().map(|(tree, _)| Sampling::of(&scan_points, tree)).unwrap_or_default();
        Self {
            prepared: PreparedReference::of_geometry(few(scan), config),
            samples,
            seed,
            size,
            is_mesh,
            scan_points,
            seen,
            sampling,
            framed: Framed::new(scan, config),
        }
    }

    /// Longest side of the scan.
    pub(crate) fn size(&self) -> f64 {
        self.size
    }

    /// Why a mesh has no volume, if it has none; of a cloud nobody expects one.
    pub(crate) fn not_solid(&self) -> Option<String> {
        self.is_mesh.then(|| self.prepared.solid().err().map(|reason| reason.to_string())).flatten()
    }

    /// What a rank needs, which is quick: the overlap; the distances from the scan's samples where there is none, or where
    /// they are to be told.
    pub(crate) fn rank(&self, candidate: &TriMesh, told: bool) -> Ranked {
        let iou = self.prepared.overlap(candidate).iou;
        // What lacks something that sticks out of the scan has another size, which its volume hardly tells.
        let in_one_box = iou.and_then(|iou| Some(f64::midpoint(iou, self.framed.overlap(candidate)?)));
        let needed = told || iou.is_none();
        let distances = if needed { self.distances_of_scan(candidate) } else { Vec::new() };
        let middle = median(&distances);
        let deviation = Deviation::of(distances);
        // For want of a volume, minus the mean distance by the size, and what of the candidate the cloud did not see.
        let rank = in_one_box.or(iou).unwrap_or_else(|| {
            deviation.map_or(-1.0, |deviation| -deviation.mean / self.size - UNSEEN * self.unseen(candidate))
        });
        let worth = if iou.is_some() { 1.0 } else { self.worth_in_distance(candidate, middle) };
        Ranked { rank, worth, iou, deviation }
    }

    /// The mean distance, by the size, that is worth an overlap of one: a surface of area A that is d off moves a volume of
    /// A d. But small distances say little where points scatter, and a longer program has to bring more there. Half of the
    /// points are within `middle` of the candidate, so that the scatter is no larger than that, whatever it looks like where
    /// two sides of a sheet lie closer together than the points of each.
    fn worth_in_distance(&self, candidate: &TriMesh, middle: f64) -> f64 {
        let of_body = signed_volume(candidate).abs() / (area(candidate) * self.size).max(f64::MIN_POSITIVE);
        let rough = self.sampling.flat_noise.min(DEVIATION_OF_MEDIAN * middle) / (ROUGH * self.sampling.spacing);
        of_body.max(if rough.is_finite() { rough } else { 1.0 }).min(1.0)
    }

    /// How far the candidate's surface lies from a cloud's points on average, by the size, where it is farther than these
    /// lie apart.
    fn unseen(&self, candidate: &TriMesh) -> f64 {
        let Some((tree, reach)) = &self.seen else { return 0.0 };
        let own = sample::surface(candidate, ASKED, self.seed).positions;
        let most = MOST_UNSEEN * self.size;
        let beyond = own.iter().filter_map(|&p| tree.nearest(p)).map(|n| (n.1 - reach).clamp(0.0, most)).sum::<f64>();
        beyond / (own.len().max(1) as f64 * self.size)
    }

    fn distances_of_scan(&self, candidate: &TriMesh) -> Vec<f64> {
        let Ok(query) = MeshQuery::new(candidate) else { return Vec::new() };
        self.scan_points.iter().map(|&p| query.distance(p)).collect()
    }

    /// Everything; `None` when the candidate has no surface.
    pub(crate) fn score(&self, execution: &Execution) -> Option<Score> {
        let candidate = &execution.mesh;
        let comparison = self.prepared.compare(candidate);
        let own = sample::surface(candidate, self.samples, self.seed);
        let tree = NearestPoints::new(&self.scan_points);
        let sampling = Sampling::of(&self.scan_points, &tree);
        let query = self.prepared.query().ok();
        let (scan, tree) = if query.is_some() {
            (self.scan_points.clone(), tree)
        } else {
            let kept = without_strays(&self.scan_points, &tree, sampling.spacing);
            let tree = NearestPoints::new(&kept);
            (kept, tree)
        };
        let there = to_surface(&scan, &MeshQuery::new(candidate).ok()?);
        let to_scan = |p: DVec3| match query {
            Some(query) => Some(query.distance(p)),
            None => tree.nearest(p).map(|nearest| nearest.1),
        };
        let back: Vec<(f64, usize)> = (own.positions.iter().zip(&own.triangles))
            .filter_map(|(&p, &facet)| Some((to_scan(p)?, facet as usize)))
            .collect();
        let within = CLOSE_SHARE * self.size;
        let coverage = Coverage {
            scan: share_within(&there.iter().map(|reached| reached.distance).collect::<Vec<_>>(), within),
            candidate: share_within(&back.iter().map(|d| d.0).collect::<Vec<_>>(), within),
            within,
        };
        let distances = Distances { scan_to_part: &there, part_to_scan: &back };
        let strays = self.scan_points.len() - scan.len();
        let own_box = || box_within(&scan, strays / STRAYS_PER_NEAR_ONE);
        let scan_box = if query.is_some() { self.prepared.bounds() } else { own_box() }?;
        Some(Score {
            iou: comparison.iou,
            iou_method: comparison.iou_method,
            deviation: comparison.deviation?,
            deviation_back: comparison.deviation_back,
            coverage,
            evidence: gather(execution, &distances, sampling, query.is_some(), scan_box),
            chamfer: comparison.chamfer,
        })
    }
}

/// More points of a cloud do not change what is measured, but take their time.
const MOST_COMPARED: usize = 100_000;

/// The scan, with fewer points where it is a cloud of very many.
fn few(scan: &Geometry) -> Geometry {
    match scan {
        Geometry::Cloud(cloud) if cloud.positions.len() > MOST_COMPARED => {
            Geometry::Cloud(select(cloud, &thinned(&cloud.positions, MOST_COMPARED)))
        }
        _ => scan.clone(),
    }
}

/// The box of `points` without the outermost `trimmed` on each of its sides.
fn box_within(points: &[DVec3], trimmed: usize) -> Option<Bounds> {
    let mut corners = [DVec3::ZERO; 2];
    for axis in 0..3 {
        let mut along: Vec<f64> = points.iter().map(|p| p[axis]).collect();
        along.sort_by(f64::total_cmp);
        corners[0][axis] = *along.get(trimmed)?;
        corners[1][axis] = *along.get(along.len().checked_sub(1 + trimmed)?)?;
    }
    Bounds::of_points(corners)
}

/// The middle one of some distances; infinite without any.
fn median(distances: &[f64]) -> f64 {
    let mut sorted = distances.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// The median distance to the sixth neighbour: a place on an evenly sampled surface has a point within it but for one time in
/// four hundred.
fn reach_of(points: &[DVec3], tree: &NearestPoints) -> f64 {
    let every = points.len().div_ceil(1000).max(1);
    let mut found: Vec<f64> =
        points.iter().step_by(every).filter_map(|&p| tree.nearest_n(p, 7).last().map(|n| n.1)).collect();
    found.sort_unstable_by(f64::total_cmp);
    found.get(found.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_can_be_trimmed() {
        let points: Vec<DVec3> = (0..10).map(|i| DVec3::splat(f64::from(i))).collect();
        let check = |trimmed: usize, expected: Option<(f64, f64)>| {
            assert_eq!(box_within(&points, trimmed).map(|found| (found.min.x, found.max.z)), expected);
        };
        check(0, Some((0.0, 9.0)));
        check(2, Some((2.0, 7.0)));
        check(10, None);
        assert_eq!(box_within(&[], 0), None);
    }
}
