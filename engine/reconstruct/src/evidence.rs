//! What the scan says of every face of a part, and how much volume the disagreement of the surfaces is worth.
//!
//! Two surfaces are compared by points on each. How near is near follows from the scan: its noise, the spacing of its
//! points, and two thousandths of its size, below which nobody asks. A face is confirmed where the scan has points close
//! to it; a point of the scan is explained where the part is close to it.

use glam::DVec3;
use partwright_geometry::Bounds;
use partwright_geometry::cloud::Sampling;
use partwright_geometry::metric::Deviation;
use partwright_geometry::nearest::NearestPoints;
use partwright_geometry::query::MeshQuery;
use rayon::prelude::*;

use crate::{ExecutedFace, Execution};

/// Distances below this share of the scan's longest side do not matter.
const NEGLIGIBLE: f64 = 0.002;
/// Points of a surface with noise lie within so many standard deviations of it, but for three in a thousand.
const DEVIATIONS: f64 = 3.0;
/// A surface strewn with points has one within so many spacings of any place, but for a few in a million.
const SPACINGS: f64 = 2.0;
/// A point that has not so many others within so many spacings is a stray: a surface has ten and more there.
const COMPANY: usize = 3;
const ALONE: f64 = 3.0;
/// A face with less than this share of the points that it would have, were it scanned like the rest, is not seen: scanners
/// see faces unlike each other, but not so unlike. Faces that would have fewer points than a handful are left alone.
const LEAST_DENSITY: f64 = 0.25;
const HANDFUL: f64 = 8.0;
/// A face with less than this share confirmed counts as not confirmed.
const CONFIRMED: f64 = 0.5;

/// What the scan says of one face.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceEvidence {
    /// The face.
    pub face: ExecutedFace,
    /// Points of the scan, or samples of its surface, that are nearer to this face than to any other.
    pub points: usize,
    /// How many there would be, were the face scanned as densely as the rest.
    pub expected: f64,
    /// Their distances from it; `None` without points.
    pub residual: Option<Deviation>,
    /// Mean of the distances of its explained points with a sign, positive outside the part: noise cancels out of it, a
    /// face that lies wrong does not. `None` without points.
    pub offset: Option<f64>,
    /// Share of the face's area that the scan confirms: none of it where the face has next to no points of its own, which on
    /// a thin part the points of its other side would hide. `None` for a face too small to be asked.
    pub confirmed: Option<f64>,
}

impl FaceEvidence {
    /// Whether the scan does not speak for it.
    pub fn is_unconfirmed(&self) -> bool {
        self.confirmed.is_some_and(|share| share < CONFIRMED)
    }

    /// Area that the scan does not confirm.
    fn open_area(&self) -> f64 {
        self.confirmed.map_or(0.0, |share| (1.0 - share) * self.face.area)
    }
}

/// Everything the two surfaces say of each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Density and noise of the scan's points; no noise and no spacing for the surface of a clean mesh.
    pub sampling: Sampling,
    /// A point of the scan within this distance of the part is explained.
    pub explained_within: f64,
    /// A place of the part within this distance of the scan is confirmed.
    pub confirmed_within: f64,
    /// Share of the scan that is explained.
    pub explained: f64,
    /// Share of the part's surface that is confirmed.
    pub confirmed: f64,
    /// Volume between the surfaces as far as points tell, over the part's volume: about what the IoU lacks to one. What is
    /// missing and what is too much both count, and both surfaces tell of either, so it errs to the large side.
    pub disputed: f64,
    /// The part of `disputed` that comes of the places of the part that are not confirmed.
    pub disputed_unconfirmed: f64,
    /// Volume between the faces and where their own points say that they are, over the part's volume: what a thin part
    /// is off although every point is explained.
    pub shifted: f64,
    /// What of the part's volume changes its place when part and scan are laid into one box, over the part's volume: large
    /// where something of the scan sticks out that the part lacks, however few points it has.
    pub reframed: f64,
    /// Twice the part's volume over its area: the thickness of a plate, half of a rod's.
    pub thickness: f64,
    /// Every face of the part; empty where the faces are not known.
    pub faces: Vec<FaceEvidence>,
}

impl Evidence {
    /// How many faces the scan does not speak for.
    pub fn unconfirmed_faces(&self) -> usize {
        self.faces.iter().filter(|face| face.is_unconfirmed()).count()
    }

