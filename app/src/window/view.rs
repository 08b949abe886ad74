//! The 3D views: textures that are drawn again only when something changed.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::{Rect, Sense, TextureId, Ui, pos2};
use glam::{DVec3, Vec2};
use partwright_geometry::Geometry;
use partwright_geometry::query::MeshQuery;

use super::app::Window;
use super::command::Action;
use super::state::{Layout, Selection};
use super::theme::{self, Palette, gpu};
use crate::document::{Comparison, ItemId, Part, Side};
use crate::render::{Camera, Drawing, Gpu, Heat, Look, Renderer, Shape, ShapeData, Target, View};
use crate::settings::{Motion, MouseButton, MousePreset};

/// A shape ready to be drawn and to be hit by rays.
struct Ready {
    shape: Shape,
    pick: Option<Arc<MeshQuery>>,
    edges: bool,
}

/// What a shape was made from: another key means another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    item: ItemId,
    side: Side,
    /// Address of the scan or the part, which live as long as they are shown.
    source: usize,
    /// Address of the deviations.
    deviations: usize,
}

/// A shape that is being made, or is made.
struct Slot {
    key: Key,
    ready: Option<Ready>,
}

type Made = (Key, ShapeData, Option<Arc<MeshQuery>>);

/// What decides how a picture looks; as long as it is the same, the texture is right.
#[derive(Clone, PartialEq)]
struct Looks {
    view: View,
    drawn: Vec<(Key, bool, Look)>,
    selection: Selection,
    size_px: [u32; 2],
    moving: bool,
}

/// A texture that egui shows.
#[derive(Default)]
struct Screen {
    target: Option<Target>,
    texture: Option<TextureId>,
    last: Option<Looks>,
}

/// The GPU side of the window.
pub(super) struct Views {
    gpu: Gpu,
    egui: egui_wgpu::RenderState,
    renderer: Renderer,
    slots: Vec<Slot>,
    screens: [Screen; 2],
    made: (Sender<Made>, Receiver<Made>),
    /// Counts pictures drawn, for tests and for the idle check.
    pub(super) drawn: u64,
}

/// What is shown of an item.
pub(super) struct Shown {
    item: ItemId,
    input: Option<(Arc<Geometry>, Option<Arc<Comparison>>)>,
    part: Option<Arc<Part>>,
    is_current: bool,
}

impl Views {
    pub(super) fn new(gpu: Gpu, egui: egui_wgpu::RenderState) -> Self {
        let renderer = Renderer::new(&gpu);
        Self {
            gpu,
            egui,
            renderer,
            slots: Vec::new(),
            screens: [Screen::default(), Screen::default()],
            made: channel(),
            drawn: 0,
        }
    }

