//! What was proposed, and how the part compares with the scan.

use egui::{RichText, Ui};

use super::candidates;
use crate::document::Item;
use crate::number::number;
use crate::window::app::Window;
use crate::window::state::unit_suffix;
use crate::window::theme;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let Some(item) = window.document.active() else { return };
        measures(item, ui);
        changes(item, ui);
        ui.add_space(8.0);
        candidates::show(window, ui);
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

/// A measure before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    name: &'static str,
    before: String,
    after: String,
    /// The difference with its sign.
    difference: String,
}

/// What the edits since the chosen candidate changed.
fn changes(item: &Item, ui: &mut Ui) {
    let Some(rows) = changes_since(item) else { return };
    let colors = theme::of(ui);
    ui.add_space(8.0);
    ui.heading("What changed since the candidate");
    let weak = |text: &str| RichText::new(text).color(colors.text_weak);
    if !item.program.is_current() {
        ui.label(weak("The part is older than the text: run it to see its numbers."));
    }
    egui::Grid::new("changes").num_columns(4).spacing([14.0, 4.0]).show(ui, |ui| {
        for title in ["", "Candidate", "Now", "Change"] {
            ui.label(weak(title));
        }
        ui.end_row();
        for row in rows {
            ui.label(weak(row.name));
            for value in [row.before, row.after, row.difference] {
                ui.label(value);
            }
            ui.end_row();
        }
    });
}

/// `None` while nothing was changed, or nothing can be compared.
fn changes_since(item: &Item) -> Option<Vec<Change>> {
    let scored = &item.proposals.get(item.chosen_proposal()?)?.scored;
    let part = item.program.part.as_ref()?;
    if scored.source == item.program.text || *scored.source == *part.source {
        return None;
    }
    let before = scored.execution.as_ref().ok();
    let now = item.program.current_comparison();
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let volume = before.map(|execution| execution.properties.volume);
    let iou = scored.score.as_ref().and_then(|score| score.iou);
    let p95 = scored.score.as_ref().map(|score| score.deviation.p95);
    let faces = before.map(|execution| execution.properties.faces as f64);
    Some(vec![
        change("Volume", volume, Some(part.properties.volume), number),
        change("IoU", iou, now.and_then(|now| now.iou), percent),
        change("Deviation, 95 %", p95, now.and_then(|now| now.deviation).map(|deviation| deviation.p95), number),
        change("Faces", faces, Some(part.properties.faces as f64), number),
    ])
}

fn change(name: &'static str, before: Option<f64>, after: Option<f64>, words: impl Fn(f64) -> String) -> Change {
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), &words);
    let difference = before.zip(after).map(|(before, after)| after - before);
    let difference = difference.map(|by| {
        if by == 0.0 { "same".to_owned() } else { format!("{}{}", if by > 0.0 { "+" } else { "−" }, words(by.abs())) }
    });
    Change { name, before: shown(before), after: shown(after), difference: difference.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_their_sign() {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let check = |before: Option<f64>, after: Option<f64>, expected: [&str; 3]| {
            let Change { before, after, difference, .. } = change("x", before, after, percent);
            assert_eq!([before.as_str(), after.as_str(), difference.as_str()], expected);
        };
        check(Some(0.5), Some(0.75), ["50.0 %", "75.0 %", "+25.0 %"]);
        check(Some(0.75), Some(0.5), ["75.0 %", "50.0 %", "−25.0 %"]);
        check(Some(0.5), Some(0.5), ["50.0 %", "50.0 %", "same"]);
        check(None, Some(0.5), ["–", "50.0 %", ""]);
    }
}
