//! What was proposed, and how the part compares with the scan.

use egui::{RichText, Ui};
use partwright_reconstruct::Verdict;

use crate::document::{Item, Proposal};
use crate::number::number;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::{icon, theme};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let colors = theme::of(ui);
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        measures(item, ui);
        ui.add_space(8.0);
        ui.heading("Candidates");
        if item.proposals.is_empty() {
            ui.label(RichText::new("None yet: reconstruct the scan.").color(colors.text_weak));
        }
        for (index, proposal) in item.proposals.iter().enumerate() {
            if card(proposal, item.chosen == Some(index), index, ui) {
                window.actions.push(Action::Choose(index));
            }
        }
    });
}

fn measures(item: &Item, ui: &mut Ui) {
    let colors = theme::of(ui);
    let program = &item.program;
    let unit = unit_suffix(item.unit());
    ui.heading("Part");
    let Some(part) = &program.part else {
        ui.label(RichText::new("No part yet.").color(colors.text_weak));
        return;
    };
    let row = |ui: &mut Ui, name: &str, value: String| {
        ui.label(RichText::new(name).color(colors.text_weak));
        ui.label(value);
        ui.end_row();
    };
    egui::Grid::new("measures").num_columns(2).spacing([14.0, 4.0]).show(ui, |ui| {
        let properties = &part.properties;
        row(ui, "Volume", number(properties.volume));
        row(ui, "Area", number(properties.area));
        row(ui, "Solids, faces", format!("{}, {}", properties.solids, properties.faces));
        if let Some(comparison) = program.current_comparison() {
            if let Some(iou) = comparison.iou {
                row(ui, "IoU with the scan", format!("{:.2} %", 100.0 * iou));
            }
            if let Some(deviation) = comparison.deviation {
                row(ui, "Deviation, mean", format!("{}{unit}", number(deviation.mean)));
                row(ui, "Deviation, 95 %", format!("{}{unit}", number(deviation.p95)));
                row(ui, "Deviation, largest", format!("{}{unit}", number(deviation.max)));
            }
            if let Some(difference) = comparison.volume_difference {
                row(ui, "Volume difference", number(difference));
            }
        }
    });
}

/// One proposal; whether it was chosen just now.
fn card(proposal: &Proposal, chosen: bool, index: usize, ui: &mut Ui) -> bool {
    let colors = theme::of(ui);
    let scored = &proposal.scored;
    let (symbol, color) = match scored.judgement.verdict {
        Verdict::Good => (icon::CHECK_CIRCLE, colors.good),
        Verdict::Check => (icon::WARNING, colors.check),
        Verdict::Refused => (icon::X_CIRCLE, colors.bad),
    };
    let stroke = egui::Stroke::new(1.0, if chosen { colors.accent } else { colors.line });
    let frame = egui::Frame::new().fill(colors.raised).stroke(stroke).corner_radius(8.0).inner_margin(10);
    let mut clicked = false;
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new(symbol).color(color).size(18.0));
            ui.label(RichText::new(scored.origin.to_string()).family(theme::strong_family()));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let button = ui.add_enabled(proposal.mesh.is_some() && !chosen, egui::Button::new("Use"));
                let name = format!("Use candidate {}", index + 1);
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                clicked = button.clicked();
            });
        });
        let mut facts = vec![format!("{} operations", scored.operations)];
        if let Some(score) = &scored.score {
            facts.extend(score.iou.map(|iou| format!("IoU {:.1} %", 100.0 * iou)));
            facts.push(format!("95 % within {}", number(score.deviation.p95)));
        }
        ui.label(RichText::new(facts.join("   ")).color(colors.text_weak));
        ui.label(&scored.judgement.reason);
    });
    clicked
}
