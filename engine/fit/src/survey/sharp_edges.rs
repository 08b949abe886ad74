//! Where faces meet: how long, at which angle, and whether material is on the inner or the outer side.

use std::collections::BTreeMap;

use glam::DVec3;
use partwright_geometry::TriMesh;

use super::Segment;
use super::flats::Seams;
use crate::understand::CloudTarget;

/// How two faces meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crease {
    /// Tangentially: one goes on as the other.
    Smooth,
    /// With less than half of the surroundings solid, as at a box's edge.
    Convex,
    /// With more than half of the surroundings solid, as at the foot of a boss.
    Concave,
}

/// All places where two segments meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The two segments, by their index; the smaller first.
    pub between: [usize; 2],
    /// Its length; in a cloud counted in cells of two spacings, right within about a fifth.
    pub length: f64,
    /// The mean angle between the outer normals, in radians: zero where they go on tangentially.
    pub angle_rad: f64,
    /// Which kind of edge it is.
    pub crease: Crease,
}

/// A short piece of an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    segments: [usize; 2],
    place: DVec3,
    length: f64,
    /// From there into the second segment.
    into_second: DVec3,
}

/// Faces count as tangential below this angle: 6 degrees where faces are known exactly, and 14 where they are measured.
const SMOOTH_RAD: [f64; 2] = [0.105, 0.245];

/// Contacts along the edges of a mesh's triangles.
pub(super) fn mesh_contacts(mesh: &TriMesh, seams: &Seams, of_triangle: &[Option<u32>]) -> Vec<Contact> {
    let middle =
        |t: u32| mesh.corners(mesh.triangles[t as usize]).map_or(DVec3::ZERO, |c| c.iter().sum::<DVec3>() / 3.0);
    seams
        .inner
        .iter()
        .filter_map(|seam| {
            let [a, b] = seam.triangles.map(|t| of_triangle[t as usize]);
            let (a, b) = (a? as usize, b? as usize);
            let [p, q] = seam.ends.map(|v| mesh.positions[v as usize]);
            (a != b).then(|| {
                let (segments, second) = if a < b { ([a, b], seam.triangles[1]) } else { ([b, a], seam.triangles[0]) };
                let place = p.midpoint(q);
                Contact { segments, place, length: p.distance(q), into_second: middle(second) - place }
            })
        })
        .collect()
}

/// Contacts between neighbouring points of different segments, one in each cell of two spacings.
pub(super) fn cloud_contacts(target: &CloudTarget, segments: &[Segment], of_point: &[Option<u32>]) -> Vec<Contact> {
    /// Spacings within which faces count as neighbours: points beside an edge belong to none.
    const REACH: f64 = 3.5;
    let cell = 2.0 * target.spacing;
    let mut cells: BTreeMap<([usize; 2], [i64; 3]), Contact> = BTreeMap::new();
    for (i, own) in of_point.iter().enumerate() {
        let Some(a) = own.map(|a| a as usize) else { continue };
        let near = target.tree.within(target.points[i], REACH * target.spacing);
        let mut seen: Vec<usize> = Vec::new();
        for (j, _) in near {
            let Some(b) = of_point[j].map(|b| b as usize) else { continue };
            // Each pair is met from its other side, too.
            if b <= a || seen.contains(&b) {
                continue;
            }
            seen.push(b);
            let (first, second) = (&segments[a].surface, &segments[b].surface);
            let mut place = target.points[i].midpoint(target.points[j]);
            for _ in 0..6 {
                place = second.closest(first.closest(place));
            }
            let along = first.normal(place).cross(second.normal(place)).normalize_or_zero();
            let key = (place / cell).floor().to_array().map(|x| x as i64);
            // A line crosses as many cells in a length as its direction has components.
            let length = cell / along.abs().element_sum().max(1.0);
            let into_second = target.points[j] - first.closest(target.points[j]).midpoint(place);
            cells.entry(([a, b], key)).or_insert(Contact { segments: [a, b], place, length, into_second });
        }
    }
    cells.into_values().collect()
}

/// The edges, by their segments.
pub(super) fn edges(segments: &[Segment], contacts: &[Contact], exact: bool) -> Vec<Edge> {
    // Length, length times angle, and length times which side the second face is on.
    let mut sums: BTreeMap<[usize; 2], [f64; 3]> = BTreeMap::new();
    for contact in contacts {
        let [a, b] = contact.segments.map(|s| segments[s].outward(contact.place));
        let sum = sums.entry(contact.segments).or_default();
        sum[0] += contact.length;
        sum[1] += contact.length * a.angle_between(b);
        sum[2] += contact.length * contact.into_second.dot(a).signum();
    }
    sums.into_iter()
        .filter(|(_, sum)| sum[0] > 0.0)
        .map(|(between, [length, angles, sides])| {
            let angle_rad = angles / length;
            let crease = if angle_rad < SMOOTH_RAD[usize::from(!exact)] {
                Crease::Smooth
            } else if sides < 0.0 {
                Crease::Convex
            } else {
                Crease::Concave
            };
            Edge { between, length, angle_rad, crease }
        })
        .collect()
}
