//! What is kept between sessions: after a crash, after an orderly end, and the settings.

use std::fs;
use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use partwright::document::{Preparation, RunState, UpAxis};
use partwright::settings::{Settings, ThemeChoice};
use partwright::window::{Action, Command};
use partwright_geometry::LengthUnit;

use crate::driver::{Driver, repository};

const EDITED: &str = "import cadquery as cq\nheight = 7.0\nr = cq.Workplane('XY').box(20, 30, height)\n";

/// Waits until the session on disk says something.
#[track_caller]
fn until_kept(driver: &mut Driver, folder: &Path, what: &str) {
    let path = folder.join("session.json");
    driver.until("the session is kept", |_| fs::read_to_string(&path).is_ok_and(|text| text.contains(what)));
}

/// Ends a window in order.
fn quit(mut driver: Driver) {
    driver.act(Action::Command(Command::Quit));
}

/// A scan in a folder of its own, so that it can go away.
fn scan(folder: &Path) -> PathBuf {
    let path = folder.join("scan.stl");
    fs::copy(repository("assets/samples/flange.stl"), &path).expect("can be copied");
    path
}

#[test]
fn after_a_crash_the_session_is_offered_and_brought_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = scan(folder.path());
    let preparation = Preparation { up: UpAxis::X, to_origin: true, ..Preparation::default() };
    let Some(mut driver) = Driver::keeping(folder.path(), vec![path.clone()]) else { return };
    driver.until_idle();
    driver.act(Action::SetUnit(LengthUnit::Inch));
    driver.act(Action::SetPreparation(preparation));
    driver.act(Action::SetText(EDITED.to_owned()));
    driver.until_idle();
    until_kept(&mut driver, folder.path(), "height = 7.0");
    // The window is gone without having been closed.
    drop(driver);

    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("The last session was not ended").is_some());
    assert!(driver.window().document.items().is_empty(), "nothing comes back unasked");
    driver.harness.get_by_label("Restore").click();
    driver.until("the text is back", |window| !window.document.items().is_empty());
    driver.until_idle();
    let item = driver.item();
    assert_eq!((item.program.text.as_str(), item.unit()), (EDITED, LengthUnit::Inch));
    assert_eq!(item.input.scan().map(|scan| scan.preparation), Some(preparation));
    assert_eq!(item.program.run, RunState::Done);
    assert!((driver.volume() - 4200.0).abs() < 1e-6);
    assert!(item.program.comparison.is_some(), "it is measured against the scan again");
    until_kept(&mut driver, folder.path(), "inch");
    drop(driver);

    // The next time the scan is gone: the text comes all the same.
    fs::remove_file(path).expect("it was there");
    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.act(Action::AnswerRecovery(true));
    driver.until_idle();
    assert_eq!(driver.item().program.text, EDITED);
    assert_eq!(driver.item().program.run, RunState::Done);
    let log = driver.window().state.log.join("\n");
    assert!(log.contains("scan.stl") && log.contains("Its program is kept"), "{log}");
}

#[test]
fn after_an_orderly_end_nothing_is_offered_by_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.act(Action::SetText(EDITED.to_owned()));
    driver.until_idle();
    quit(driver);

    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("The last session was not ended").is_none());
    driver.harness.get_by_label("Continue the last session").click();
    driver.until("it is open again", |window| !window.document.items().is_empty());
    driver.until_idle();
    assert_eq!(driver.item().program.text, EDITED);
    quit(driver);
}

#[test]
fn a_session_that_is_refused_is_not_offered_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    until_kept(&mut driver, folder.path(), "width = 60.0");
    drop(driver);

    // Whoever closes the window without an answer is asked again.
    let Some(driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    quit(driver);
    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.harness.run_steps(2);
    driver.harness.get_by_label("Discard").click();
    driver.harness.run_steps(3);
    assert!(driver.harness.query_by_label("The last session was not ended").is_none());
    quit(driver);

    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("The last session was not ended").is_none());
}

#[test]
fn settings_and_recent_files_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = repository("assets/samples/flange.py");
    let Some(mut driver) = Driver::keeping(folder.path(), vec![program.clone()]) else { return };
    driver.until_idle();
    driver.press(Modifiers::COMMAND, Key::Comma);
    assert!(driver.harness.query_by_label("Mouse in the views").is_some());
    driver.harness.get_by_label("Light").click();
    driver.harness.run_steps(2);
    assert_eq!(driver.window().settings.theme, ThemeChoice::Light);
    let settings = Settings { run_secs: 1.0, ..driver.window().settings.clone() };
    driver.act(Action::ChangeSettings(Box::new(settings.clone())));
    driver.harness.get_by_label("Close").click();
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("Mouse in the views").is_none());
    quit(driver);

    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    assert_eq!(driver.window().settings, settings);
    assert_eq!(driver.window().settings.recent, [program]);
    driver.harness.run_steps(2);
    driver.harness.get_by_label_contains("flange.py").click();
    driver.until("it is open", |window| !window.document.items().is_empty());
}

#[test]
fn damaged_settings_are_reported_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("settings.toml");
    fs::write(&path, "theme = \"sepia\"\n").expect("can be written");
    let Some(mut driver) = Driver::keeping(folder.path(), Vec::new()) else { return };
    driver.act(Action::Command(Command::ToggleTheme));
    let log = driver.window().state.log.join("\n");
    assert!(log.contains("settings.toml") && log.contains("line 1"), "{log}");
    quit(driver);
    assert_eq!(fs::read_to_string(path).expect("it is there"), "theme = \"sepia\"\n");
}
