//! Pictures and descriptions with a network: a tiny random one, whose programs are executed or refused.

use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use partwright::document::Input;
use partwright::settings::Settings;
use partwright::window::{Action, Command, Options};
use partwright_cadrille::store::ModelStore;
use partwright_reconstruct::{Origin, Verdict};

use crate::driver::{Driver, repository};

/// A window with a network installed below `folder`.
fn with_network(folder: &Path) -> Option<Driver> {
    let models = folder.join("models");
    let tiny = repository("engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");
    let mut go_on = |_: &partwright_cadrille::store::Progress<'_>| std::ops::ControlFlow::Continue(());
    ModelStore::new(models.clone()).add(&tiny, Some("tiny"), Some("MIT"), &mut go_on).expect("it is installed");
    Driver::with(Options { models: Some(models), ..Options::default() })
}

#[test]
fn a_description_becomes_candidates_while_the_program_is_seen_growing() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut driver) = with_network(folder.path()) else { return };
    driver.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    driver.harness.event(egui::Event::Text("A plate with a hole".to_owned()));
    driver.harness.run_steps(3);
    assert!(matches!(driver.item().input, Input::Description(_)));
    assert!(driver.harness.query_by_label_contains("is not installed").is_none(), "one is");
    driver.act(Action::Command(Command::Reconstruct));
    driver.until("it writes", |window| {
        window.document.active().is_some_and(|item| item.being_written.is_some() || !item.proposals.is_empty())
    });
    driver.until_idle();
    let item = driver.item();
    assert!(item.being_written.is_none() && !item.proposals.is_empty(), "{:?}", driver.window().state.log);
    for proposal in &item.proposals {
        assert!(matches!(proposal.scored.origin, Origin::Network(_)));
        assert_ne!(proposal.scored.judgement.verdict, Verdict::Good);
        assert!(
            proposal.scored.execution.is_ok() || proposal.scored.judgement.reason.contains("could not be executed")
        );
    }
    driver.harness.get_by_label("Candidates");
}

#[test]
fn a_network_that_is_installed_meanwhile_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let models = folder.path().join("models");
    let Some(mut driver) = Driver::with(Options { models: Some(models.clone()), ..Options::default() }) else { return };
    let named = Settings { model: "tiny".to_owned(), ..driver.window().settings.clone() };
    driver.act(Action::ChangeSettings(Box::new(named)));
    driver.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    driver.harness.run_steps(3);
    driver.harness.get_by_label_contains("tiny, which the settings name, is not installed");
    let tiny = repository("engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");
    let mut go_on = |_: &partwright_cadrille::store::Progress<'_>| std::ops::ControlFlow::Continue(());
    ModelStore::new(models).add(&tiny, Some("tiny"), Some("MIT"), &mut go_on).expect("it is installed");
    driver.harness.get_by_label("Look again").click();
    driver.harness.run_steps(3);
    assert!(driver.harness.query_by_label("Look again").is_none());
    // Nothing may still be drawing while the process ends.
    driver.until_idle();
}
