//! Writing a program: names offered, lines moved, numbers dragged, text replaced, results that follow.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use partwright::document::{Program, RunState};
use partwright::window::{Action, Command, Tab};

use crate::driver::{Driver, repository};

const BOX: &str = "import cadquery as cq\nheight = 10.0\nr = cq.Workplane('XY').box(20, 30, height)\n";

/// A window with a program that was run, and the cursor in it.
fn written(text: &str, cursor: usize) -> Option<Driver> {
    let mut driver = Driver::open(Vec::new())?;
    driver.act(Action::Command(Command::NewProgram));
    driver.act(Action::SetText(text.to_owned()));
    driver.act(Action::FinishStep);
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    put_cursor(&mut driver, cursor, cursor);
    Some(driver)
}

fn put_cursor(driver: &mut Driver, from: usize, to: usize) {
    let editor = &mut driver.harness.state_mut().state.editor;
    editor.select = Some(from..to);
    editor.take_focus = true;
    driver.harness.run_steps(3);
}

fn type_text(driver: &mut Driver, text: &str) {
    for letter in text.chars() {
        driver.harness.event(Event::Text(letter.to_string()));
        driver.harness.run_steps(2);
    }
}

fn text(driver: &Driver) -> &str {
    let Program { text, .. } = &driver.item().program;
    text
}

#[test]
fn methods_are_offered_after_a_dot_and_taken_with_enter() {
    let start = "import cadquery as cq\nr = cq.Workplane('XY')";
    let Some(mut driver) = written(start, start.len()) else { return };
    type_text(&mut driver, ".");
    let offers = |driver: &Driver| driver.window().state.editor.completion.clone().map_or(0, |list| list.offers.len());
    let all = offers(&driver);
    assert!(all > 20, "{all}");
    type_text(&mut driver, "bo");
    assert!((1..all).contains(&offers(&driver)));
    assert!(driver.harness.query_by_label_contains("box(length, width, height").is_some(), "with its signature");
    driver.press(Modifiers::NONE, Key::Enter);
    assert_eq!(text(&driver), format!("{start}.box("));
    assert_eq!(offers(&driver), 0);
    type_text(&mut driver, "1, 2, 3).");
    driver.press(Modifiers::NONE, Key::Escape);
    assert_eq!(offers(&driver), 0, "Esc closes the list");
    type_text(&mut driver, "cle");
    driver.press(Modifiers::CTRL, Key::Space);
    driver.press(Modifiers::NONE, Key::Tab);
    assert_eq!(text(&driver), format!("{start}.box(1, 2, 3).clean("));
}

#[test]
fn lines_are_indented_and_made_comments() {
    let Some(mut driver) = written("for i in range(2):\na = 1\nb = 2\n", 18) else { return };
    driver.press(Modifiers::NONE, Key::Enter);
    type_text(&mut driver, "c");
    assert_eq!(text(&driver), "for i in range(2):\n    c\na = 1\nb = 2\n");
    let from = text(&driver).find("a =").expect("a line");
    put_cursor(&mut driver, from, from + 7);
    driver.press(Modifiers::NONE, Key::Tab);
    assert_eq!(text(&driver), "for i in range(2):\n    c\n    a = 1\n    b = 2\n");
    driver.press(Modifiers::COMMAND, Key::Slash);
    assert_eq!(text(&driver), "for i in range(2):\n    c\n    # a = 1\n    # b = 2\n");
    driver.press(Modifiers::COMMAND, Key::Slash);
    driver.press(Modifiers::SHIFT, Key::Tab);
    assert_eq!(text(&driver), "for i in range(2):\n    c\na = 1\nb = 2\n");
}

#[test]
fn a_program_runs_while_it_is_typed_and_keeps_its_part_when_it_fails() {
    let Some(mut driver) = written(BOX, 0) else { return };
    driver.act(Action::Command(Command::ToggleRunWhileTyping));
    let at = BOX.find("0.0").expect("the height");
    put_cursor(&mut driver, at, at + 1);
    type_text(&mut driver, "2");
    driver.until("the part is higher", |window| {
        let part = window.document.active().and_then(|item| item.program.part.clone());
        part.is_some_and(|part| (part.properties.volume - 7200.0).abs() < 1e-6)
    });
    type_text(&mut driver, "x");
    driver.until("it fails", |window| {
        window.document.active().is_some_and(|item| matches!(item.program.run, RunState::Failed(_)))
    });
    assert!((driver.volume() - 7200.0).abs() < 1e-6, "the last part stays");
    assert!(!driver.item().program.is_current());
}

