//! Python exceptions, to and from the interpreter.

use monty_types::{ExcType, MontyException};

use super::source::Program;
use crate::{ApiErrorKind, Diagnostic, DiagnosticKind, Position, Span};

/// The script's name in tracebacks; code of `eval` and `exec` carries another.
pub(crate) const SCRIPT: &str = "program.py";

/// The Python exception that stands for an error of the API.
pub(crate) fn exception_type(kind: ApiErrorKind) -> ExcType {
    match kind {
        ApiErrorKind::Type => ExcType::TypeError,
        ApiErrorKind::Value => ExcType::ValueError,
        ApiErrorKind::Attribute => ExcType::AttributeError,
        ApiErrorKind::Unsupported => ExcType::NotImplementedError,
        ApiErrorKind::Kernel => ExcType::RuntimeError,
    }
}

/// The kind of diagnostic for an error of the API.
pub(crate) fn api_kind(kind: ApiErrorKind) -> DiagnosticKind {
    match kind {
        ApiErrorKind::Type => DiagnosticKind::Type,
        ApiErrorKind::Value => DiagnosticKind::Value,
        ApiErrorKind::Attribute => DiagnosticKind::Attribute,
        ApiErrorKind::Unsupported => DiagnosticKind::Unsupported,
        ApiErrorKind::Kernel => DiagnosticKind::Kernel,
    }
}

/// The diagnostic for an exception that ended a program.
pub(crate) fn diagnose(exception: &MontyException, program: &Program, source: &str) -> Diagnostic {
    let message = cut(exception.message().unwrap_or_default());
    let named = || match message {
        "" => exception.exc_type().to_string(),
        _ => format!("{}: {message}", exception.exc_type()),
    };
    let (kind, message) = match exception.exc_type() {
        ExcType::SyntaxError => (DiagnosticKind::Syntax, message.to_owned()),
        ExcType::NotImplementedError if message.contains("monty") => (
            DiagnosticKind::Syntax,
            message.replace("The monty syntax parser does not yet support", "not supported here:"),
        ),
        ExcType::NotImplementedError => (DiagnosticKind::Unsupported, message.to_owned()),
        ExcType::NameError | ExcType::UnboundLocalError => (DiagnosticKind::Name, name_message(message)),
        ExcType::ImportError | ExcType::ModuleNotFoundError => (DiagnosticKind::Import, message.to_owned()),
        ExcType::TypeError => (DiagnosticKind::Type, message.to_owned()),
        ExcType::ValueError | ExcType::OverflowError => (DiagnosticKind::Value, message.to_owned()),
        ExcType::AttributeError => (DiagnosticKind::Attribute, message.to_owned()),
        ExcType::TimeoutError => (DiagnosticKind::Time, message.to_owned()),
        ExcType::MemoryError => (DiagnosticKind::Memory, format!("out of memory: {message}")),
        ExcType::RecursionError => (DiagnosticKind::Recursion, message.to_owned()),
        ExcType::PermissionError => (DiagnosticKind::Forbidden, message.to_owned()),
        _ => (DiagnosticKind::Python, named()),
    };
    let diagnostic = Diagnostic::new(kind, message);
    match span(exception, program) {
        Some(span) => diagnostic.at(span, source),
        None => diagnostic,
    }
}

/// The beginning of a message; a program may raise one of any length.
fn cut(message: &str) -> &str {
    const LENGTH: usize = 1000;
    let mut end = message.len().min(LENGTH);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    &message[..end]
}

/// Adds what the writer of a program most often forgot.
fn name_message(message: &str) -> String {
    match message {
        "name 'cq' is not defined" => format!("{message}; start the program with `import cadquery as cq`"),
        "name 'cadquery' is not defined" => format!("{message}; start the program with `import cadquery`"),
        "name 'math' is not defined" => format!("{message}; start the program with `import math`"),
        _ => message.to_owned(),
    }
}

/// The innermost place of the program's own text in the traceback.
fn span(exception: &MontyException, program: &Program) -> Option<Span> {
    exception.traceback().iter().rev().filter(|frame| frame.filename == SCRIPT).find_map(|frame| {
        let position = |line, column| Position { line, column }.offset_in(&program.text);
        let start = position(frame.start.line, frame.start.column);
        let end = position(frame.end.line, frame.end.column);
        program.own_span(start, end)
    })
}
