//! The four views of a part: drawn, or to be drawn when they are seen, by one thread.
//!
//! Many parts are made at once, one on each thread. Work that waits for other threads would begin further parts while it
//! waits, one inside the other, until the stack is full; so nothing here waits.

use std::borrow::Cow;
use std::sync::Arc;

use partwright_geometry::view::{Camera, ViewConfig, view};
use partwright_geometry::{Bounds, TriMesh, normalize};

/// The four views as cadrille sees them: 268 x 268 pixels, RGB, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Views {
    /// There are none.
    #[default]
    Absent,
    /// As bytes.
    Drawn(Vec<u8>),
    /// Of this surface, in any place and size. Drawing takes far longer than all else, so it waits until somebody looks.
    ToDraw(Arc<TriMesh>),
}

impl Views {
    /// The bytes, drawn if they are not yet; `None` where there are none.
    pub fn rgb(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Absent => None,
            Self::Drawn(bytes) => Some(Cow::Borrowed(bytes)),
            Self::ToDraw(surface) => four_views(surface, &ViewConfig::default()).map(Cow::Owned),
        }
    }

    /// Drawn, where there are any.
    #[must_use]
    pub fn drawn(self) -> Self {
        match self.rgb() {
            Some(bytes) => Self::Drawn(bytes.into_owned()),
            None => Self::Absent,
        }
    }

    /// Whether there are none.
    pub fn are_absent(&self) -> bool {
        *self == Self::Absent
    }
}

/// As `partwright_geometry::view::four_views`, to the byte.
fn four_views(mesh: &TriMesh, config: &ViewConfig) -> Option<Vec<u8>> {
    let mesh = normalize::to_unit_cube(Bounds::of_mesh(mesh)?).mesh(mesh);
    let side = config.grid_px() as usize;
    let (view_px, border, cell) = (config.view_px as usize, config.border_px as usize, side / 2);
    let mut grid = config.border.repeat(side * side);
    for (place, front) in config.fronts.into_iter().enumerate() {
        let picture = view(&mesh, &Camera::toward(front, config), config);
        let (left, top) = (place % 2 * cell + border, place / 2 * cell + border);
        for (row, line) in picture.rgb().chunks_exact(3 * view_px).enumerate() {
            let start = 3 * ((top + row) * side + left);
            grid[start..start + line.len()].copy_from_slice(line);
        }
    }
    Some(grid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{GeneratorConfig, generate};

    #[test]
    fn the_views_are_those_of_geometry() {
        let config = GeneratorConfig { points: 0, ..GeneratorConfig::default() };
        let made = generate(&config, 3).unwrap();
        let (mesh, views) = (&made.body.mesh, ViewConfig::default());
        let theirs = partwright_geometry::view::four_views(mesh, &views).unwrap().into_rgb();
        assert!(four_views(mesh, &views).unwrap() == theirs);
        let later = Views::ToDraw(Arc::new(mesh.clone()));
        assert!(later.rgb() == Views::Drawn(theirs).rgb() && !later.are_absent() && Views::Absent.rgb().is_none());
    }
}
