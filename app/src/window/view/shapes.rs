//! What is drawn: made on threads, kept on the GPU, drawn into textures only when something changed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

use egui::TextureId;
use glam::DVec3;
use partwright_geometry::Geometry;

use super::legend::Spread;
use super::measure::Element;
use super::pick::Picker;
use crate::document::{Comparison, ItemId, Part, Side};
use crate::render::{
    Camera, Detail, Drawing, EdgeVertex, Gpu, Lap, Look, Pace, PointVertex, Renderer, ShaderFault, ShaderWatch, Shape,
    ShapeData, Slice, Stopwatch, SurfaceVertex, Target, View,
};
use crate::window::app::Window;
use crate::window::colors;
use crate::window::state::Selection;

/// A shape ready to be drawn and to be hit by rays.
pub(super) struct Ready {
    pub(super) shape: Shape,
    /// Filled in after the shape is shown already: for large ones it takes longer.
    pub(super) pick: Arc<OnceLock<Picker>>,
    /// Whether it is being filled in, or is: a scan's only once something is measured.
    pick_asked: bool,
    pub(super) edges: bool,
    /// How often every deviation occurs, where there are any.
    pub(super) spread: Option<Spread>,
}

/// What a shape was made from: another key means another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    item: ItemId,
    side: Side,
    /// Address of the scan or the part, which live as long as they are shown.
    source: usize,
    /// Address of the deviations.
    deviations: usize,
    /// Whether the sides of its triangles are drawn.
    wires: bool,
}

/// A shape that is being made, or is made.
struct Slot {
    key: Key,
    ready: Option<Ready>,
}

/// A shape as the thread that made it hands it over.
struct Made {
    key: Key,
    ready: Ready,
}

/// What decides how a picture looks; as long as it is the same, the texture is right.
#[derive(Clone, PartialEq)]
pub(super) struct Looks {
    pub(super) view: View,
    pub(super) drawn: Vec<(Key, Look)>,
    pub(super) selection: Selection,
    /// What is being measured.
    pub(super) measured: [Option<Element>; 2],
    pub(super) size_px: [u32; 2],
    /// Whether the camera is being moved.
    pub(super) moving: bool,
}

/// Triangles, lines and points of a slice of a picture on a software adapter: what takes little more than a frame.
const SLICE_PRIMITIVES: u32 = 150_000;

/// A texture that egui shows.
#[derive(Default)]
struct Screen {
    target: Option<Target>,
    /// The one before: between motion and rest it is needed again.
    spare: Option<Target>,
    /// The slice of the full picture that is drawn next, while a coarse one is shown.
    refining: Option<Slice>,
    texture: Option<TextureId>,
    last: Option<Looks>,
}

/// The GPU side of the window.
pub(in crate::window) struct Views {
    gpu: Gpu,
    egui: egui_wgpu::RenderState,
    renderer: Arc<Renderer>,
    /// Whether nothing has to be compiled any more before pictures can be drawn.
    warm: Arc<AtomicBool>,
    slots: Vec<Slot>,
    screens: [Screen; 2],
    made: (Sender<Made>, Receiver<Made>),
    /// Width over height of the narrowest view in the frame before.
    pub(super) aspect: Option<f32>,
    pace: Pace,
    stopwatch: Stopwatch,
    /// The shaders of the source tree, in debug builds.
    shaders: Option<ShaderWatch>,
    /// Counts pictures drawn, for tests and for the idle check.
    pub(in crate::window) drawn: u64,
}

/// What is shown of an item.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Shown {
    pub(super) item: ItemId,
    pub(super) input: Option<(Arc<Geometry>, Option<Arc<Comparison>>)>,
    /// Whether the scan is one closed surface that faces outwards.
    is_closed: bool,
    pub(super) part: Option<Arc<Part>>,
    pub(super) is_current: bool,
    wires: bool,
    /// Whether the measuring tool is on.
    is_measured: bool,
}

impl Views {
    pub(in crate::window) fn new(gpu: Gpu, egui: egui_wgpu::RenderState, ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let renderer = Arc::new(Renderer::new(&gpu));
        let warm = warm_up(&renderer, &gpu, &ctx);
        Self {
            gpu,
            egui,
            renderer,
            warm,
            slots: Vec::new(),
            screens: [Screen::default(), Screen::default()],
            made: channel(),
            aspect: None,
            pace: Pace::default(),
            stopwatch: Stopwatch::default(),
            shaders: ShaderWatch::of_source_tree(move || ctx.request_repaint()),
            drawn: 0,
        }
    }

