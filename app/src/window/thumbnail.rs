//! Small pictures of candidates: drawn off screen on a thread of their own, kept as textures by the program's text.
//!
//! A panel asks for a picture every frame. What is not there yet is ordered once, and the window is woken when it is.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use egui::{ColorImage, TextureHandle, TextureId, TextureOptions, Theme};
use glam::DVec3;
use partwright_geometry::TriMesh;
use rustc_hash::FxHashMap;

use super::sharp_edges::sharp_edges;
use super::theme::{gpu as gpu_color, palette};
use super::view::{Style, look};
use crate::document::{Document, Proposal, Side};
use crate::render::{
    Camera, Detail, Drawing, Gpu, Look, NoGpu, Projection, Renderer, Shape, ShapeData, StandardView, Target, View,
};

/// Width and height in points of the screen.
pub(super) const SIZE: [f32; 2] = [96.0, 72.0];

/// How much wider the picture is than the shape in it.
const MARGIN: f32 = 1.08;

/// More pixels than this each way are never drawn, however fine the screen is.
const MOST_PX: u32 = 512;

/// How a picture is drawn: another manner means another picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Manner {
    theme: Theme,
    pixels_per_point: f32,
}

impl Manner {
    fn size_px(self) -> [u32; 2] {
        SIZE.map(|side| ((side * self.pixels_per_point).round() as u32).clamp(1, MOST_PX))
    }
}

/// What the thread is asked to draw.
struct Order {
    source: Arc<str>,
    mesh: Arc<TriMesh>,
    manner: Manner,
}

/// What came of an order.
struct Drawn {
    source: Arc<str>,
    manner: Manner,
    picture: Result<ColorImage, NoGpu>,
}

/// A picture, and the manner that was asked for last.
struct Entry {
    ordered: Manner,
    texture: Option<TextureHandle>,
    is_awaited: bool,
}

