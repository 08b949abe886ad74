//! Whole runs: steps, examinations, and files, until they are done or asked to stop.

use std::ops::ControlFlow;
use std::time::Instant;

use candle_core::Device;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::config::adamw;
use super::dpo::{Pair, pairs, refer};
use super::part::HELD_OUT;
use super::row::curves;
use super::{
    Attempted, CppoConfig, DpoConfig, Drawing, Learner, Method, MineConfig, Parts, RlConfig, RlError, RlExamined,
    RlRow, Worth, attempted, cppo, dpo,
};
use crate::reward::Rewarder;
use crate::run_folder::{RunFolder, State};

/// What a run tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RlEvent {
    /// It begins, or goes on after so many steps.
    Begins {
        /// Numbers in the network.
        parameters: usize,
        /// Steps that were made before.
        steps_done: u64,
    },
    /// So many of so many parts were tried before the steps, or to find the hard ones.
    Tried {
        /// Parts tried.
        done: u64,
        /// Parts to try.
        all: u64,
        /// Of those tried, how many are hard, or gave a pair.
        found: u64,
    },
    /// A step of so many was made.
    Step(RlRow, u64),
    /// An examination was held.
    Examined(RlExamined),
    /// The state was saved after so many steps.
    Saved(u64),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RlOutcome {
    /// Steps that were made in all; for mining, parts that were tried.
    pub steps_done: u64,
    /// Whether these are all.
    pub finished: bool,
    /// The last examination.
    pub last: Option<Worth>,
}

/// Told of everything; may break off, which ends the run with everything saved.
pub type Watcher<'a> = &'a mut dyn FnMut(&RlEvent) -> ControlFlow<()>;

/// The table of steps, and that of examinations.
const STEPS: &str = "rewards.csv";
const EXAMINATIONS: &str = "examinations.csv";
/// The pairs of DPO.
const PAIRS: &str = "pairs.json";
/// The table of parts that were tried for hard ones.
pub const HARD: &str = "hard.csv";

/// What all runs have.
struct Setting<'a, M> {
    config: &'a RlConfig<M>,
    parts: &'a dyn Parts,
    folder: &'a RunFolder,
    rewarder: &'a Rewarder<'a>,
}

impl<M: Method> Setting<'_, M> {
    fn begin(&self) -> Result<Option<State>, RlError> {
        let known = |text: &str| RlConfig::<M>::parse(text).is_ok_and(|before| self.config.continues(&before));
        let tables = [(STEPS, RlRow::HEAD), (EXAMINATIONS, RlExamined::HEAD)];
        Ok(self.folder.begin_as(&self.config.to_text()?, &known, &tables)?)
    }

    /// The likeliest answers for parts that are never learned from.
    fn examined(&self, learner: &Learner, most_tokens: usize) -> Result<RlExamined, RlError> {
        let network = learner.mean()?;
        let numbers: Vec<u64> = (HELD_OUT..).take(self.config.evaluation.samples).collect();
        let drawing = Drawing { samples: 1, temperature: 0.0, most_tokens, seed: 0 };
        let found = attempted(&learner.student(&network), self.parts, &numbers, &drawing, self.rewarder)?;
        Ok(RlExamined { step: learner.step, worth: Worth::of(&found) })
    }

    /// What follows a step: its line, an examination, and files where it is time for them. Whether the run was stopped.
    fn after_step(
        &self,
        learner: &Learner,
        row: RlRow,
        plan: &Plan,
        last: &mut Option<Worth>,
        watch: Watcher<'_>,
    ) -> Result<bool, RlError> {
        self.folder.append(STEPS, &row.line())?;
        let mut stopped = watch(&RlEvent::Step(row, plan.steps)).is_break();
        let (done, every) = (learner.step, self.config.evaluation.every);
        let is_last = done >= plan.steps;
        if !stopped && self.config.evaluation.samples > 0 && (is_last || every > 0 && done.is_multiple_of(every)) {
            let examined = self.examined(learner, plan.most_tokens)?;
            *last = Some(examined.worth);
            self.folder.append(EXAMINATIONS, &examined.line())?;
            stopped |= watch(&RlEvent::Examined(examined)).is_break();
        }
        if stopped || is_last || done.is_multiple_of(plan.save_every) {
            self.save(learner)?;
            stopped |= watch(&RlEvent::Saved(done)).is_break();
        }
        Ok(stopped)
    }

    fn save(&self, learner: &Learner) -> Result<(), RlError> {
        let read = |name: &str| Ok::<_, RlError>(self.folder.read(name)?.unwrap_or_default());
        self.folder.write("curves.html", curves(&read(STEPS)?, &read(EXAMINATIONS)?).as_bytes())?;
        learner.save(self.folder)
    }
}

/// How long a run is, and when it saves.
struct Plan {
    steps: u64,
    most_tokens: usize,
    save_every: u64,
}