#[test]
fn a_number_is_dragged_in_the_text_as_one_step() {
    let Some(mut driver) = written(BOX, 0) else { return };
    driver.harness.event(Event::ModifiersChanged(Modifiers::COMMAND));
    let editor = driver.harness.get_by_label("Code editor").rect();
    let found = (0..60).find_map(|step| {
        // The second line, from left to right.
        let at = editor.left_top() + egui::vec2(5.0 * step as f32, 27.0);
        driver.harness.hover_at(at);
        driver.harness.run_steps(1);
        driver.harness.query_by_label("Number in the program").is_some().then_some(at)
    });
    let at = found.expect("the number is under one of these points");
    driver.harness.run_steps(1);
    driver.harness.drag_at(at);
    driver.harness.run_steps(1);
    for step in 1..=5 {
        driver.harness.hover_at(at + egui::vec2(12.0 * step as f32, 0.0));
        driver.harness.run_steps(1);
    }
    driver.harness.drop_at(at + egui::vec2(60.0, 0.0));
    driver.harness.event(Event::ModifiersChanged(Modifiers::NONE));
    driver.harness.run_steps(2);
    driver.until_idle();
    assert_eq!(text(&driver), BOX.replace("10.0", "12.0"));
    assert!((driver.volume() - 7200.0).abs() < 1e-6);
    driver.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&driver), BOX, "one step");
}

#[test]
fn text_is_found_and_replaced_in_one_step() {
    let Some(mut driver) = written(BOX, 0) else { return };
    driver.press(Modifiers::COMMAND, Key::F);
    type_text(&mut driver, "HEIGHT");
    assert!(driver.harness.query_by_label("1 of 2").is_some());
    driver.press(Modifiers::NONE, Key::Enter);
    assert!(driver.harness.query_by_label("2 of 2").is_some());
    driver.harness.state_mut().state.editor.replacement = "thickness".to_owned();
    driver.harness.run_steps(1);
    driver.harness.get_by_label("Replace all").click();
    driver.harness.run_steps(3);
    assert_eq!(text(&driver), BOX.replace("height", "thickness"));
    driver.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&driver), BOX);
    driver.press(Modifiers::NONE, Key::Escape);
    assert!(driver.window().state.find.is_none());
    assert!(driver.harness.get_by_label("Code editor").is_focused(), "the text has the focus again");
}

#[test]
fn an_empty_pane_teaches_and_a_parameter_is_reset() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.stl")]) else { return };
    driver.until_idle();
    driver.harness.get_by_label("Insert a first program").click();
    driver.harness.run_steps(3);
    driver.until_idle();
    assert!((driver.volume() - 24_000.0).abs() < 1e-6);
    let first = text(&driver).to_owned();
    driver.harness.state_mut().state.tab = Tab::Parameters;
    driver.harness.run_steps(2);
    driver.act(Action::SetNumber(first.replace("10.0", "20.0")));
    driver.until_idle();
    driver.harness.get_by_label("Reset height").click();
    driver.harness.run_steps(3);
    driver.until_idle();
    assert_eq!(text(&driver), first);
    assert!((driver.volume() - 24_000.0).abs() < 1e-6);
}

#[test]
fn the_history_is_a_tree_and_edits_are_compared_with_the_candidate() {
    let Some(mut driver) = Driver::open(vec![repository("assets/samples/flange.stl")]) else { return };
    driver.until_idle();
    driver.act(Action::Command(Command::Reconstruct));
    driver.until_idle();
    driver.harness.state_mut().state.tab = Tab::Compare;
    driver.harness.run_steps(2);
    let changed = "What changed since the candidate";
    assert!(driver.harness.query_by_label(changed).is_none());
    driver.act(Action::SetText(BOX.to_owned()));
    driver.act(Action::Command(Command::Run));
    driver.until_idle();
    assert!(driver.harness.query_by_label(changed).is_some());
    driver.harness.state_mut().state.tab = Tab::History;
    driver.harness.run_steps(2);
    assert!(driver.harness.query_by_label("r").is_some(), "the statement");
    assert!(
        driver.harness.query_by_label("box(20, 30, height)").is_some()
            || driver.harness.query_by_label_contains("box(20, 30").is_some()
    );
}
