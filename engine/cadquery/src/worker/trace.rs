//! How a worker leaves behind what it was doing when it was killed.
//!
//! Its standard error is a file. Before every call it appends a line to it: a system call, but nobody is woken. When it
//! dies, the parent finds the last such line there, together with what the runtime had to say.

use std::io::Write as _;

use crate::{CallId, Span};

/// Starts a line that is ours.
const MARK: &str = "@partwright ";

/// What a worker was doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Reading the program, or running what precedes the first call.
    Starting,
    /// Making a call.
    Call {
        /// Its number.
        id: CallId,
        /// Its place.
        span: Span,
        /// Its name.
        name: String,
    },
    /// Evaluating the shape.
    Evaluating,
}

/// Notes in this process' standard error that a call is made next, or, without one, that the shape is evaluated.
pub(crate) fn note(call: Option<(CallId, Span, &str)>) {
    let line = match call {
        Some((id, span, name)) => format!("{MARK}call {} {} {} {name}\n", id.0, span.start, span.end),
        None => format!("{MARK}evaluate\n"),
    };
    // Nothing can be done about a failure, and nothing depends on it.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Notes that a program has arrived.
pub(crate) fn note_start() {
    let _ = std::io::stderr().write_all(format!("{MARK}start\n").as_bytes());
}

/// The last note in `text`, and the rest of it: what the runtime printed.
pub(crate) fn read(text: &str) -> (Option<Doing>, String) {
    let (mut doing, mut rest) = (None, String::new());
    for line in text.lines() {
        match line.strip_prefix(MARK) {
            Some(note) => doing = parse(note).or(doing),
            None if line.trim().is_empty() => {}
            None => {
                rest.push_str(line.trim());
                rest.push('\n');
            }
        }
    }
    (doing, rest)
}

fn parse(note: &str) -> Option<Doing> {
    match note {
        "start" => return Some(Doing::Starting),
        "evaluate" => return Some(Doing::Evaluating),
        _ => {}
    }
    let mut parts = note.strip_prefix("call ")?.splitn(4, ' ');
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (id, start, end) = (number()?, number()?, number()?);
    Some(Doing::Call { id: CallId(id), span: Span { start, end }, name: parts.next()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_note_counts() {
        let check = |text: &str, doing: Option<Doing>, rest: &str| assert_eq!(read(text), (doing, rest.to_owned()));
        let call = |id, start, end, name: &str| {
            Some(Doing::Call { id: CallId(id), span: Span { start, end }, name: name.into() })
        };
        check("", None, "");
        check(
            "@partwright call 0 3 9 Workplane\n@partwright call 1 10 20 Workplane.box\n",
            call(1, 10, 20, "Workplane.box"),
            "",
        );
        check("@partwright start\n", Some(Doing::Starting), "");
        check("@partwright call 1 2 3 a\n@partwright evaluate\n", Some(Doing::Evaluating), "");
        check("@partwright call 1 2 3 a\nmemory allocation failed\n", call(1, 2, 3, "a"), "memory allocation failed\n");
        check("@partwright call 1 2 3 a\n@partwright call 9", call(1, 2, 3, "a"), "");
    }
}
