//! A small panel over a view.

use egui::{Align, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2};

use crate::window::theme;

/// A panel named `name` that keeps the pointer from the view behind it.
pub(super) fn card<R>(ui: &mut Ui, rect: Rect, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let colors = theme::of(ui);
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, name));
    ui.painter().rect(rect, 8.0, colors.panel, Stroke::new(1.0, colors.line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(10.0, 5.0));
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center));
    let mut inside = ui.new_child(builder);
    // The rail of a slider stands out from the card.
    inside.visuals_mut().widgets.inactive.bg_fill = colors.line;
    add(&mut inside)
}
