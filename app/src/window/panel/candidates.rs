//! The candidates as cards: a small picture, who proposed it, what was measured.

use egui::{Image, Label, RichText, Role, Ui, WidgetInfo};

use super::verdict;
use crate::document::Proposal;
use crate::number::rounded;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::{apply, icon, theme, thumbnail};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let is_going_on = apply::is_reconstructing(window);
    let Some(item) = window.document.active() else { return };
    let colors = theme::of(ui);
    ui.heading("Candidates");
    if item.proposals.is_empty() {
        let words = match (is_going_on, item.input.needs_network()) {
            (true, false) => "The first ones come in a moment.",
            (true, true) => "They come when the network has written them.",
            (false, true) if window.networks.current().is_some() => "None yet: press Reconstruct.",
            (false, true) => "None: pictures and descriptions need a network, and there is none to ask.",
            (false, false) => "None yet: reconstruct the scan.",
        };
        ui.label(RichText::new(words).color(colors.text_weak));
        return;
    }
    if is_going_on && item.is_following() {
        let words = "The best one so far is shown. Use one to keep it while others come.";
        ui.label(RichText::new(words).color(colors.text_weak));
    }
    let (chosen, follows, unit) =
        (item.chosen_proposal(), item.is_following() && is_going_on, unit_suffix(item.unit()));
    for (index, proposal) in item.proposals.iter().enumerate() {
        let picture = window.thumbnails.of(proposal, ui.ctx());
        let card = Card { proposal, picture, number: index + 1, is_shown: chosen == Some(index), unit };
        if card.show(follows, ui) {
            window.actions.push(Action::Choose(index));
        }
    }
}

/// One candidate.
struct Card<'a> {
    proposal: &'a Proposal,
    picture: Option<egui::TextureId>,
    /// Its place, counted from 1.
    number: usize,
    is_shown: bool,
    unit: &'static str,
}

impl Card<'_> {
    /// Whether it was chosen just now.
    fn show(&self, follows: bool, ui: &mut Ui) -> bool {
        let colors = theme::of(ui);
        let stroke = egui::Stroke::new(1.0, if self.is_shown { colors.accent } else { colors.line });
        let frame = egui::Frame::new().fill(colors.raised).stroke(stroke).corner_radius(8.0).inner_margin(10);
        let mut clicked = false;
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                self.small_picture(ui);
                ui.vertical(|ui| {
                    clicked = self.title(follows, ui);
                    ui.label(RichText::new(self.facts()).color(colors.text_weak));
                    ui.label(&self.proposal.scored.judgement.reason);
                });
            });
        });
        clicked
    }

    fn small_picture(&self, ui: &mut Ui) {
        let colors = theme::of(ui);
        let size = egui::Vec2::from(thumbnail::SIZE);
        let name = format!("Picture of candidate {}", self.number);
        if let Some(texture) = self.picture {
            let image = ui.add(Image::new((texture, size)).corner_radius(4.0));
            image.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
            return;
        }
        let (place, response) = ui.allocate_exact_size(size, egui::Sense::hover());
        let (symbol, color, words) = if self.proposal.mesh.is_some() {
            (icon::CUBE, colors.line, "is being drawn")
        } else {
            (icon::WARNING_CIRCLE, colors.bad, "it made nothing")
        };
        let font = egui::FontId::proportional(30.0);
        ui.painter().text(place.center(), egui::Align2::CENTER_CENTER, symbol, font, color);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}: {words}")));
    }

    fn title(&self, follows: bool, ui: &mut Ui) -> bool {
        let scored = &self.proposal.scored;
        let mut clicked = false;
        // The button takes its room first: a long title is cut off, not the button.
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let enabled = self.proposal.mesh.is_some() && (!self.is_shown || follows);
                let button = ui.add_enabled(enabled, egui::Button::new("Use"));
                let name = format!("Use candidate {}", self.number);
                button.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
                clicked = button.clicked();
                let why_not = if self.is_shown { "This is the one shown" } else { "It made nothing" };
                button.on_disabled_hover_text(why_not);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let verdict = scored.judgement.verdict;
                    let color = verdict::color(theme::of(ui), verdict);
                    let symbol = match verdict {
                        partwright_reconstruct::Verdict::Good => icon::CHECK_CIRCLE,
                        partwright_reconstruct::Verdict::Check => icon::WARNING,
                        partwright_reconstruct::Verdict::Refused => icon::X_CIRCLE,
                    };
                    ui.label(RichText::new(symbol).color(color).size(18.0)).on_hover_text(verdict::words(verdict));
                    let title = scored.origin.to_string();
                    let shown = RichText::new(&title).family(theme::strong_family());
                    ui.add(Label::new(shown).truncate()).on_hover_text(title);
                });
            });
        });
        clicked
    }

    fn facts(&self) -> String {
        let Proposal { scored, iou, p95, .. } = self.proposal;
        let operations = scored.operations;
        let mut facts = vec![format!("{operations} {}", if operations == 1 { "operation" } else { "operations" })];
        facts.extend(iou.map(|iou| format!("IoU {:.1} %", 100.0 * iou)));
        facts.extend(p95.map(|p95| format!("95 % within {}{}", rounded(p95, 3), self.unit)));
        facts.join("   ")
    }
}
