//! Short messages in the corner, which leave by themselves.

use egui::{Align2, Area, Color32, Frame, Id, Order, RichText, Sense};

use super::{icon, theme};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something went wrong.
    Fault,
}

impl Kind {
    /// Seconds for which it stays: a fault has to be read.
    fn seconds(self) -> f64 {
        match self {
            Self::Done | Self::Note => 5.0,
            Self::Fault => 12.0,
        }
    }
}

#[derive(Clone, Debug)]
struct Toast {
    text: String,
    kind: Kind,
    /// When it was first shown, in egui's time.
    since: Option<f64>,
}

/// The messages that are shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Toasts(Vec<Toast>);

/// Most messages at a time; the oldest leave for newer ones.
const MOST: usize = 5;

impl Toasts {
    /// Shows a message from the next frame on.
    pub(super) fn add(&mut self, kind: Kind, text: impl Into<String>) {
        self.0.push(Toast { text: text.into(), kind, since: None });
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }

    pub(super) fn show(&mut self, ctx: &egui::Context) {
        let now = ctx.input(|input| input.time);
        for toast in &mut self.0 {
            toast.since.get_or_insert(now);
        }
        self.0.retain(|toast| toast.since.is_none_or(|since| now - since < toast.kind.seconds()));
        let Some(next) = self.0.iter().map(|toast| toast.since.unwrap_or(now) + toast.kind.seconds()).reduce(f64::min)
        else {
            return;
        };
        ctx.request_repaint_after(std::time::Duration::from_secs_f64((next - now).max(0.05)));
        let colors = theme::palette(ctx.theme());
        let mut dismissed = None;
        let area =
            Area::new(Id::unique("toasts")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, [-16.0, -48.0]);
        area.show(ctx, |ui| {
            for (index, toast) in self.0.iter().enumerate() {
                let (symbol, color): (&str, Color32) = match toast.kind {
                    Kind::Done => (icon::CHECK_CIRCLE, colors.good),
                    Kind::Note => (icon::INFO, colors.accent),
                    Kind::Fault => (icon::WARNING_CIRCLE, colors.bad),
                };
                let stroke = egui::Stroke::new(1.0, color);
                let frame = Frame::new().fill(colors.raised).stroke(stroke).corner_radius(8.0).inner_margin(10);
                let shown = frame.show(ui, |ui| {
                    ui.set_width(340.0);
                    ui.horizontal_top(|ui| {
                        ui.label(RichText::new(symbol).color(color).size(17.0));
                        ui.add(egui::Label::new(&toast.text).wrap());
                    });
                });
                let clicked = shown.response.interact(Sense::click());
                clicked.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Dismiss the message"));
                if clicked.on_hover_text("Click to dismiss").clicked() {
                    dismissed = Some(index);
                }
            }
        });
        if let Some(index) = dismissed {
            self.0.remove(index);
        }
    }
}
