//! The four views in one picture.

use rayon::prelude::*;

use super::shrink::shrunk;
use super::{Camera, Picture, ViewConfig, window};
use crate::{Bounds, TriMesh, normalize};

/// The part from four sides, in two rows with borders: [`ViewConfig::grid_px`] wide and high, 268 by default.
///
/// The mesh is brought into the unit cube first, its box's middle to (0.5, 0.5, 0.5) and its longest side to 1, as in
/// cadrille's evaluation. `None` when it has no triangle with finite corners.
pub fn four_views(mesh: &TriMesh, config: &ViewConfig) -> Option<Picture> {
    let mesh = normalize::to_unit_cube(Bounds::of_mesh(mesh)?).mesh(mesh);
    let views: Vec<Picture> =
        config.fronts.into_par_iter().map(|front| view(&mesh, &Camera::toward(front, config), config)).collect();
    let views: [Picture; 4] = views.try_into().ok()?;
    Some(Picture::grid(&views, config.border_px, config.border))
}

/// One view of a mesh that is in the unit cube already, [`ViewConfig::view_px`] wide and high, without a border.
pub fn view(mesh: &TriMesh, camera: &Camera, config: &ViewConfig) -> Picture {
    shrunk(&window(mesh, camera, config), config.view_px)
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::Similarity;
    use crate::metric::shapes::cuboid;

    fn plate() -> TriMesh {
        cuboid(DVec3::ZERO, DVec3::new(1.0, 0.5, 0.25))
    }

    #[test]
    fn where_and_how_large_the_part_is_changes_nothing() {
        let config = ViewConfig::default();
        let expected = four_views(&plate(), &config).unwrap();
        assert_eq!((expected.side_px(), config.grid_px()), (268, 268));
        // Powers of two, so that the way into the unit cube rounds nothing.
        let placed = Similarity { scale: 4.0, translation: DVec3::new(8.0, -16.0, 32.0), ..Similarity::IDENTITY };
        assert_eq!(four_views(&placed.mesh(&plate()), &config).unwrap(), expected);
    }

    #[test]
    fn threads_change_nothing() {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| four_views(&plate(), &ViewConfig::default()))
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn opposite_views_of_a_box_are_upside_down() {
        let config = ViewConfig::default();
        let mesh = normalize::to_unit_cube(Bounds::of_mesh(&plate()).unwrap()).mesh(&plate());
        let see = |front| window(&mesh, &Camera::toward(front, &config), &config);
        let [front, back] = [see(config.fronts[0]), see(config.fronts[1])];
        // Both have the same y axis, so that going through the box's centre turns right to right and up to down.
        let upside_down = back.rgb().chunks_exact(back.side_px() as usize * 3).rev().flatten().copied().collect();
        let back = Picture::from_rgb(back.side_px(), upside_down).unwrap();
        let count = front.rgb().chunks_exact(3).filter(|pixel| *pixel != [255; 3]).count();
        let found = super::super::difference(&front, &back).unwrap();
        assert!(count > 5000 && found.ssim > 0.999, "{count} {found:?}");
    }

    #[test]
    fn nothing_has_no_views() {
        assert_eq!(four_views(&TriMesh::default(), &ViewConfig::default()), None);
    }
}
