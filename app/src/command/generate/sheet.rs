//! A sheet of pictures of parts, drawn without a graphics adapter.

use image::{Rgb, RgbImage, Rgba, RgbaImage, imageops};
use partwright_geometry::view::{Camera, ViewConfig, view};
use partwright_geometry::{Bounds, TriMesh, normalize};
use partwright_reconstruct::CancelToken;
use partwright_train::generate::{GeneratorConfig, generate};

use crate::failure::Failure;
use crate::picture;

/// Pictures beside each other.
const COLUMNS: u32 = 8;
/// Pictures at most.
const MOST: u64 = 48;
/// Width and height of one.
const PICTURE_PX: u32 = 180;
/// The space around each.
const GAP_PX: u32 = 4;
const BACKGROUND: Rgba<u8> = Rgba([210, 210, 210, 255]);

/// The first parts of a configuration as a PNG file.
pub(super) fn draw(config: &GeneratorConfig, count: u64, cancel: &CancelToken) -> Result<Vec<u8>, Failure> {
    let shown = count.min(MOST);
    let cell = PICTURE_PX + GAP_PX;
    let rows = (shown as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbaImage::from_pixel(COLUMNS * cell + GAP_PX, rows * cell + GAP_PX, BACKGROUND);
    let config = GeneratorConfig { points: 0, views: false, captions: 0, ..config.clone() };
    for index in 0..shown {
        if cancel.is_cancelled() {
            break;
        }
        let Some(picture) = generate(&config, index).and_then(|made| picture_of(&made.body.mesh)) else { continue };
        let place = |number: u32| i64::from(GAP_PX + number * cell);
        let index = index as u32;
        imageops::replace(&mut sheet, &picture, place(index % COLUMNS), place(index / COLUMNS));
    }
    picture::png(&sheet).map_err(Failure::failed)
}

/// A part as the first of the four views shows it, on its feet: the views have y along the picture's height.
fn picture_of(mesh: &TriMesh) -> Option<RgbaImage> {
    let config = ViewConfig { view_px: PICTURE_PX, ..ViewConfig::default() };
    let mesh = normalize::to_unit_cube(Bounds::of_mesh(mesh)?).mesh(mesh);
    let drawn = view(&mesh, &Camera::toward(config.fronts[2], &config), &config);
    let picture = RgbImage::from_raw(PICTURE_PX, PICTURE_PX, drawn.into_rgb())?;
    let opaque = |Rgb([r, g, b]): &Rgb<u8>| Rgba([*r, *g, *b, 255]);
    Some(RgbaImage::from_fn(PICTURE_PX, PICTURE_PX, |x, y| opaque(picture.get_pixel(x, y))))
}
