//! Inputs of every kind: pictures, descriptions, scans without a unit, several side by side.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use image::{Rgb, RgbImage};
use partwright::document::Input;
use partwright::settings::Settings;
use partwright::window::{Action, Command};
use partwright_geometry::LengthUnit;

use crate::driver::{Driver, repository};

/// A picture of one colour in a file.
fn picture(folder: &Path, name: &str, size_px: [u32; 2]) -> PathBuf {
    let path = folder.join(name);
    RgbImage::from_pixel(size_px[0], size_px[1], Rgb([200, 30, 30])).save(&path).expect("can be written");
    path
}

fn names(driver: &Driver) -> Vec<String> {
    driver.item().input.pictures().iter().map(partwright::document::Picture::name).collect()
}

#[test]
fn pictures_opened_at_once_are_one_item_whose_order_can_be_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = ["a.png", "b.jpg", "c.png"].map(|name| picture(folder.path(), name, [300, 200]));
    let Some(mut driver) = Driver::open(paths.to_vec()) else { return };
    driver.until_idle();
    assert_eq!(driver.window().document.items().len(), 1);
    assert_eq!(names(&driver), ["a.png", "b.jpg", "c.png"]);
    assert!(driver.harness.query_by_label("The pictures as the network sees them").is_some());
    assert!(driver.harness.query_by_label("Cannot be reconstructed yet").is_none());
    assert_eq!(driver.harness.query_all_by_label_contains("300 × 200 px, scaled to 128 × 85 px").count(), 3);

    driver.harness.get_by_label("Move earlier: b.jpg").click();
    driver.harness.run_steps(2);
    assert_eq!(names(&driver), ["b.jpg", "a.png", "c.png"]);
    driver.harness.get_by_label("Remove a.png").click();
    driver.harness.run_steps(2);
    assert_eq!(names(&driver), ["b.jpg", "c.png"]);
    for _ in 0..2 {
        driver.act(Action::Command(Command::Undo));
    }
    assert_eq!(names(&driver), ["a.png", "b.jpg", "c.png"]);
    driver.act(Action::Command(Command::Redo));
    assert_eq!(names(&driver), ["b.jpg", "a.png", "c.png"]);

    // Two more: one of them is too many, and is named.
    let more = ["d.png", "e.png"].map(|name| picture(folder.path(), name, [20, 20]));
    driver.act(Action::Drop(more.to_vec()));
    driver.until_idle();
    assert_eq!(names(&driver), ["b.jpg", "a.png", "c.png", "d.png"]);
    let log = driver.window().state.log.join("\n");
    assert!(log.contains("at most 4 pictures") && log.contains("e.png"), "{log}");
}

#[test]
fn a_broken_picture_is_named_and_the_others_are_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = picture(folder.path(), "good.png", [20, 20]);
    let broken = folder.path().join("broken.png");
    std::fs::write(&broken, "no picture").expect("can be written");
    let Some(mut driver) = Driver::open(vec![broken, good]) else { return };
    driver.until_idle();
    assert_eq!(names(&driver), ["good.png"]);
    let log = driver.window().state.log.join("\n");
    assert!(log.contains("broken.png") && log.contains("no picture that can be read"), "{log}");
}

