//! Moving the camera.

use egui::Ui;
use glam::Vec2;

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
