//! Candidates as they come: shown at once, chosen while others are still to come, drawn as small pictures.

use egui_kittest::kittest::Queryable as _;
use partwright::document::{Proposal, RunState};
use partwright::window::{Action, Command, Tab};

use crate::driver::{Driver, repository};

fn open() -> Option<Driver> {
    let mut driver = Driver::open(vec![repository("assets/samples/flange.stl")])?;
    driver.until_idle();
    Some(driver)
}

#[test]
fn candidates_come_before_the_end_and_the_best_is_shown() {
    let Some(mut driver) = open() else { return };
    driver.act(Action::SetText("import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 3)\n".to_owned()));
    driver.act(Action::Command(Command::Reconstruct));
    assert_eq!(driver.window().state.tab, Tab::Compare);
    driver.until_idle();

    let log = &driver.window().state.log;
    let at = |what: &str| log.iter().position(|line| line.contains(what));
    let (first, end) = (at("a candidate with an IoU of"), at("flange.stl: good"));
    assert!(first.is_some() && first < end, "{log:?}");

    let item = driver.item();
    let best = item.best().expect("something was found");
    assert_eq!((item.program.text.as_str(), item.chosen_proposal()), (best.source(), Some(0)));
    assert!(!item.proposals.iter().any(Proposal::is_provisional));
    assert!(best.iou.is_some_and(|iou| iou > 0.9) && best.p95.is_some());
    assert_eq!(item.program.run, RunState::Done);
    assert!(item.program.current_comparison().is_some(), "the last one is measured");

    // The verdict and its reason are said, and the picture is there.
    driver.harness.run_steps(3);
    assert!(driver.harness.query_by_label("Good").is_some());
    assert!(driver.harness.query_by_label("flange.stl: good").is_some());
    assert!(driver.harness.query_by_label("Picture of candidate 1").is_some());
    driver.until_idle();
    let shapes = driver.item().proposals.iter().filter(|proposal| proposal.mesh.is_some()).count();
    assert_eq!(driver.window().thumbnails_kept(), shapes);

    // All of it is one step.
    driver.act(Action::Command(Command::Undo));
    driver.until_idle();
    assert!((driver.volume() - 6.0).abs() < 1e-6);

    let id = driver.item().id;
    driver.act(Action::Close(id));
    assert_eq!(driver.window().thumbnails_kept(), 0, "the pictures are freed");
}

#[test]
fn what_is_typed_meanwhile_stays() {
    let Some(mut driver) = open() else { return };
    driver.act(Action::Command(Command::Reconstruct));
    let mine = "import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 4)\n";
    driver.act(Action::SetText(mine.to_owned()));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    let item = driver.item();
    assert!(!item.proposals.is_empty(), "the candidates are there");
    assert_eq!((item.program.text.as_str(), item.chosen_proposal()), (mine, None));
    assert!((driver.volume() - 8.0).abs() < 1e-6);
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label_contains("the program was changed since").is_some());
    driver.harness.get_by_label("Use candidate 1").click();
    driver.until_idle();
    assert_eq!(driver.item().chosen_proposal(), Some(0));
    assert_eq!(driver.item().program.text, driver.item().proposals[0].source());
}

#[test]
fn stopping_keeps_what_there_is() {
    let Some(mut driver) = open() else { return };
    driver.act(Action::Command(Command::Reconstruct));
    driver.until("a candidate came, or all", |window| {
        window.document.active().is_some_and(|item| item.best().is_some()) || window.is_settled()
    });
    driver.act(Action::Command(Command::Stop));
    driver.until_idle();
    let item = driver.item();
    let best = item.best().expect("it is kept");
    assert_eq!(item.program.text, best.source());
    assert!(item.program.part.is_some(), "it is shown");
}

#[test]
fn a_program_that_was_stopped_counts_as_not_run() {
    let Some(mut driver) = Driver::open(Vec::new()) else { return };
    driver.act(Action::Command(Command::NewProgram));
    driver.until_idle();
    let text = driver.item().program.text.clone();
    driver.act(Action::SetText("while True:\n    pass\n".to_owned()));
    driver.act(Action::Command(Command::Run));
    assert_eq!(driver.item().program.run, RunState::Running);
    driver.act(Action::Command(Command::Stop));
    driver.until_idle();
    assert_eq!(driver.item().program.run, RunState::NotRun);
    driver.act(Action::SetText(text));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    assert_eq!(driver.item().program.run, RunState::Done);
}
