//! The bar of the section plane: its direction, its place, its side.

use egui::{DragValue, Rect, Role, Slider, Ui, WidgetInfo, vec2};
use glam::DVec3;
use partwright_geometry::Bounds;

use super::card::card;
use crate::render::Section;
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::icon;
use crate::window::state::unit_suffix;

const AXES: [(&str, DVec3); 3] = [("X", DVec3::X), ("Y", DVec3::Y), ("Z", DVec3::Z)];

/// The distances along `normal` between which a plane cuts a box.
pub(in crate::window) fn range(bounds: Bounds, normal: DVec3) -> [f64; 2] {
    let (middle, half) = (normal.dot(bounds.center()), normal.abs().dot(bounds.size() * 0.5));
    [middle - half, middle + half]
}

/// The same plane direction at the same share of the box, seen along another normal.
fn turned(section: Section, normal: DVec3, bounds: Bounds) -> Section {
    let [low, high] = range(bounds, section.normal);
    let share = if high > low { ((section.distance - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
    let [low, high] = range(bounds, normal);
    Section { normal, distance: low + share * (high - low) }
}

/// The same plane; the other side is cut away.
fn flipped(section: Section) -> Section {
    Section { normal: -section.normal, distance: -section.distance }
}

/// 1 where the normal points along its main axis, -1 where against it: a plane stays at the same place when it is flipped.
fn sign(section: Section) -> f64 {
    let [x, y, z] = section.normal.to_array();
    let main = if z.abs() >= x.abs().max(y.abs()) {
        z
    } else if y.abs() >= x.abs() {
        y
    } else {
        x
    };
    1f64.copysign(main)
}

/// The place of the plane along its main axis, as it is shown.
fn shown(section: Section) -> f64 {
    // Without "-0".
    sign(section) * section.distance + 0.0
}

fn shown_range(section: Section, bounds: Bounds) -> [f64; 2] {
    range(bounds, section.normal * sign(section))
}

/// The plane at another place.
fn moved(section: Section, shown: f64) -> Section {
    Section { distance: sign(section) * shown, ..section }
}

/// The bar at the top of a view, while there is a section.
pub(super) fn show(window: &mut Window, ui: &mut Ui, area: Rect) {
    let Some(section) = window.state.section else { return };
    let Some(item) = window.document.active() else { return };
    let part = item.program.part.as_ref().map(|part| part.bounds());
    let scan = item.input.scan().map(|scan| scan.bounds);
    let Some(bounds) = scan.map_or(part, |scan| Some(part.map_or(scan, |part| scan.union(part)))) else { return };
    let unit = unit_suffix(item.unit());
    let eye = window.state.camera.towards_eye().as_dvec3().normalize_or(DVec3::Z);
    let width = 440.0f32.min(area.width() - 24.0);
    // In a narrow view the bar has several rows, and stands at the bottom; else below the title of the view and its cube.
    let is_narrow = width < 380.0;
    let place = if is_narrow {
        Rect::from_min_size(area.left_bottom() + vec2(12.0, -116.0), vec2(width, 104.0))
    } else {
        Rect::from_min_size(area.min + vec2(12.0, 100.0), vec2(width, 36.0))
    };
    let mut wanted = None;
    card(ui, place, "Section plane", |ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        ui.spacing_mut().slider_width = (if is_narrow { width - 24.0 } else { width - 342.0 }).max(24.0);
        let direction = |ui: &mut Ui| direction(ui, section, bounds, eye);
        if is_narrow {
            ui.vertical(|ui| {
                let first = ui.horizontal(direction).inner;
                let row = |ui: &mut Ui| {
                    let typed = field(ui, section, bounds, unit);
                    typed.or(side(ui, section))
                };
                let second = ui.horizontal(row).inner;
                wanted = first.or(second).or(slider(ui, section, bounds));
            });
        } else {
            let changes =
                [direction(ui), slider(ui, section, bounds), field(ui, section, bounds, unit), side(ui, section)];
            wanted = changes.into_iter().flatten().next();
        }
    });
    window.actions.extend(wanted);
}

/// The buttons of the directions.
fn direction(ui: &mut Ui, section: Section, bounds: Bounds, eye: DVec3) -> Option<Action> {
    let mut wanted = None;
    for (name, axis) in AXES {
        let on = section.normal.dot(axis).abs() > 1.0 - 1e-9;
        let label = format!("Cut across {name}");
        let button = ui.selectable_label(on, name).on_hover_text(&label);
        button.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &label));
        if button.clicked() {
            wanted = Some(Action::SetSection(turned(section, axis, bounds)));
        }
    }
    let button = ui.button("View").on_hover_text("Cut across the direction of view");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Cut across the view"));
    if button.clicked() {
        wanted = Some(Action::SetSection(turned(section, eye, bounds)));
    }
    wanted
}

