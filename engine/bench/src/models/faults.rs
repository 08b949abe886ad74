//! Why programs made nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Outcome;

/// A program as it was written, and why it made nothing, if it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramTried {
    /// Its text.
    pub source: String,
    /// The call that failed and what was wrong.
    pub fault: Option<String>,
}

/// The commonest faults of a model's programs, the drawn ones included, as one line of Markdown: how many programs there are, and
/// how many of them failed for what reason. Numbers are left out of reasons.
pub fn faults_line(model: &str, outcomes: &[Outcome], most: usize) -> String {
    let programs = outcomes.iter().flat_map(|outcome| &outcome.programs);
    let (mut all, mut by_reason) = (0, BTreeMap::<String, usize>::new());
    for program in programs {
        all += 1;
        if let Some(fault) = &program.fault {
            *by_reason.entry(kind_of(fault)).or_default() += 1;
        }
    }
    let failed: usize = by_reason.values().sum();
    let mut reasons: Vec<(String, usize)> = by_reason.into_iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut line = format!("- {model}: {failed} of {all} programs failed");
    for (i, (reason, count)) in reasons.iter().take(most).enumerate() {
        let _ = write!(line, "{} {count} x {reason}", if i == 0 { ":" } else { ";" });
    }
    line
}

/// A fault without its numbers and all that follows a colon or a semicolon after its first clause.
fn kind_of(fault: &str) -> String {
    let mut clauses = fault.splitn(3, ": ");
    let first = [clauses.next(), clauses.next()].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let first = first.split([';', '\n']).next().unwrap_or_default();
    let mut kind = String::new();
    let mut characters = first.chars().peekable();
    while let Some(c) = characters.next() {
        let digit_next = characters.peek().is_some_and(char::is_ascii_digit);
        let follows = kind.ends_with('#');
        if !(c.is_ascii_digit() || c == '-' && digit_next || follows && c == '.' && digit_next) {
            kind.push(c);
        } else if !follows {
            kind.push('#');
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Shown;

    #[test]
    fn reasons_are_counted_without_their_numbers() {
        let tried = |fault: Option<&str>| ProgramTried { source: String::new(), fault: fault.map(str::to_owned) };
        let outcome = Outcome {
            id: String::new(),
            shown: Shown::Points,
            attempts: Vec::new(),
            programs: vec![
                tried(None),
                tried(Some("Sketch.segment: the line has no length: both ends are at (-9, 16)")),
                tried(Some("Sketch.segment: the line has no length: both ends are at (27, 27.5)")),
                tried(Some("took longer than -3.5 s; make it shorter")),
            ],
            fault: None,
            pool: None,
            rounds: None,
            seconds: 0.0,
        };
        let line = faults_line("m", &[outcome], 2);
        let expected =
            "- m: 3 of 4 programs failed: 2 x Sketch.segment: the line has no length; 1 x took longer than # s";
        assert_eq!(line, expected);
        assert_eq!(faults_line("m", &[], 2), "- m: 0 of 0 programs failed");
    }
}
