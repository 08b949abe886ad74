//! How a reconstruction went, or how far it is: as a dot in the list, and in words at the head of the panel.

use egui::{Color32, Frame, Label, ProgressBar, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo};
use partwright_reconstruct::Verdict;

use crate::document::{BeingWritten, Item, Proposal, RunState};
use crate::job::{JobKind, Jobs, Running};
use crate::window::theme::{self, Palette};

/// The verdict as a user reads it.
pub(super) fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "Good",
        Verdict::Check => "To be checked",
        Verdict::Refused => "Refused",
    }
}

/// The verdict's colour.
pub(super) fn color(colors: &Palette, verdict: Verdict) -> Color32 {
    match verdict {
        Verdict::Good => colors.good,
        Verdict::Check => colors.check,
        Verdict::Refused => colors.bad,
    }
}

/// The proposal that stands for an item: the chosen one, or the best.
fn standing(item: &Item) -> Option<&Proposal> {
    item.chosen_proposal().and_then(|index| item.proposals.get(index)).or(item.proposals.first())
}

/// The state of an item behind its name: at work, or the verdict, or that its program is wrong.
pub(super) fn state(item: &Item, jobs: &Jobs, ui: &mut Ui) {
    let colors = theme::of(ui);
    if let Some(job) = jobs.running().iter().find(|job| job.item == Some(item.id)) {
        let spinner = ui.add(egui::Spinner::new().size(12.0));
        let name = format!("{}: {}", item.name, job.kind.name().to_lowercase());
        spinner.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &name));
        return;
    }
    let (color, state) = match (&item.program.run, standing(item)) {
        (RunState::Failed(_), _) => (colors.bad, "its program has a fault".to_owned()),
        (_, Some(proposal)) => {
            let verdict = proposal.scored.judgement.verdict;
            (color(colors, verdict), words(verdict).to_lowercase())
        }
        _ => return,
    };
    let (place, dot) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), Sense::hover());
    ui.painter().circle_filled(place.center(), 4.5, color);
    let name = format!("{}: {state}", item.name);
    dot.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    dot.on_hover_text(name);
}

/// The head of the panel: how far the reconstruction is, or its verdict and the reason.
pub(super) fn head(item: &Item, jobs: &Jobs, ui: &mut Ui) {
    let running = jobs.running().iter().find(|job| job.kind == JobKind::Reconstruct && job.item == Some(item.id));
    if running.is_none() && item.proposals.is_empty() {
        return;
    }
    let colors = theme::of(ui);
    let line = match (running, standing(item)) {
        (None, Some(proposal)) => color(colors, proposal.scored.judgement.verdict),
        _ => colors.line,
    };
    let frame = Frame::new().fill(colors.raised).stroke(Stroke::new(1.0, line)).corner_radius(8.0).inner_margin(10);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        match running {
            Some(job) => progress(item, job, ui),
            None => verdict(item, ui),
        }
    });
    ui.add_space(6.0);
}

fn progress(item: &Item, job: &Running, ui: &mut Ui) {
    let colors = theme::of(ui);
    let title = if job.cancel.is_cancelled() { "Stopping" } else { "Reconstructing" };
    ui.label(RichText::new(title).family(theme::strong_family()));
    let stage = if job.stage.is_empty() { "starting" } else { &job.stage };
    ui.add(Label::new(RichText::new(stage).color(colors.text_weak)).truncate());
    let bar = ui.add(ProgressBar::new(job.fraction as f32).desired_height(6.0));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Progress of this stage"));
    let own = item.proposals.first().filter(|proposal| proposal.is_provisional());
    let best = own.and_then(|proposal| proposal.iou).map(|iou| format!("Best so far: IoU {:.1} %", 100.0 * iou));
    let count = own.map(|_| format!("{} candidates", item.proposals.len()));
    let facts: Vec<String> = count.into_iter().chain(best).collect();
    if !facts.is_empty() {
        ui.label(RichText::new(facts.join(", ")).color(colors.text_weak));
    }
    if let Some(written) = &item.being_written {
        being_written(written, ui);
    }
}

/// Height of the place where a program is seen while it is written, in points.
const WRITING_HEIGHT: f32 = 110.0;

/// The end of a program that a network is writing.
fn being_written(written: &BeingWritten, ui: &mut Ui) {
    let colors = theme::of(ui);
    ui.add_space(4.0);
    ui.label(RichText::new("The network writes").color(colors.text_weak));
    ScrollArea::vertical().id_salt("being written").max_height(WRITING_HEIGHT).stick_to_bottom(true).show(ui, |ui| {
        let text = ui.add(Label::new(RichText::new(&written.text).monospace().small()).wrap());
        text.widget_info(|| WidgetInfo::labeled(Role::Label, true, "The program as it is written"));
    });
}

fn verdict(item: &Item, ui: &mut Ui) {
    let Some(proposal) = standing(item) else { return };
    let colors = theme::of(ui);
    let judgement = &proposal.scored.judgement;
    ui.horizontal(|ui| {
        let (place, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), Sense::hover());
        ui.painter().circle_filled(place.center(), 5.0, color(colors, judgement.verdict));
        let title = RichText::new(words(judgement.verdict)).family(theme::strong_family());
        ui.label(title.color(color(colors, judgement.verdict)));
    });
    ui.label(sentence(&judgement.reason));
    if proposal.source() != item.program.text {
        ui.label(RichText::new("This is about the candidate: the program was changed since.").color(colors.text_weak));
    }
}

/// A reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn reasons_become_sentences() {
        assert_eq!(sentence("only 3 % of it"), "Only 3 % of it.");
        assert_eq!(sentence("99 % are shared."), "99 % are shared.");
        assert_eq!(sentence(""), ".");
    }
}
