//! The whole way of a user: a scan, its part, a changed number, STEP.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use partwright::document::{RunState, constants, with_constant};
use partwright::job::ExportKind;
use partwright::window::{Action, Tab};

use crate::driver::{Driver, repository};

#[test]
fn a_scan_becomes_a_part_that_can_be_changed_and_exported() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.stl")]) else { return };
    driver.until_idle();
    assert!(driver.item().input.scan().is_some());

    driver.press(Modifiers::COMMAND, Key::Enter);
    driver.until("there are proposals", |w| w.document.active().is_some_and(|item| !item.proposals.is_empty()));
    driver.until_idle();
    assert_eq!(driver.item().program.run, RunState::Done);
    let iou = driver.item().program.comparison.as_ref().and_then(|c| c.iou).expect("a closed mesh has an IoU");
    assert!(iou > 0.9, "{iou}");
    let scored = driver.item().proposals[0].scored.score.as_ref().and_then(|score| score.iou).expect("was scored");
    assert!((iou - scored).abs() < 1e-3, "one part has one IoU: {iou} and {scored}");

    // The proposal's program is replaced by one with a parameter, which is then changed.
    let text = "import cadquery as cq\nheight = 10.0\nr = cq.Workplane('XY').box(20, 30, height)\n";
    driver.act(Action::SetText(text.to_owned()));
    driver.press(Modifiers::COMMAND, Key::S);
    driver.until_idle();
    assert!((driver.volume() - 6000.0).abs() < 1e-6);
    let constant = constants(text).swap_remove(0);
    driver.act(Action::SetNumber(with_constant(text, &constant, 12.0, Some(1)).expect("it is there")));
    driver.until_idle();
    assert!((driver.volume() - 7200.0).abs() < 1e-6);
    driver.press(Modifiers::COMMAND, Key::Z);
    driver.until_idle();
    assert!((driver.volume() - 6000.0).abs() < 1e-6, "undo");
    driver.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    driver.until_idle();
    assert!((driver.volume() - 7200.0).abs() < 1e-6, "redo");

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("part.step");
    let id = driver.item().id;
    driver.act(Action::ExportTo(id, ExportKind::Step, path.clone()));
    driver.until_idle();
    let step = std::fs::read_to_string(path).expect("it was written");
    assert!(step.starts_with("ISO-10303-21;") && step.contains("MANIFOLD_SOLID_BREP"));
    for spent in driver.window().guard.spent() {
        let [worst, mean] = [spent.worst, spent.sum / spent.times].map(|time| time.as_secs_f64() * 1e3);
        eprintln!("{:<24} longest {worst:7.2} ms, mean {mean:6.3} ms of {}", spent.part, spent.times);
    }
}

#[test]
fn selecting_a_face_marks_its_call() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    let part = driver.item().program.part.clone().expect("it runs");
    driver.act(Action::SelectFace(Some(0)));
    let call = part.faces[0].call.0;
    assert_eq!(driver.window().state.selection.call, Some(call));
    driver.harness.run_steps(3);
    let span = part.history[call as usize].span;
    assert_eq!(driver.window().state.cursor, span.start as usize, "the cursor stands at the call");
}

#[test]
fn an_idle_window_draws_nothing() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    driver.harness.run_steps(5);
    let before = driver.window().pictures_drawn();
    driver.harness.run_steps(10);
    assert!(before > 0);
    assert_eq!(driver.window().pictures_drawn(), before);
    assert!(driver.harness.query_by_label("Result view").is_some());
}

#[test]
fn the_history_tells_the_volume_after_every_call() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.py")]) else { return };
    driver.until_idle();
    assert!(driver.item().program.current_call_volumes().is_none(), "nobody asked yet");
    driver.harness.state_mut().state.tab = Tab::History;
    driver.until("they are measured", |w| {
        w.document.active().is_some_and(|item| item.program.current_call_volumes().is_some())
    });
    let volumes = driver.item().program.current_call_volumes().unwrap_or_default();
    assert_eq!(volumes.len(), driver.item().program.part.as_ref().map_or(0, |part| part.history.len()));
    let last = volumes.iter().flatten().last().expect("there is a body");
    assert!((last - driver.volume()).abs() < 1e-6 * last, "{volumes:?}");
    // A disc of 90 x 10, before the hub is added and the holes are cut.
    let disc = std::f64::consts::PI * 45.0 * 45.0 * 10.0;
    assert!(volumes.iter().flatten().any(|volume| (volume - disc).abs() < 1e-6 * disc), "{volumes:?}");
}
