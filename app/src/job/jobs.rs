//! The jobs that run.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use partwright_reconstruct::{CancelToken, Progress};

use super::{Event, Outcome};
use crate::document::ItemId;

/// Wakes the window from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Identity of a job; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(u64);

/// What kind of work a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Reads a file.
    Load,
    /// Prepares a scan.
    Prepare,
    /// Looks for bodies, holes and noise of a scan.
    Survey,
    /// Reconstructs.
    Reconstruct,
    /// Runs a program.
    Run,
    /// Measures the body after every call of a program.
    Steps,
    /// Measures a part against its input.
    Compare,
    /// Writes a file.
    Export,
}

impl JobKind {
    /// As a user reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "Opening",
            Self::Prepare => "Preparing the scan",
            Self::Survey => "Surveying the scan",
            Self::Reconstruct => "Reconstructing",
            Self::Run => "Running the program",
            Self::Steps => "Measuring the steps",
            Self::Compare => "Measuring",
            Self::Export => "Exporting",
        }
    }

    /// Whether a newer job of this kind on the same item makes an older one pointless.
    fn newest_wins(self) -> bool {
        !matches!(self, Self::Load | Self::Export)
    }
}

/// A job that runs.
#[derive(Clone, Debug)]
pub struct Running {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// The item it works for.
    pub item: Option<ItemId>,
    /// What it works on, for the user: a file's name.
    pub subject: String,
    /// What it is doing.
    pub stage: String,
    /// How much of that is done, 0 to 1.
    pub fraction: f64,
    /// When it began.
    pub since: Instant,
    /// Stops it.
    pub cancel: CancelToken,
    /// Whether a newer job does its work: what it says does not count any more.
    overtaken: bool,
}

/// How a job speaks.
#[derive(Clone)]
pub struct Teller {
    job: JobId,
    sender: Sender<Event>,
    wake: Wake,
}

impl Teller {
    /// The job that speaks.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// Sends an event and wakes the window. The window may be gone: then nobody listens.
    pub fn tell(&self, event: Event) {
        let _ = self.sender.send(event);
        (self.wake)();
    }
}

impl Progress for Teller {
    fn report(&self, stage: &str, fraction: f64) {
        self.tell(Event::Progress { job: self.job, stage: stage.to_owned(), fraction });
    }
}

/// Starts jobs, keeps count of them and collects what they say.
pub struct Jobs {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    wake: Wake,
    running: Vec<Running>,
    next: u64,
}

/// Stack of a job's thread: the kernel and the mesh boolean recurse.
const STACK_BYTES: usize = 64 << 20;

