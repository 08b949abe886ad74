//! A run that was broken off goes on as if it had not been.

use std::fs;
use std::ops::ControlFlow;

use partwright_train::run_folder::RunFolder;
use partwright_train::sft::Event;
use tempfile::tempdir;

use crate::runs::{config, learned, losses, parts};

const TWELVE: &str =
    "steps = 12\nsave_every = 4\nrate = 3e-3\nwarm_up = 3\npart_tokens = 400\n[evaluation]\nsamples = 2\nevery = 5\n";

#[test]
fn a_run_begins_with_a_model_and_learns_what_that_did_not_see() {
    let folder = tempdir().expect("a temporary folder");
    let run = |name: &str| RunFolder::new(folder.path().join(name));
    let steps = "steps = 40\nrate = 3e-3\nwarm_up = 5\nmean_decay = 0.5\n[inputs]\npoints = 1.0\ndescription = 0.0\n[evaluation]\n\
                 samples = 2\nevery = 0\n";
    let first = run("first");
    learned(config(steps), parts(20), &first, &mut |_| ControlFlow::Continue(()));
    let mut on = config(&steps.replace("steps = 40", "steps = 3").replace("description = 0.0", "description = 0.5"));
    on.inputs.edit = 0.5;
    (on.network.preset, on.network.from, on.network.far_points) = (None, Some(first.path().join("model")), 8);
    let second = run("second");
    learned(on.clone(), parts(20), &second, &mut |_| ControlFlow::Continue(()));
    let (first_losses, second_losses) = (losses(&first), losses(&second));
    assert!(second_losses[0] < 0.7 * first_losses[0], "{first_losses:?} {second_losses:?}");
    let sizes = std::fs::read_to_string(second.path().join("model/config.json")).expect("a configuration");
    assert!(sizes.contains("\"num_far_points\": 8"), "{sizes}");
    on.network.from = Some(folder.path().join("nothing"));
    let source = std::sync::Arc::new(partwright_train::data::Fixed(parts(2)));
    let error = partwright_train::sft::Trainer::new(on, source, &candle_core::Device::Cpu, None);
    let error = error.err().expect("there is no model").to_string();
    assert!(error.contains("the model to begin with") && error.contains("nothing"), "{error}");
}

#[test]
fn a_run_that_was_broken_off_makes_the_same_losses() {
    let folder = tempdir().expect("a temporary folder");
    let run = |name: &str| RunFolder::new(folder.path().join(name));
    let whole = run("whole");
    let outcome = learned(config(TWELVE), parts(20), &whole, &mut |_| ControlFlow::Continue(()));
    assert_eq!((outcome.steps_done, outcome.finished), (12, true));

    // Asked to stop after step 7, which is saved; one thread in place of two; later steps in the table are not believed.
    let broken = run("broken");
    let mut stop = |event: &Event| match event {
        Event::Step(row) if row.step == 7 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let outcome = learned(config(&format!("threads = 1\n{TWELVE}")), parts(20), &broken, &mut stop);
    assert_eq!((outcome.steps_done, outcome.finished), (7, false));
    let table = broken.path().join("losses.csv");
    let text = fs::read_to_string(&table).expect("a table");
    fs::write(&table, format!("{text}8,0.5,1,1,1,1,1,0\n9,broken")).expect("a temporary file");
    let mut begun = 0;
    let mut watch = |event: &Event| {
        if let Event::Begins { steps_done, .. } = event {
            begun = *steps_done;
        }
        ControlFlow::Continue(())
    };
    let outcome = learned(config(TWELVE), parts(20), &broken, &mut watch);
    assert_eq!((begun, outcome.finished), (7, true));
    assert_eq!(losses(&broken), losses(&whole));
    assert_eq!(broken.examined().expect("a table"), whole.examined().expect("a table"));
    let model = |run: &RunFolder| fs::read(run.path().join("model/model.safetensors")).expect("a model");
    assert!(model(&broken) == model(&whole), "the models differ");

    // What is done stays done, and another configuration does not go on with it.
    let again = learned(config(TWELVE), parts(20), &broken, &mut |_| ControlFlow::Continue(()));
    assert_eq!((again.steps_done, losses(&broken).len()), (12, 12));
    let other = config(&TWELVE.replace("rate = 3e-3", "rate = 1e-3"));
    let error = broken.begin(&other).expect_err("another run").to_string();
    assert!(error.contains("another configuration"), "{error}");
    fs::write(broken.path().join("state.safetensors"), "no state").expect("a temporary file");
    let error = broken.begin(&config(TWELVE)).expect_err("no state").to_string();
    assert!(error.contains("state.safetensors cannot be read"), "{error}");
}
