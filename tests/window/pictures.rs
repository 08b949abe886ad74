//! The window's main states as pictures: those of the README, made by a command, and a few that are compared.

use std::path::Path;

use egui::{Key, Modifiers};
use partwright::document::RunState;
use partwright::settings::{Settings, ThemeChoice};
use partwright::window::{Action, Command, Tab};

use crate::driver::{Driver, repository};

/// A program with a fault that every reader sees.
const BROKEN: &str = "import cadquery as cq\n\nwidth = 60.0\ndepth = 40.0\n\n\
                      r = cq.Workplane(\"XY\").box(width, depth, 10.0)\n\
                      r = r.faces(\">Z\").workplane().hole(diameter)\n";

fn with_theme(driver: &mut Driver, theme: ThemeChoice) {
    let settings = Settings { theme, ..driver.window().settings.clone() };
    driver.act(Action::ChangeSettings(Box::new(settings)));
    driver.harness.run_steps(3);
}

fn keep(driver: &mut Driver, name: &str) {
    driver.harness.run_steps(3);
    let picture = driver.harness.render().expect("it can be drawn");
    picture.save(repository("assets").join(name)).expect("it can be written");
}

/// The flange's program fails in its last line; the part of the good text stays, greyed.
fn broken_program() -> Option<Driver> {
    let mut driver = Driver::open(vec![repository("assets/samples/flange.py")])?;
    with_theme(&mut driver, ThemeChoice::Light);
    driver.until_idle();
    driver.act(Action::SetText(BROKEN.to_owned()));
    driver.press(Modifiers::COMMAND, Key::S);
    driver.until("the run failed", |w| {
        w.document.active().is_some_and(|item| matches!(item.program.run, RunState::Failed(_)))
    });
    driver.until_idle();
    Some(driver)
}

/// `packaging/pictures` makes them anew.
#[test]
#[ignore = "writes the README's pictures to assets/"]
fn pictures_of_the_readme() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    with_theme(&mut driver, ThemeChoice::Dark);
    keep(&mut driver, "window-empty.png");

    let Some(mut driver) = Driver::open(vec![repository("assets/samples/bracket-scan.ply")]) else { return };
    with_theme(&mut driver, ThemeChoice::Dark);
    driver.until_idle();
    driver.press(Modifiers::COMMAND, Key::Enter);
    driver.harness.state_mut().state.tab = Tab::Compare;
    driver.until("a candidate came", |w| w.document.active().is_some_and(|item| item.proposals.len() >= 2));
    keep(&mut driver, "window-reconstructing.png");
    driver.until_idle();
    driver.act(Action::Command(Command::ToggleHeat));
    driver.until_idle();
    driver.harness.run_steps(10);
    driver.until_idle();
    keep(&mut driver, "window-deviation.png");

    let Some(mut driver) = broken_program() else { return };
    keep(&mut driver, "window-error.png");
}

/// Graphics drivers differ in the last bits and at the rims of shapes, fonts do not: most of a picture has to be the same.
fn looks_as_before(driver: &mut Driver, name: &str) {
    let options = egui_kittest::SnapshotOptions::new()
        .output_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/window/snapshots"))
        .threshold(1.0)
        .max_failed_pixels(2000);
    driver.harness.run_steps(3);
    driver.harness.snapshot_options(name, &options);
}

#[test]
fn the_first_page_looks_as_before() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    with_theme(&mut driver, ThemeChoice::Dark);
    looks_as_before(&mut driver, "empty");
}

#[test]
fn a_broken_program_looks_as_before() {
    let Some(mut driver) = broken_program() else { return };
    looks_as_before(&mut driver, "error");
}
