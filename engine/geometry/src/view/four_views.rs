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
