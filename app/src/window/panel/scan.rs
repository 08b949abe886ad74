//! The facts of a scan, its unit, and how it is prepared.

use egui::{RichText, Ui};
use partwright_geometry::{Geometry, LengthUnit};

use super::notice;
use crate::document::{Item, Preparation, Scan, UpAxis};
use crate::number::{number, rounded};
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::theme;

pub(super) fn show(item: &Item, ui: &mut Ui, actions: &mut Vec<Action>) {
    let Some(scan) = item.input.scan() else { return };
    ui.heading("Scan");
    if scan.unit == LengthUnit::Unknown {
        notice::confirm_unit(ui, actions);
        ui.add_space(6.0);
    }
    facts(scan, ui, actions);
    ui.add_space(6.0);
    preparation(scan.preparation, matches!(&*scan.prepared, Geometry::Cloud(_)), scan, ui, actions);
}

fn facts(scan: &Scan, ui: &mut Ui, actions: &mut Vec<Action>) {
    let colors = theme::of(ui);
    let size = scan.bounds.size();
    let unit = unit_suffix(scan.unit);
    let row = |ui: &mut Ui, name: &str, value: String| {
        ui.label(RichText::new(name).color(colors.text_weak));
        ui.label(value);
        ui.end_row();
    };
    egui::Grid::new("scan facts").num_columns(2).spacing([14.0, 4.0]).show(ui, |ui| {
        row(ui, "Format", scan.file.format.to_string());
        let (what, count) = match &*scan.prepared {
            Geometry::Mesh(mesh) => ("Triangles", mesh.triangles.len()),
            Geometry::Cloud(cloud) => ("Points", cloud.positions.len()),
        };
        row(ui, what, count.to_string());
        row(ui, "Size", format!("{} × {} × {}{unit}", number(size.x), number(size.y), number(size.z)));
        let survey = scan.survey.as_deref();
        if let Some((survey, report)) = survey.and_then(|survey| Some((survey, survey.mesh.as_ref()?))) {
            row(ui, "Bodies", report.bodies.to_string());
            row(ui, "Closed", if report.watertight { "yes" } else { "no" }.to_owned());
            if survey.holes > 0 {
                row(ui, "Holes", format!("{} ({} open edges)", survey.holes, report.boundary_edges));
            }
            if report.non_manifold_edges > 0 {
                row(ui, "Crowded edges", report.non_manifold_edges.to_string());
            }
            if let Some(volume) = report.volume {
                let cubed = if unit.is_empty() { String::new() } else { format!("{unit}³") };
                row(ui, "Volume", format!("{}{cubed}", number(volume)));
            }
        }
        if let Some(noise) = survey.and_then(|survey| survey.noise) {
            row(ui, "Noise", format!("about {}{unit}", rounded(noise, 2)));
        }
        let label = ui.label(RichText::new("Unit").color(colors.text_weak));
        units(scan.unit, label.id, ui, actions);
        ui.end_row();
    });
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

fn preparation(now: Preparation, is_cloud: bool, scan: &Scan, ui: &mut Ui, actions: &mut Vec<Action>) {
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
