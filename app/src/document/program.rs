//! The text of a program, and how its last run went.

use std::sync::Arc;

use partwright_cadquery::Diagnostic;

use super::{Comparison, Part};

/// How the last run of a program went.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunState {
    /// It was never run.
    #[default]
    NotRun,
    /// It is being run.
    Running,
    /// It made [`Program::part`].
    Done,
    /// It failed; the part, if there is one, is from before.
    Failed(Box<Diagnostic>),
}

/// A program being edited.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its text.
    pub text: String,
    /// Counts the changes of the text.
    pub revision: u64,
    /// How the last run went.
    pub run: RunState,
    /// The revision of the text that was run last.
    pub run_revision: u64,
    /// The last shape that a run made.
    pub part: Option<Arc<Part>>,
    /// The part measured against the input, once that is done.
    pub comparison: Option<Arc<Comparison>>,
}

impl Program {
    /// A program that was not run yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Replaces the text; nothing happens when it is the same.
    pub fn set_text(&mut self, text: impl Into<String>) {
        let text = text.into();
        if text != self.text {
            self.text = text;
            self.revision += 1;
        }
    }

    /// Whether the part shown was made by the text as it stands.
    pub fn is_current(&self) -> bool {
        self.part.as_ref().is_some_and(|part| *part.source == *self.text)
    }

    /// What is wrong with the text that was run last, if it failed.
    pub fn failure(&self) -> Option<&Diagnostic> {
        match &self.run {
            RunState::Failed(diagnostic) => Some(diagnostic),
            _ => None,
        }
    }

    /// The comparison, where it is one of the part shown.
    pub fn current_comparison(&self) -> Option<&Arc<Comparison>> {
        let part = self.part.as_ref()?;
        self.comparison.as_ref().filter(|comparison| comparison.source == part.source)
    }
}
