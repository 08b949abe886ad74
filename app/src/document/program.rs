//! The text of a program, and how its last run went.

use std::sync::Arc;

use partwright_cadquery::Diagnostic;
use partwright_cadquery::span::{Position, Span};

use super::{Comparison, Part, edit};

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
    /// The volumes after the calls, once somebody wanted to know.
    pub call_volumes: Option<CallVolumes>,
}

/// The volume of the body after every call of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct CallVolumes {
    /// The program.
    pub source: Arc<str>,
    /// One for every call of the history, in the cube of the program's unit; `None` where there is no body, and none at all
    /// when the program could not be measured.
    pub volumes: Vec<Option<f64>>,
}

impl Program {
    /// A program that was not run yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Replaces the text; nothing happens when it is the same. The place of what is wrong moves with the text around it.
    pub fn set_text(&mut self, text: impl Into<String>) {
        let text = text.into();
        if text != self.text {
            if let RunState::Failed(diagnostic) = &mut self.run {
                move_place(diagnostic, &self.text, &text);
            }
            self.text = text;
            self.revision += 1;
        }
    }

    /// The run of `source` failed, which may be older than the text.
    pub fn fail(&mut self, source: &str, mut diagnostic: Box<Diagnostic>) {
        if source == self.text {
            self.run_revision = self.revision;
        } else {
            move_place(&mut diagnostic, source, &self.text);
        }
        self.run = RunState::Failed(diagnostic);
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

    /// The volumes after the calls, where they are those of the part shown.
    pub fn current_call_volumes(&self) -> Option<&[Option<f64>]> {
        let part = self.part.as_ref()?;
        let known = self.call_volumes.as_ref().filter(|known| known.source == part.source)?;
        Some(&known.volumes)
    }

    /// The comparison, where it is one of the part shown.
    pub fn current_comparison(&self) -> Option<&Arc<Comparison>> {
        let part = self.part.as_ref()?;
        self.comparison.as_ref().filter(|comparison| comparison.source == part.source)
    }
}

/// Moves the place of a diagnostic of the text `old` to where it is in `new`; it has none when it was changed itself.
fn move_place(diagnostic: &mut Diagnostic, old: &str, new: &str) {
    let place = diagnostic.span.and_then(|span| edit::moved(span.start as usize..span.end as usize, old, new));
    diagnostic.span = place.map(|place| Span { start: place.start as u32, end: place.end as u32 });
    diagnostic.position = diagnostic.span.map(|span| Position::of(new, span.start));
}

#[cfg(test)]
mod tests {
    use partwright_cadquery::DiagnosticKind;

    use super::*;

    #[test]
    fn what_is_wrong_moves_with_the_text() {
        let source = "a = 1\nb = c\n";
        let diagnostic = Diagnostic::new(DiagnosticKind::Python, "no c").at(Span { start: 10, end: 11 }, source);
        let mut program = Program::new(source);
        program.fail(source, Box::new(diagnostic.clone()));
        let line = |program: &Program| program.failure().and_then(|failure| failure.position).map(|at| at.line);
        assert_eq!(line(&program), Some(2));
        program.set_text("\na = 1\nb = c\n");
        assert_eq!(line(&program), Some(3));
        assert_eq!(program.failure().and_then(|failure| failure.span), Some(Span { start: 11, end: 12 }));
        program.set_text("\na = 1\nb = d\n");
        assert_eq!(line(&program), None, "it was changed");
        let mut newer = Program::new("# first\na = 1\nb = c\n");
        newer.fail(source, Box::new(diagnostic));
        assert_eq!(line(&newer), Some(3), "the run of an older text");
    }
}
