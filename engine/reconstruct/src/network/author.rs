//! Who writes programs.

use std::ops::ControlFlow;

use partwright_cadrille::sampling::{Settings, Strategy};
use partwright_cadrille::writer::{PartInput, ProgramWriter, WrittenProgram};
use partwright_fit::Deadline;

use crate::Watch;

/// What is asked of an author.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WritingOrder {
    /// How many programs. The first is the likeliest, the others are drawn.
    pub samples: usize,
    /// The same seed gives the same programs on the same device.
    pub seed: u64,
}

/// Why an author wrote nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorError {
    /// The caller stopped it, or the time was over.
    #[error("there was no time left for it")]
    Stopped,
    /// It is there but cannot be read.
    #[error("it cannot be loaded: {reason}")]
    NotLoaded {
        /// Why.
        reason: String,
    },
    /// It does not read this kind of input, or failed on it.
    #[error("{reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

/// Something that writes programs of a part it is shown: a network.
pub trait Author: Sync {
    /// Its name, for people.
    fn name(&self) -> &str;

    /// Whether it improves programs that it is shown ([`PartInput::Edit`]).
    fn edits(&self) -> bool {
        false
    }

    /// Writes programs in the program's frame. What is half-written when the deadline is reached is given back as it is.
    /// `watch` hears how far it is, and the text as it is written.
    ///
    /// # Errors
    /// [`AuthorError`]: nothing was written at all.
    fn write(
        &self,
        part: &PartInput,
        order: &WritingOrder,
        deadline: &Deadline,
        watch: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError>;
}

/// A loaded network and its name.
#[derive(Debug)]
pub struct NamedWriter {
    /// The name.
    pub name: String,
    /// The network.
    pub writer: ProgramWriter,
}

/// What the drawn samples are drawn with: as cadrille's samples for reinforcement learning are, at temperature 1, but for
/// the tail of unlikely tokens, which seldom make a part.
const DRAWN: Strategy = Strategy::Random { temperature: 1.0, top_k: None, top_p: Some(0.95) };

impl Author for NamedWriter {
    fn name(&self) -> &str {
        &self.name
    }

    fn edits(&self) -> bool {
        self.writer.edits()
    }

    fn write(
        &self,
        part: &PartInput,
        order: &WritingOrder,
        deadline: &Deadline,
        watch: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError> {
        if deadline.reached() {
            return Err(AuthorError::Stopped);
        }
        watch.report("the network reads", 0.0);
        let settings = Settings {
            strategy: DRAWN,
            greedy_first: true,
            samples: order.samples.max(1),
            seed: order.seed,
            ..Settings::default()
        };
        let most = settings.max_new_tokens as f64;
        let mut tokens = 0.0;
        let mut on_text = |sample: usize, text: &str| {
            tokens += 1.0;
            watch.report("the network writes", (tokens / settings.samples as f64 / most).min(1.0));
            watch.writing(sample, text);
            if deadline.reached() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.writer
            .write(part, &settings, true, &mut on_text)
            .map_err(|error| AuthorError::Failed { reason: error.to_string() })
    }
}