    /// What draws.
    pub(in crate::window) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Size of the view `number` in pixels, once it was drawn.
    pub(in crate::window) fn pane_px(&self, number: usize) -> Option<[u32; 2]> {
        self.screens.get(number)?.target.as_ref().map(Target::size_px)
    }

    /// Draws with the shaders of the source tree when they changed.
    ///
    /// # Errors
    /// What is wrong with them; those before stay.
    pub(super) fn reload_shaders(&mut self) -> Result<(), ShaderFault> {
        let Some(changed) = self.shaders.as_ref().and_then(ShaderWatch::changed) else { return Ok(()) };
        let mut renderer = Renderer::new(&self.gpu);
        renderer.reload(&self.gpu, changed?)?;
        self.renderer = Arc::new(renderer);
        for screen in &mut self.screens {
            screen.last = None;
        }
        Ok(())
    }

    /// Takes over shapes that were made, asks for those that are missing, and forgets what is not shown any more.
    pub(super) fn refresh(&mut self, shown: &Shown, ctx: &egui::Context) {
        while let Ok(Made { key, ready }) = self.made.1.try_recv() {
            if let Some(slot) = self.slots.iter_mut().find(|slot| slot.key == key) {
                slot.ready = Some(ready);
                self.slots.retain(|other| other.key == key || other.key.side != key.side || other.ready.is_none());
            }
        }
        // The survey of a scan comes after its shape.
        for slot in self.slots.iter_mut().filter(|slot| slot.key.side == Side::Input && slot.key.item == shown.item) {
            if let Some(ready) = &mut slot.ready {
                ready.shape.set_closed(shown.is_closed);
            }
        }
        if shown.is_measured {
            self.ask_for_pickers(shown, ctx);
        }
        for side in [Side::Input, Side::Result] {
            let Some(key) = shown.key(side) else {
                self.slots.retain(|slot| slot.key.side != side);
                continue;
            };
            // An older shape of the same item stays until the new one is there.
            self.slots.retain(|slot| slot.key.side != side || slot.key.item == shown.item);
            if !self.slots.iter().any(|slot| slot.key == key) {
                self.slots.retain(|slot| slot.key.side != side || slot.ready.is_some());
                self.slots.push(Slot { key, ready: None });
                self.make(key, shown, ctx);
            }
        }
    }

    /// Whether a shape is still being made, or cannot be picked yet.
    pub(in crate::window) fn is_waiting(&self) -> bool {
        let is_cold = !self.warm.load(Ordering::Acquire);
        is_cold || self.slots.iter().any(|slot| slot.ready.is_none()) || self.prepares_picking() || self.is_refining()
    }

    /// Whether a shape that is shown cannot be picked yet, though it is to be.
    pub(super) fn prepares_picking(&self) -> bool {
        let ready = self.slots.iter().filter_map(|slot| slot.ready.as_ref());
        ready.filter(|ready| ready.pick_asked).any(|ready| ready.pick.get().is_none())
    }

    /// Makes what scans are picked with, once something is to be measured on them.
    fn ask_for_pickers(&mut self, shown: &Shown, ctx: &egui::Context) {
        for slot in &mut self.slots {
            let Some(ready) = slot.ready.as_mut().filter(|ready| !ready.pick_asked) else { continue };
            let (pick, ctx) = (Arc::clone(&ready.pick), ctx.clone());
            let Some((geometry, _)) = shown.input.clone().filter(|_| slot.key.side == Side::Input) else { continue };
            let work = move || {
                pick.get_or_init(|| Picker::of_geometry(&geometry));
                ctx.request_repaint();
            };
            ready.pick_asked = std::thread::Builder::new().name("picker".into()).spawn(work).is_ok();
        }
    }

