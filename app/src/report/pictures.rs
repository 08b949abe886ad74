//! The pictures of a report, as they stand in its page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use glam::{DVec3, Vec3};

use crate::document::Item;
use crate::picture::{self, Studio};
use crate::render::{Camera, Detail, Drawing, Gpu, Heat, Look, Projection, Shape, ShapeData, StandardView, View};
use crate::window::colors;

/// The picture beside the scan, and those of the part from its sides.
const LARGE_PX: [u32; 2] = [900, 675];
const SMALL_PX: [u32; 2] = [600, 450];

/// A picture and what it shows.
pub(super) struct Figure {
    /// The PNG as an address that holds it.
    pub(super) address: String,
    /// What it shows.
    pub(super) caption: String,
    /// Whether it is one of the small ones.
    pub(super) small: bool,
}

/// The scan (coloured by deviation, where there are any) and the part from all around.
pub(super) fn draw(item: &Item, gpu: &Gpu, heat: Option<Heat>) -> Result<Vec<Figure>, String> {
    let distances = item.program.current_comparison().map(|comparison| comparison.distances.as_slice());
    let scan = item.input.scan().map(|scan| Shape::new(gpu, &ShapeData::of_geometry(&scan.prepared, distances)));
    let part = item.program.part.as_ref().map(|part| Shape::new(gpu, &ShapeData::of_part(part)));
    let Some((center, radius)) = picture::extent(scan.iter().chain(&part)) else { return Ok(Vec::new()) };
    let studio = Studio::new(gpu);
    let figure = |shape: &Shape, look: Look, from: StandardView, size_px: [u32; 2], caption: String| {
        let view = view(from, center, radius, size_px);
        let drawing = Drawing { shape, look, detail: Detail::Full };
        let drawn = studio.picture(size_px, &view, &[vec![drawing]]).map_err(|error| error.to_string())?;
        let address = format!("data:image/png;base64,{}", STANDARD.encode(picture::png(&drawn)?));
        Ok::<_, String>(Figure { address, caption, small: size_px == SMALL_PX })
    };
    let mut figures = Vec::new();
    if let Some(scan) = &scan {
        let caption = if heat.is_some() { "The scan, coloured by its deviation from the part" } else { "The scan" };
        let look = colors::scan_look(heat);
        figures.push(figure(scan, look, StandardView::Isometric, LARGE_PX, caption.to_owned())?);
    }
    if let Some(part) = &part {
        let look = colors::part_look();
        figures.push(figure(part, look, StandardView::Isometric, LARGE_PX, "The part".to_owned())?);
        for from in [StandardView::Front, StandardView::Right, StandardView::Top] {
            let caption = format!("The part, {}", from.name().to_lowercase());
            figures.push(figure(part, look, from, SMALL_PX, caption)?);
        }
    }
    Ok(figures)
}

fn view(from: StandardView, center: DVec3, radius: f64, size_px: [u32; 2]) -> View {
    let mut camera = Camera { projection: Projection::Parallel, ..Camera::default() };
    camera.look_from(from);
    camera.fit(Vec3::ZERO, radius as f32, size_px[0] as f32 / size_px[1] as f32);
    View {
        camera,
        scene_origin: center,
        section: None,
        section_color: colors::cut(),
        background: colors::paper(),
        pixels_per_point: 1.25,
    }
}
