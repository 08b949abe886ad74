//! Calm notices: what is the matter, and what can be done about it.

use egui::{Frame, RichText, Stroke, Ui};
use partwright_geometry::LengthUnit;

use crate::network;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::{icon, theme};

/// A framed notice with a symbol, and below its words what can be done.
pub(super) fn show(ui: &mut Ui, title: &str, words: &str, more: impl FnOnce(&mut Ui)) {
    let colors = theme::of(ui);
    let frame = Frame::new().fill(colors.raised).stroke(Stroke::new(1.0, colors.line));
    frame.corner_radius(8.0).inner_margin(10).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new(icon::INFO).color(colors.accent).size(16.0));
            ui.label(RichText::new(title).family(theme::strong_family()));
        });
        if !words.is_empty() {
            ui.label(RichText::new(words).color(colors.text_weak));
        }
        more(ui);
    });
}

/// That `what` cannot be reconstructed yet, where no network is there to ask.
pub(super) fn no_network(window: &mut Window, ui: &mut Ui, what: &str) {
    if window.networks.current().is_some() {
        return;
    }
    let words = format!(
        "{what} need a network, and {}. They are kept with the session. Another network can be chosen in the settings. A scan \
         of the part needs none, and its program can be written in the Code tab.",
        match window.settings.model.as_str() {
            network::NONE => "the settings ask for none".to_owned(),
            name => format!("{name}, which the settings name, is not installed"),
        }
    );
    show(ui, "Cannot be reconstructed yet", &words, |ui| {
        if ui.button("Look again").on_hover_text("Looks whether a network was installed meanwhile").clicked() {
            window.networks.look(&window.settings.model);
        }
    });
}

/// Asks for the unit of a scan whose file names none.
pub(super) fn confirm_unit(ui: &mut Ui, actions: &mut Vec<Action>) {
    show(ui, "The file names no unit", "The numbers of this scan are in:", |ui| {
        ui.horizontal(|ui| {
            let units = [
                ("mm", "millimetres", LengthUnit::Millimetre),
                ("cm", "centimetres", LengthUnit::Centimetre),
                ("m", "metres", LengthUnit::Metre),
                ("inch", "inches", LengthUnit::Inch),
            ];
            for (short, long, unit) in units {
                let button = ui.button(short);
                let name = format!("The unit is {long}");
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                if button.on_hover_text(&name).clicked() {
                    actions.push(Action::SetUnit(unit));
                }
            }
        });
    });
}