    /// Makes a shape on a thread of its own: what is drawn, handed to the adapter; then what is needed to pick it.
    fn make(&self, key: Key, shown: &Shown, ctx: &egui::Context) {
        let (sender, ctx, gpu) = (self.made.0.clone(), ctx.clone(), self.gpu.clone());
        let input = shown.input.clone();
        let part = shown.part.clone().filter(|_| key.side == Side::Result);
        // Another colouring of the same scan is picked as before.
        let alike = |slot: &&Slot| {
            Key { deviations: 0, wires: false, ..slot.key } == Key { deviations: 0, wires: false, ..key }
        };
        let picker = self.slots.iter().filter(alike).find_map(|slot| Some(Arc::clone(&slot.ready.as_ref()?.pick)));
        let work = move || {
            let made = match key.side {
                Side::Input => input.as_ref().map(|(geometry, comparison)| {
                    let deviations = comparison.as_ref().map(|c| c.distances.as_slice());
                    (ShapeData::of_geometry(geometry, deviations), deviations.and_then(Spread::of))
                }),
                Side::Result => part.as_ref().map(|part| (ShapeData::of_part(part), None)),
            };
            let Some((data, spread)) = made else { return };
            let data = if gpu.is_software { data.with_coarse_detail() } else { data };
            let data = if key.wires { data.with_wires() } else { data };
            let pick = picker.unwrap_or_default();
            let edges = !data.edges.is_empty();
            let (own, pick_asked) = (Arc::clone(&pick), part.is_some() || pick.get().is_some());
            let ready = Ready { shape: Shape::new(&gpu, &data), pick: own, pick_asked, edges, spread };
            drop(data);
            let _ = sender.send(Made { key, ready });
            ctx.request_repaint();
            if let Some(part) = part {
                pick.get_or_init(|| Picker::of_part(&part));
                ctx.request_repaint();
            }
        };
        // Without a thread nothing is shown, and the next frame tries again.
        let _ = std::thread::Builder::new().name("shape".into()).spawn(work);
    }

    pub(super) fn ready(&self, side: Side) -> Option<(Key, &Ready)> {
        self.slots
            .iter()
            .rev()
            .find(|s| s.key.side == side && s.ready.is_some())
            .and_then(|s| Some((s.key, s.ready.as_ref()?)))
    }

    /// Middle and radius of what is shown.
    pub(super) fn extent(&self) -> Option<(DVec3, f64)> {
        let shapes: Vec<&Shape> = [Side::Input, Side::Result]
            .into_iter()
            .filter_map(|side| self.ready(side))
            .map(|(_, r)| &r.shape)
            .collect();
        let first = shapes.first()?;
        let center = shapes.iter().map(|s| s.origin()).sum::<DVec3>() / shapes.len() as f64;
        let radius = shapes.iter().map(|s| s.origin().distance(center) + s.radius()).fold(first.radius(), f64::max);
        Some((center, radius))
    }
}

/// Draws one of everything where nobody sees it, on a thread of its own: what drivers compile when they first draw would keep
/// the window waiting later. The flag is set when that is done.
fn warm_up(renderer: &Arc<Renderer>, gpu: &Gpu, ctx: &egui::Context) -> Arc<AtomicBool> {
    let warm = Arc::new(AtomicBool::new(false));
    let done = Warm(Arc::clone(&warm), ctx.clone());
    let (renderer, gpu) = (Arc::clone(renderer), gpu.clone());
    let work = move || {
        let _done = done;
        let corner = |x: f32, y: f32| SurfaceVertex { in_shape: [x, y, 0.0], ..SurfaceVertex::default() };
        let data = ShapeData {
            radius: 1.0,
            surface: vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(0.0, 1.0)],
            triangles: vec![0, 1, 2],
            edges: vec![EdgeVertex { to_in_shape: [1.0, 1.0, 1.0], ..EdgeVertex::default() }],
            points: vec![PointVertex::default()],
            marks: 1,
            ..ShapeData::default()
        };
        let shape = Shape::new(&gpu, &data);
        let view = View {
            camera: Camera::default(),
            scene_origin: DVec3::ZERO,
            section: None,
            section_color: colors::cut(),
            background: colors::view(),
            pixels_per_point: 1.0,
        };
        for samples in [4, 1] {
            let target = Target::new(&gpu, [16, 16], samples);
            renderer.draw(
                &gpu,
                &target,
                &view,
                &[Drawing { shape: &shape, look: colors::part_look(), detail: Detail::Full }],
            );
        }
        // Some drivers compile only when they draw.
        let _ = gpu.device.poll(wgpu::PollType::wait_indefinitely());
    };
    // Without a thread the first picture takes longer.
    let _ = std::thread::Builder::new().name("warm up".into()).spawn(work);
    warm
}

