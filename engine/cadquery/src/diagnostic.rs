//! What went wrong in a program, and where.

use std::fmt;

use partwright_brep::CallId;
use serde::{Deserialize, Serialize};

use crate::{Position, Span};

/// The kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosticKind {
    /// The text is not Python, or uses a part of Python that is not supported.
    Syntax,
    /// A name that is not defined.
    Name,
    /// An import of something other than `cadquery` and the few modules of the sandbox.
    Import,
    /// A value of the wrong type, or wrong arguments.
    Type,
    /// A value out of range.
    Value,
    /// No such method or attribute.
    Attribute,
    /// Any other Python exception.
    Python,
    /// Part of CadQuery that this program does not have yet.
    Unsupported,
    /// The kernel could not build the shape.
    Kernel,
    /// Files, network, environment: not allowed.
    Forbidden,
    /// Took too long.
    Time,
    /// Took too much memory.
    Memory,
    /// Nested or recursed too deep.
    Recursion,
    /// Too long a source, too many calls, too large an argument or result.
    Size,
    /// The program ended without a shape.
    NoResult,
    /// Stopped by the caller.
    Cancelled,
    /// The worker process died: a fault of this software.
    Crash,
}

impl DiagnosticKind {
    /// The kind's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Name => "name",
            Self::Import => "import",
            Self::Type => "type",
            Self::Value => "value",
            Self::Attribute => "attribute",
            Self::Python => "python",
            Self::Unsupported => "unsupported",
            Self::Kernel => "kernel",
            Self::Forbidden => "forbidden",
            Self::Time => "time",
            Self::Memory => "memory",
            Self::Recursion => "recursion",
            Self::Size => "size",
            Self::NoResult => "no_result",
            Self::Cancelled => "cancelled",
            Self::Crash => "crash",
        }
    }
}

/// One failure of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of failure.
    pub kind: DiagnosticKind,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Where it is, if it has a place.
    pub span: Option<Span>,
    /// Line and column of the span's start.
    pub position: Option<Position>,
    /// The failing call as a user would name it (`Workplane.box`), if a call failed.
    pub call: Option<String>,
    /// The failing call's number in the history.
    pub call_id: Option<u32>,
}

impl Diagnostic {
    /// A failure without a place.
    pub fn new(kind: DiagnosticKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), span: None, position: None, call: None, call_id: None }
    }

    /// The same at a place of `source`.
    #[must_use]
    pub fn at(mut self, span: Span, source: &str) -> Self {
        self.position = Some(Position::of(source, span.start));
        self.span = Some(span);
        self
    }

    /// The same in a call.
    #[must_use]
    pub fn in_call(mut self, name: impl Into<String>, id: CallId) -> Self {
        self.call = Some(name.into());
        self.call_id = Some(id.0);
        self
    }
}

/// `line 3, column 7: Workplane.box: length must be positive`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        if let Some(call) = &self.call {
            write!(f, "{call}: ")?;
        }
        f.write_str(&self.message)
    }
}
