//! The settings, and what is to become of a session that was not ended.

use egui::{DragValue, Grid, Id, Modal, RichText, Ui};

use crate::network;
use crate::settings::{
    FileDialogs, MousePreset, RECONSTRUCT_SECS, RUN_MEBIBYTES, RUN_SECS, SAMPLES, Settings, ThemeChoice,
};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme;

/// Most items of a session that are named.
const MOST_NAMED: usize = 8;

/// The dialogs, as far as they are open.
pub(super) fn show(window: &mut Window, ui: &Ui) {
    if window.keeper.crashed {
        recovery(window, ui.ctx());
    } else if window.state.settings_shown {
        settings(window, ui.ctx());
    }
}

fn recovery(window: &mut Window, ctx: &egui::Context) {
    let Some(session) = &window.keeper.offer else { return };
    let mut answer = None;
    // There is no way out but to answer: what is not taken back now is written over.
    Modal::new(Id::unique("recovery")).show(ctx, |ui| {
        ui.set_width(440.0);
        let colors = theme::of(ui);
        ui.heading("The last session was not ended");
        ui.add_space(4.0);
        let why = "Partwright was stopped before it could close. What was open then can be brought back: scans are read \
                   again from their files, programs come with their text as it was.";
        ui.label(RichText::new(why).color(colors.text_weak));
        ui.add_space(6.0);
        for item in session.items.iter().take(MOST_NAMED) {
            let lines = item.program.lines().count();
            let program = match lines {
                0 => String::new(),
                1 => "  (program of 1 line)".to_owned(),
                _ => format!("  (program of {lines} lines)"),
            };
            ui.horizontal(|ui| {
                ui.label(&item.name);
                ui.label(RichText::new(program).color(colors.text_weak));
            });
        }
        if session.items.len() > MOST_NAMED {
            ui.label(RichText::new(format!("and {} more", session.items.len() - MOST_NAMED)).color(colors.text_weak));
        }
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            if ui.button("Restore").clicked() {
                answer = Some(true);
            }
            if ui.button("Discard").on_hover_text("Begin anew; what was open then is lost").clicked() {
                answer = Some(false);
            }
        });
    });
    window.actions.extend(answer.map(Action::AnswerRecovery));
}

fn settings(window: &mut Window, ctx: &egui::Context) {
    let mut wanted = window.settings.clone();
    let networks = &window.networks.names;
    let mut close = false;
    let modal = Modal::new(Id::unique("settings")).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.heading("Settings");
        ui.add_space(6.0);
        Grid::new("settings").num_columns(2).spacing([24.0, 8.0]).show(ui, |ui| fields(&mut wanted, networks, ui));
        ui.add_space(8.0);
        if let Some(path) = &window.keeper.settings_path {
            let place = format!("Kept in {}", path.display());
            ui.add(egui::Label::new(RichText::new(place).small().color(theme::of(ui).text_weak)).wrap());
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            close = ui.button("Close").clicked();
            if ui.button("Usual settings").on_hover_text("All as in a new installation").clicked() {
                let Settings { last_folder, recent, .. } = std::mem::take(&mut wanted);
                wanted = Settings { last_folder, recent, ..Settings::default() };
            }
            if ui.add_enabled(!wanted.recent.is_empty(), egui::Button::new("Forget recent files")).clicked() {
                wanted.recent.clear();
            }
        });
    });
    if wanted != window.settings {
        window.actions.push(Action::ChangeSettings(Box::new(wanted)));
    }
    if close || modal.should_close() {
        window.state.settings_shown = false;
    }
}

fn fields(wanted: &mut Settings, networks: &[String], ui: &mut Ui) {
    ui.label("Theme");
    ui.horizontal(|ui| {
        for theme in ThemeChoice::ALL {
            ui.selectable_value(&mut wanted.theme, theme, theme.name());
        }
    });
    ui.end_row();

    let label = ui.label("Mouse in the views").id;
    let mouse = egui::ComboBox::from_id_salt("mouse").selected_text(wanted.mouse.name()).show_ui(ui, |ui| {
        for preset in MousePreset::ALL {
            ui.selectable_value(&mut wanted.mouse, preset, preset.name()).on_hover_text(preset.help());
        }
    });
    mouse.response.labelled_by(label).on_hover_text(wanted.mouse.help());
    ui.end_row();

    ui.label("File dialogs");
    ui.horizontal(|ui| {
        for dialogs in FileDialogs::ALL {
            ui.selectable_value(&mut wanted.file_dialogs, dialogs, dialogs.name());
        }
    });
    ui.end_row();

    let label = ui.label("Longest run of a program").id;
    ui.add(DragValue::new(&mut wanted.run_secs).range(RUN_SECS).speed(0.1).max_decimals(1).suffix(" s"))
        .labelled_by(label);
    ui.end_row();
    let label = ui.label("Memory of a run").id;
    ui.add(DragValue::new(&mut wanted.run_mebibytes).range(RUN_MEBIBYTES).speed(8.0).suffix(" MiB")).labelled_by(label);
    ui.end_row();
    ui.label("");
    ui.checkbox(&mut wanted.run_while_typing, "Run while typing");
    ui.end_row();

    let label = ui.label("Longest reconstruction").id;
    ui.add(
        DragValue::new(&mut wanted.reconstruct_secs).range(RECONSTRUCT_SECS).speed(1.0).max_decimals(0).suffix(" s"),
    )
    .labelled_by(label);
    ui.end_row();
    let label = ui.label("Network").id;
    let shown = match wanted.model.as_str() {
        network::AUTO => "Where it is needed",
        network::NONE => "None",
        name => name,
    };
    let chosen = egui::ComboBox::from_id_salt("network").selected_text(shown.to_owned()).show_ui(ui, |ui| {
        ui.selectable_value(&mut wanted.model, network::AUTO.to_owned(), "Where it is needed");
        ui.selectable_value(&mut wanted.model, network::NONE.to_owned(), "None");
        for name in networks {
            ui.selectable_value(&mut wanted.model, name.clone(), name);
        }
    });
    let help = "What writes programs beside what is fitted: the default network where the fit does not agree with the scan, \
                none, or one of these in any case";
    chosen.response.labelled_by(label).on_hover_text(help);
    ui.end_row();
    let label = ui.label("Programs it writes").id;
    ui.add(DragValue::new(&mut wanted.samples).range(SAMPLES).speed(0.1)).labelled_by(label);
    ui.end_row();
    let label = ui.label("Seed of a reconstruction").id;
    ui.add(DragValue::new(&mut wanted.seed))
        .labelled_by(label)
        .on_hover_text("The same scan with the same seed gives the same program");
    ui.end_row();
}
