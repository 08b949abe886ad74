//! The calls of the program and what they made, as a tree: a statement, and below it its calls.

use std::ops::Range;

use egui::{CollapsingHeader, RichText, Ui};

use crate::document::{Part, edit};
use crate::job::JobKind;
use crate::number::number;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::theme;

/// Consecutive calls of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    /// The beginning of the statement.
    title: String,
    /// Its calls, by their numbers.
    calls: Range<usize>,
}

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    let item = window.document.active();
    let unit = item.map_or("", |item| unit_suffix(item.unit()));
    let Some(part) = item.and_then(|item| item.program.part.clone()) else {
        ui.label(RichText::new("Run the program to see its steps.").color(colors.text_weak));
        return;
    };
    let volumes = item.and_then(|item| item.program.current_call_volumes()).map(<[Option<f64>]>::to_vec);
    let is_measured = item.is_some_and(|item| window.jobs.is_running(JobKind::Steps, item.id));
    if volumes.is_none() && !is_measured {
        window.actions.push(Action::MeasureCalls);
    }
    let volumes = volumes.unwrap_or_default();
    let marked = window.state.selection.call;
    let spans: Vec<usize> = part.history.iter().map(|call| call.span.start as usize).collect();
    let groups = groups(&part.source, &spans);
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for (index, group) in groups.iter().enumerate() {
            let faces: usize = group.calls.clone().map(|call| part.faces_of_call(call as u32).count()).sum();
            let title = RichText::new(&group.title).monospace();
            let holds_marked = marked.is_some_and(|call| group.calls.contains(&(call as usize)));
            let title = if holds_marked { title.color(colors.accent) } else { title };
            let header = CollapsingHeader::new(title).id_salt(index).default_open(true).show(ui, |ui| {
                for index in group.calls.clone() {
                    let volume = volumes.get(index).copied().flatten();
                    call(window, &part, index as u32, volume, unit, ui);
                }
            });
            let calls = group.calls.len();
            header.header_response.on_hover_text(format!("{}, {}", counted(calls, "call"), counted(faces, "face")));
        }
    });
}

fn call(window: &mut Window, part: &Part, index: u32, volume: Option<f64>, unit: &str, ui: &mut Ui) {
    let colors = theme::of(ui);
    let Some(call) = part.history.get(index as usize) else { return };
    let faces = part.faces_of_call(index).count();
    let marked = window.state.selection.call == Some(index);
    let name = call.name.strip_prefix("Workplane.").unwrap_or(&call.name);
    let text = RichText::new(format!("{name}({})", call.arguments)).monospace();
    let text = if faces > 0 { text } else { text.color(colors.text_weak) };
    let cubic = if unit.is_empty() { String::new() } else { format!("{unit}³") };
    let volume = volume.map(|volume| format!("{}{cubic}", number(volume)));
    let row = egui::Layout::right_to_left(egui::Align::Center);
    let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
    let response = ui.allocate_ui_with_layout(size, row, |ui| {
        if let Some(volume) = &volume {
            ui.label(RichText::new(volume).small().color(colors.text_weak)).on_hover_text("Volume after this call");
        }
        let left = egui::Layout::left_to_right(egui::Align::Center);
        ui.with_layout(left, |ui| ui.add(egui::Button::selectable(marked, text).truncate())).inner
    });
    let response = response.inner;
    if response.clicked() {
        window.actions.push(Action::MarkCall(Some(index)));
        window.actions.push(Action::GoTo(call.span.start as usize));
    }
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(format!("{}({})", call.name, call.arguments)).monospace());
        if let Some(volume) = &volume {
            ui.label(format!("Volume after it: {volume}"));
        }
        if faces == 0 {
            ui.label("No face of the part comes from this call.");
            return;
        }
        let area: f64 = part.faces.iter().filter(|face| face.call.0 == index).map(|face| face.area).sum();
        let share = 100.0 * area / part.properties.area.max(f64::MIN_POSITIVE);
        let square = if unit.is_empty() { "" } else { "²" };
        ui.label(format!(
            "{} of the part, {}{unit}{square}: {share:.0} % of its area",
            counted(faces, "face"),
            number(area)
        ));
    });
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The calls, which begin at `starts`, by the statements they stand in.
fn groups(source: &str, starts: &[usize]) -> Vec<Group> {
    let statements = edit::statements(source);
    let mut groups: Vec<(Option<usize>, Group)> = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let last = statements.partition_point(|statement| statement.start <= *start).checked_sub(1);
        let statement = last.filter(|last| statements[*last].contains(start));
        match groups.last_mut() {
            Some((open, group)) if *open == statement => group.calls.end = index + 1,
            _ => {
                let text = statement.and_then(|statement| source.get(statements[statement].clone()));
                let title = title(text.unwrap_or_default());
                groups.push((statement, Group { title, calls: index..index + 1 }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What a statement is called: the name it assigns to, or its first line.
fn title(statement: &str) -> String {
    let name = statement.split_once('=').map(|(name, _)| name.trim());
    match name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')) {
        Some(name) => name.to_owned(),
        None => statement.lines().next().unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_stand_below_their_statement() {
        let source =
            "import cadquery as cq\na = cq.Workplane('XY').box(1, 2, 3)\nr = (\n    a\n    .hole(1)\n)\nr.val()\n";
        let starts = ["Workplane", "box", "hole", "val"].map(|name| source.find(name).expect("it is there"));
        let found = groups(source, &starts);
        let found: Vec<_> = found.into_iter().map(|group| (group.title, group.calls)).collect();
        assert_eq!(found, [("a".to_owned(), 0..2), ("r".to_owned(), 2..3), ("r.val()".to_owned(), 3..4)]);
        assert_eq!(groups("", &[5]).len(), 1);
        assert_eq!(groups("x", &[]), []);
    }
}
