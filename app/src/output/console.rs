//! Where words go: results on standard output, everything about the work on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::arguments::OutputArguments;
use crate::failure::{Failure, FailureKind};
use crate::output::Progress;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();

/// The program's voice, set up once from the command line.
///
/// Colours appear on a terminal only and never with `NO_COLOR`; that is decided per stream when writing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    json: bool,
    quiet: bool,
}

impl Console {
    /// A console that speaks as the arguments ask.
    pub(crate) fn new(arguments: OutputArguments) -> Self {
        Self { json: arguments.json, quiet: arguments.quiet }
    }

    /// Whether standard output carries JSON.
    pub(crate) fn json(self) -> bool {
        self.json
    }

    /// Prints a result: `object` with `--json`, else what `text` gives, unless the user wants quiet.
    pub(crate) fn result(self, object: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json {
            print(&format!("{object}\n"))
        } else if self.quiet {
            Ok(())
        } else {
            print(&text())
        }
    }

    /// Says something worth knowing about the work, on standard error.
    pub(crate) fn note(self, text: impl Display) {
        if !self.quiet && !self.json {
            let _ = writeln!(anstream::stderr(), "{NOTE}note:{NOTE:#} {text}");
        }
    }

    /// Says why the command failed: on standard error always, on standard output too with `--json`.
    pub(crate) fn fail(self, failure: &Failure) {
        let mut stderr = anstream::stderr().lock();
        let _ = writeln!(stderr, "{ERROR}error:{ERROR:#} {failure}");
        if let Some(advice) = failure.advice() {
            let _ = writeln!(stderr, "  {HELP}help:{HELP:#} {advice}");
        }
        if self.json && failure.kind() != FailureKind::Reported {
            let object = json!({
                "ok": false,
                "error": { "kind": failure.kind().name(), "message": failure.to_string(), "help": failure.advice() },
            });
            // The failure is on standard error already; a closed standard output leaves nobody to tell.
            let _ = print(&format!("{object}\n"));
        }
    }

    /// Shows progress on a terminal, nothing elsewhere.
    pub(crate) fn progress(self, what: &str) -> Progress {
        Progress::new(what, !self.quiet && !self.json && io::stderr().is_terminal())
    }
}

/// Prints text on standard output as it is. A reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
