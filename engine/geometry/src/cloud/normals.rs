//! Normals of a cloud: planes fitted to neighbourhoods, their signs carried from point to point.

use std::{cmp::Ordering, collections::BinaryHeap};

use glam::DVec3;
use rayon::prelude::*;

use super::Scatter;
use crate::{PointCloud, nearest::NearestPoints};

/// The cloud with normals: its own where it has one of length for every point, or else estimated from `neighbours`.
#[must_use]
pub fn with_normals(cloud: &PointCloud, neighbours: usize) -> PointCloud {
    let usable = |normals: &Vec<DVec3>| {
        normals.len() == cloud.positions.len() && normals.iter().all(|n| n.is_finite() && *n != DVec3::ZERO)
    };
    let normals = match cloud.normals.as_ref().filter(|normals| usable(normals)) {
        Some(given) => given.iter().map(|n| n.normalize_or(DVec3::Z)).collect(),
        None => estimate_normals(&cloud.positions, neighbours),
    };
    PointCloud { normals: Some(normals), ..cloud.clone() }
}

/// A unit normal per point: that of the plane that fits its `neighbours` nearest points best (16 suit most scans).
///
/// Signs are made consistent by a spanning tree over near points that prefers steps between almost parallel normals (Hoppe et
/// al., 1992), and each piece of the cloud that hangs together points outward, as far as its extreme points tell. Points that
/// are not finite, or have fewer than three points about them, get the z axis.
pub fn estimate_normals(positions: &[DVec3], neighbours: usize) -> Vec<DVec3> {
    let tree = NearestPoints::new(positions);
    let near: Vec<Vec<u32>> = positions
        .par_iter()
        .with_min_len(256)
        .map(|&p| tree.nearest_n(p, neighbours.max(3)).into_iter().map(|(i, _)| i as u32).collect())
        .collect();
    let mut normals: Vec<DVec3> = near.par_iter().with_min_len(256).map(|near| plane_normal(positions, near)).collect();
    orient(positions, &near, &mut normals);
    normals
}

/// The direction in which points scatter least.
fn plane_normal(positions: &[DVec3], near: &[u32]) -> DVec3 {
    if near.len() < 3 {
        return DVec3::Z;
    }
    Scatter::of(near.iter().map(|&i| positions[i as usize])).map_or(DVec3::Z, |scatter| scatter.directions[0])
}

/// A step of the spanning tree: cheapest first, then by index, so that the tree depends on the input alone.
struct Step {
    cost: f64,
    from: u32,
    to: u32,
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> Ordering {
        // Reversed: the heap gives its largest first.
        other.cost.total_cmp(&self.cost).then((other.from, other.to).cmp(&(self.from, self.to)))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Step {}

/// Carries signs through each connected piece of the neighbourhood graph, then turns the piece outward.
fn orient(positions: &[DVec3], near: &[Vec<u32>], normals: &mut [DVec3]) {
    // A point may be near to another that has nearer ones itself: steps must be possible both ways.
    let mut graph: Vec<Vec<u32>> = near.to_vec();
    for (i, near) in near.iter().enumerate() {
        for &j in near {
            graph[j as usize].push(i as u32);
        }
    }
    let mut seen = vec![false; positions.len()];
    for start in 0..positions.len() {
        if seen[start] || near[start].is_empty() {
            continue;
        }
        let mut piece = Vec::new();
        let mut steps = BinaryHeap::from([Step { cost: 0.0, from: start as u32, to: start as u32 }]);
        while let Some(Step { from, to, .. }) = steps.pop() {
            if std::mem::replace(&mut seen[to as usize], true) {
                continue;
            }
            let normal = normals[to as usize];
            if normals[from as usize].dot(normal) < 0.0 {
                normals[to as usize] = -normal;
            }
            piece.push(to);
            for &next in &graph[to as usize] {
                if !seen[next as usize] {
                    let cost = 1.0 - normal.dot(normals[next as usize]).abs();
                    steps.push(Step { cost, from: to, to: next });
                }
            }
        }
        turn_outward(positions, &piece, normals);
    }
}

/// At the point farthest along a direction, an outward normal does not point against it. Seven axes (the edges and diagonals
/// of a cube) vote, both ways along each, weighted by how clearly the normal there speaks.
fn turn_outward(positions: &[DVec3], piece: &[u32], normals: &mut [DVec3]) {
    const AXES: [DVec3; 7] = [
        DVec3::X,
        DVec3::Y,
        DVec3::Z,
        DVec3::new(0.577, 0.577, 0.577),
        DVec3::new(-0.577, 0.577, 0.577),
        DVec3::new(0.577, -0.577, 0.577),
        DVec3::new(0.577, 0.577, -0.577),
    ];
    let mut votes = 0.0;
    for direction in AXES.into_iter().flat_map(|axis| [axis, -axis]) {
        let farthest = piece
            .iter()
            .copied()
            .max_by(|&i, &j| direction.dot(positions[i as usize]).total_cmp(&direction.dot(positions[j as usize])));
        votes += farthest.map_or(0.0, |i| direction.dot(normals[i as usize]));
    }
    if votes < 0.0 {
        for &i in piece {
            normals[i as usize] = -normals[i as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TriMesh, metric::shapes, sample};

    /// The share of points whose estimated normal is within about 26 degrees of the true one, sign included.
    fn share_right(mesh: &TriMesh, count: usize) -> f64 {
        let samples = sample::surface(mesh, count, 11);
        let normals = estimate_normals(&samples.positions, 16);
        assert!(normals.iter().all(|n| (n.length() - 1.0).abs() < 1e-9));
        let right = normals.iter().zip(&samples.normals).filter(|(found, truth)| found.dot(**truth) > 0.9);
        right.count() as f64 / count as f64
    }

    #[test]
    fn spheres_boxes_and_two_at_once() {
        let sphere = shapes::sphere(DVec3::new(5.0, 0.0, 0.0), 1.0, 64, 32);
        let cuboid = shapes::cuboid(DVec3::ZERO, DVec3::new(1.0, 2.0, 0.5));
        assert!(share_right(&sphere, 3000) > 0.99);
        // Near the edges of a box a neighbourhood lies on two faces.
        assert!(share_right(&cuboid, 6000) > 0.85, "{}", share_right(&cuboid, 6000));
        assert!(share_right(&TriMesh::joined([&sphere, &cuboid]), 9000) > 0.9);
    }

    #[test]
    fn odd_clouds_are_met() {
        assert!(estimate_normals(&[], 8).is_empty());
        assert_eq!(estimate_normals(&[DVec3::X, DVec3::NAN, DVec3::Y], 8), [DVec3::Z; 3]);
        let same = estimate_normals(&[DVec3::ONE; 50], 8);
        assert!(same.iter().all(|n| (n.length() - 1.0).abs() < 1e-9));
        let line: Vec<DVec3> = (0..50).map(|i| f64::from(i) * DVec3::X).collect();
        assert!(estimate_normals(&line, 8).iter().all(|n| n.x.abs() < 1e-6 && (n.length() - 1.0).abs() < 1e-9));
    }

    #[test]
    fn given_normals_are_kept() {
        let cloud = PointCloud {
            positions: vec![DVec3::X, DVec3::Y],
            normals: Some(vec![2.0 * DVec3::X, DVec3::Y]),
            colors: None,
        };
        assert_eq!(with_normals(&cloud, 8).normals.unwrap(), [DVec3::X, DVec3::Y]);
        let broken = PointCloud { normals: Some(vec![DVec3::ZERO, DVec3::Y]), ..cloud };
        assert_eq!(with_normals(&broken, 8).normals.unwrap().len(), 2);
    }
}
