//! The contract between the interpreter, which knows Python, and the API, which knows CadQuery.

use partwright_brep::{BrepError, CallId, Shape};

use crate::{ObjectRef, Span, Value};

/// One call of a program into the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Call<'a> {
    /// The object whose method is called; `None` for constructors and functions.
    pub receiver: Option<ObjectRef>,
    /// The method's name (`box`), or for `receiver == None` the path below `cadquery`: `Workplane` and `Vector` for
    /// constructors, `Plane.XY` for methods of classes, `exporters.export` for functions of submodules.
    ///
    /// Python's operators arrive as methods too: `a - b` is `__sub__` on `a` or, where `a` is no object of the API,
    /// `__rsub__` on `b`; `-a` is `__neg__`, `a[i]` is `__getitem__`, `for x in a` is `__iter__` (to answer with a list),
    /// `len(a)` is `__len__`. An error of kind [`ApiErrorKind::Attribute`] says that the class has no such operator.
    pub function: &'a str,
    /// Positional arguments.
    pub args: Vec<Value>,
    /// Keyword arguments in the order written.
    pub kwargs: Vec<(String, Value)>,
    /// The call's own part of the source, without its receiver: `box(1, 2, 3)`.
    pub span: Span,
    /// Which call this is; bodies made by it carry it.
    pub id: CallId,
}

/// What the name of an attribute stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// A plain value (`vector.x`, `workplane.plane`).
    Value(Value),
    /// A method.
    Method,
}

/// What a name of the `cadquery` module, or of one of its submodules, stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// A class whose call constructs an object; its methods arrive as `Class.method`. The class of the objects must
    /// be the last part of the path.
    Class,
    /// A function.
    Function,
    /// A submodule.
    Module,
    /// A constant.
    Constant(Value),
}

/// Which Python exception an error becomes inside the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// Wrong kind or number of arguments: `TypeError`.
    Type,
    /// An argument out of range, or an operation that makes no sense on these objects: `ValueError`.
    Value,
    /// No such method or attribute: `AttributeError`.
    Attribute,
    /// Known to CadQuery, not to this kernel: `NotImplementedError`.
    Unsupported,
    /// The kernel could not do it: `RuntimeError`.
    Kernel,
}

/// A call the API refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind of fault it is.
    pub kind: ApiErrorKind,
    /// What is wrong and what to do, in one or two sentences, without the call's name or place (they are added).
    pub message: String,
    /// The call that is at fault when it is not the one being made (an evaluation finds a fault of an earlier call).
    pub call: Option<CallId>,
}

impl ApiError {
    /// An error of the given kind.
    pub fn new(kind: ApiErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), call: None }
    }
}

impl From<BrepError> for ApiError {
    fn from(error: BrepError) -> Self {
        Self { kind: ApiErrorKind::Kernel, message: error.to_string(), call: Some(error.call) }
    }
}

/// The objects and functions a program can reach.
///
/// One value serves one run of one program. Nothing here may panic, whatever the arguments.
pub trait Api {
    /// What `path` (dotted, below `cadquery`) stands for; `None` when there is nothing by that name.
    fn member(&self, path: &str) -> Option<Member>;

    /// Does a call.
    ///
    /// # Errors
    /// Whatever is wrong with it.
    fn call(&mut self, call: &Call<'_>) -> Result<Value, ApiError>;

    /// Reads an attribute of an object; [`Attribute::Method`] when `name` is a method that is not called yet.
    ///
    /// # Errors
    /// [`ApiErrorKind::Attribute`] when there is none.
    fn attribute(&mut self, receiver: ObjectRef, name: &str) -> Result<Attribute, ApiError>;

    /// The body an object stands for without evaluating anything (for the history), or `None`. Must be cheap.
    fn body(&self, object: ObjectRef) -> Option<Shape>;

    /// The shape to be shown and exported when `value` is a program's result: all solids of a `Workplane`, of a
    /// shape, of a list of them.
    ///
    /// # Errors
    /// When there is no solid in it: what it holds instead.
    fn result(&mut self, value: &Value) -> Result<Shape, ApiError>;
}
