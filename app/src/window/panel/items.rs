//! What is open, and the facts of the scan looked at.

use egui::{RichText, Ui};
use partwright_geometry::{Geometry, LengthUnit};

use crate::document::{Input, Item, Preparation, UpAxis};
use crate::number::number;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::{icon, theme};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    ui.heading("Session");
    ui.add_space(2.0);
    let active = window.document.active().map(|item| item.id);
    for item in window.document.items() {
        let symbol = match &item.input {
            Input::Scan(_) => icon::CUBE,
            Input::Pictures(_) => icon::IMAGE,
            Input::Description(_) => icon::TEXT_T,
            Input::Program => icon::FILE_CODE,
        };
        ui.horizontal(|ui| {
            let label = format!("{symbol}  {}", item.name);
            if ui.selectable_label(active == Some(item.id), label).clicked() {
                window.actions.push(Action::Activate(item.id));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let close = ui.small_button(icon::X).on_hover_text("Close");
                let name = format!("Close {}", item.name);
                close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                if close.clicked() {
                    window.actions.push(Action::Close(item.id));
                }
            });
        });
    }
    let Some(item) = window.document.active() else { return };
    ui.separator();
    egui::ScrollArea::vertical().show(ui, |ui| {
        if let Input::Scan(_) = &item.input {
            scan(item, ui, &mut window.actions);
        }
        for note in &item.notes {
            ui.label(RichText::new(note).color(theme::of(ui).text_weak));
        }
    });
}

fn scan(item: &Item, ui: &mut Ui, actions: &mut Vec<Action>) {
    let Some(scan) = item.input.scan() else { return };
    let colors = theme::of(ui);
    ui.heading("Scan");
    let size = scan.bounds.size();
    let unit = unit_suffix(scan.unit);
    let row = |ui: &mut Ui, name: &str, value: String| {
        ui.label(RichText::new(name).color(colors.text_weak));
        ui.label(value);
        ui.end_row();
    };
    egui::Grid::new("scan facts").num_columns(2).spacing([14.0, 4.0]).show(ui, |ui| {
        row(ui, "Format", scan.file.format.to_string());
        let (count, what) = match &*scan.prepared {
            Geometry::Mesh(mesh) => (mesh.triangles.len(), "Triangles"),
            Geometry::Cloud(cloud) => (cloud.positions.len(), "Points"),
        };
        row(ui, what, count.to_string());
        row(ui, "Size", format!("{} × {} × {}{unit}", number(size.x), number(size.y), number(size.z)));
        if let Some(report) = &scan.report {
            row(ui, "Bodies", report.bodies.to_string());
            row(ui, "Closed", if report.watertight { "yes" } else { "no" }.to_owned());
            if report.boundary_edges > 0 {
                row(ui, "Open edges", report.boundary_edges.to_string());
            }
            if let Some(volume) = report.volume {
                row(
                    ui,
                    "Volume",
                    format!("{}{}", number(volume), if unit.is_empty() { String::new() } else { format!("{unit}³") }),
                );
            }
        }
        let label = ui.label(RichText::new("Unit").color(colors.text_weak));
        units(scan.unit, label.id, ui, actions);
        ui.end_row();
    });
    if scan.unit == LengthUnit::Unknown {
        let text = "The file names no unit. STEP is written in millimetres unless you choose one.";
        ui.label(RichText::new(text).small().color(colors.check));
    }
    ui.add_space(6.0);
    preparation(scan.preparation, matches!(&*scan.prepared, Geometry::Cloud(_)), scan, ui, actions);
}

fn units(unit: LengthUnit, label: egui::Id, ui: &mut Ui, actions: &mut Vec<Action>) {
    let known = [
        (LengthUnit::Unknown, "unknown"),
        (LengthUnit::Millimetre, "mm"),
        (LengthUnit::Centimetre, "cm"),
        (LengthUnit::Metre, "m"),
        (LengthUnit::Inch, "inch"),
    ];
    let name = known.iter().find(|(known, _)| *known == unit).map_or("", |(_, name)| name);
    let choices = egui::ComboBox::from_id_salt("unit").selected_text(name).show_ui(ui, |ui| {
        for (choice, name) in known {
            if ui.selectable_label(choice == unit, name).clicked() {
                actions.push(Action::SetUnit(choice));
            }
        }
    });
    choices.response.labelled_by(label);
}

fn preparation(now: Preparation, is_cloud: bool, scan: &crate::document::Scan, ui: &mut Ui, actions: &mut Vec<Action>) {
    let mut wanted = now;
    egui::CollapsingHeader::new("Prepare").default_open(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label("Up");
            for axis in UpAxis::ALL {
                ui.selectable_value(&mut wanted.up, axis, axis.name());
            }
        });
        ui.checkbox(&mut wanted.to_origin, "Centre on the origin");
        ui.add_enabled(is_cloud, egui::Checkbox::new(&mut wanted.without_outliers, "Remove outliers"))
            .on_disabled_hover_text("Only point clouds have outliers");
        let mut crops = wanted.crop.is_some();
        if ui.checkbox(&mut crops, "Crop to a box").changed() {
            wanted.crop = crops.then(|| partwright_geometry::Bounds::of_geometry(&scan.file.geometry)).flatten();
        }
        if let Some(crop) = &mut wanted.crop {
            let speed = scan.bounds.longest_side() / 400.0;
            for (axis, name) in ["X", "Y", "Z"].into_iter().enumerate() {
                ui.horizontal(|ui| {
                    let label = ui.label(name);
                    for (end, value) in [("from", &mut crop.min[axis]), ("to", &mut crop.max[axis])] {
                        let drag = ui.add(egui::DragValue::new(value).speed(speed).prefix(format!("{end} ")));
                        drag.labelled_by(label.id);
                    }
                });
            }
        }
    });
    if wanted != now {
        actions.push(Action::SetPreparation(wanted));
    }
}
