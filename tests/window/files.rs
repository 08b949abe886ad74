//! Files written from the window: by our own dialog, and what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use partwright::document::Part;
use partwright::job::ExportKind;
use partwright::settings::{FileDialogs, Settings};
use partwright::window::{Action, Command};
use ruststep::ast::{EntityInstance, Name, Parameter, Record};

use crate::driver::{Driver, repository};

fn with_flange() -> Option<Driver> {
    let mut driver = Driver::open(vec![repository("assets/samples/flange.py")])?;
    driver.until_idle();
    let settings = Settings { file_dialogs: FileDialogs::Own, ..driver.window().settings.clone() };
    driver.act(Action::ChangeSettings(Box::new(settings)));
    Some(driver)
}

#[test]
fn the_dialog_of_our_own_writes_step_that_reads_back() {
    let Some(mut driver) = with_flange() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("there.step"), "old").expect("written");
    driver.press(Modifiers::COMMAND, Key::E);
    driver.harness.get_by_label("Path");
    let type_path = |driver: &mut Driver, path: &Path| {
        driver.harness.get_by_label("Path").focus();
        driver.harness.run_steps(2);
        driver.press(Modifiers::COMMAND, Key::A);
        driver.harness.get_by_label("Path").type_text(path.to_str().expect("is text"));
        driver.harness.run_steps(2);
    };
    let says = |driver: &Driver, text: &str| driver.harness.query_by_label_contains(text).is_some();

    type_path(&mut driver, &folder.path().join("no/such/folder.step"));
    driver.until_shown("No such file");
    type_path(&mut driver, &folder.path().join("there"));
    driver.until_shown("will be replaced");
    assert!(says(&driver, "there.step is there already"), "the extension was added");

    driver.harness.get_by_label("Path").focus();
    driver.harness.run_steps(2);
    driver.press(Modifiers::NONE, Key::Enter);
    driver.until_idle();
    assert!(driver.harness.query_by_label("Path").is_none(), "the dialog is closed");
    let text = std::fs::read_to_string(folder.path().join("there.step")).expect("was written");
    let part = driver.item().program.part.clone().expect("it ran");
    reads_back(&text, &part);
}

#[test]
fn the_dialog_of_our_own_can_be_left() {
    let Some(mut driver) = with_flange() else { return };
    driver.press(Modifiers::COMMAND, Key::O);
    driver.until_shown("Choose a file");
    driver.harness.get_by_label("Cancel").click();
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("Path").is_none());
    assert_eq!(driver.window().document.items().len(), 1);
}

#[test]
fn what_is_written_is_what_was_asked_for() {
    let Some(mut driver) = with_flange() else { return };
    let (flange, volume) = (driver.item().id, driver.volume());
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    assert!((driver.volume() - volume).abs() > 1.0, "another one is looked at");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("flange.py");
    driver.act(Action::ExportTo(flange, ExportKind::Program, path.clone()));
    driver.until_idle();
    assert!(std::fs::read_to_string(path).expect("was written").contains("BOLT_CIRCLE"));
    let picture = folder.path().join("flange.png");
    driver.act(Action::ExportTo(flange, ExportKind::Picture, picture.clone()));
    driver.until_idle();
    assert!(!picture.exists(), "the views show the other one");
    driver.until_shown("was not written");
}

#[test]
fn a_picture_holds_both_views() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.stl")]) else { return };
    driver.until_idle();
    let program = std::fs::read_to_string(repository("assets/samples/flange.py")).expect("is there");
    driver.act(Action::SetText(program));
    driver.press(Modifiers::COMMAND, Key::S);
    driver.until_idle();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("view.png");
    let id = driver.item().id;
    driver.act(Action::ExportTo(id, ExportKind::Picture, path.clone()));
    driver.until_idle();
    let picture = image::open(path).expect("is a picture").to_rgba8();
    let (width, height) = picture.dimensions();
    assert_eq!(width, 1920);
    let background = *picture.get_pixel(0, 0);
    let drawn = |from: u32, to: u32| {
        let pixels = (from..to).flat_map(|x| (0..height).map(move |y| (x, y)));
        pixels.filter(|(x, y)| *picture.get_pixel(*x, *y) != background).count()
    };
    let (left, right) = (drawn(0, 960), drawn(960, 1920));
    assert!(left > 50_000 && right > 50_000, "{left} {right}");
}

