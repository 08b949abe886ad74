//! Why a command ended without doing its work, said to a user: what, where, and what to do.

use std::process::ExitCode;

/// A failed command.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what}")]
pub(crate) struct Failure {
    /// What went wrong, and where.
    what: String,
    /// What the user can do about it.
    help: Option<String>,
    kind: FailureKind,
}

/// Decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The command line asks for something impossible: exit code 2.
    Usage,
    /// The work failed: exit code 1.
    Failed,
    /// The user stopped it: exit code 1.
    Cancelled,
    /// The work failed, and the JSON object on standard output says so already: exit code 1.
    Reported,
}

impl FailureKind {
    /// The name in JSON output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Reported => "reported",
        }
    }
}

impl Failure {
    /// The command line asks for something impossible.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None, kind: FailureKind::Usage }
    }

    /// The work failed.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None, kind: FailureKind::Failed }
    }

    /// The user stopped the work.
    pub(crate) fn cancelled(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None, kind: FailureKind::Cancelled }
    }

    /// The work failed, and standard output tells of it already.
    pub(crate) fn reported(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None, kind: FailureKind::Reported }
    }

    /// Adds what the user can do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The advice, if there is one.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What kind of failure it is.
    pub(crate) fn kind(&self) -> FailureKind {
        self.kind
    }

    /// The exit code of the program.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.kind {
            FailureKind::Usage => ExitCode::from(2),
            FailureKind::Failed | FailureKind::Cancelled | FailureKind::Reported => ExitCode::FAILURE,
        }
    }
}
