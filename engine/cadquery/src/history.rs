//! What a program did, call by call.

use partwright_brep::{CallId, Shape};

use crate::Span;

/// One call of a program into the API.
#[derive(Clone, Debug)]
pub struct HistoryCall {
    /// Its number; bodies and faces carry it.
    pub id: CallId,
    /// Its name as a user would say it: `Workplane`, `Workplane.box`, `Plane.XY`.
    pub name: String,
    /// The call's own part of the source, without its receiver: `box(1, 2, 3)`.
    pub span: Span,
    /// The arguments as Python would print them: `1, 2, centered=False`.
    pub arguments: String,
    /// The body after the call, if there is one by then (lazy: not evaluated).
    pub shape: Option<Shape>,
}

/// All calls of a run in the order they were made; the index of a call is its [`CallId`].
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The calls.
    pub calls: Vec<HistoryCall>,
}

impl History {
    /// The call with the given number.
    pub fn get(&self, id: CallId) -> Option<&HistoryCall> {
        self.calls.get(id.0 as usize)
    }
}
