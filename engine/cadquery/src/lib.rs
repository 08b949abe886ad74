//! Runs `CadQuery` programs: sandboxed Python in front, the CadQuery API in Rust behind it.
//!
//! Python (pydantic's Monty, a bytecode interpreter without files or network) holds opaque handles; the objects live in
//! an [`Api`]. Every call the program makes reaches the API with its place in the source, is written into the
//! [`History`], and comes back as a value or as an error that the program sees as a Python exception.
//!
//! Program text is untrusted. [`run_in_process`] bounds time, recursion, calls and sizes and is for callers who trust
//! the text not to attack the interpreter itself; [`worker`] runs it in a child process that can be killed.
//!
//! Knows nothing of networks, files or screens.

pub mod api;
pub mod constants;
pub mod diagnostic;
pub mod history;
pub mod host;
mod interpreter;
pub mod limits;
pub mod report;
pub mod rewrite;
pub mod run;
pub mod span;
pub mod value;
pub mod worker;

pub use api::{MethodInfo, methods};
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use history::{History, HistoryCall};
pub use host::{Api, ApiError, ApiErrorKind, Attribute, Call, Member};
pub use limits::Limits;
pub use partwright_brep::CallId;
pub use report::{
    FacedMesh, Fineness, Properties, Report, ReportedCall, ReportedEdge, ReportedFace, Request, Wanted,
    report_in_process,
};
pub use run::{ResultSource, Run, Shown, run_in_process};
pub use span::{Position, Span};
pub use value::{ClassId, ObjectRef, Value};
