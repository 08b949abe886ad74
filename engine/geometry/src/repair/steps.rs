//! The repairs in their order.

use super::duplicate::without_duplicates;
use super::inspect::{MeshReport, has_repeated_corner, inspect};
use super::orient::orient;
use super::weld::weld;
use crate::TriMesh;
use crate::edges::Edges;

/// Which repairs to run. The default runs all of them and moves no vertex.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each switches one repair, independently of the others")]
pub struct RepairConfig {
    /// Vertices this close (in the mesh's unit) are joined; 0 joins identical positions only.
    pub weld_tolerance: f64,
    /// Removes triangles two of whose corners are one vertex. A triangle without area between three vertices stays: taking
    /// it out would part its neighbours.
    pub remove_degenerate: bool,
    /// Removes repeated triangles and inner walls of two opposite ones.
    pub remove_duplicates: bool,
    /// Turns triangles so that connected ones agree and closed pieces face outwards (cavities inwards).
    pub orient: bool,
    /// Removes vertices that no triangle uses.
    pub remove_unused: bool,
}

impl Default for RepairConfig {
    fn default() -> Self {
        Self {
            weld_tolerance: 0.0,
            remove_degenerate: true,
            remove_duplicates: true,
            orient: true,
            remove_unused: true,
        }
    }
}

/// What the repairs did, between what was found before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct RepairReport {
    /// The mesh as it came.
    pub before: MeshReport,
    /// The mesh as it left.
    pub after: MeshReport,
    /// Vertices joined with another one.
    pub vertices_joined: usize,
    /// Degenerate triangles removed.
    pub degenerate_removed: usize,
    /// Repeated triangles and inner walls removed.
    pub duplicates_removed: usize,
    /// Triangles turned.
    pub triangles_turned: usize,
    /// Edges at which two triangles cannot be made to agree, as on a Moebius strip.
    pub contradictions: usize,
    /// Unused vertices removed.
    pub unused_removed: usize,
}

impl RepairReport {
    /// Whether anything was changed.
    pub fn changed(&self) -> bool {
        self.vertices_joined
            + self.degenerate_removed
            + self.duplicates_removed
            + self.triangles_turned
            + self.unused_removed
            > 0
    }
}

/// Repairs a mesh as `config` says and reports what was done.
///
/// Every corner must be an index into the positions, as the readers of this crate guarantee. The result can be empty, when
/// all triangles were degenerate.
#[must_use]
pub fn repair(mesh: &TriMesh, config: &RepairConfig) -> (TriMesh, RepairReport) {
    let before = inspect(mesh);
    let mut repaired = weld(mesh, config.weld_tolerance);
    let vertices_joined = mesh.positions.len() - repaired.positions.len();
    let mut degenerate_removed = 0;
    if config.remove_degenerate {
        repaired.triangles.retain(|&corners| !has_repeated_corner(corners));
        degenerate_removed = mesh.triangles.len() - repaired.triangles.len();
    }
    let mut duplicates_removed = 0;
    if config.remove_duplicates && Edges::of(&repaired.triangles).duplicate_triangles(&repaired.triangles) > 0 {
        let kept = without_duplicates(&repaired.triangles);
        duplicates_removed = repaired.triangles.len() - kept.len();
        repaired.triangles = kept.into_iter().map(|number| repaired.triangles[number]).collect();
    }
    let (mut triangles_turned, mut contradictions) = (0, 0);
    if config.orient {
        let oriented = orient(&repaired);
        contradictions = oriented.contradictions;
        for (corners, _) in repaired.triangles.iter_mut().zip(oriented.turned).filter(|(_, turned)| *turned) {
            corners.swap(1, 2);
            triangles_turned += 1;
        }
    }
    let unused_removed = if config.remove_unused { remove_unused(&mut repaired) } else { 0 };
    let report = RepairReport {
        before,
        after: inspect(&repaired),
        vertices_joined,
        degenerate_removed,
        duplicates_removed,
        triangles_turned,
        contradictions,
        unused_removed,
    };
    (repaired, report)
}