    /// Takes over shapes that were made, asks for those that are missing, and forgets what is not shown any more.
    fn refresh(&mut self, shown: &Shown, ctx: &egui::Context) {
        while let Ok((key, data, pick)) = self.made.1.try_recv() {
            if let Some(slot) = self.slots.iter_mut().find(|slot| slot.key == key) {
                let edges = !data.edges.is_empty();
                slot.ready = Some(Ready { shape: Shape::new(&self.gpu, &data), pick, edges });
                self.slots.retain(|other| other.key == key || other.key.side != key.side || other.ready.is_none());
            }
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

    fn make(&self, key: Key, shown: &Shown, ctx: &egui::Context) {
        let (sender, ctx) = (self.made.0.clone(), ctx.clone());
        let (input, part) = (shown.input.clone(), shown.part.clone());
        let work = move || {
            let made = match key.side {
                Side::Input => input.map(|(geometry, comparison)| {
                    let deviations = comparison.as_ref().map(|c| c.distances.as_slice());
                    let pick = match &*geometry {
                        Geometry::Mesh(mesh) => MeshQuery::new(mesh).ok(),
                        Geometry::Cloud(_) => None,
                    };
                    (ShapeData::of_geometry(&geometry, deviations), pick)
                }),
                Side::Result => part.map(|part| (ShapeData::of_part(&part), MeshQuery::new(&part.mesh.mesh).ok())),
            };
            if let Some((data, pick)) = made {
                let _ = sender.send((key, data, pick.map(Arc::new)));
                ctx.request_repaint();
            }
        };
        // Without a thread nothing is shown, and the next frame tries again.
        let _ = std::thread::Builder::new().name("shape".into()).spawn(work);
    }

    fn ready(&self, side: Side) -> Option<(Key, &Ready)> {
        self.slots
            .iter()
            .rev()
            .find(|s| s.key.side == side && s.ready.is_some())
            .and_then(|s| Some((s.key, s.ready.as_ref()?)))
    }

    /// Middle and radius of what is shown.
    fn extent(&self) -> Option<(DVec3, f64)> {
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

impl Shown {
    /// What is shown of the item looked at.
    fn of(window: &Window) -> Option<Self> {
        let item = window.document.active()?;
        let program = &item.program;
        let comparison = program.current_comparison().filter(|_| window.state.heat).cloned();
        Some(Self {
            item: item.id,
            input: item.input.scan().map(|scan| (Arc::clone(&scan.prepared), comparison)),
            part: program.part.clone(),
            is_current: program.is_current(),
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
        Some(Key { item: self.item, side, source, deviations })
    }
}

/// The 3D part of the window.
pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(shown) = Shown::of(window) else { return };
    window.views.refresh(&shown, ui.ctx());
    if !window.state.fitted
        && let Some((center, radius)) = window.views.extent()
    {
        window.views.scene_about(center);
        window.state.camera.fit(glam::Vec3::ZERO, radius as f32);
        window.state.scene_origin = center;
        window.state.fitted = true;
    }
    let has_input = shown.input.is_some();
    match window.state.layout {
        Layout::SideBySide if has_input => {
            let gap = 1.0;
            let area = ui.available_rect_before_wrap();
            let width = (area.width() - gap) * 0.5;
            let left = Rect::from_min_size(area.min, egui::vec2(width, area.height()));
            let right = Rect::from_min_size(pos2(area.min.x + width + gap, area.min.y), left.size());
            screen(window, ui, &shown, 0, left, &[Side::Input], "Input view");
            screen(window, ui, &shown, 1, right, &[Side::Result], "Result view");
        }
        Layout::Overlay if has_input => {
            let area = ui.available_rect_before_wrap();
            screen(window, ui, &shown, 0, area, &[Side::Result, Side::Input], "Overlay view");
        }
        _ => {
            let area = ui.available_rect_before_wrap();
            screen(window, ui, &shown, 1, area, &[Side::Result], "Result view");
        }
    }
}

impl Views {
    /// Pictures are about another point from now on.
    fn scene_about(&mut self, _center: DVec3) {
        self.screens.iter_mut().for_each(|screen| screen.last = None);
    }
}

fn screen(window: &mut Window, ui: &mut Ui, shown: &Shown, number: usize, area: Rect, sides: &[Side], name: &str) {
    let response = ui.allocate_rect(area, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, name));
    let moving = navigate(&mut window.state.camera, window.settings.mouse, ui, &response);
    pick(window, ui, &response, sides);
    let pixels_per_point = ui.ctx().pixels_per_point();
    let size_px = [area.width(), area.height()].map(|side| ((side * pixels_per_point) as u32).max(1));
    let colors = theme::of(ui);
    let state = &window.state;
    let view = View {
        camera: state.camera,
        scene_origin: state.scene_origin,
        section: state.section,
        section_color: gpu(colors.cut, 1.0),
        background: gpu(colors.view, 1.0),
        pixels_per_point,
    };
    let heat = state.heat.then(|| heat(window)).flatten();
    let views = &mut window.views;
    let drawn: Vec<(Key, bool, Look)> = sides
        .iter()
        .filter_map(|&side| {
            let (key, ready) = views.ready(side)?;
            let see_through = sides.len() > 1 && side == Side::Input;
            let look = look(colors, side, shown.is_current, see_through, state.edges && ready.edges, heat);
            Some((key, true, look))
        })
        .collect();
    let looks = Looks { view, drawn, selection: state.selection, size_px, moving };
    views.draw(number, &looks, shown);
    let Some(texture) = views.screens[number].texture else { return };
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture, area, uv, egui::Color32::WHITE);
    overlay(ui, window, area, sides, shown);
}

impl Views {
    fn draw(&mut self, number: usize, looks: &Looks, shown: &Shown) {
        let samples = if self.gpu.is_software && looks.moving { 1 } else { 4 };
        let screen = &mut self.screens[number];
        let fits = screen.target.as_ref().is_some_and(|t| t.size_px() == looks.size_px && t.samples() == samples);
        if fits && screen.last.as_ref() == Some(looks) {
            return;
        }
        if !fits {
            let target = Target::new(&self.gpu, looks.size_px, samples);
            let mut renderer = self.egui.renderer.write();
            let filter = wgpu::FilterMode::Linear;
            match screen.texture {
                Some(id) => {
                    renderer.update_egui_texture_from_wgpu_texture(
                        &self.egui.device,
                        target.texture_view(),
                        filter,
                        id,
                    );
                }
                None => {
                    screen.texture =
                        Some(renderer.register_native_texture(&self.egui.device, target.texture_view(), filter));
                }
            }
            screen.target = Some(target);
        }
        screen.last = Some(looks.clone());
        let Some(target) = self.screens[number].target.as_ref() else { return };
        let mut drawings = Vec::new();
        for (key, _, look) in &looks.drawn {
            let Some(ready) = self.slots.iter().find(|slot| slot.key == *key).and_then(|slot| slot.ready.as_ref())
            else {
                continue;
            };
            if key.side == Side::Result
                && let Some(part) = &shown.part
            {
                ready.shape.mark(&self.gpu, &marks(part, looks.selection));
            }
            drawings.push(Drawing { shape: &ready.shape, look: *look });
        }
        self.renderer.draw(&self.gpu, target, &looks.view, &drawings);
        self.drawn += 1;
    }
}

/// The words of `face_marks` in the shaders.
fn marks(part: &Part, selection: Selection) -> Vec<u32> {
    let mut marks = vec![0u32; part.faces.len()];
    let mut set = |face: Option<u32>, bit: u32| {
        if let Some(mark) = face.and_then(|face| marks.get_mut(face as usize)) {
            *mark |= bit;
        }
    };
    set(selection.face, 1);
    set(selection.hovered, 2);
    if let Some(call) = selection.call {
        for face in part.faces_of_call(call) {
            marks[face as usize] |= 4;
        }
    }
    marks
}

pub(super) fn look(
    colors: &Palette,
    side: Side,
    current: bool,
    see_through: bool,
    edges: bool,
    heat: Option<Heat>,
) -> Look {
    let color = match side {
        Side::Input => colors.scan,
        Side::Result if current => colors.part,
        Side::Result => colors.stale_part,
    };
    Look {
        color: gpu(color, if see_through { 0.35 } else { 1.0 }),
        back_color: gpu(colors.back, 1.0),
        highlight_color: gpu(colors.selected, 1.0),
        edge_color: gpu(colors.edge, 1.0),
        faces: true,
        edges: edges && side == Side::Result,
        edge_width: 1.4,
        point_size: 1.6,
        heat: heat.filter(|_| side == Side::Input),
    }
}

/// The scale of the heat map: the tolerance asked for, and three times it (or the 95th percentile) at the end.
pub(super) fn heat(window: &Window) -> Option<Heat> {
    let item = window.document.active()?;
    let scan = item.input.scan()?;
    let comparison = item.program.current_comparison()?;
    let tolerance = window.state.tolerance.unwrap_or(scan.bounds.longest_side() / 500.0);
    let p95 = comparison.deviation.map_or(0.0, |deviation| deviation.p95);
    Some(Heat { scale: (3.0 * tolerance).max(p95) as f32, tolerance: tolerance as f32 })
}

/// Orbit, pan and zoom. Whether the camera is being moved.
fn navigate(camera: &mut Camera, mouse: MousePreset, ui: &Ui, response: &egui::Response) -> bool {
    let height = response.rect.height().max(1.0);
    let by = response.drag_delta();
    let motion = motion(mouse, ui, response);
    match motion {
        Some(Motion::Move) => camera.pan(Vec2::new(by.x, by.y) / height),
        // Half the height of the view is a quarter turn.
        Some(Motion::Turn) => camera.orbit(Vec2::new(by.x, by.y) * (std::f32::consts::PI / height)),
        None => {}
    }
    let mut moving = motion.is_some() && by != egui::Vec2::ZERO;
    if response.hovered() {
        let scroll = ui.input(|input| input.smooth_scroll_delta.y);
        if scroll != 0.0
            && let Some(pointer) = response.hover_pos()
        {
            let at = (pointer - response.rect.center()) / height;
            camera.zoom((scroll * 0.004).exp(), Vec2::new(at.x, at.y));
            moving = true;
        }
    }
    if moving {
        // One more frame in full quality when the hand rests.
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(150));
    }
    moving
}

/// What the drag that goes on does.
fn motion(mouse: MousePreset, ui: &Ui, response: &egui::Response) -> Option<Motion> {
    use egui::PointerButton::{Middle, Primary, Secondary};
    let (shift, ctrl) = ui.input(|input| (input.modifiers.shift, input.modifiers.command));
    [(Primary, MouseButton::Left), (Middle, MouseButton::Middle), (Secondary, MouseButton::Right)]
        .into_iter()
        .filter(|(button, _)| response.dragged_by(*button))
        .find_map(|(_, button)| mouse.motion(button, shift, ctrl))
}

/// Selects the face under a click, and remembers the one under the pointer.
fn pick(window: &mut Window, ui: &Ui, response: &egui::Response, sides: &[Side]) {
    if !sides.contains(&Side::Result) {
        return;
    }
    let at = response.hover_pos().filter(|_| !response.dragged());
    let hit = at.and_then(|pointer| face_at(window, response.rect, pointer));
    if window.state.selection.hovered != hit {
        window.state.selection.hovered = hit;
        ui.ctx().request_repaint();
    }
    if response.clicked() {
        window.actions.push(Action::SelectFace(hit));
    }
}

fn face_at(window: &Window, area: Rect, pointer: egui::Pos2) -> Option<u32> {
    let (_, ready) = window.views.ready(Side::Result)?;
    let part = window.document.active()?.program.part.as_ref()?;
    let at = (pointer - area.center()) / area.height();
    let (origin, direction) = window.state.camera.ray(Vec2::new(at.x, at.y));
    let origin = origin.as_dvec3() + window.state.scene_origin;
    let direction = direction.as_dvec3();
    let query = ready.pick.as_ref()?;
    let mut from = origin;
    // What a section cuts away is not hit.
    for _ in 0..16 {
        let hit = query.ray(from, direction)?;
        let cut = window.state.section.is_some_and(|section| section.normal.dot(hit.point) > section.distance);
        if !cut {
            return part.mesh.triangle_faces.get(hit.triangle).copied();
        }
        from = hit.point + direction * (1e-6 * (1.0 + hit.distance));
    }
    None
}

/// What is written over a view: its title, the axes, what is under the pointer.
fn overlay(ui: &Ui, window: &Window, area: Rect, sides: &[Side], shown: &Shown) {
    let colors = theme::of(ui);
    let painter = ui.painter_at(area);
    let title = match sides {
        [Side::Input] => "Scan",
        [Side::Result] if shown.part.is_none() => "No part yet",
        [Side::Result] if shown.is_current => "Part",
        [Side::Result] => "Part of the last good run",
        _ => "Scan over part",
    };
    let font = egui::FontId::new(12.0, theme::strong_family());
    painter.text(area.min + egui::vec2(14.0, 12.0), egui::Align2::LEFT_TOP, title, font, colors.text);
    axes(&painter, area, &window.state.camera, colors);
}

fn axes(painter: &egui::Painter, area: Rect, camera: &Camera, colors: &Palette) {
    let origin = area.left_bottom() + egui::vec2(42.0, -42.0);
    let mut axes =
        [(glam::Vec3::X, colors.bad, "X"), (glam::Vec3::Y, colors.good, "Y"), (glam::Vec3::Z, colors.accent, "Z")];
    // Those that point away are drawn first.
    axes.sort_by(|a, b| a.0.dot(camera.towards_eye()).total_cmp(&b.0.dot(camera.towards_eye())));
    for (axis, color, name) in axes {
        let end = origin + egui::vec2(axis.dot(camera.right()), -axis.dot(camera.up())) * 26.0;
        painter.line_segment([origin, end], egui::Stroke::new(2.0, color));
        let font = egui::FontId::new(11.0, theme::strong_family());
        painter.text(end + (end - origin) * 0.28, egui::Align2::CENTER_CENTER, name, font, color);
    }
}
