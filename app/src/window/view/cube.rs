//! The view cube: a click on one of its faces, edges or corners looks from there.

use egui::{Color32, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};
use glam::{IVec3, Vec2, Vec3};

use super::screen::Screen;
use crate::render::Camera;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme::{self, Palette};

/// Half a side of the cube in points of the screen.
const HALF_SIDE: f32 = 24.0;
/// Where on a face, from its middle, the strips along its edges begin.
const STRIP: f32 = 0.6;
/// Below this a face is seen too flat to be clicked or named.
const FLAT: f32 = 0.08;

const FACES: [(IVec3, &str); 6] = [
    (IVec3::NEG_Y, "Front"),
    (IVec3::Y, "Back"),
    (IVec3::NEG_X, "Left"),
    (IVec3::X, "Right"),
    (IVec3::Z, "Top"),
    (IVec3::NEG_Z, "Bottom"),
];

/// Half the diagonal of a cube of half side 1.
const DIAGONAL: f32 = 1.732_051;
/// Space around it.
const MARGIN: f32 = 8.0;

/// Whether a view is large enough for the cube.
fn has_room(area: Rect) -> bool {
    area.width().min(area.height()) >= 6.0 * HALF_SIDE * DIAGONAL
}

/// The part of a view left of the cube.
pub(super) fn beside(area: Rect) -> Rect {
    let taken = if has_room(area) { 2.0 * (HALF_SIDE * DIAGONAL + MARGIN) } else { 0.0 };
    area.with_max_x(area.max.x - taken)
}

/// The cube in the top right corner of a view.
pub(super) fn show(window: &mut Window, ui: &Ui, screen: &Screen) {
    let reach = HALF_SIDE * DIAGONAL;
    let center = screen.area.right_top() + vec2(-reach - MARGIN, reach + MARGIN);
    if !has_room(screen.area) {
        return;
    }
    let camera = window.state.camera;
    let box_ = Rect::from_center_size(center, egui::Vec2::splat(2.0 * reach));
    let own = ui.scope_id().with(("cube", screen.number));
    let mut response = ui.interact(box_, own, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "View cube"));
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|p| box_.contains(*p));
    let under = pointer.and_then(|p| hit(&camera, Vec2::new(p.x - center.x, center.y - p.y) / HALF_SIDE));
    let mut chosen = None;
    for region in regions(&camera) {
        let middle = place(&camera, center, region);
        // Faces can be reached by keyboard; edges and corners only add to what the arrows of a mouse reach.
        let is_face = region.abs().element_sum() == 1;
        let sense = if is_face { Sense::click() } else { Sense::CLICK };
        let part = ui.interact(Rect::from_center_size(middle, vec2(8.0, 8.0)), own.with(region), sense);
        let name = name(region);
        part.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Look from {}", name.to_lowercase())));
        // Without the pointer (keyboard, assistive technology) the region itself was meant.
        if part.clicked() && under.is_none() {
            chosen = Some(region);
        }
        response = response.union(part);
    }
    let hovered = under.filter(|_| response.hovered());
    if response.clicked() && chosen.is_none() {
        chosen = under;
    }
    paint(ui, &camera, center, hovered, theme::of(ui));
    if let Some(region) = hovered {
        response.on_hover_text(format!("Look from {}", name(region).to_lowercase()));
    }
    window.actions.extend(chosen.map(|region| Action::LookAlong(region.as_vec3())));
}

/// `top front right` and the like.
fn name(region: IVec3) -> String {
    let parts = [(region.z, "top", "bottom"), (region.y, "back", "front"), (region.x, "right", "left")];
    let words = parts.into_iter().filter(|part| part.0 != 0).map(|(c, more, less)| if c > 0 { more } else { less });
    words.collect::<Vec<_>>().join(" ")
}

/// The face (one coordinate), edge (two) or corner (three) of the cube of half side 1 that is seen at a point, right and up
/// from the cube's middle. Parallel projection, whatever the view has.
fn hit(camera: &Camera, at: Vec2) -> Option<IVec3> {
    let (right, up, eye) = (camera.right(), camera.up(), camera.towards_eye());
    let in_plane = right * at.x + up * at.y;
    FACES.into_iter().find_map(|(normal, _)| {
        let normal = normal.as_vec3();
        let facing = normal.dot(eye);
        if facing < FLAT {
            return None;
        }
        let p = in_plane + eye * ((1.0 - normal.dot(in_plane)) / facing);
        let inside = p.abs().max_element() <= 1.0 + 1e-4;
        let step = |c: f32| if c > STRIP { 1 } else { -i32::from(c < -STRIP) };
        inside.then(|| IVec3::new(step(p.x), step(p.y), step(p.z)))
    })
}

