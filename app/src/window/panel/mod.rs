//! The panels: each reads the window's state and pushes actions.

mod candidates;
mod code;
mod compare;
mod description;
mod empty;
mod file;
mod history;
mod items;
mod menu;
mod notice;
mod overlay;
mod parameters;
mod pictures;
mod scan;
mod settings;
mod status;
mod verdict;

use std::time::Instant;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::app::Window;
use super::command::Action;
use super::state::Tab;
use super::{apply, theme, view};
use crate::document::Input;

/// All panels of a frame.
pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    let bar = Frame::new().fill(colors.panel).inner_margin(Margin::symmetric(10, 6));
    Panel::top("menu").frame(bar).show(ui, |ui| timed(window, "the menu", |w| menu::show(w, ui)));
    Panel::bottom("status").frame(bar).show(ui, |ui| timed(window, "the status bar", |w| status::show(w, ui)));
    if window.state.log_shown {
        Panel::bottom("log")
            .frame(bar)
            .resizable(true)
            .default_size(140.0)
            .show(ui, |ui| timed(window, "the log", |w| status::log(w, ui)));
    }
    let side = Frame::new().fill(colors.panel).inner_margin(Margin::same(12));
    // In a small window the views keep their share.
    let width = ui.available_width();
    if window.document.items().is_empty() {
        CentralPanel::default()
            .frame(Frame::new().fill(colors.base))
            .show(ui, |ui| timed(window, "the first page", |w| empty::show(w, ui)));
    } else {
        Panel::left("items")
            .frame(side)
            .resizable(true)
            .default_size((0.22 * width).clamp(200.0, 250.0))
            .size_range(200.0..=420.0)
            .show(ui, |ui| {
                timed(window, "the session", |w| items::show(w, ui));
            });
        Panel::right("program")
            .frame(side)
            .resizable(true)
            .default_size((0.34 * width).clamp(300.0, 430.0))
            .size_range(300.0..=900.0)
            .show(ui, |ui| timed(window, "the program", |w| tabs(w, ui)));
        CentralPanel::default()
            .frame(Frame::new().fill(colors.view))
            .show(ui, |ui| timed(window, "the views", |w| middle(w, ui)));
    }
    timed(window, "the dialogs", |window| {
        overlay::show(window, ui);
        settings::show(window, ui);
        file::show(window, ui.ctx());
    });
}

/// Shows a part of the frame, and notes what it took.
fn timed(window: &mut Window, part: &'static str, show: impl FnOnce(&mut Window)) {
    let since = Instant::now();
    show(window);
    window.spent(part, since);
}

/// The views; what has no shape yet is shown itself.
fn middle(window: &mut Window, ui: &mut Ui) {
    match window.document.active().filter(|item| item.program.part.is_none()).map(|item| &item.input) {
        Some(Input::Pictures(_)) => pictures::stage(window, ui),
        Some(Input::Description(_)) => description::stage(window, ui),
        _ => view::show(window, ui),
    }
}

fn tabs(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        for tab in Tab::ALL {
            if ui.selectable_label(window.state.tab == tab, tab.name()).clicked() {
                window.state.tab = tab;
            }
        }
    });
    ui.add_space(4.0);
    match window.state.tab {
        Tab::Code => code::show(window, ui),
        Tab::Parameters => parameters::show(window, ui),
        Tab::History => history::show(window, ui),
        Tab::Compare => compare::show(window, ui),
    }
}

/// A button for a command: icon, label, shortcut in the tooltip, and the reason when it cannot be given.
fn command_button(window: &mut Window, ui: &mut Ui, command: super::command::Command, labelled: bool) {
    let description = command.describe();
    let why_not = apply::unavailable(window, command);
    let text =
        if labelled { format!("{}  {}", description.icon, description.label) } else { description.icon.to_owned() };
    let is_on = command.is_on(&window.state);
    let button = ui.add_enabled(why_not.is_none(), egui::Button::new(text).selected(is_on.unwrap_or(false)));
    button.widget_info(|| {
        let info = egui::WidgetInfo::labeled(egui::Role::Button, why_not.is_none(), description.label);
        egui::WidgetInfo { selected: is_on, ..info }
    });
    let tip = match description.shortcut {
        Some(shortcut) => format!("{} ({})", description.help, ui.ctx().format_shortcut(&shortcut)),
        None => description.help.to_owned(),
    };
    let clicked = button.clicked();
    button.on_hover_text(&tip).on_disabled_hover_text(why_not.unwrap_or_default());
    if clicked {
        window.actions.push(Action::Command(command));
    }
}