/// Dr. CPPO: answers are drawn for a batch of parts, and those that are farthest from the mean of their part are learned from,
/// a few times each. There is no reference network.
///
/// # Errors
/// [`RlError`], by cause.
pub fn run_cppo(
    config: &RlConfig<CppoConfig>,
    parts: &dyn Parts,
    device: &Device,
    folder: &RunFolder,
    rewarder: &Rewarder<'_>,
    watch: Watcher<'_>,
) -> Result<RlOutcome, RlError> {
    let setting = Setting { config, parts, folder, rewarder };
    let t = config.training;
    let state = setting.begin()?;
    let seen = (config.inputs, config.augmentation);
    let mut learner = Learner::new(&config.model, seen, adamw(t.mean_decay), t.threads, device, state)?;
    let parameters = learner.weights().parameters();
    let mut stopped = watch(&RlEvent::Begins { parameters, steps_done: learner.step }).is_break();
    let plan = Plan { steps: t.steps, most_tokens: t.most_tokens, save_every: t.save_every };
    let drawing = Drawing { samples: t.samples, temperature: t.temperature, most_tokens: t.most_tokens, seed: t.seed };
    let mut last = None;
    while !stopped && learner.step < t.steps {
        let start = Instant::now();
        let first = learner.step * t.batch as u64;
        let numbers: Vec<u64> = (first..first + t.batch as u64).collect();
        let writer = learner.snapshot()?;
        let tried = attempted(&learner.student(&writer), parts, &numbers, &drawing, rewarder)?;
        let kept = cppo::kept(&tried, &t, &writer, learner.device())?;
        let (mut loss, mut norm) = (0.0, 0.0);
        for _ in 0..if kept.is_empty() { 0 } else { t.updates } {
            let (now, gradients) = cppo::update(learner.network(), learner.weights(), &kept, &t, learner.pools())?;
            loss = now;
            norm = learner.move_by(now, &gradients, t.rate, t.clip)?;
        }
        let seconds = start.elapsed().as_secs_f64();
        learner.step += 1;
        learner.seconds += seconds;
        let row = RlRow { step: learner.step, worth: Worth::of(&tried), kept: kept.len(), loss, norm, seconds };
        stopped = setting.after_step(&learner, row, &plan, &mut last, watch)?;
    }
    Ok(RlOutcome { steps_done: learner.step, finished: learner.step >= t.steps, last })
}

/// DPO: answers are drawn once, a pair for each part is ranked, and the network learns to prefer the better one, held by a
/// reference that it replaces now and then.
///
/// # Errors
/// [`RlError`], by cause.
pub fn run_dpo(
    config: &RlConfig<DpoConfig>,
    parts: &dyn Parts,
    device: &Device,
    folder: &RunFolder,
    rewarder: &Rewarder<'_>,
    watch: Watcher<'_>,
) -> Result<RlOutcome, RlError> {
    let setting = Setting { config, parts, folder, rewarder };
    let t = config.training;
    let state = setting.begin()?;
    let seen = (config.inputs, config.augmentation);
    let begun = state.is_some();
    let mut learner = Learner::new(&config.model, seen, adamw(t.mean_decay), t.threads, device, state)?;
    let parameters = learner.weights().parameters();
    let mut stopped = watch(&RlEvent::Begins { parameters, steps_done: learner.step }).is_break();
    let nothing = RlOutcome { steps_done: learner.step, finished: false, last: None };
    let mut all: Vec<Pair> = match folder.read(PAIRS)? {
        Some(text) if begun => serde_json::from_str(&text)
            .map_err(|_| RlError::PairsDamaged(folder.path().join(PAIRS).display().to_string()))?,
        _ => match drawn_pairs(&setting, &learner, watch)? {
            Some(pairs) => pairs,
            None => return Ok(nothing),
        },
    };
    if all.is_empty() {
        return Err(RlError::NothingToPrefer(t.parts));
    }
    let steps_of_epoch = all.len().div_ceil(t.batch) as u64;
    let plan = Plan { steps: t.epochs * steps_of_epoch, most_tokens: t.most_tokens, save_every: t.save_every };
    let mut last = None;
    while !stopped && learner.step < plan.steps {
        let start = Instant::now();
        let (epoch, place) = (learner.step / steps_of_epoch, (learner.step % steps_of_epoch) as usize);
        if place == 0 && epoch > 0 && epoch.is_multiple_of(t.reference_every) {
            let reference = learner.snapshot()?;
            refer(&mut all, &reference, learner.device())?;
            // Both belong together: the steps that follow depend on this reference.
            folder.write(PAIRS, &written(&all))?;
            setting.save(&learner)?;
        }
        let mut order: Vec<&Pair> = all.iter().collect();
        let mut random = ChaCha8Rng::seed_from_u64(t.seed);
        random.set_stream(epoch);
        order.shuffle(&mut random);
        let batch = &order[place * t.batch..((place + 1) * t.batch).min(order.len())];
        let (loss, gradients) = dpo::update(learner.network(), learner.weights(), batch, &t, learner.pools())?;
        let norm = learner.move_by(loss, &gradients, t.rate, t.clip)?;
        let (kept, seconds) = (batch.len(), start.elapsed().as_secs_f64());
        learner.step += 1;
        learner.seconds += seconds;
        let row = RlRow { step: learner.step, worth: Worth::default(), kept, loss, norm, seconds };
        stopped = setting.after_step(&learner, row, &plan, &mut last, watch)?;
    }
    Ok(RlOutcome { steps_done: learner.step, finished: learner.step >= plan.steps, last })
}

