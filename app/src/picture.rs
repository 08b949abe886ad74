//! Pictures drawn off screen: one pane or several beside each other, as PNG.

use std::io::Cursor;
use std::sync::Arc;

use glam::DVec3;
use image::{ImageFormat, RgbaImage, imageops};
use partwright_geometry::Geometry;

use crate::document::Part;
use crate::render::{Detail, Drawing, Gpu, Look, NoGpu, Renderer, Shape, ShapeData, Target, View};

/// Samples per pixel: nobody waits for a frame here.
const SAMPLES: u32 = 4;

/// Draws pictures, one after the other.
#[derive(Debug)]
pub(crate) struct Studio<'a> {
    gpu: &'a Gpu,
    renderer: Renderer,
}

impl<'a> Studio<'a> {
    /// A studio on a device.
    pub(crate) fn new(gpu: &'a Gpu) -> Self {
        Self { gpu, renderer: Renderer::new(gpu) }
    }

    /// A picture of `size_px` pixels in which `panes` stand beside each other, all seen as `view` says.
    ///
    /// # Errors
    /// When the device is lost.
    pub(crate) fn picture(
        &self,
        size_px: [u32; 2],
        view: &View,
        panes: &[Vec<Drawing<'_>>],
    ) -> Result<RgbaImage, NoGpu> {
        let [width, height] = size_px;
        let mut picture = RgbaImage::new(width, height);
        let share = pane_width(width, panes.len());
        for (index, drawings) in panes.iter().enumerate() {
            let left = share * index as u32;
            let own = if index + 1 == panes.len() { width.saturating_sub(left) } else { share };
            let target = Target::new(self.gpu, [own, height], SAMPLES);
            self.renderer.draw(self.gpu, &target, view, drawings);
            imageops::replace(&mut picture, &target.read(self.gpu)?, i64::from(left), 0);
        }
        Ok(picture)
    }
}

/// The width of one of `panes` panes in a picture.
pub(crate) fn pane_width(width_px: u32, panes: usize) -> u32 {
    (width_px / panes.max(1) as u32).max(1)
}

/// Middle of shapes, and the radius of the ball around it that holds them; `None` without any.
pub(crate) fn extent<'a>(shapes: impl Iterator<Item = &'a Shape> + Clone) -> Option<(DVec3, f64)> {
    let count = shapes.clone().count();
    let center = shapes.clone().map(Shape::origin).sum::<DVec3>() / count.max(1) as f64;
    let radius = shapes.map(|shape| shape.origin().distance(center) + shape.radius()).reduce(f64::max)?;
    Some((center, radius))
}

/// The bytes of a PNG file.
///
/// # Errors
/// What the encoder says.
pub(crate) fn png(picture: &RgbaImage) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

/// What stands in a picture.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A scan, and the distances of its points where they are to be seen.
    Scan(Arc<Geometry>, Option<Arc<Vec<f32>>>),
    /// A part.
    Part(Arc<Part>),
}

impl Subject {
    fn data(&self) -> ShapeData {
        match self {
            Self::Scan(geometry, distances) => {
                ShapeData::of_geometry(geometry, distances.as_ref().map(|distances| distances.as_slice()))
            }
            Self::Part(part) => ShapeData::of_part(part),
        }
    }
}

/// A picture that is still to be drawn, on any thread.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// What draws it.
    pub(crate) gpu: Gpu,
    /// Its size in pixels.
    pub(crate) size_px: [u32; 2],
    /// How it is seen.
    pub(crate) view: View,
    /// What stands in every pane.
    pub(crate) panes: Vec<Vec<(Subject, Look)>>,
}

impl Shot {
    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When the device is lost.
    pub(crate) fn png(&self) -> Result<Vec<u8>, String> {
        let pane = |pane: &Vec<(Subject, Look)>| -> Vec<(Shape, Look)> {
            let shape = |subject: &Subject, look: Look| {
                let data = subject.data();
                Shape::new(&self.gpu, &if look.wires { data.with_wires() } else { data })
            };
            pane.iter().map(|(subject, look)| (shape(subject, *look), *look)).collect()
        };
        let shapes: Vec<Vec<(Shape, Look)>> = self.panes.iter().map(pane).collect();
        let panes: Vec<Vec<Drawing<'_>>> = shapes
            .iter()
            .map(|pane| pane.iter().map(|(shape, look)| Drawing { shape, look: *look, detail: Detail::Full }).collect())
            .collect();
        let picture = Studio::new(&self.gpu).picture(self.size_px, &self.view, &panes);
        png(&picture.map_err(|error| error.to_string())?)
    }
}