    /// The face that the scan says the least for: with the largest area not confirmed, or, where every face is confirmed,
    /// the one that its points lie furthest from.
    pub fn worst_face(&self) -> Option<&FaceEvidence> {
        let off = |face: &FaceEvidence| face.residual.map_or(0.0, |residual| residual.p95);
        let open = self.faces.iter().filter(|face| face.is_unconfirmed());
        open.max_by(|a, b| a.open_area().total_cmp(&b.open_area()))
            .or_else(|| self.faces.iter().max_by(|a, b| off(a).total_cmp(&off(b))))
    }
}

/// What a point reaches on the part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    /// How far away it is.
    pub(crate) distance: f64,
    /// The part's facet there.
    pub(crate) facet: usize,
    /// Whether the point lies on the outer side of the facet.
    pub(crate) outside: bool,
}

/// The points by which the surfaces are compared, and their distances.
pub(crate) struct Distances<'a> {
    /// From every point of the scan to the part.
    pub(crate) scan_to_part: &'a [Reached],
    /// From points on the part, strewn evenly: the distance to the scan and the part's facet.
    pub(crate) part_to_scan: &'a [(f64, usize)],
}

/// Gathers the evidence of `distances` for the body of `execution` and a scan in the box `scan_box` whose points lie as
/// `sampling` says; `surface` says that the scan is a surface, which has no gaps between its points.
pub(crate) fn gather(
    execution: &Execution,
    distances: &Distances<'_>,
    sampling: Sampling,
    surface: bool,
    scan_box: Bounds,
) -> Evidence {
    let size = scan_box.longest_side();
    let sampling = Sampling { noise: sampling.noise.min(spread(distances.scan_to_part)), ..sampling };
    let explained_within = (DEVIATIONS * sampling.noise).max(NEGLIGIBLE * size);
    let gaps = if surface { 0.0 } else { SPACINGS * sampling.spacing };
    let confirmed_within = explained_within + gaps;
    let (area, volume) = (execution.properties.area, execution.properties.volume.max(f64::MIN_POSITIVE));
    // What a point is off beyond its noise, times the area it stands for.
    let beyond = |of: &[f64], within: f64| {
        let sum: f64 = of.iter().filter(|d| **d > within).sum();
        sum / of.len().max(1) as f64 * area / volume
    };
    let there: Vec<f64> = distances.scan_to_part.iter().map(|reached| reached.distance).collect();
    let back: Vec<f64> = distances.part_to_scan.iter().map(|d| d.0).collect();
    let disputed_unconfirmed = beyond(&back, confirmed_within);
    let faces = faces(execution, distances, sampling.spacing, explained_within, confirmed_within);
    let unseen =
        faces.iter().map(|face| face.hidden * face.evidence.face.area).sum::<f64>() / area.max(f64::MIN_POSITIVE);
    let faces: Vec<FaceEvidence> = faces.into_iter().map(|face| face.evidence).collect();
    let shift = |face: &FaceEvidence| face.face.area * face.offset.map_or(0.0, f64::abs);
    Evidence {
        sampling,
        explained_within,
        confirmed_within,
        explained: share_within(&there, explained_within),
        confirmed: share_within(&back, confirmed_within) - unseen,
        disputed: disputed_unconfirmed + beyond(&there, explained_within),
        disputed_unconfirmed,
        shifted: faces.iter().map(shift).sum::<f64>() / volume,
        reframed: reframed(execution, scan_box, explained_within) / volume,
        thickness: 2.0 * volume / area.max(f64::MIN_POSITIVE),
        faces,
    }
}