impl Jobs {
    /// No job yet; `wake` is called whenever there is an event.
    pub fn new(wake: Wake) -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver, wake, running: Vec::new(), next: 0 }
    }

    /// Starts `work` in a thread of its own.
    pub fn start(
        &mut self,
        kind: JobKind,
        item: Option<ItemId>,
        subject: impl Into<String>,
        work: impl FnOnce(&Teller, &CancelToken) -> Outcome + Send + 'static,
    ) -> JobId {
        if kind.newest_wins() {
            for older in self.running.iter_mut().filter(|job| job.kind == kind && job.item == item) {
                older.cancel.cancel();
                older.overtaken = true;
            }
        }
        let id = JobId(self.next);
        self.next += 1;
        let cancel = CancelToken::default();
        let teller = Teller { job: id, sender: self.sender.clone(), wake: Arc::clone(&self.wake) };
        self.running.push(Running {
            id,
            kind,
            item,
            subject: subject.into(),
            stage: String::new(),
            fraction: 0.0,
            since: Instant::now(),
            cancel: cancel.clone(),
            overtaken: false,
        });
        let spare = teller.clone();
        let run = move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&teller, &cancel)));
            let outcome = outcome.unwrap_or_else(|panic| {
                let said = panic.downcast_ref::<String>().cloned();
                let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                Outcome::Nothing(Some(format!("{} broke down: {}", kind.name(), said.unwrap_or_default())))
            });
            teller.tell(Event::Done { job: id, outcome });
        };
        let name = format!("{kind:?}").to_lowercase();
        if let Err(error) = std::thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn(run) {
            let why = format!("{} could not be started: {error}", kind.name());
            spare.tell(Event::Done { job: id, outcome: Outcome::Nothing(Some(why)) });
        }
        id
    }

    /// The jobs that run.
    pub fn running(&self) -> &[Running] {
        &self.running
    }

    /// Whether a job of a kind runs on an item.
    pub fn is_running(&self, kind: JobKind, item: ItemId) -> bool {
        self.running.iter().any(|job| job.kind == kind && job.item == Some(item) && !job.cancel.is_cancelled())
    }

    /// Asks jobs to stop.
    pub fn cancel(&self, which: impl Fn(&Running) -> bool) {
        self.running.iter().filter(|job| which(job)).for_each(|job| job.cancel.cancel());
    }

    /// What was said since the last call. Progress is taken note of here; what jobs that were overtaken still say is
    /// dropped, except that they are over.
    pub fn events(&mut self) -> VecDeque<Event> {
        let mut events = VecDeque::new();
        while let Ok(event) = self.receiver.try_recv() {
            match event {
                Event::Progress { job, stage, fraction } => {
                    if let Some(job) = self.running.iter_mut().find(|running| running.id == job) {
                        (job.stage, job.fraction) = (stage, fraction);
                    }
                }
                Event::Done { job, outcome } => {
                    let was = self.running.iter().position(|running| running.id == job);
                    let Some(was) = was.map(|index| self.running.remove(index)) else { continue };
                    // A reconstruction that was stopped keeps what it found.
                    let keeps = !was.cancel.is_cancelled() || was.kind == JobKind::Reconstruct;
                    if keeps && !was.overtaken {
                        events.push_back(Event::Done { job, outcome });
                    }
                }
                Event::Proposed { job, .. } | Event::Written { job, .. } => {
                    if self.running.iter().any(|running| running.id == job && !running.overtaken) {
                        events.push_back(event);
                    }
                }
            }
        }
        events
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.cancel(|_| true);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn jobs() -> (Jobs, Receiver<()>) {
        let (sender, receiver) = channel();
        let wake: Wake = Arc::new(move || {
            let _ = sender.send(());
        });
        (Jobs::new(wake), receiver)
    }

    fn next(jobs: &mut Jobs, woken: &Receiver<()>) -> Option<Event> {
        loop {
            if let Some(event) = jobs.events().pop_front() {
                return Some(event);
            }
            woken.recv_timeout(Duration::from_secs(20)).ok()?;
        }
    }

    #[test]
    fn results_and_breakdowns_come_as_events() {
        let (mut jobs, woken) = jobs();
        jobs.start(JobKind::Load, None, "a", |_, _| Outcome::Nothing(None));
        assert!(matches!(next(&mut jobs, &woken), Some(Event::Done { outcome: Outcome::Nothing(None), .. })));
        jobs.start(JobKind::Load, None, "a", |_, _| std::panic::resume_unwind(Box::new("broken".to_owned())));
        let Some(Event::Done { outcome: Outcome::Nothing(Some(why)), .. }) = next(&mut jobs, &woken) else {
            panic!("a breakdown is told");
        };
        assert!(why.contains("broken"), "{why}");
        assert!(jobs.running().is_empty());
    }

    /// Work that goes on until it is stopped, and then says its name.
    fn until_stopped(name: &'static str) -> impl FnOnce(&Teller, &CancelToken) -> Outcome + Send + 'static {
        move |_, cancel| {
            while !cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Outcome::Nothing(Some(name.to_owned()))
        }
    }

    #[test]
    fn a_newer_run_stops_the_older_one() {
        let (mut jobs, woken) = jobs();
        let item = Some(ItemId(1));
        jobs.start(JobKind::Run, item, "", until_stopped("old"));
        jobs.start(JobKind::Run, item, "", |_, _| Outcome::Nothing(Some("new".to_owned())));
        let Some(Event::Done { outcome: Outcome::Nothing(Some(name)), .. }) = next(&mut jobs, &woken) else {
            panic!("the newer one is told");
        };
        assert_eq!(name, "new");
    }

    #[test]
    fn a_stopped_reconstruction_is_told_and_an_overtaken_one_is_not() {
        let (mut jobs, woken) = jobs();
        let item = Some(ItemId(1));
        jobs.start(JobKind::Reconstruct, item, "", until_stopped("overtaken"));
        jobs.start(JobKind::Reconstruct, item, "", until_stopped("stopped"));
        jobs.cancel(|_| true);
        let Some(Event::Done { outcome: Outcome::Nothing(Some(name)), .. }) = next(&mut jobs, &woken) else {
            panic!("the stopped one keeps what it found");
        };
        assert_eq!(name, "stopped");
        while !jobs.running().is_empty() {
            assert!(jobs.events().is_empty(), "the overtaken one is not told");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