/// Drops vertices without triangles, keeping the order of the others; returns how many went.
fn remove_unused(mesh: &mut TriMesh) -> usize {
    let mut is_used = vec![false; mesh.positions.len()];
    for &corner in mesh.triangles.iter().flatten() {
        is_used[corner as usize] = true;
    }
    let mut next = 0;
    let renumbered: Vec<u32> = is_used
        .iter()
        .map(|&used| {
            next += u32::from(used);
            next.wrapping_sub(1)
        })
        .collect();
    let before = mesh.positions.len();
    let mut used = is_used.iter();
    mesh.positions.retain(|_| used.next().is_some_and(|&used| used));
    for corner in mesh.triangles.iter_mut().flatten() {
        *corner = renumbered[*corner as usize];
    }
    before - mesh.positions.len()
}

#[cfg(test)]
mod tests {
    use glam::DVec3;
    use proptest::prelude::*;

    use super::*;
    use crate::repair::shapes::{cube, flipped, joined, soup};

    #[test]
    fn a_sound_mesh_is_left_alone() {
        let mesh = cube(DVec3::ZERO);
        let (repaired, report) = repair(&mesh, &RepairConfig::default());
        assert_eq!(repaired, mesh);
        assert!(!report.changed());
        assert_eq!(report.before, report.after);
    }

    #[test]
    fn everything_at_once() {
        let mut mesh = soup(&flipped(cube(DVec3::ZERO)));
        mesh.triangles.push([0, 0, 1]);
        mesh.triangles.push(mesh.triangles[4]);
        mesh.positions.push(DVec3::splat(9.0));
        mesh.triangles[7].swap(0, 1);
        let (repaired, report) = repair(&mesh, &RepairConfig::default());
        assert!(!report.before.watertight && report.after.watertight);
        assert_eq!((repaired.positions.len(), repaired.triangles.len()), (8, 12));
        let counts = (report.vertices_joined, report.degenerate_removed, report.duplicates_removed);
        assert_eq!(counts, (28, 1, 1));
        assert_eq!((report.triangles_turned, report.unused_removed, report.contradictions), (11, 1, 0));
        assert!((report.after.volume.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn cubes_put_together_face_to_face_become_one_body() {
        let pair = joined(&[cube(DVec3::ZERO), cube(DVec3::X)]);
        let (_, report) = repair(&pair, &RepairConfig::default());
        assert!(report.after.watertight);
        assert_eq!((report.duplicates_removed, report.after.bodies, report.after.non_manifold_edges), (4, 1, 0));
        assert!((report.after.volume.unwrap() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn each_repair_can_be_left_out() {
        let mut mesh = flipped(cube(DVec3::ZERO));
        mesh.triangles.push([0, 0, 1]);
        mesh.triangles.push(mesh.triangles[4]);
        mesh.positions.push(DVec3::splat(9.0));
        let none = RepairConfig {
            weld_tolerance: 0.0,
            remove_degenerate: false,
            remove_duplicates: false,
            orient: false,
            remove_unused: false,
        };
        assert_eq!(repair(&mesh, &none).0, mesh);
    }

    proptest! {
        /// Random triangles on few vertices: every kind of defect at once.
        #[test]
        fn repairing_twice_changes_nothing(
            triangles in prop::collection::vec(prop::array::uniform3(0_u32..8), 0..40),
        ) {
            let mesh = TriMesh { positions: cube(DVec3::ZERO).positions, triangles };
            let (once, report) = repair(&mesh, &RepairConfig::default());
            prop_assert!(report.after.duplicate == 0);
            prop_assert!(once.triangles.iter().all(|&corners| !has_repeated_corner(corners)));
            let (_, again) = repair(&once, &RepairConfig::default());
            prop_assert_eq!(again.duplicates_removed + again.degenerate_removed + again.vertices_joined, 0);
            prop_assert_eq!(again.before, report.after);
        }
    }
}