/// The pictures of all candidates that are open.
pub(super) struct Thumbnails {
    entries: FxHashMap<Arc<str>, Entry>,
    /// The ways to the thread and back, until the end.
    ways: Option<(Sender<Order>, Receiver<Drawn>)>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Thumbnails {
    /// Waits for the picture that is being drawn: a process that ends takes the graphics driver from under its thread.
    fn drop(&mut self) {
        self.ways = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Thumbnails {
    /// No pictures yet. `gpu` draws them; `wake` is called whenever there is a new one. The thread ends with this.
    pub(super) fn new(gpu: Gpu, wake: crate::job::Wake) -> Self {
        let (orders, ordered) = channel::<Order>();
        let (tell, drawn) = channel();
        let work = move || {
            let renderer = Renderer::new(&gpu);
            for Order { source, mesh, manner } in ordered {
                let picture = draw(&gpu, &renderer, &mesh, manner);
                if tell.send(Drawn { source, manner, picture }).is_err() {
                    break;
                }
                wake();
            }
        };
        // Without a thread nobody receives orders, and the cards stay without pictures.
        let thread = std::thread::Builder::new().name("thumbnails".into()).spawn(work).ok();
        Self { entries: FxHashMap::default(), ways: Some((orders, drawn)), thread }
    }

    /// The picture of a proposal, once it is there; `None` also for one that made nothing.
    pub(super) fn of(&mut self, proposal: &Proposal, ctx: &egui::Context) -> Option<TextureId> {
        let mesh = proposal.mesh.as_ref()?;
        let manner = Manner { theme: ctx.theme(), pixels_per_point: ctx.pixels_per_point() };
        if self.entries.get(proposal.source()).is_none_or(|entry| entry.ordered != manner) {
            let source: Arc<str> = proposal.source().into();
            let order = Order { source: Arc::clone(&source), mesh: Arc::clone(mesh), manner };
            let is_awaited = self.ways.as_ref().is_some_and(|(orders, _)| orders.send(order).is_ok());
            let texture = self.entries.remove(&source).and_then(|entry| entry.texture);
            self.entries.insert(source, Entry { ordered: manner, texture, is_awaited });
        }
        self.entries.get(proposal.source())?.texture.as_ref().map(TextureHandle::id)
    }

    /// Takes over what was drawn. What went wrong, in a sentence.
    pub(super) fn receive(&mut self, ctx: &egui::Context) -> Option<String> {
        let mut fault = None;
        for Drawn { source, manner, picture } in self.ways.iter().flat_map(|(_, drawn)| drawn.try_iter()) {
            let Some(entry) = self.entries.get_mut(&source).filter(|entry| entry.ordered == manner) else { continue };
            entry.is_awaited = false;
            match picture {
                Ok(image) => entry.texture = Some(ctx.load_texture("candidate", image, TextureOptions::LINEAR)),
                Err(error) => fault = Some(format!("A candidate's picture could not be drawn: {error}")),
            }
        }
        fault
    }

    /// Frees the pictures of candidates that are not open any more.
    pub(super) fn retain(&mut self, document: &Document) {
        if !self.entries.is_empty() {
            let open = || document.items().iter().flat_map(|item| &item.proposals);
            self.entries.retain(|source, _| open().any(|proposal| proposal.source() == &**source));
        }
    }

    /// Whether a picture is still being drawn.
    pub(super) fn is_waiting(&self) -> bool {
        self.entries.values().any(|entry| entry.is_awaited)
    }

    /// Number of pictures kept.
    pub(super) fn len(&self) -> usize {
        self.entries.values().filter(|entry| entry.texture.is_some()).count()
    }
}

/// A shaded picture from the usual direction, over the colour of a card.
fn draw(gpu: &Gpu, renderer: &Renderer, mesh: &TriMesh, manner: Manner) -> Result<ColorImage, NoGpu> {
    let colors = palette(manner.theme);
    let mut data = ShapeData::of_mesh(mesh, None);
    data.edges = sharp_edges(mesh, data.origin);
    let shape = Shape::new(gpu, &data);
    let size_px = manner.size_px();
    let view = View {
        camera: close_camera(mesh, shape.origin(), size_px[0] as f32 / size_px[1] as f32),
        scene_origin: shape.origin(),
        section: None,
        section_color: gpu_color(colors.cut, 1.0),
        background: gpu_color(colors.raised, 1.0),
        pixels_per_point: manner.pixels_per_point,
    };
    let target = Target::new(gpu, size_px, 4);
    let look = Look { edge_width: 1.0, ..look(colors, Side::Result, Style { edges: true, ..Style::default() }) };
    renderer.draw(gpu, &target, &view, &[Drawing { shape: &shape, look, detail: Detail::Full }]);
    let picture = target.read(gpu)?;
    let size = [picture.width() as usize, picture.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, picture.as_raw()))
}

/// A camera that sees the mesh as large as it can be in a picture `aspect` times as wide as high.
fn close_camera(mesh: &TriMesh, origin: DVec3, aspect: f32) -> Camera {
    let mut camera = Camera { projection: Projection::Parallel, ..Camera::default() };
    camera.look_from(StandardView::Isometric);
    let axes = [camera.right(), camera.up()];
    let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for p in mesh.positions.iter().filter(|p| p.is_finite()) {
        let p = (*p - origin).as_vec3();
        for (axis, direction) in axes.into_iter().enumerate() {
            (low[axis], high[axis]) = (low[axis].min(p.dot(direction)), high[axis].max(p.dot(direction)));
        }
    }
    let [width, height] = [0, 1].map(|axis| (high[axis] - low[axis]).max(0.0));
    if width.is_finite() && height.is_finite() {
        let [right, up] = [0, 1].map(|axis| axes[axis] * ((low[axis] + high[axis]) * 0.5));
        camera.target = right + up;
        camera.half_height = (height.max(width / aspect) * 0.5 * MARGIN).max(1e-6);
    }
    camera
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_mesh_is_seen_and_touches_two_sides() {
        let check = |size: DVec3, origin: DVec3, aspect: f32| {
            let corners = (0..8).map(|i| DVec3::new(f64::from(i & 1), f64::from(i >> 1 & 1), f64::from(i >> 2)) * size);
            let mesh = TriMesh { positions: corners.map(|p| p + origin).collect(), triangles: Vec::new() };
            let camera = close_camera(&mesh, origin, aspect);
            let seen = mesh.positions.iter().map(|p| {
                let p = (*p - origin).as_vec3() - camera.target;
                let up = p.dot(camera.up()).abs() / camera.half_height;
                up.max(p.dot(camera.right()).abs() / (camera.half_height * aspect))
            });
            let reach = seen.fold(0.0, f32::max);
            assert!((reach * MARGIN - 1.0).abs() < 1e-4, "{reach}");
        };
        check(DVec3::new(1.0, 2.0, 3.0), DVec3::ZERO, 1.5);
        check(DVec3::new(100.0, 1.0, 1.0), DVec3::splat(1e6), 1.5);
        check(DVec3::new(1.0, 1.0, 80.0), DVec3::ZERO, 4.0 / 3.0);
    }
}