/// The place of the plane as a slider.
fn slider(ui: &mut Ui, section: Section, bounds: Bounds) -> Option<Action> {
    let (mut place, [low, high]) = (shown(section), shown_range(section, bounds));
    let slider = ui.add(Slider::new(&mut place, low..=high).show_value(false)).on_hover_text("Move the plane");
    slider.widget_info(|| WidgetInfo::slider(true, place, "Section position, slider"));
    slider.changed().then(|| Action::SetSection(moved(section, place)))
}

/// The place of the plane as a number to type.
fn field(ui: &mut Ui, section: Section, bounds: Bounds, unit: &str) -> Option<Action> {
    let (mut place, [low, high]) = (shown(section), shown_range(section, bounds));
    // A drag over a tenth of the screen moves the plane by about a tenth of the box.
    let field = DragValue::new(&mut place).range(low..=high).speed((high - low) / 1000.0);
    let field = ui.add_sized([84.0, 24.0], field.max_decimals(3).suffix(unit));
    field.widget_info(|| WidgetInfo { label: Some("Section position".into()), ..WidgetInfo::drag_value(true, place) });
    let field = field.on_hover_text("Where the plane is: drag, or click and type");
    field.changed().then(|| Action::SetSection(moved(section, place)))
}

/// The buttons that flip the plane and end it.
fn side(ui: &mut Ui, section: Section) -> Option<Action> {
    let flip = ui.button("Flip").on_hover_text("Cut away the other side");
    flip.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Flip the section"));
    let end = ui.small_button(icon::X).on_hover_text("No section");
    end.widget_info(|| WidgetInfo::labeled(Role::Button, true, "End the section"));
    if flip.clicked() {
        Some(Action::SetSection(flipped(section)))
    } else {
        end.clicked().then_some(Action::Command(Command::ToggleSection))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_stay_within_the_box() {
        let bounds = Bounds { min: DVec3::new(0.0, -1.0, 2.0), max: DVec3::new(4.0, 1.0, 8.0) };
        let bits = |range: [f64; 2]| range.map(f64::to_bits);
        assert_eq!(bits(range(bounds, DVec3::X)), bits([0.0, 4.0]));
        assert_eq!(bits(range(bounds, DVec3::NEG_Z)), bits([-8.0, -2.0]));
        let section = Section { normal: DVec3::X, distance: 3.0 };
        assert_eq!(turned(section, DVec3::Z, bounds), Section { normal: DVec3::Z, distance: 6.5 });
        assert_eq!(flipped(section), Section { normal: DVec3::NEG_X, distance: -3.0 });
    }

    #[test]
    fn a_flipped_plane_is_shown_at_the_same_place() {
        let bounds = Bounds { min: DVec3::new(0.0, -1.0, 2.0), max: DVec3::new(4.0, 1.0, 8.0) };
        for normal in [DVec3::X, DVec3::NEG_Y, DVec3::new(0.6, 0.0, -0.8)] {
            let section = moved(Section { normal, distance: 0.0 }, 3.0);
            for section in [section, flipped(section)] {
                assert!((shown(section) - 3.0).abs() < 1e-12, "{section:?}");
                assert!(shown_range(section, bounds)[0] < shown_range(section, bounds)[1]);
            }
        }
        let section = Section { normal: DVec3::NEG_Z, distance: -3.0 };
        let bits = |range: [f64; 2]| range.map(f64::to_bits);
        assert_eq!(bits(shown_range(section, bounds)), bits([2.0, 8.0]));
        assert_eq!(moved(section, 5.0), Section { distance: -5.0, ..section });
    }
}