/// The standard deviation of normally distributed errors of which half are as large as half of the distances are: what the
/// part says of the noise. Points alone cannot tell noise from the two sides of a thin plate.
fn spread(reached: &[Reached]) -> f64 {
    let mut distances: Vec<f64> = reached.iter().map(|reached| reached.distance).collect();
    distances.sort_by(f64::total_cmp);
    1.4826 * distances.get(distances.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// The volume that changes its place when the part's box is laid onto the scan's, centre on centre and the longest sides
/// made equal. Sides that differ by no more than `within` are the same.
fn reframed(execution: &Execution, scan_box: Bounds, within: f64) -> f64 {
    let [low, high] = execution.properties.bounds;
    let beyond = |off: DVec3| off.signum() * (off.abs() - within).max(DVec3::ZERO);
    let (low_off, high_off) = (beyond(scan_box.min - low), beyond(scan_box.max - high));
    let shift = (low_off + high_off).abs() / 2.0;
    let side = (high - low).max_element();
    let growth = (high_off - low_off + (high - low)).max_element() / side.max(f64::MIN_POSITIVE) - 1.0;
    let moved = shift + growth.abs() * (high - low) / 2.0;
    // The area that looks along each axis, from both sides.
    let mesh = &execution.mesh;
    let facing = mesh.triangles.iter().filter_map(|t| mesh.corners(*t));
    let facing = facing.map(|[a, b, c]| (b - a).cross(c - a).abs() / 2.0).sum::<DVec3>();
    // Two of those sides bound each strip of volume that is left on one side and gained on the other.
    moved.dot(facing)
}

/// Share of distances that are at most `limit`.
pub(crate) fn share_within(distances: &[f64], limit: f64) -> f64 {
    distances.iter().filter(|d| **d <= limit).count() as f64 / distances.len().max(1) as f64
}

/// A face, and the share of it that is close to the scan although the face has no points of its own.
struct Asked {
    evidence: FaceEvidence,
    hidden: f64,
}

fn faces(execution: &Execution, distances: &Distances<'_>, spacing: f64, explained: f64, confirmed: f64) -> Vec<Asked> {
    let count = execution.faces.len();
    if execution.face_of.len() != execution.mesh.triangles.len() {
        return Vec::new();
    }
    let face_of = |facet: usize| execution.face_of.get(facet).map(|face| *face as usize).filter(|face| *face < count);
    let mut residuals = vec![Vec::new(); count];
    let mut offsets = vec![(0.0, 0usize); count];
    for &Reached { distance, facet, outside } in distances.scan_to_part {
        let Some(face) = face_of(facet) else { continue };
        residuals[face].push(distance);
        if distance <= explained {
            offsets[face].0 += if outside { distance } else { -distance };
            offsets[face].1 += 1;
        }
    }
    let mut asked = vec![[0usize; 2]; count];
    for &(distance, facet) in distances.part_to_scan {
        let Some(face) = face_of(facet) else { continue };
        asked[face][0] += 1;
        asked[face][1] += usize::from(distance <= confirmed);
    }
    let mut found = Vec::with_capacity(count);
    for (((face, residuals), (sum, explained)), [all, close]) in
        execution.faces.iter().zip(residuals).zip(offsets).zip(asked)
    {
        let (points, expected) = (residuals.len(), face.area / (spacing * spacing).max(f64::MIN_POSITIVE));
        let silent = expected >= HANDFUL && (points as f64) < LEAST_DENSITY * expected;
        let near = (all > 0).then(|| close as f64 / all as f64);
        let evidence = FaceEvidence {
            face: face.clone(),
            points,
            expected,
            residual: Deviation::of(residuals),
            offset: (explained > 0).then(|| sum / explained as f64),
            confirmed: near.map(|near| if silent { 0.0 } else { near }),
        };
        found.push(Asked { evidence, hidden: near.filter(|_| silent).unwrap_or(0.0) });
    }
    found
}

/// The points that have neighbours: what a scanner strews where there is no surface lies alone.
pub(crate) fn without_strays(points: &[DVec3], tree: &NearestPoints, spacing: f64) -> Vec<DVec3> {
    let near = |p: &&DVec3| {
        // The first is the point itself.
        let found = tree.nearest_n(**p, 1 + COMPANY);
        found.len() == 1 + COMPANY && found.last().is_some_and(|last| last.1 <= ALONE * spacing)
    };
    points.par_iter().with_min_len(256).filter(near).copied().collect()
}

/// What every one of `points` reaches on the surface of `query`; points that are not finite are left out.
pub(crate) fn to_surface(points: &[DVec3], query: &MeshQuery) -> Vec<Reached> {
    let mesh = query.mesh();
    let reach = |&p: &DVec3| {
        let closest = query.closest(p)?;
        let [a, b, c] = mesh.corners(mesh.triangles[closest.triangle])?;
        let outside = (b - a).cross(c - a).dot(p - closest.point) > 0.0;
        Some(Reached { distance: closest.distance, facet: closest.triangle, outside })
    };
    points.par_iter().with_min_len(256).filter_map(reach).collect()
}

#[cfg(test)]
mod tests {
    use partwright_geometry::{Geometry, PointCloud, sample};

    use super::*;
    use crate::ProgramFrame;
    use crate::generate::box_of;

    /// The box from the origin to `high`, as executed.
    fn cuboid(high: DVec3) -> Execution {
        let corners = PointCloud { positions: vec![DVec3::ZERO, high], ..PointCloud::default() };
        box_of(&Geometry::Cloud(corners), ProgramFrame::Scan).unwrap().1
    }

    fn evidence(part: &Execution, scan: &[DVec3]) -> Evidence {
        let tree = NearestPoints::new(scan);
        let samples = sample::surface(&part.mesh, 8192, 1);
        let back: Vec<(f64, usize)> = samples
            .positions
            .iter()
            .zip(&samples.triangles)
            .map(|(p, t)| (tree.nearest(*p).unwrap().1, *t as usize))
            .collect();
        let there = to_surface(scan, &MeshQuery::new(&part.mesh).unwrap());
        let distances = Distances { scan_to_part: &there, part_to_scan: &back };
        let scan_box = Bounds::of_points(scan.iter().copied()).unwrap();
        gather(part, &distances, Sampling::of(scan, &tree), false, scan_box)
    }

    #[test]
    fn a_part_seen_from_all_sides_is_confirmed() {
        let part = cuboid(DVec3::new(4.0, 3.0, 2.0));
        let found = evidence(&part, &sample::surface(&part.mesh, 6000, 2).positions);
        assert!(found.explained > 0.999 && found.confirmed > 0.999 && found.disputed < 1e-3, "{found:?}");
        assert_eq!((found.faces.len(), found.unconfirmed_faces()), (6, 0));
        assert_eq!(found.faces.iter().map(|face| face.points).sum::<usize>(), 6000);
    }

    #[test]
    fn a_face_that_was_not_seen_is_named() {
        let part = cuboid(DVec3::new(4.0, 3.0, 2.0));
        let mut scan = sample::surface(&part.mesh, 6000, 2).positions;
        scan.retain(|p| p.z > 1e-6);
        let found = evidence(&part, &scan);
        assert!(found.shifted < 1e-9);
        assert_eq!(found.unconfirmed_faces(), 1);
        let worst = found.worst_face().unwrap();
        assert!(worst.face.center.z.abs() < 1e-9 && worst.points < 300, "{worst:?}");
        assert!(found.disputed_unconfirmed > 0.1 && (found.disputed - found.disputed_unconfirmed) < 1e-3);
    }

    #[test]
    fn the_other_side_of_a_plate_confirms_nothing() {
        let plate = cuboid(DVec3::new(4.0, 3.0, 0.05));
        let mut scan = sample::surface(&plate.mesh, 6000, 2).positions;
        assert!(evidence(&plate, &scan).confirmed > 0.999);
        // Nearer to the points of the top than these are to each other.
        scan.retain(|p| p.z > 0.01);
        let found = evidence(&plate, &scan);
        assert_eq!(found.unconfirmed_faces(), 1);
        assert!((0.4..0.6).contains(&found.confirmed), "{found:?}");
    }

    #[test]
    fn strays_are_left_out() {
        let mut points = sample::surface(&cuboid(DVec3::new(4.0, 3.0, 2.0)).mesh, 6000, 2).positions;
        points.extend((0..50).map(|i| DVec3::new(6.0, 0.3 * f64::from(i), 5.0)));
        let tree = NearestPoints::new(&points);
        let kept = without_strays(&points, &tree, Sampling::of(&points, &tree).spacing);
        assert!(kept.len() > 5990 && kept.iter().all(|p| p.x < 5.0), "{}", kept.len());
    }

    #[test]
    fn what_sticks_out_changes_the_box() {
        let part = cuboid(DVec3::new(4.0, 3.0, 2.0));
        let mut scan = sample::surface(&part.mesh, 6000, 2).positions;
        assert!(evidence(&part, &scan).reframed.abs() < 1e-9);
        // A thin pin of one hundredth of the points on the top: the part is moved by half of its length.
        scan.extend((0..60).map(|i| DVec3::new(1.0, 1.0, 2.0 + 0.01 * f64::from(i))));
        let found = evidence(&part, &scan);
        assert!(found.explained > 0.98 && (found.reframed / 0.29 - 1.0).abs() < 0.1, "{found:?}");
        assert!((found.thickness - 48.0 / 52.0).abs() < 1e-9);
    }

    #[test]
    fn a_face_that_lies_wrong_is_disputed_by_its_volume() {
        let (part, truth) = (cuboid(DVec3::new(4.0, 3.0, 2.2)), cuboid(DVec3::new(4.0, 3.0, 2.0)));
        let found = evidence(&part, &sample::surface(&truth.mesh, 6000, 2).positions);
        // A layer of a tenth, told by both surfaces, but for the sides' rim.
        assert!((0.12..0.25).contains(&found.disputed), "{}", found.disputed);
        let worst = found.worst_face().unwrap();
        assert!((worst.face.center.z - 2.2).abs() < 1e-9, "{worst:?}");
        // The same error, too small to be seen at any point, is seen by all points of the face together.
        let part = cuboid(DVec3::new(4.0, 3.0, 2.006));
        let found = evidence(&part, &sample::surface(&truth.mesh, 6000, 2).positions);
        assert!(found.disputed < 1e-6 && (found.shifted / 0.003 - 1.0).abs() < 0.2, "{found:?}");
    }
}