/// Sets the flag when it goes, however that comes.
struct Warm(Arc<AtomicBool>, egui::Context);

impl Drop for Warm {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        self.1.request_repaint();
    }
}

impl Shown {
    /// What is shown of the item looked at.
    pub(super) fn of(window: &Window) -> Option<Self> {
        let item = window.document.active()?;
        let program = &item.program;
        let comparison = program.current_comparison().filter(|_| window.state.heat).cloned();
        Some(Self {
            item: item.id,
            is_closed: item.input.scan().and_then(|scan| scan.survey.as_ref()?.mesh.as_ref()).is_some_and(|mesh| {
                mesh.watertight && mesh.shells == 1 && mesh.volume.is_some_and(|volume| volume > 0.0)
            }),
            input: item.input.scan().map(|scan| (Arc::clone(&scan.prepared), comparison)),
            part: program.part.clone(),
            is_current: program.is_current(),
            wires: window.state.wireframe,
            is_measured: window.state.measuring.is_some(),
        })
    }

    fn key(&self, side: Side) -> Option<Key> {
        let (source, deviations) = match side {
            Side::Input => {
                let (geometry, comparison) = self.input.as_ref()?;
                (Arc::as_ptr(geometry) as usize, comparison.as_ref().map_or(0, |c| Arc::as_ptr(&c.distances) as usize))
            }
            Side::Result => (Arc::as_ptr(self.part.as_ref()?) as usize, 0),
        };
        // A part's wireframe is its edges.
        Some(Key { item: self.item, side, source, deviations, wires: self.wires && side == Side::Input })
    }
}

impl Views {
    /// Draws a view if it looks otherwise than before; its texture. On a software adapter a large shape is shown coarsely at
    /// once, and in full when all slices of the picture are drawn, one in every frame.
    pub(super) fn draw(&mut self, number: usize, looks: &Looks, shown: &Shown) -> Option<TextureId> {
        if !self.warm.load(Ordering::Acquire) {
            return None;
        }
        if self.screens[number].last.as_ref() != Some(looks) {
            let slices = if self.gpu.is_software { self.slices(looks) } else { 1 };
            let coarse = self.gpu.is_software && (looks.moving || slices > 1);
            self.mark(looks, shown);
            self.draw_whole(number, looks, coarse);
            let screen = &mut self.screens[number];
            screen.refining = (coarse && !looks.moving).then_some(Slice { index: 0, of: slices });
            screen.last = Some(looks.clone());
        } else if let Some(slice) = self.screens[number].refining {
            self.draw_slice(number, looks, slice);
        }
        self.screens[number].texture
    }

    /// Whether a picture is drawn more finely in the next frame.
    pub(super) fn is_refining(&self) -> bool {
        self.screens.iter().any(|screen| screen.refining.is_some())
    }

    fn slices(&self, looks: &Looks) -> u32 {
        let ready = looks.drawn.iter().filter_map(|(key, _)| self.drawn_shape(key));
        ready.map(Shape::primitives).fold(0, u32::saturating_add).div_ceil(SLICE_PRIMITIVES).max(1)
    }

    fn drawn_shape(&self, key: &Key) -> Option<&Shape> {
        let slot = self.slots.iter().find(|slot| slot.key == *key)?;
        slot.ready.as_ref().map(|ready| &ready.shape)
    }

