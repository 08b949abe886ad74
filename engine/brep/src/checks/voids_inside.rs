//! Voids look into themselves and lie inside the outer shell and outside of one another.

use std::f64::consts::TAU;

use glam::DVec3;
use partwright_geometry::TriMesh;

use super::outward::shell_volume;
use crate::span::position;
use crate::tessellate::{Tolerance, tessellate};
use crate::topology::{Shell, Solid};

/// A void that is not one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VoidMisplaced {
    /// Its faces look away from it.
    #[error("the faces of the void in shell {shell} look out of it instead of into it (volume {volume})")]
    LooksOutward {
        /// Index of the shell.
        shell: usize,
        /// Its signed volume, which should be negative.
        volume: f64,
    },
    /// It lies outside the outer shell.
    #[error("the void in shell {shell} lies outside the outer shell, at {near}")]
    Outside {
        /// Index of the shell.
        shell: usize,
        /// A point of it.
        near: DVec3,
    },
    /// It lies in another void.
    #[error("the void in shell {shell} lies in the void of shell {other}, at {near}")]
    Nested {
        /// Index of the shell.
        shell: usize,
        /// Index of the shell around it.
        other: usize,
        /// A point of it.
        near: DVec3,
    },
}

/// Finds the misplaced voids of a solid.
pub fn check_voids_inside(solid: &Solid) -> Vec<VoidMisplaced> {
    let shells = solid.boundaries();
    if shells.len() < 2 {
        return Vec::new();
    }
    let mut out = Vec::new();
    let meshes: Vec<Option<TriMesh>> = shells.iter().map(mesh).collect();
    for (shell, faces) in shells.iter().enumerate().skip(1) {
        let volume = shell_volume(faces);
        if volume.is_nan() || volume >= 0.0 {
            out.push(VoidMisplaced::LooksOutward { shell, volume });
        }
        let Some(near) = point_of(faces) else { continue };
        for (other, mesh) in meshes.iter().enumerate().filter(|&(other, _)| other != shell) {
            let Some(mesh) = mesh else { continue };
            let around = winding(mesh, near).abs() > 0.5;
            if other == 0 && !around {
                out.push(VoidMisplaced::Outside { shell, near });
            } else if other != 0 && around {
                out.push(VoidMisplaced::Nested { shell, other, near });
            }
        }
    }
    out
}

fn mesh(shell: &Shell) -> Option<TriMesh> {
    let solid = Solid::new_unchecked(vec![shell.clone()]);
    let size = crate::measure::solid(&solid).map(|m| (m.bounds[1] - m.bounds[0]).length()).ok()?;
    Some(tessellate(&[solid], Tolerance::new(1e-3 * size, 0.3)?).ok()?.mesh)
}

fn point_of(shell: &Shell) -> Option<DVec3> {
    shell.vertex_iter().next().map(|v| position(&v)).or_else(|| {
        // A whole sphere or torus: a point of its surface.
        shell.iter().next().map(|f| f.surface().point(glam::DVec2::ZERO))
    })
}

/// How often the mesh winds round `p`: 1 inside, 0 outside (the solid angles of its triangles, after van Oosterom and
/// Strackee, 1983).
fn winding(mesh: &TriMesh, p: DVec3) -> f64 {
    let angle = |t: &[u32; 3]| {
        let [a, b, c] = t.map(|i| mesh.positions[i as usize] - p);
        let (la, lb, lc) = (a.length(), b.length(), c.length());
        let divisor = la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb;
        2.0 * a.dot(b.cross(c)).atan2(divisor)
    };
    mesh.triangles.iter().map(angle).sum::<f64>() / (2.0 * TAU)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Build};

    fn with_voids(voids: &[(f64, f64, bool)]) -> Solid {
        let mut b = Build::default();
        b.cuboid(DVec3::ZERO, DVec3::splat(10.0), true);
        let mut shells = vec![b.shell()];
        for &(from, to, outward) in voids {
            b.cuboid(DVec3::splat(from), DVec3::splat(to), outward);
            shells.push(b.shell());
        }
        Solid::new_unchecked(shells)
    }

    #[test]
    fn voids_inside_are_valid() {
        assert_eq!(check_voids_inside(&samples::hollow().solid), []);
        assert_eq!(check_voids_inside(&with_voids(&[(1.0, 4.0, false), (5.0, 8.0, false)])), []);
    }

    #[test]
    fn misplaced_voids_are_found() {
        use VoidMisplaced::{LooksOutward, Nested, Outside};
        let found = |voids: &[(f64, f64, bool)]| check_voids_inside(&with_voids(voids));
        assert!(matches!(found(&[(1.0, 4.0, true)])[..], [LooksOutward { shell: 1, .. }]));
        assert!(matches!(found(&[(11.0, 14.0, false)])[..], [Outside { shell: 1, .. }]));
        let nested = found(&[(1.0, 8.0, false), (3.0, 4.0, false)]);
        assert!(matches!(nested[..], [Nested { shell: 2, other: 1, .. }]), "{nested:?}");
    }
}