#[test]
fn a_description_is_written_undone_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let pictures = ["b.png", "a.png"].map(|name| picture(folder.path(), name, [20, 20]));
    let Some(mut driver) = Driver::keeping(folder.path(), pictures.to_vec()) else { return };
    driver.until_idle();
    driver.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    assert!(driver.harness.query_by_label("0 of 2400 characters").is_some());
    // The field has the focus.
    driver.harness.event(egui::Event::Text("A plate with a hole".to_owned()));
    driver.harness.run_steps(3);
    let text = |driver: &Driver| match &driver.item().input {
        Input::Description(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text(&driver), "A plate with a hole");
    assert!(driver.harness.query_by_label("19 of 2400 characters").is_some());
    driver.act(Action::Command(Command::Undo));
    assert_eq!(text(&driver), "");
    driver.act(Action::Command(Command::Redo));
    let alone = Settings { model: "none".to_owned(), ..driver.window().settings.clone() };
    driver.act(Action::ChangeSettings(Box::new(alone)));
    driver.act(Action::Command(Command::Reconstruct));
    assert!(driver.window().state.log.join("\n").contains("need a network"));
    let kept = folder.path().join("session.json");
    driver
        .until("it is kept", |_| std::fs::read_to_string(&kept).is_ok_and(|text| text.contains("A plate with a hole")));
    // The window is gone without having been closed.
    drop(driver);

    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.act(Action::AnswerRecovery(true));
    driver.until_idle();
    assert_eq!(driver.window().document.items().len(), 2);
    assert_eq!(text(&driver), "A plate with a hole");
    let first = driver.window().document.items()[0].id;
    driver.act(Action::Activate(first));
    assert_eq!(names(&driver), ["b.png", "a.png"]);
}

#[test]
fn a_unit_that_nobody_named_is_confirmed_once() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.stl")]) else { return };
    driver.until_idle();
    assert_eq!(driver.item().unit(), LengthUnit::Unknown);
    assert!(driver.harness.query_by_label("The file names no unit").is_some());
    driver.harness.get_by_label("The unit is millimetres").click();
    driver.harness.run_steps(3);
    assert_eq!(driver.item().unit(), LengthUnit::Millimetre);
    assert!(driver.harness.query_by_label("The file names no unit").is_none());
    driver.act(Action::Command(Command::Undo));
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("The file names no unit").is_some());
}

#[test]
fn a_scan_is_reported_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("open.stl");
    // A box without its lid, in ASCII: one hole of four edges.
    let corner = |i: usize| format!("vertex {} {} {}\n", i & 1, i >> 1 & 1, i >> 2);
    let sides = [[0, 2, 3, 1], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let facets = sides.iter().flat_map(|s| [[s[0], s[1], s[2]], [s[0], s[2], s[3]]]).map(|triangle| {
        let corners: String = triangle.into_iter().map(corner).collect();
        format!("facet normal 0 0 0\nouter loop\n{corners}endloop\nendfacet\n")
    });
    std::fs::write(&path, format!("solid box\n{}endsolid box\n", facets.collect::<String>())).expect("can be written");
    let Some(mut driver) = Driver::open(vec![path, repository("assets/samples/bracket-scan.ply")]) else { return };
    driver.until_idle();
    let at = |driver: &Driver, name: &str| {
        driver.window().document.items().iter().find(|item| item.name == name).map(|item| item.id).expect("it is open")
    };
    let open = at(&driver, "open.stl");
    driver.act(Action::Activate(open));
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("1 (4 open edges)").is_some());
    let cloud = at(&driver, "bracket-scan.ply");
    driver.act(Action::Activate(cloud));
    driver.harness.run_steps(2);
    let noise = driver.item().input.scan().and_then(|scan| scan.survey.as_ref()?.noise).expect("it is a noisy cloud");
    assert!((0.01..0.2).contains(&noise), "{noise}");
    assert!(driver.harness.query_by_label("Noise").is_some());
}

#[test]
fn items_stand_side_by_side_and_are_reached_by_the_keyboard() {
    let files = ["flange.py", "flange.stl"].map(|name| repository("assets/samples").join(name));
    let Some(mut driver) = Driver::open(files.to_vec()) else { return };
    driver.until_idle();
    let program = driver.window().document.items().iter().find(|item| item.name == "flange.py").map(|item| item.id);
    driver.act(Action::Activate(program.expect("it is open")));
    driver.act(Action::SetText("r = nothing\n".to_owned()));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    assert!(driver.harness.query_by_label("flange.py: its program has a fault").is_some());
    let row = driver.harness.get_by(|node| node.label().is_some_and(|label| label.ends_with("  flange.stl")));
    row.focus();
    driver.harness.run_steps(2);
    driver.press(Modifiers::NONE, Key::Enter);
    assert_eq!(driver.item().name, "flange.stl");
}
