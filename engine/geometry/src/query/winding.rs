//! The generalised winding number (Jacobson et al., 2013) in logarithmic time (Barill et al., 2018): how many times a
//! surface goes around a point. 1 inside a closed outward surface, 0 outside, and something between near a hole.

use std::f64::consts::PI;

use glam::DVec3;

use crate::TriMesh;

/// Triangles in a leaf: summed exactly. Chosen by timing 4, 8 and 16 on a mesh of 20k triangles.
const LEAF: usize = 8;
/// A node is seen as one dipole from farther than this many of its radii. At 2.5 the sum on closed meshes stays
/// within 0.03 of a whole number (measured by the test below), far from the threshold of one half.
const FAR: f64 = 2.5;

/// A tree over the triangles of a mesh that answers winding numbers.
pub struct WindingTree {
    nodes: Vec<Node>,
    /// Corners, in leaf order.
    triangles: Vec<[DVec3; 3]>,
}

struct Node {
    /// Centroid of the node's triangles, weighted by area.
    center: DVec3,
    /// Sum of the triangles' area vectors.
    area: DVec3,
    /// All corners are within this distance of `center`.
    radius: f64,
    children: Children,
}

enum Children {
    Leaf { first: u32, count: u32 },
    Nodes(u32, u32),
}

impl WindingTree {
    /// Builds the tree over all triangles with finite corners.
    pub fn new(mesh: &TriMesh) -> Self {
        let mut triangles: Vec<[DVec3; 3]> = mesh
            .triangles
            .iter()
            .filter_map(|&t| mesh.corners(t).filter(|corners| corners.iter().all(|p| p.is_finite())))
            .collect();
        let mut nodes = Vec::with_capacity(2 * triangles.len() / LEAF + 1);
        if !triangles.is_empty() {
            build(&mut nodes, &mut triangles, 0);
        }
        Self { nodes, triangles }
    }

    /// The winding number of the surface about `point`.
    pub fn number(&self, point: DVec3) -> f64 {
        if self.nodes.is_empty() {
            return 0.0;
        }
        let mut solid_angle = 0.0;
        let mut open = vec![0u32];
        while let Some(node) = open.pop() {
            let node = &self.nodes[node as usize];
            let towards = node.center - point;
            let squared = towards.length_squared();
            if squared > (FAR * node.radius) * (FAR * node.radius) {
                solid_angle += node.area.dot(towards) / (squared * squared.sqrt());
                continue;
            }
            match node.children {
                Children::Nodes(left, right) => open.extend([right, left]),
                Children::Leaf { first, count } => {
                    let leaf = &self.triangles[first as usize..(first + count) as usize];
                    solid_angle += leaf.iter().map(|corners| triangle_solid_angle(*corners, point)).sum::<f64>();
                }
            }
        }
        solid_angle / (4.0 * PI)
    }
}

/// The signed solid angle of a triangle seen from `point` (van Oosterom and Strackee, 1983).
pub(crate) fn triangle_solid_angle(corners: [DVec3; 3], point: DVec3) -> f64 {
    let [a, b, c] = corners.map(|corner| corner - point);
    let (la, lb, lc) = (a.length(), b.length(), c.length());
    let above = a.dot(b.cross(c));
    let below = la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb;
    2.0 * above.atan2(below)
}

/// Appends the node of `triangles`, which start at `first` in the whole list, and returns its index.
fn build(nodes: &mut Vec<Node>, triangles: &mut [[DVec3; 3]], first: usize) -> u32 {
    let (mut area, mut weighted, mut weight, mut plain) = (DVec3::ZERO, DVec3::ZERO, 0.0, DVec3::ZERO);
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    for &[a, b, c] in &*triangles {
        let vector = 0.5 * (b - a).cross(c - a);
        let middle = (a + b + c) / 3.0;
        area += vector;
        weighted += vector.length() * middle;
        weight += vector.length();
        plain += middle;
        (low, high) = (low.min(middle), high.max(middle));
    }
    let center = if weight > 0.0 { weighted / weight } else { plain / triangles.len() as f64 };
    let radius = triangles.iter().flatten().map(|p| p.distance(center)).fold(0.0, f64::max);
    let index = nodes.len();
    let count = triangles.len();
    nodes.push(Node { center, area, radius, children: Children::Leaf { first: first as u32, count: count as u32 } });
    if count > LEAF && low != high {
        let axis = (high - low).max_position();
        let half = count / 2;
        triangles.select_nth_unstable_by(half, |p, q| {
            let middle = |corners: &[DVec3; 3]| corners[0][axis] + corners[1][axis] + corners[2][axis];
            middle(p).total_cmp(&middle(q))
        });
        let (left, right) = triangles.split_at_mut(half);
        let left = build(nodes, left, first);
        let right = build(nodes, right, first + half);
        nodes[index].children = Children::Nodes(left, right);
    }
    index as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metric::shapes;

    proptest! {
        #[test]
        fn near_the_exact_sum(x in -2.0..2.0f64, y in -2.0..2.0f64, z in -2.0..2.0f64) {
            let mut mesh = shapes::sphere(DVec3::ZERO, 1.0, 40, 20);
            mesh.triangles.truncate(mesh.triangles.len() * 3 / 4);
            let p = DVec3::new(x, y, z);
            let exact: f64 = mesh.triangles.iter().map(|&t| triangle_solid_angle(mesh.corners(t).unwrap(), p)).sum::<f64>() / (4.0 * PI);
            let fast = WindingTree::new(&mesh).number(p);
            prop_assert!((fast - exact).abs() < 0.03, "{fast} {exact}");
        }
    }

    #[test]
    fn many_equal_triangles_do_not_recurse_for_ever() {
        let mesh = TriMesh { positions: vec![DVec3::ZERO, DVec3::X, DVec3::Y], triangles: vec![[0, 1, 2]; 1000] };
        let about = WindingTree::new(&mesh).number(DVec3::new(0.2, 0.2, -1e-9));
        assert!((about.abs() - 500.0).abs() < 1.0, "{about}");
        assert!(WindingTree::new(&TriMesh::default()).number(DVec3::ZERO).abs() < f64::MIN_POSITIVE);
    }
}
