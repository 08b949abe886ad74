//! What goes wrong is said, and nothing is lost by it.

use std::path::PathBuf;

use egui_kittest::kittest::Queryable as _;
use partwright::document::RunState;
use partwright::window::{Action, Command};

use crate::driver::{Driver, repository};

#[test]
fn a_broken_program_shows_its_place_and_keeps_the_last_part() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    let good = driver.volume();
    let text = format!("{}\nr = r.nothing()\n", driver.item().program.text);
    let lines = text.lines().count() as u32;
    driver.act(Action::SetText(text));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    let RunState::Failed(diagnostic) = &driver.item().program.run else { panic!("it fails") };
    assert_eq!(diagnostic.position.map(|at| at.line), Some(lines));
    assert!((driver.volume() - good).abs() < 1e-9, "the last part stays");
    assert!(driver.harness.query_by_label_contains(&format!("Line {lines}")).is_some(), "the place is named");
    driver.act(Action::Command(Command::Undo));
    driver.until_idle();
    assert_eq!(driver.item().program.run, RunState::Done);
}

#[test]
fn a_hanging_program_is_ended_and_the_next_one_runs() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    let text = driver.item().program.text.clone();
    driver.act(Action::SetText("while True:\n    pass\n".to_owned()));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    assert!(matches!(driver.item().program.run, RunState::Failed(_)));
    driver.act(Action::SetText(text));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    assert_eq!(driver.item().program.run, RunState::Done);
}

#[test]
fn a_bad_file_is_named_and_opens_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = folder.path().join("broken.stl");
    std::fs::write(&bad, "solid x\nfacet nonsense").expect("can be written");
    let Some(mut driver) = Driver::open(vec![bad, PathBuf::from("/nowhere/part.ply")]) else { return };
    driver.until_idle();
    assert!(driver.window().document.items().is_empty());
    let log = driver.window().state.log.join("\n");
    assert!(log.contains("broken.stl") && log.contains("/nowhere/part.ply"), "{log}");
}

#[test]
fn a_reconstruction_can_be_stopped() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/bracket-scan.ply")]) else { return };
    driver.until_idle();
    driver.act(Action::Command(Command::Reconstruct));
    driver.act(Action::Command(Command::Stop));
    driver.until_idle();
    assert!(driver.window().jobs.running().is_empty());
}
