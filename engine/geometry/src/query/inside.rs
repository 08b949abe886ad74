//! Whether a point is inside a surface that need not be closed.

use glam::DVec3;
use parry3d_f64::shape::TriMesh as Shape;

use super::{Columns, WindingTree, best_axis, caps::caps, footprints, mesh_query::crossings};
use crate::{Bounds, TriMesh, edges::EdgeCount};

/// How "inside" is decided on a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsideRule {
    /// The winding number is at least one half in size. For meshes whose triangles are wound alike, closed or not.
    WindingNumber,
    /// Most of several rays cross the surface an odd number of times. For meshes whose triangles are wound at random.
    RayVote,
}

/// More than this share of edges between two triangles wound against each other makes the winding number worthless.
/// A few flipped triangles in a scan change it by little; a mesh wound at random has a share of one half.
const INCONSISTENT_SHARE: f64 = 0.01;

/// Directions for the vote, none of them near an axis or a diagonal, along which the edges of mechanical parts lie.
const VOTE_DIRECTIONS: [DVec3; 7] = [
    DVec3::new(0.8178, 0.3391, 0.4649),
    DVec3::new(-0.2813, 0.9077, 0.3113),
    DVec3::new(0.3749, -0.2239, 0.8996),
    DVec3::new(-0.7261, -0.4307, -0.5360),
    DVec3::new(0.1973, -0.7789, -0.5953),
    DVec3::new(-0.5527, 0.1627, 0.8173),
    DVec3::new(0.6203, 0.7351, -0.2735),
];

pub(super) struct Inside {
    rule: InsideRule,
    /// The surface with its caps.
    columns: Columns,
    /// The caps alone; nothing where the surface is closed.
    caps: WindingTree,
}

impl Inside {
    pub(super) fn new(mesh: &TriMesh, bounds: Bounds) -> Self {
        let rule = if inconsistent_share(EdgeCount::of(mesh)) > INCONSISTENT_SHARE {
            InsideRule::RayVote
        } else {
            InsideRule::WindingNumber
        };
        let caps = caps(mesh);
        let axis = best_axis(footprints(mesh, bounds));
        let columns = Columns::new(&TriMesh::joined([mesh, &caps]), axis);
        Self { rule, columns, caps: WindingTree::new(&caps) }
    }

    pub(super) fn winding_number(&self, point: DVec3) -> f64 {
        f64::from(self.columns.winding_number(point)) - self.caps.number(point)
    }

    pub(super) fn rule(&self) -> InsideRule {
        self.rule
    }

    pub(super) fn contains(&self, shape: &Shape, point: DVec3) -> bool {
        match self.rule {
            // The sign is dropped, so a mesh wound inside out still has an inside.
            InsideRule::WindingNumber => self.winding_number(point).abs() >= 0.5,
            InsideRule::RayVote => {
                let odd =
                    VOTE_DIRECTIONS.iter().filter(|&&direction| crossings(shape, point, direction) % 2 == 1).count();
                2 * odd > VOTE_DIRECTIONS.len()
            }
        }
    }
}

/// Of the edges (by position, so unwelded meshes count too) with triangles on both sides, the share wound alike.
fn inconsistent_share(edges: EdgeCount) -> f64 {
    edges.inconsistent as f64 / (edges.manifold + edges.crowded).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metric::shapes,
        query::{MeshQuery, triangle_solid_angle},
    };

    /// The winding number summed over all triangles.
    fn by_definition(mesh: &TriMesh, point: DVec3) -> f64 {
        let corners = mesh.triangles.iter().map(|&t| mesh.corners(t).unwrap());
        corners.map(|c| triangle_solid_angle(c, point)).sum::<f64>() / (4.0 * std::f64::consts::PI)
    }

    #[test]
    fn winding_numbers_of_open_and_flipped_surfaces() {
        let mut mesh = shapes::sphere(DVec3::ZERO, 1.0, 24, 12);
        let check = |mesh: &TriMesh| {
            let query = MeshQuery::new(mesh).unwrap();
            for i in 0..500 {
                let at = |step: f64| 1.3 * ((f64::from(i) + 0.5) * step).fract() * 2.0 - 1.3;
                let point = DVec3::new(at(0.754_877), at(0.569_84), at(0.430_16));
                let (found, expected) = (query.winding_number(point), by_definition(mesh, point));
                assert!((found - expected).abs() < 0.03, "{found} instead of {expected}");
            }
        };
        check(&mesh);
        mesh.triangles.retain(|t| t.iter().any(|&v| mesh.positions[v as usize].z < 0.8));
        check(&mesh);
        mesh.triangles.truncate(300);
        check(&mesh);
        mesh.triangles.iter_mut().step_by(40).for_each(|t| t.swap(0, 1));
        check(&mesh);
    }

    /// Counts wrong answers on a grid over a sphere of radius 1, away from its surface by more than `margin`.
    fn wrong_answers(mesh: &TriMesh, margin: f64) -> usize {
        let query = MeshQuery::new(mesh).unwrap();
        let steps = || (-7..=7).map(|i| f64::from(i) * 0.173 + 0.011);
        let mut wrong = 0;
        for (x, y, z) in steps().flat_map(|x| steps().flat_map(move |y| steps().map(move |z| (x, y, z)))) {
            let p = DVec3::new(x, y, z);
            if (p.length() - 1.0).abs() > margin {
                wrong += usize::from(query.contains(p) != (p.length() < 1.0));
            }
        }
        wrong
    }

    #[test]
    fn closed_open_inverted_and_shuffled_spheres() {
        let sphere = shapes::sphere(DVec3::ZERO, 1.0, 48, 24);
        assert_eq!(wrong_answers(&sphere, 0.02), 0);

        let mut inverted = sphere.clone();
        inverted.triangles.iter_mut().for_each(|t| t.swap(0, 1));
        assert_eq!(wrong_answers(&inverted, 0.02), 0);

        // A cap is missing: only points near the hole may be answered wrong.
        let mut open = sphere.clone();
        open.triangles.retain(|t| t.iter().any(|&v| sphere.positions[v as usize].z < 0.93));
        assert!(open.triangles.len() < sphere.triangles.len());
        assert_eq!(wrong_answers(&open, 0.12), 0);

        // Every third triangle is flipped: only the vote of rays can tell.
        let mut shuffled = sphere;
        shuffled.triangles.iter_mut().step_by(3).for_each(|t| t.swap(0, 1));
        assert_eq!(MeshQuery::new(&shuffled).unwrap().inside_rule(), InsideRule::RayVote);
        assert_eq!(wrong_answers(&shuffled, 0.02), 0);
    }

    #[test]
    fn unwelded_meshes_are_judged_by_position() {
        let sphere = shapes::sphere(DVec3::ZERO, 1.0, 16, 8);
        let soup = TriMesh {
            positions: sphere.triangles.iter().flat_map(|&t| sphere.corners(t).unwrap()).collect(),
            triangles: (0..sphere.triangles.len() as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect(),
        };
        assert!(inconsistent_share(EdgeCount::of(&soup)).abs() < f64::MIN_POSITIVE);
    }
}