/// The faces, edges and corners that are seen.
fn regions(camera: &Camera) -> Vec<IVec3> {
    let eye = camera.towards_eye();
    let all = (-1..=1).flat_map(|x| (-1..=1).flat_map(move |y| (-1..=1).map(move |z| IVec3::new(x, y, z))));
    all.filter(|region| FACES.iter().any(|(normal, _)| normal.as_vec3().dot(eye) >= FLAT && region.dot(*normal) == 1))
        .collect()
}

/// Where a region's middle is on the screen: on the cube's surface, within the strips it is made of.
fn place(camera: &Camera, center: Pos2, region: IVec3) -> Pos2 {
    let eye = camera.towards_eye();
    let facing = FACES.iter().map(|(normal, _)| *normal).filter(|normal| region.dot(*normal) == 1);
    let on = facing.max_by(|a, b| a.as_vec3().dot(eye).total_cmp(&b.as_vec3().dot(eye))).unwrap_or(region);
    let strip = region.as_vec3() * (0.5 * (1.0 + STRIP));
    let on_surface = Vec3::select(on.cmpne(IVec3::ZERO), on.as_vec3(), strip);
    project(camera, center, on_surface)
}

fn project(camera: &Camera, center: Pos2, p: Vec3) -> Pos2 {
    center + vec2(p.dot(camera.right()), -p.dot(camera.up())) * HALF_SIDE
}

fn paint(ui: &Ui, camera: &Camera, center: Pos2, hovered: Option<IVec3>, colors: &Palette) {
    let painter = ui.painter();
    for (normal, name) in FACES {
        let direction = normal.as_vec3();
        let facing = direction.dot(camera.towards_eye());
        if facing < 1e-3 {
            continue;
        }
        let across = if normal.z == 0 { Vec3::Z.cross(direction) } else { Vec3::X };
        let upward = direction.cross(across);
        let at = |u: f32, v: f32| project(camera, center, direction + across * u + upward * v);
        let square = |low: [f32; 2], high: [f32; 2]| {
            vec![at(low[0], low[1]), at(high[0], low[1]), at(high[0], high[1]), at(low[0], high[1])]
        };
        let face = square([-1.0; 2], [1.0; 2]);
        // The corners of a sliver would be drawn as spikes.
        let outline = if facing < 0.12 { Stroke::NONE } else { Stroke::new(1.0, colors.text_weak) };
        painter.add(egui::Shape::convex_polygon(face, colors.raised, outline));
        if let Some(region) = hovered.filter(|region| region.dot(normal) == 1) {
            let strip = |axis: Vec3| match region.as_vec3().dot(axis) {
                c if c > 0.5 => (STRIP, 1.0),
                c if c < -0.5 => (-1.0, -STRIP),
                _ => (-STRIP, STRIP),
            };
            let (u, v) = (strip(across), strip(upward));
            let cell = square([u.0, v.0], [u.1, v.1]);
            painter.add(egui::Shape::convex_polygon(cell, colors.accent.gamma_multiply(0.5), Stroke::NONE));
        }
        if facing > 0.45 {
            let size = 10.0;
            let font = egui::FontId::new(size, theme::strong_family());
            let color: Color32 = colors.text;
            painter.text(project(camera, center, direction), egui::Align2::CENTER_CENTER, name, font, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::StandardView;

    fn check(view: StandardView, at: [f32; 2], expected: Option<[i32; 3]>) {
        let mut camera = Camera::default();
        camera.look_from(view);
        assert_eq!(hit(&camera, at.into()), expected.map(IVec3::from), "{view:?} {at:?}");
    }

    #[test]
    fn faces_edges_and_corners_are_hit() {
        check(StandardView::Front, [0.0, 0.0], Some([0, -1, 0]));
        check(StandardView::Front, [0.8, 0.0], Some([1, -1, 0]));
        check(StandardView::Front, [-0.8, 0.9], Some([-1, -1, 1]));
        check(StandardView::Front, [1.2, 0.0], None);
        check(StandardView::Top, [0.0, -0.8], Some([0, -1, 1]));
        check(StandardView::Right, [0.0, 0.0], Some([1, 0, 0]));
        check(StandardView::Isometric, [0.0, 0.0], Some([1, -1, 1]));
        check(StandardView::Isometric, [0.0, 0.8], Some([0, 0, 1]));
    }

    #[test]
    fn every_seen_region_is_hit_at_its_place() {
        for view in StandardView::ALL {
            let mut camera = Camera::default();
            camera.look_from(view);
            for region in regions(&camera) {
                let p = place(&camera, Pos2::ZERO, region);
                assert_eq!(hit(&camera, Vec2::new(p.x, -p.y) / HALF_SIDE), Some(region), "{view:?}");
            }
        }
    }

    #[test]
    fn regions_have_names() {
        assert_eq!(name(IVec3::new(1, -1, 1)), "top front right");
        assert_eq!(name(IVec3::NEG_Y), "front");
    }
}