    fn drawings(&self, looks: &Looks, detail: Detail) -> Vec<Drawing<'_>> {
        let drawing = |(key, look): &(Key, Look)| {
            let (shape, mut look) = (self.drawn_shape(key)?, *look);
            if shape.triangles_at(detail) < shape.triangles_at(Detail::Full) {
                // Where vertices were put together a triangle may have turned over: it must not show as an inside.
                look.back_color = look.color;
            }
            Some(Drawing { shape, look, detail })
        };
        looks.drawn.iter().filter_map(drawing).collect()
    }

    fn mark(&self, looks: &Looks, shown: &Shown) {
        let Some(part) = &shown.part else { return };
        for (key, _) in looks.drawn.iter().filter(|(key, _)| key.side == Side::Result) {
            if let Some(shape) = self.drawn_shape(key) {
                shape.mark(&self.gpu, &marks(part, looks));
            }
        }
    }

    fn draw_whole(&mut self, number: usize, looks: &Looks, coarse: bool) {
        let (samples, detail) = if coarse { (1, self.pace.detail()) } else { (4, Detail::Full) };
        let halved = coarse && self.pace.is_halved();
        let size_px = looks.size_px.map(|side| if halved { side.div_ceil(2) } else { side });
        let mut view = looks.view;
        if halved {
            view.pixels_per_point *= 0.5;
        }
        let fits = |target: &Target| target.size_px() == size_px && target.samples() == samples;
        let screen = &mut self.screens[number];
        if !screen.target.as_ref().is_some_and(fits) {
            std::mem::swap(&mut screen.target, &mut screen.spare);
            let target = screen.target.take().filter(fits);
            screen.target = Some(target.unwrap_or_else(|| Target::new(&self.gpu, size_px, samples)));
            self.show_target(number);
        }
        if let Some(target) = &self.screens[number].target {
            self.renderer.draw(&self.gpu, target, &view, &self.drawings(looks, detail));
            self.drawn += 1;
        }
    }

    /// Draws a slice into the target that is not shown, and shows it after the last one.
    fn draw_slice(&mut self, number: usize, looks: &Looks, slice: Slice) {
        let fits = |target: &Target| target.size_px() == looks.size_px && target.samples() == 4;
        let target = self.screens[number].spare.take().filter(fits);
        let target = target.unwrap_or_else(|| Target::new(&self.gpu, looks.size_px, 4));
        self.renderer.draw_slice(&self.gpu, &target, &looks.view, &self.drawings(looks, Detail::Full), slice);
        let screen = &mut self.screens[number];
        screen.spare = Some(target);
        screen.refining = (!slice.is_last()).then_some(Slice { index: slice.index + 1, ..slice });
        if slice.is_last() {
            std::mem::swap(&mut screen.target, &mut screen.spare);
            self.drawn += 1;
            self.show_target(number);
        }
    }

    /// Lets egui show the target of a screen.
    fn show_target(&mut self, number: usize) {
        let screen = &mut self.screens[number];
        let Some(target) = &screen.target else { return };
        let (device, filter) = (&self.egui.device, wgpu::FilterMode::Linear);
        let mut renderer = self.egui.renderer.write();
        match screen.texture {
            Some(id) => renderer.update_egui_texture_from_wgpu_texture(device, target.texture_view(), filter, id),
            None => screen.texture = Some(renderer.register_native_texture(device, target.texture_view(), filter)),
        }
    }

    /// The pictures of a frame in motion are about to be drawn: they are timed.
    pub(super) fn start_lap(&self) -> Option<Lap> {
        self.gpu.is_software.then(|| self.stopwatch.start(&self.gpu)).flatten()
    }

    /// They were drawn: the next fit themselves to how long such pictures took.
    pub(super) fn stop_lap(&mut self, lap: Option<Lap>) {
        for took_ms in self.stopwatch.times() {
            self.pace.note(took_ms);
        }
        if let Some(lap) = lap {
            self.stopwatch.stop(&self.gpu, lap);
        }
    }
}

/// The words of `face_marks` in the shaders.
fn marks(part: &Part, looks: &Looks) -> Vec<u32> {
    let selection = looks.selection;
    // Those of the edges stand after those of the faces.
    let faces = part.faces.len() as u32;
    let mut marks = vec![0u32; part.faces.len() + part.mesh.edges.len()];
    let word = |element: Element| match element {
        Element::Face(face) => (face < faces).then_some(face),
        Element::Edge(edge) => faces.checked_add(edge),
        Element::Vertex | Element::ScanPoint => None,
    };
    let mut set = |element: Option<Element>, bit: u32| {
        if let Some(mark) = element.and_then(word).and_then(|word| marks.get_mut(word as usize)) {
            *mark |= bit;
        }
    };
    set(selection.face.map(Element::Face), 1);
    set(selection.edge.map(Element::Edge), 1);
    looks.measured.into_iter().for_each(|element| set(element, 1));
    set(selection.hovered, 2);
    if let Some(call) = selection.call {
        for face in part.faces_of_call(call) {
            marks[face as usize] |= 4;
        }
    }
    marks
}