#[test]
fn a_report_holds_pictures_numbers_and_program() {
    let Some(mut driver) = with_flange() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("flange.html");
    let id = driver.item().id;
    driver.act(Action::ExportTo(id, ExportKind::Report, path.clone()));
    driver.until_idle();
    let page = std::fs::read_to_string(path).expect("was written");
    assert_eq!(page.matches("<img src=\"data:image/png;base64,").count(), 4);
    assert!(page.contains("import cadquery as cq"));
    let volume = format!("{:.0}", driver.volume());
    assert!(page.contains(&volume[..volume.len() - 1]), "{volume}");
    assert!(!page.contains("<script"));
}

/// The file is a STEP file in which every reference leads somewhere, with all faces of the part, and in its box.
fn reads_back(text: &str, part: &Part) {
    let exchange = ruststep::parser::parse(text).expect("is STEP");
    let (mut records, mut wanted) = (BTreeMap::new(), BTreeSet::new());
    for entity in &exchange.data[0].entities {
        match entity {
            EntityInstance::Simple { id, record } => {
                references(&record.parameter, &mut wanted);
                records.insert(*id, Some(record));
            }
            EntityInstance::Complex { id, subsuper } => {
                subsuper.into_iter().for_each(|record| references(&record.parameter, &mut wanted));
                records.insert(*id, None);
            }
        }
    }
    let missing: Vec<u64> = wanted.into_iter().filter(|id| !records.contains_key(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let named = |name: &str| records.values().flatten().filter(|record| record.name == name).count();
    assert_eq!(named("ADVANCED_FACE"), part.faces.len());
    assert_eq!(named("MANIFOLD_SOLID_BREP"), part.properties.solids as usize);
    let bounds = part.bounds();
    let vertices = records.values().flatten().filter(|record| record.name == "VERTEX_POINT");
    let points = vertices.map(|vertex| point(vertex, &records)).collect::<Vec<_>>();
    assert_eq!(points.len(), part.properties.vertices as usize);
    for point in points {
        let within = |axis: usize| (bounds.min[axis] - 1e-6..=bounds.max[axis] + 1e-6).contains(&point[axis]);
        assert!((0..3).all(within), "{point:?} is not in {bounds:?}");
    }
}

/// Every entity that a parameter refers to.
fn references(parameter: &Parameter, found: &mut BTreeSet<u64>) {
    match parameter {
        Parameter::Ref(Name::Entity(id)) => {
            found.insert(*id);
        }
        Parameter::List(list) => list.iter().for_each(|parameter| references(parameter, found)),
        Parameter::Typed { parameter, .. } => references(parameter, found),
        _ => {}
    }
}

fn point(vertex: &Record, records: &BTreeMap<u64, Option<&Record>>) -> [f64; 3] {
    let mut ids = BTreeSet::new();
    references(&vertex.parameter, &mut ids);
    let record = ids.first().and_then(|id| records[id]).expect("a vertex has a point");
    assert_eq!(record.name, "CARTESIAN_POINT");
    let Parameter::List(parameters) = &record.parameter else { panic!("{record:?}") };
    let Some(Parameter::List(coordinates)) = parameters.get(1) else { panic!("{record:?}") };
    std::array::from_fn(|axis| match coordinates[axis] {
        Parameter::Real(value) => value,
        Parameter::Integer(value) => value as f64,
        _ => panic!("{record:?}"),
    })
}