/// Pairs of answers for all parts, with the network itself as reference; `None` where the run was stopped.
fn drawn_pairs(
    setting: &Setting<'_, DpoConfig>,
    learner: &Learner,
    watch: Watcher<'_>,
) -> Result<Option<Vec<Pair>>, RlError> {
    let t = setting.config.training;
    let writer = learner.snapshot()?;
    let drawing = Drawing { samples: t.samples, temperature: t.temperature, most_tokens: t.most_tokens, seed: t.seed };
    let mut all = Vec::new();
    let numbers: Vec<u64> = (0..t.parts).collect();
    for (i, chunk) in numbers.chunks(t.batch).enumerate() {
        let tried: Vec<Attempted> =
            attempted(&learner.student(&writer), setting.parts, chunk, &drawing, setting.rewarder)?;
        all.extend(pairs(&tried, t.seed));
        let done = (i * t.batch + chunk.len()) as u64;
        if watch(&RlEvent::Tried { done, all: t.parts, found: all.len() as u64 }).is_break() {
            return Ok(None);
        }
    }
    refer(&mut all, &writer, learner.device())?;
    setting.folder.write(PAIRS, &written(&all))?;
    setting.save(learner)?;
    Ok(Some(all))
}

fn written(pairs: &[Pair]) -> Vec<u8> {
    serde_json::to_vec(pairs).unwrap_or_default()
}

/// Looks for parts that the network finds hard, and writes all that were tried into [`HARD`]: number, mean reward, and 1 where
/// it is below the bound. A table that is there is gone on with.
///
/// # Errors
/// [`RlError`], by cause.
pub fn run_mine(
    config: &RlConfig<MineConfig>,
    parts: &dyn Parts,
    device: &Device,
    folder: &RunFolder,
    rewarder: &Rewarder<'_>,
    watch: Watcher<'_>,
) -> Result<RlOutcome, RlError> {
    let t = config.training;
    let known = |text: &str| RlConfig::<MineConfig>::parse(text).is_ok_and(|before| config.continues(&before));
    let before = folder.read("config.toml")?;
    let text = folder.read(HARD)?.filter(|_| before.as_deref().is_some_and(known)).unwrap_or_default();
    folder.begin_as(&config.to_text()?, &known, &[])?;
    let head = "part,mean_reward,hard";
    let rows: Vec<&str> = text.lines().skip(1).filter(|line| line.split(',').count() == 3).collect();
    let mut done = rows.len() as u64;
    let mut found = rows.iter().filter(|line| line.ends_with(",1")).count() as u64;
    let table: Vec<&str> = std::iter::once(head).chain(rows).collect();
    folder.write(HARD, format!("{}\n", table.join("\n")).as_bytes())?;
    let seen = (config.inputs, config.augmentation);
    let learner = Learner::new(&config.model, seen, adamw(0.0), t.threads, device, None)?;
    let writer = learner.snapshot()?;
    let drawing = Drawing { samples: t.samples, temperature: t.temperature, most_tokens: t.most_tokens, seed: t.seed };
    let mut stopped =
        watch(&RlEvent::Begins { parameters: learner.weights().parameters(), steps_done: done }).is_break();
    while !stopped && done < t.parts {
        let numbers: Vec<u64> = (done..(done + t.batch as u64).min(t.parts)).collect();
        let tried = attempted(&learner.student(&writer), parts, &numbers, &drawing, rewarder)?;
        for number in &numbers {
            // A part without a volume is not hard but useless.
            let reward = tried.iter().find(|one| one.number == *number).map(Attempted::mean_reward);
            let hard = reward.is_some_and(|reward| reward < t.below);
            let reward = reward.map_or_else(String::new, |reward| format!("{reward:.4}"));
            folder.append(HARD, &format!("{number},{reward},{}", u8::from(hard)))?;
            found += u64::from(hard);
        }
        done += numbers.len() as u64;
        stopped = watch(&RlEvent::Tried { done, all: t.parts, found }).is_break();
    }
    Ok(RlOutcome { steps_done: done, finished: done >= t.parts, last: None })
}

/// The numbers of the hard parts in a table of [`run_mine`]; `None` where it is not one.
pub fn hard_parts(table: &str) -> Option<Vec<u64>> {
    let (head, rows) = table.split_once('\n')?;
    if head.trim() != "part,mean_reward,hard" {
        return None;
    }
    let hard = |line: &&str| line.trim_end().ends_with(",1");
    Some(rows.lines().filter(hard).filter_map(|line| line.split(',').next()?.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_parts_are_read_back() {
        let check = |table: &str, expected: Option<&[u64]>| assert_eq!(hard_parts(table).as_deref(), expected);
        check("part,mean_reward,hard\n0,9.1,0\n1,-3.0,1\n2,,0\n5,7.0,1\n", Some(&[1, 5]));
        check("part,mean_reward,hard\n", Some(&[]));
        check("something else\n1,1,1\n", None);
    }
}
