//! A sheet of pictures: the worst cases of a bench, what was seen beside what was made of it, with id and IoU.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _};
use glam::Vec3;
use image::{Rgba, RgbaImage, imageops};
use partwright_bench::reconstruction::worst::{WORST, worst};
use partwright_bench::reconstruction::{Bench, Case, CaseResult, Results};
use partwright_cadquery::Limits;
use partwright_geometry::Geometry;
use partwright_reconstruct::CancelToken;

use crate::document::Part;
use crate::failure::Failure;
use crate::job;
use crate::picture::{self, Studio};
use crate::program::Programs;
use crate::render::{Camera, Detail, Drawing, Gpu, Shape, ShapeData, View};
use crate::window::colors;

/// Pictures beside each other.
const COLUMNS: u32 = 4;
/// A case's two pictures.
const PICTURE_PX: [u32; 2] = [480, 260];
/// The two lines below them.
const CAPTION_PX: u32 = 44;
/// The height of a letter.
const TEXT_PX: f32 = 15.0;
/// The characters that fit into a line: the font's are all of one width, three fifths of the height.
const FITTING: usize = (PICTURE_PX[0] as f32 / (0.6 * TEXT_PX)) as usize - 2;
const BACKGROUND: Rgba<u8> = Rgba([250, 250, 250, 255]);
const INK: Rgba<u8> = Rgba([30, 30, 30, 255]);
const FONT: &[u8] = include_bytes!("../../../../assets/fonts/jetbrains-mono-regular.ttf");

/// The sheet of the worst of `results`, as a PNG file.
///
/// # Errors
/// No device that draws, or one that is lost.
pub(super) fn draw(bench: &Bench, cases: &[Case], results: &Results) -> Result<Vec<u8>, Failure> {
    let gpu = Gpu::without_window().map_err(|error| Failure::failed(error.to_string()))?;
    let studio = Studio::new(&gpu);
    let programs = Programs::new(1)?;
    let font = FontRef::try_from_slice(FONT).map_err(|error| Failure::failed(error.to_string()))?;
    let shown = worst(&results.cases, WORST);
    let rows = (shown.len() as u32).div_ceil(COLUMNS).max(1);
    let [width, height] = [PICTURE_PX[0], PICTURE_PX[1] + CAPTION_PX];
    let mut sheet = RgbaImage::from_pixel(COLUMNS * width, rows * height, BACKGROUND);
    for (place, result) in (0u32..).zip(shown) {
        let (left, top) = (place % COLUMNS * width, place / COLUMNS * height);
        let case = cases.iter().find(|case| case.id == result.id);
        let scan = case.and_then(|case| bench.job(case).scan().ok());
        let part = result.outcome.program.as_deref().and_then(|source| part(&programs, source));
        if let Some(picture) = pair(&studio, &gpu, scan.as_ref(), part.as_ref())? {
            imageops::replace(&mut sheet, &picture, i64::from(left), i64::from(top));
        }
        for (line, text) in (0u32..).zip(caption(result)) {
            let baseline = top + PICTURE_PX[1] + 17 + 19 * line;
            write(&mut sheet, &font, &text, [left + 6, baseline]);
        }
    }
    picture::png(&sheet).map_err(Failure::failed)
}

fn part(programs: &Programs, source: &str) -> Option<Part> {
    job::part(programs, &source.into(), &Limits::default(), None, &CancelToken::default()).ok()
}

/// Class, id and IoU; the verdict and its reason, as much of it as fits.
fn caption(result: &CaseResult) -> [String; 2] {
    let outcome = &result.outcome;
    let verdict = outcome.verdict.as_deref().unwrap_or("invalid");
    let lines = [
        format!("{} {}  IoU {:.3}", result.class, result.id, result.iou()),
        format!("{verdict}: {}", outcome.reason.as_deref().unwrap_or("")),
    ];
    lines.map(|line| line.chars().take(FITTING).collect())
}

/// Scan and part beside each other, seen alike; `None` where there is neither.
fn pair(
    studio: &Studio<'_>,
    gpu: &Gpu,
    scan: Option<&Geometry>,
    part: Option<&Part>,
) -> Result<Option<RgbaImage>, Failure> {
    let scan = scan.map(|scan| Shape::new(gpu, &ShapeData::of_geometry(scan, None)));
    let part = part.map(|part| Shape::new(gpu, &ShapeData::of_part(part)));
    let Some((center, radius)) = picture::extent(scan.iter().chain(&part)) else { return Ok(None) };
    let mut camera = Camera::default();
    let [width, height] = PICTURE_PX;
    camera.fit(Vec3::ZERO, radius as f32, picture::pane_width(width, 2) as f32 / height as f32);
    let view = View {
        camera,
        scene_origin: center,
        section: None,
        section_color: colors::cut(),
        background: colors::view(),
        pixels_per_point: 1.0,
    };
    let panes = [(&scan, colors::scan_look(None)), (&part, colors::part_look())].map(|(shape, look)| {
        let drawing = |shape| Drawing { shape, look, detail: Detail::Full };
        shape.iter().map(drawing).collect::<Vec<_>>()
    });
    studio.picture(PICTURE_PX, &view, &panes).map(Some).map_err(|error| Failure::failed(error.to_string()))
}

/// Writes a line of text from `at` on, which is on its baseline.
fn write(picture: &mut RgbaImage, font: &FontRef<'_>, text: &str, at: [u32; 2]) {
    let scaled = font.as_scaled(PxScale::from(TEXT_PX));
    let mut x = at[0] as f32;
    for letter in text.chars() {
        let id = scaled.glyph_id(letter);
        let glyph = id.with_scale_and_position(TEXT_PX, ab_glyph::point(x, at[1] as f32));
        x += scaled.h_advance(id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|dx, dy, cover| {
            let place = [bounds.min.x + dx as f32, bounds.min.y + dy as f32];
            if place.iter().all(|v| *v >= 0.0)
                && let Some(pixel) = picture.get_pixel_mut_checked(place[0] as u32, place[1] as u32)
            {
                for (own, ink) in pixel.0.iter_mut().zip(INK.0) {
                    *own = (f32::from(*own) + cover.clamp(0.0, 1.0) * (f32::from(ink) - f32::from(*own))) as u8;
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leaves_ink_where_it_stands() {
        let font = FontRef::try_from_slice(FONT).expect("the font is good");
        let mut picture = RgbaImage::from_pixel(120, 30, BACKGROUND);
        write(&mut picture, &font, "IoU 0.5", [4, 20]);
        let dark = |x: std::ops::Range<u32>| {
            x.flat_map(|x| (0..30).map(move |y| (x, y))).filter(|&(x, y)| picture.get_pixel(x, y).0[0] < 128).count()
        };
        assert!(dark(0..70) > 30, "{}", dark(0..70));
        assert_eq!(dark(80..120), 0);
        // Nothing happens beyond the edge.
        write(&mut picture, &font, "beyond", [115, 29]);
    }
}
