//! The shells of a mesh, the pieces that hang together, and how they make up bodies.

use glam::DVec3;

use super::signed_volume;
use crate::{Bounds, TriMesh, edges::Edges, pieces::pieces, query::triangle_solid_angle};

/// The bodies that the shells of a closed mesh make up: an outward shell each, with the voids in it.
///
/// A shell wound inwards that no outward shell contains is a body that was written inside out, and is turned.
/// `turned` says whether that happened to any.
pub(super) struct Bodies {
    pub(super) bodies: Vec<Body>,
    pub(super) turned: bool,
}

/// An outward shell and its voids, as one mesh.
pub(super) struct Body {
    pub(super) mesh: TriMesh,
    pub(super) bounds: Bounds,
}

impl Bodies {
    /// Sorts shells into bodies.
    pub(super) fn of(shells: Vec<TriMesh>) -> Self {
        let mut turned = false;
        let mut outward: Vec<(TriMesh, Bounds, f64)> = Vec::new();
        let mut inward: Vec<(TriMesh, Bounds, f64)> = Vec::new();
        for shell in shells {
            let (Some(bounds), volume) = (Bounds::of_mesh(&shell), signed_volume(&shell)) else { continue };
            if volume < 0.0 { &mut inward } else { &mut outward }.push((shell, bounds, volume));
        }
        let mut voids: Vec<(usize, TriMesh)> = Vec::new();
        let solids = outward.len();
        for (mut shell, bounds, volume) in inward {
            // The smallest body around a point of the void is the one whose void it is.
            let around = outward[..solids].iter().enumerate().filter(|(_, (body, body_bounds, body_volume))| {
                *body_volume > -volume && touch(*body_bounds, bounds, 0.0) && {
                    let point = a_point_of(&shell);
                    body_bounds.contains(point) && winding_number(body, point) > 0.5
                }
            });
            if let Some((body, _)) = around.min_by(|(_, (.., a)), (_, (.., b))| a.total_cmp(b)) {
                voids.push((body, shell));
            } else {
                shell.triangles.iter_mut().for_each(|t| t.swap(0, 1));
                turned = true;
                outward.push((shell, bounds, -volume));
            }
        }
        let mut bodies: Vec<Body> = outward.into_iter().map(|(mesh, bounds, _)| Body { mesh, bounds }).collect();
        for (body, void) in voids {
            bodies[body].mesh = TriMesh::joined([&bodies[body].mesh, &void]);
        }
        Self { bodies, turned }
    }

    /// Whether the boxes of two bodies overlap by more than `depth`, so that the bodies may.
    pub(super) fn may_overlap(&self, depth: f64) -> bool {
        self.bodies.iter().enumerate().any(|(i, a)| self.bodies[..i].iter().any(|b| touch(a.bounds, b.bounds, depth)))
    }
}

/// Whether two boxes overlap by more than `depth` in every direction.
fn touch(a: Bounds, b: Bounds, depth: f64) -> bool {
    (a.max - b.min).min(b.max - a.min).min_element() > depth
}

/// The middle of the shell's first triangle: not a vertex, where bodies are likely to touch.
fn a_point_of(shell: &TriMesh) -> DVec3 {
    shell.triangles.first().and_then(|&t| shell.corners(t)).map_or(DVec3::ZERO, |[a, b, c]| (a + b + c) / 3.0)
}

/// The exact winding number of a closed mesh about a point.
fn winding_number(mesh: &TriMesh, point: DVec3) -> f64 {
    let corners = mesh.triangles.iter().filter_map(|&t| mesh.corners(t));
    corners.map(|corners| triangle_solid_angle(corners, point)).sum::<f64>() / (4.0 * std::f64::consts::PI)
}

/// The pieces of a valid mesh connected over shared edges, in the order of their first triangles. Pieces that meet in
/// vertices only are apart.
pub fn shells(mesh: &TriMesh) -> Vec<TriMesh> {
    let (piece_of, count) = pieces(mesh.triangles.len(), &Edges::of(&mesh.triangles));
    let mut shells = vec![TriMesh::default(); count];
    // Each vertex's last piece, and its number there.
    let mut place = vec![(u32::MAX, 0); mesh.positions.len()];
    let mut by_piece: Vec<(u32, [u32; 3])> = piece_of.into_iter().zip(mesh.triangles.iter().copied()).collect();
    by_piece.sort_by_key(|(piece, _)| *piece);
    for (piece, triangle) in by_piece {
        let shell = &mut shells[piece as usize];
        let moved = triangle.map(|v| {
            let place = &mut place[v as usize];
            if place.0 != piece {
                *place = (piece, shell.positions.len() as u32);
                shell.positions.push(mesh.positions[v as usize]);
            }
            place.1
        });
        shell.triangles.push(moved);
    }
    shells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::{cuboid, inside_out, together};

    fn boxed(min: f64, max: f64) -> TriMesh {
        cuboid(DVec3::splat(min), DVec3::splat(max))
    }

    fn check(parts: &[TriMesh], bodies: &[f64], turned: bool, may_overlap: bool) {
        let found = Bodies::of(shells(&together(parts)));
        let volumes: Vec<f64> = found.bodies.iter().map(|body| signed_volume(&body.mesh).round()).collect();
        assert_eq!(volumes, bodies);
        assert_eq!((found.turned, found.may_overlap(1e-9)), (turned, may_overlap));
    }

    #[test]
    fn voids_go_to_their_bodies() {
        check(&[boxed(0.0, 2.0)], &[8.0], false, false);
        check(&[boxed(0.0, 1.0), boxed(1.0, 2.0)], &[1.0, 1.0], false, false);
        check(&[boxed(0.0, 3.0), inside_out(boxed(1.0, 2.0))], &[26.0], false, false);
        // An island in a void.
        check(&[boxed(0.0, 5.0), boxed(2.0, 3.0), inside_out(boxed(1.0, 4.0))], &[98.0, 1.0], false, true);
        check(&[boxed(0.0, 1.0), inside_out(boxed(2.0, 4.0))], &[1.0, 8.0], true, false);
        check(&[boxed(0.0, 2.0), boxed(1.0, 3.0)], &[8.0, 8.0], false, true);
    }
}
