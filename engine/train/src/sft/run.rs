//! A whole run: steps, examinations, and files, until it is done or asked to stop.

use std::ops::ControlFlow;
use std::sync::Arc;

use candle_core::Device;
use partwright_reconstruct::Executor;

use super::{Evaluation, SftConfig, TrainError, Trainer, attempts, evaluation};
use crate::data::Source;
use crate::run_folder::{Examined, Row, RunFolder};

/// What a run tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It begins, or goes on after so many steps.
    Begins {
        /// Numbers in the network.
        parameters: usize,
        /// Steps that were made before.
        steps_done: u64,
    },
    /// A step was made.
    Step(Row),
    /// An examination was held after so many steps.
    Examined(Examined),
    /// The state was saved after so many steps.
    Saved(u64),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Steps that were made in all.
    pub steps_done: u64,
    /// Whether these are all.
    pub finished: bool,
    /// The last examination.
    pub last: Option<Evaluation>,
}

/// Trains until all steps are made or `watch` breaks off, which ends the run with everything saved. A folder with a
/// state of the same run is gone on with.
///
/// # Errors
/// [`TrainError`], by cause.
pub fn run(
    config: SftConfig,
    source: Arc<dyn Source>,
    device: &Device,
    folder: &RunFolder,
    executor: &dyn Executor,
    watch: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<Outcome, TrainError> {
    let state = folder.begin(&config)?;
    let (steps, save_every, every) = (config.training.steps, config.training.save_every, config.evaluation.every);
    let mut trainer = Trainer::new(config, source, device, state)?;
    let parameters = trainer.weights().parameters();
    let mut stopped = watch(&Event::Begins { parameters, steps_done: trainer.steps_done() }).is_break();
    let tasks = trainer.tasks()?;
    let mut last = None;
    while !stopped && trainer.steps_done() < steps {
        let row = trainer.step()?;
        folder.add_row(&row)?;
        let done = trainer.steps_done();
        stopped = watch(&Event::Step(row)).is_break();
        let examine = done == steps || every > 0 && done.is_multiple_of(every);
        if examine && !stopped {
            let found = examined(&trainer, &tasks, executor)?;
            last = Some(found);
            let examined = Examined { step: done, evaluation: found };
            folder.add_examined(&examined)?;
            stopped |= watch(&Event::Examined(examined)).is_break();
        }
        if stopped || examine || done == steps || done.is_multiple_of(save_every) {
            folder.save(&trainer)?;
            stopped |= watch(&Event::Saved(done)).is_break();
        }
    }
    Ok(Outcome { steps_done: trainer.steps_done(), finished: trainer.steps_done() >= steps, last })
}

/// Examines the running mean of the weights.
fn examined(trainer: &Trainer, tasks: &[super::Task], executor: &dyn Executor) -> Result<Evaluation, TrainError> {
    let weights = trainer.mean_weights()?;
    let (config, tokenizer, pools) = trainer.examiner();
    let network = weights.snapshot(config)?;
    let most = trainer.config().training.most_answer;
    let written = attempts(&network, tokenizer, tasks, most, pools, executor)?;
    Ok(evaluation(tasks, &written))
}
