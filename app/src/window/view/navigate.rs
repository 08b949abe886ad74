//! Moving the camera, and what is under the pointer.

use egui::{Rect, Ui};
use glam::{DVec3, Vec2};

use super::measure::Picked;
use crate::document::Side;
use crate::render::Camera;
use crate::settings::{Motion, MouseButton, MousePreset};
use crate::window::app::Window;
use crate::window::command::{Action, Command};

/// Orbit, pan, zoom, and fit on a double click. Whether the camera is being moved.
pub(super) fn moved(window: &mut Window, ui: &Ui, response: &egui::Response) -> bool {
    if response.double_clicked() {
        window.actions.push(Action::Command(Command::FitView));
        ui.ctx().request_repaint();
    }
    navigate(&mut window.state.camera, window.settings.mouse, ui, response)
}

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

/// Selects the face under a click, or takes it as an end of a measure; remembers the one under the pointer.
pub(super) fn pick(window: &mut Window, ui: &Ui, response: &egui::Response, sides: &[Side]) {
    let at = response.hover_pos().filter(|_| !response.dragged());
    let hit = at.and_then(|pointer| sides.iter().find_map(|side| hit(window, *side, response.rect, pointer)));
    if sides.contains(&Side::Result) {
        let face = hit.and_then(|hit| hit.face);
        if window.state.selection.hovered != face {
            window.state.selection.hovered = face;
            ui.ctx().request_repaint();
        }
    }
    if !response.clicked() {
        return;
    }
    if window.state.measuring.is_some() {
        window.actions.extend(hit.map(Action::Pick));
    } else if sides.contains(&Side::Result) {
        window.actions.push(Action::SelectFace(hit.and_then(|hit| hit.face)));
    }
}

/// The point of the scan or the part that is seen at `pointer`.
fn hit(window: &Window, side: Side, area: Rect, pointer: egui::Pos2) -> Option<Picked> {
    let (_, ready) = window.views.ready(side)?;
    let at = (pointer - area.center()) / area.height();
    let (origin, direction) = window.state.camera.ray(Vec2::new(at.x, at.y));
    let direction: DVec3 = direction.as_dvec3();
    let query = ready.pick.get()?.as_ref()?;
    let mut from = origin.as_dvec3() + window.state.scene_origin;
    // What a section cuts away is not hit.
    for _ in 0..16 {
        let hit = query.ray(from, direction)?;
        let cut = window.state.section.is_some_and(|section| section.normal.dot(hit.point) > section.distance);
        if !cut {
            let part = window.document.active().and_then(|item| item.program.part.as_ref());
            let face = part
                .filter(|_| side == Side::Result)
                .and_then(|part| part.mesh.triangle_faces.get(hit.triangle).copied());
            return Some(Picked { point: hit.point, face });
        }
        from = hit.point + direction * (1e-6 * (1.0 + hit.distance));
    }
    None
}
