//! The views as a picture to be kept.

use std::sync::Arc;

use super::screen::{Style, heat, look};
use crate::document::Side;
use crate::picture::{Shot, Subject};
use crate::window::app::Window;
use crate::window::state::Layout;
use crate::window::theme;

/// Width of the picture, however large the window is.
const WIDTH_PX: u32 = 1920;

/// What the views show, to be drawn; `None` when there is nothing in them.
pub(in crate::window) fn shot(window: &Window, ctx: &egui::Context) -> Option<Shot> {
    let item = window.document.active()?;
    let state = &window.state;
    let colors = theme::palette(ctx.theme());
    let heat = state.heat.then(|| heat(window)).flatten();
    let input = item.input.scan().map(|scan| {
        let distances = heat.and_then(|_| item.program.current_comparison()).map(|c| Arc::clone(&c.distances));
        Subject::Scan(Arc::clone(&scan.prepared), distances)
    });
    let part = item.program.part.as_ref().map(|part| Subject::Part(Arc::clone(part)));
    let overlaid = state.layout == Layout::Overlay && input.is_some() && part.is_some();
    let drawn = |subject: Subject, side: Side| {
        let style = Style {
            is_stale: !item.program.is_current(),
            see_through: overlaid && side == Side::Input && heat.is_none(),
            edges: state.edges || state.wireframe,
            wireframe: state.wireframe,
            point_size: state.point_size,
            heat,
        };
        (subject, look(colors, side, style))
    };
    let input = input.map(|subject| drawn(subject, Side::Input));
    let part = part.map(|subject| drawn(subject, Side::Result));
    let panes: Vec<_> = match state.layout {
        Layout::SideBySide => [input, part].into_iter().flatten().map(|shape| vec![shape]).collect(),
        Layout::Overlay => vec![part.into_iter().chain(input).collect()],
        Layout::Result => part.into_iter().map(|shape| vec![shape]).collect(),
    };
    let shown = panes.iter().any(|pane| !pane.is_empty());
    // The picture shows as much as the window does, and lines are as wide.
    let [width, height] = window.views.pane_px(usize::from(state.layout != Layout::Overlay))?;
    let scale = WIDTH_PX as f32 / (width * panes.len().max(1) as u32) as f32;
    let view = state.view(colors, ctx.pixels_per_point() * scale);
    let size_px = [WIDTH_PX, ((height as f32 * scale) as u32).max(1)];
    shown.then(|| Shot { gpu: window.views.gpu().clone(), size_px, view, panes })
}
