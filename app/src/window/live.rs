//! A reconstruction while it goes on: its candidates as they come, the best one shown, and what remains at the end.

use partwright_reconstruct::{ReconstructConfig, Reconstruction, WhenAsked};

use super::app::Window;
use super::apply::{compare, fail, free_pictures, run_program, say};
use super::state::Tab;
use crate::document::{Item, ItemId, Proposal, RunState};
use crate::job::{self, JobKind};
use crate::network;

/// Begins to reconstruct the input of the item looked at.
pub(super) fn start(window: &mut Window) {
    // Networks may have been installed or removed since.
    window.networks.look(&window.settings.model);
    let Some(item) = window.document.active() else { return };
    let config = ReconstructConfig {
        time: Some(window.settings.reconstruct_time()),
        seed: u64::from(window.settings.seed),
        ..ReconstructConfig::default()
    };
    let named = !matches!(window.settings.model.as_str(), network::AUTO | network::NONE);
    let asked = job::Asked {
        network: window.networks.current().cloned(),
        samples: window.settings.samples as usize,
        when: if named { WhenAsked::Always } else { WhenAsked::WhereFitFails },
    };
    let id = item.id;
    if job::reconstruct(&mut window.jobs, &window.programs, item, asked, config).is_none() {
        return;
    }
    window.document.finish_step();
    if let Some(item) = window.document.item_mut(id) {
        item.begin_reconstruction();
    }
    window.state.tab = Tab::Compare;
}

/// A candidate came.
pub(super) fn proposed(window: &mut Window, id: ItemId, proposal: Proposal) {
    let is_active = window.document.active().is_some_and(|item| item.id == id);
    let Some(item) = window.document.item_mut(id) else { return };
    let said = match proposal.iou {
        _ if proposal.mesh.is_none() => {
            format!("{}: a candidate failed: {}", item.name, proposal.scored.judgement.reason)
        }
        Some(iou) => format!("{}: a candidate with an IoU of {:.1} %", item.name, 100.0 * iou),
        None => format!("{}: a candidate without a volume to compare", item.name),
    };
    // What is not looked at gets its program at the end: steps in between would stand among those of the other item.
    let is_shown = item.propose(proposal) && is_active;
    window.state.log.push(said);
    if is_shown {
        show_best(window, id);
    }
}

/// The reconstruction of an item came to its end.
pub(super) fn reconstructed(window: &mut Window, id: ItemId, result: Result<Reconstruction, String>, cancelled: bool) {
    let Some(item) = window.document.item_mut(id) else { return };
    let (proposals, notes, why) = match result {
        Ok(found) => (found.candidates.into_iter().map(Proposal::new).collect(), found.notes, None),
        Err(why) => (Vec::new(), item.notes.clone(), Some(why)),
    };
    item.notes = notes;
    let follows = item.finish_reconstruction(proposals);
    let said = match item.best() {
        Some(best) => {
            format!("{}: {}: {}", item.name, best.scored.judgement.verdict.name(), best.scored.judgement.reason)
        }
        None => format!("{}: nothing was found", item.name),
    };
    window.state.log.push(said);
    free_pictures(window);
    if follows {
        show_best(window, id);
    }
    window.document.finish_step();
    let item = window.document.item(id);
    if item.is_some_and(|item| item.program.run == RunState::Done && item.program.current_comparison().is_none()) {
        compare(window, id);
    }
    match why {
        Some(_) if cancelled => say(window, "Stopped before a program was found"),
        Some(why) => fail(window, &why),
        None => {}
    }
}

/// Takes over the best candidate's program and runs it, unless that is what is shown.
fn show_best(window: &mut Window, id: ItemId) {
    window.document.edit(id, "reconstructing", Item::follow);
    let Some(item) = window.document.item(id) else { return };
    let is_run = item.program.is_current() && item.program.run == RunState::Done;
    // A run that was stopped does not count.
    let runs = item.program.run_revision == item.program.revision && window.jobs.is_running(JobKind::Run, id);
    if !is_run && !runs {
        run_program(window, id, None);
    }
}

/// Takes over the program of a proposal of the item looked at.
pub(super) fn choose(window: &mut Window, index: usize) {
    let Some(id) = window.document.active().map(|item| item.id) else { return };
    window.document.finish_step();
    window.document.edit(id, "choosing a candidate", |item| item.choose(index));
    window.document.finish_step();
    run_program(window, id, None);
}

/// Stops everything that runs. What there is stays; a program that did not come to its end counts as not run.
pub(super) fn stop(window: &mut Window) {
    window.jobs.cancel(|_| true);
    let items: Vec<ItemId> = window.document.items().iter().map(|item| item.id).collect();
    for id in items {
        if let Some(program) = window.document.item_mut(id).map(|item| &mut item.program)
            && program.run == RunState::Running
        {
            program.run = if program.is_current() { RunState::Done } else { RunState::NotRun };
        }
    }
}

/// Whether the part of an item is only the best so far: it is measured at the end.
pub(super) fn is_passing(window: &Window, id: ItemId) -> bool {
    window.document.item(id).is_some_and(Item::is_following) && window.jobs.is_running(JobKind::Reconstruct, id)
}
