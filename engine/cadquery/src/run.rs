//! One program, from its text to its shape.

use partwright_brep::{BrepError, CallId, Node, Shape};

use crate::interpreter::{self, Program, Watch};
use crate::{Api, Diagnostic, DiagnosticKind, History, HistoryCall, Limits, Value};

/// Which of a program's objects became its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultSource {
    /// The variable `r` or `result`.
    Named(String),
    /// What was handed to `show_object`, all of it.
    Shown,
    /// The variable assigned last of those that hold a shape, for want of the others.
    LastAssigned(String),
}

/// An object handed to `show_object`.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The name given to it.
    pub name: Option<String>,
    /// Its shape.
    pub shape: Shape,
}

/// What a program did.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The result. Lazy: a kernel fault shows when it is evaluated; see [`Run::kernel_diagnostic`].
    pub shape: Option<Shape>,
    /// Where the result was found.
    pub result: Option<ResultSource>,
    /// What was shown, in order.
    pub shown: Vec<Shown>,
    /// Every call that reached the API, also of a program that failed.
    pub history: History,
    /// What went wrong; empty when `shape` is there.
    pub diagnostics: Vec<Diagnostic>,
    /// What the program printed.
    pub printed: String,
}

impl Run {
    /// The diagnostic for a fault found when a shape of this run was evaluated; `source` is the program's text.
    pub fn kernel_diagnostic(&self, error: &BrepError, source: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(DiagnosticKind::Kernel, error.to_string());
        match self.history.get(error.call) {
            Some(call) => diagnostic.at(call.span, source).in_call(call.name.clone(), call.id),
            None => diagnostic,
        }
    }
}

/// Runs a program in this process, with `api` behind `import cadquery`.
///
/// For trusted text: Python's own loops, calls and recursion are bounded by `limits`, but neither the kernel nor a
/// single long operation of the interpreter (`10**10**10`) can be stopped, and running out of memory ends the process.
/// Text from elsewhere belongs into a [worker](crate::worker). Never panics; wants 1 MiB of stack.
pub fn run_in_process(source: &str, limits: &Limits, api: &mut dyn Api) -> Run {
    run_watched(source, limits, api, &mut |_| {})
}

/// As [`run_in_process`]; `watch` is told of every call before it is made.
pub(crate) fn run_watched(source: &str, limits: &Limits, api: &mut dyn Api, watch: &mut Watch<'_>) -> Run {
    let mut program = match Program::read(source, limits) {
        Ok(program) => program,
        Err(diagnostic) => return Run { diagnostics: vec![diagnostic], ..Run::default() },
    };
    let mut outcome = interpreter::execute(&program, source, limits, api, watch);
    if let Err(diagnostic) = &outcome.assigned
        && diagnostic.kind == DiagnosticKind::Type
        && diagnostic.call.is_none()
        && interpreter::is_operator_error(&diagnostic.message)
        && let Some(rewritten) = Program::read(source, limits).ok().and_then(Program::with_operators)
    {
        let again = interpreter::execute(&rewritten, source, limits, api, watch);
        // Where it did not come as far, the first run's word stands.
        if again.assigned.is_ok() || again.calls.len() > outcome.calls.len() {
            (program, outcome) = (rewritten, again);
        }
    }
    let history = History {
        calls: outcome
            .calls
            .into_iter()
            .enumerate()
            .map(|(index, call)| HistoryCall {
                id: CallId(index as u32),
                name: call.name,
                span: call.span,
                arguments: call.arguments,
                shape: call.object.and_then(|object| api.body(object)),
            })
            .collect(),
    };
    let mut run = Run { history, printed: outcome.printed, ..Run::default() };
    let values = match outcome.assigned {
        Ok(values) => values,
        Err(diagnostic) => {
            run.diagnostics.push(diagnostic);
            return run;
        }
    };
    let mut refused = None;
    for (name, value) in outcome.shown {
        match api.result(&value) {
            Ok(shape) => run.shown.push(Shown { name, shape }),
            Err(error) => refused = Some(format!("what was shown has no shape: {error}")),
        }
    }
    let assigned: Vec<(&str, &Value)> = program.assigned.iter().map(String::as_str).zip(&values).collect();
    match choose(&assigned, &run.shown, api) {
        Some((shape, found)) => (run.shape, run.result) = (Some(shape), Some(found)),
        None => run.diagnostics.push(no_result(&assigned, refused, api)),
    }
    run
}

/// `r`, else `result`, else everything shown, else the last assigned variable that holds a shape.
fn choose(assigned: &[(&str, &Value)], shown: &[Shown], api: &mut dyn Api) -> Option<(Shape, ResultSource)> {
    for wanted in ["r", "result"] {
        if let Some((name, value)) = assigned.iter().find(|(name, _)| *name == wanted)
            && let Ok(shape) = api.result(value)
        {
            return Some((shape, ResultSource::Named((*name).to_owned())));
        }
    }
    match shown {
        [] => {}
        [one] => return Some((one.shape.clone(), ResultSource::Shown)),
        [first, ..] => {
            let all = shown.iter().map(|shown| shown.shape.clone()).collect();
            return Some((Shape::new(Node::Compound(all), first.shape.call()), ResultSource::Shown));
        }
    }
    assigned.iter().filter(|(_, value)| matches!(value, Value::Object(_))).find_map(|(name, value)| {
        let shape = api.result(value).ok()?;
        Some((shape, ResultSource::LastAssigned((*name).to_owned())))
    })
}

/// Why a program that ran to its end has no result.
fn no_result(assigned: &[(&str, &Value)], refused: Option<String>, api: &mut dyn Api) -> Diagnostic {
    let named = ["r", "result"].iter().find_map(|wanted| {
        let (name, value) = assigned.iter().find(|(name, _)| name == wanted)?;
        let error = api.result(value).err()?;
        Some(format!("`{name}` has no shape: {error}"))
    });
    let message = named.or(refused).unwrap_or_else(|| {
        "the program made no shape; assign it to `r` or `result`, or call `show_object(...)`".to_owned()
    });
    Diagnostic::new(DiagnosticKind::NoResult, message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use glam::DVec3;
    use partwright_brep::Frame;

    use super::*;
    use crate::{ApiError, ApiErrorKind, Attribute, Call, ClassId, Member, ObjectRef};

    /// Writes down what it is asked and answers every method with a new object, like an API that accepts everything.
    #[derive(Default)]
    struct Recorder {
        asked: Vec<String>,
        objects: u64,
    }

    const WORKPLANE: ClassId = ClassId("Workplane");

    impl Recorder {
        fn object(&mut self, class: ClassId) -> Value {
            self.objects += 1;
            Value::Object(ObjectRef { class, id: self.objects })
        }
    }

    impl Api for Recorder {
        fn member(&self, path: &str) -> Option<Member> {
            match path {
                "Workplane" | "Vector" | "Plane" | "selectors.BoxSelector" => Some(Member::Class),
                "sortWiresByBuildOrder" => Some(Member::Function),
                "selectors" => Some(Member::Module),
                "VERSION" => Some(Member::Constant(Value::Str("2.8".into()))),
                _ => None,
            }
        }

        fn call(&mut self, call: &Call<'_>) -> Result<Value, ApiError> {
            let receiver = call.receiver.map_or(String::new(), |object| format!("{}#{}.", object.class.0, object.id));
            let mut arguments: Vec<String> = call.args.iter().map(ToString::to_string).collect();
            arguments.extend(call.kwargs.iter().map(|(name, value)| format!("{name}={value}")));
            self.asked.push(format!("{receiver}{}({})", call.function, arguments.join(", ")));
            match call.function {
                "vals" | "__iter__" => {
                    Ok(Value::List(vec![self.object(ClassId("Face")), self.object(ClassId("Face"))]))
                }
                "size" => Ok(Value::Int(2)),
                "Vector" => Ok(self.object(ClassId("Vector"))),
                "Plane.XY" => Ok(self.object(ClassId("Plane"))),
                "selectors.BoxSelector" => Ok(self.object(ClassId("BoxSelector"))),
                "sphere" => Err(ApiError::new(ApiErrorKind::Value, "the radius must be positive")),
                "fillet" => Err(ApiError::new(ApiErrorKind::Unsupported, "not supported yet")),
                "later" => Err(ApiError { kind: ApiErrorKind::Kernel, message: "empty".into(), call: Some(CallId(0)) }),
                "nothing" => Err(ApiError::new(ApiErrorKind::Attribute, "no such method; did you mean `box`?")),
                _ => Ok(self.object(WORKPLANE)),
            }
        }

        fn attribute(&mut self, _: ObjectRef, name: &str) -> Result<Attribute, ApiError> {
            match name {
                "x" => Ok(Attribute::Value(Value::Float(1.5))),
                "box" => Ok(Attribute::Method),
                _ => Err(ApiError::new(ApiErrorKind::Attribute, format!("no `{name}`; there is `x`"))),
            }
        }

        fn body(&self, object: ObjectRef) -> Option<Shape> {
            (object.class == WORKPLANE).then(|| cube(object.id as f64))
        }

        fn result(&mut self, value: &Value) -> Result<Shape, ApiError> {
            match value {
                Value::Object(object) if object.class == WORKPLANE => Ok(cube(object.id as f64)),
                other => Err(ApiError::new(ApiErrorKind::Type, format!("it is a {}", other.type_name()))),
            }
        }
    }

    /// A cube whose size tells which object it came from.
    fn cube(size: f64) -> Shape {
        Shape::cuboid(Frame::WORLD, DVec3::ZERO, DVec3::splat(size), CallId(0))
    }

    fn size(shape: &Shape) -> f64 {
        match shape.node() {
            Node::Primitive(partwright_brep::Primitive::Extrusion { to, .. }) => *to,
            Node::Compound(parts) => parts.iter().map(size).sum(),
            other => panic!("not a cube: {other:?}"),
        }
    }

    fn run(source: &str) -> (Run, Vec<String>) {
        let mut api = Recorder::default();
        let limits = Limits { time: Duration::from_secs(20), ..Limits::default() };
        let run = run_in_process(source, &limits, &mut api);
        (run, api.asked)
    }

    #[test]
    fn calls_reach_the_api_with_their_arguments() {
        let check = |source: &str, expected: &[&str]| {
            let (run, asked) = run(source);
            assert_eq!(asked, expected, "{source}: {:?}", run.diagnostics);
            assert!(
                run.diagnostics.iter().all(|diagnostic| diagnostic.kind == DiagnosticKind::NoResult),
                "{:?}",
                run.diagnostics
            );
        };
        check(
            "import cadquery as cq\nr = cq.Workplane('XY', origin=(0, 0, -7.5)).box(1, 2, 3, centered=False)",
            &["Workplane('XY', origin=(0, 0, -7.5))", "Workplane#1.box(1, 2, 3, centered=False)"],
        );
        check("import cadquery\nr = cadquery.Workplane()", &["Workplane()"]);
        check("from cadquery import Workplane\nr = Workplane()", &["Workplane()"]);
        check("from cadquery import Workplane as W, Vector\nr = W(Vector(1))", &["Vector(1)", "Workplane(<Vector>)"]);
        check("from cadquery import *\nr = Workplane().a()", &["Workplane()", "Workplane#1.a()"]);
        check("import cadquery as cq\nr = cq.Plane.XY()", &["Plane.XY()"]);
        check("import cadquery as cq\nr = cq.selectors.BoxSelector(1)", &["selectors.BoxSelector(1)"]);
        check("from cadquery.selectors import BoxSelector\nr = BoxSelector(1)", &["selectors.BoxSelector(1)"]);
        check("import cadquery.selectors as s\nr = s.BoxSelector(1)", &["selectors.BoxSelector(1)"]);
        check("import cadquery as cq\ncq.sortWiresByBuildOrder([])", &["sortWiresByBuildOrder([])"]);
        check("import cadquery as cq\nf = cq.sortWiresByBuildOrder\nf(1)", &["sortWiresByBuildOrder(1)"]);
        check("import cadquery as cq\nm = cq.Workplane().box\nm(1)", &["Workplane()", "Workplane#1.box(1)"]);
        check("import cadquery as cq\ncq.Workplane(cq.VERSION)", &["Workplane('2.8')"]);
        check(
            "import cadquery as cq, math\nw = cq.Workplane()\nfor i in range(2):\n    w = w.at(i, math.floor(2.5), f'{i}')",
            &["Workplane()", "Workplane#1.at(0, 2, '0')", "Workplane#2.at(1, 2, '1')"],
        );
        check(
            "import cadquery as cq\ncq.Workplane({1: None}, {2}, 2**70)",
            &["Workplane({1: None}, (2,), 1.1805916207174113e21)"],
        );
        check(
            "import cadquery as cq\ncq.Workplane(lambda: 1, cq.Vector)",
            &["Workplane(<function '<lambda>'>, <class 'Vector'>)"],
        );
        check(
            "import cadquery as cq\nfor f in cq.Workplane().vals():\n    f.q()",
            &["Workplane()", "Workplane#1.vals()", "Face#2.q()", "Face#3.q()"],
        );
        check(
            "import cadquery as cq\nw = cq.Workplane()\nassert isinstance(w, cq.Workplane) and w.x == 1.5 and w == w and w != cq.Workplane()\nassert not hasattr(w, 'y') and getattr(w, 'y', 3) == 3",
            &["Workplane()", "Workplane()"],
        );
    }

    #[test]
    fn the_result_is_found_by_name_or_by_the_last_assignment() {
        let check = |body: &str, expected: Option<(f64, ResultSource)>| {
            let (run, _) = run(&format!("import cadquery as cq\nW = cq.Workplane\n{body}"));
            let found = run.shape.as_ref().map(size).zip(run.result);
            assert_eq!(found, expected, "{body}: {:?}", run.diagnostics);
        };
        let named = |name: &str| ResultSource::Named(name.into());
        let last = |name: &str| ResultSource::LastAssigned(name.into());
        check("r = W()\nresult = W()", Some((1.0, named("r"))));
        check("a = W()\nresult = W()\nb = W()", Some((2.0, named("result"))));
        check("r = 5\nresult = W()", Some((1.0, named("result"))));
        check("a = W()\nb = W()\nc = 3", Some((2.0, last("b"))));
        check("a = W()\nb = W()\na = a", Some((1.0, last("a"))));
        check("if False:\n    b = W()\na = W()\nif False:\n    c = W()", Some((1.0, last("a"))));
        check("r = 5\na = W()\nshow_object(W())", Some((2.0, ResultSource::Shown)));
        check("a = W()\nshow_object(W(), name='x')\nshow_object(W(), 'y')", Some((5.0, ResultSource::Shown)));
        check("def f():\n    global g\n    g = W()\nf()", Some((1.0, last("g"))));
        check("W()", None);
        check("", None);
    }

    #[test]
    fn shown_objects_keep_their_names() {
        let (run, _) = run(
            "import cadquery as cq\nshow_object(cq.Workplane(), name='lid', options={'color': 'red'})\ndebug(cq.Workplane())",
        );
        let names: Vec<_> = run.shown.iter().map(|shown| shown.name.as_deref()).collect();
        assert_eq!(names, [Some("lid"), None]);
    }

    #[test]
    fn failures_say_what_where_and_in_which_call() {
        let mut wrong = Vec::new();
        let mut check = |source: &str, kind: DiagnosticKind, place: &str, call: Option<&str>, message: &str| {
            let (run, _) = run(source);
            let [diagnostic] = run.diagnostics.as_slice() else { panic!("{source}: {:?}", run.diagnostics) };
            let position = diagnostic.position.map_or(String::new(), |at| format!("{}:{}", at.line, at.column));
            let found = (diagnostic.kind, position.as_str(), diagnostic.call.as_deref());
            if found != (kind, place, call) || !diagnostic.message.contains(message) {
                wrong.push(format!(
                    "{source:?}: expected {kind:?} at {place} in {call:?} with {message:?}, got {diagnostic:?}"
                ));
            }
        };
        let cq = |body: &str| format!("import cadquery as cq\n{body}");
        check("x = (1, 2", DiagnosticKind::Syntax, "1:10", None, "");
        check("def f():\n  return 1\n x = 2", DiagnosticKind::Syntax, "3:1", None, "");
        check("def g():\n    yield 1", DiagnosticKind::Syntax, "2:5", None, "yield");
        check("r = cq.Workplane()", DiagnosticKind::Name, "1:5", None, "import cadquery as cq");
        check("a = 1\nb = undefined_name", DiagnosticKind::Name, "2:5", None, "undefined_name");
        check("import numpy as np", DiagnosticKind::Import, "1:8", None, "`numpy` cannot be imported");
        check("__import__('numpy')", DiagnosticKind::Name, "1:1", None, "__import__");
        check("undefined_function(1)", DiagnosticKind::Name, "1:1", None, "'undefined_function' is not defined");
        check("1 + 'a'", DiagnosticKind::Type, "1:1", None, "unsupported operand");
        check("x = 1\nassert x == 2", DiagnosticKind::Python, "2:8", None, "AssertionError");
        check("def f(n):\n    return 1 / n\nf(0)", DiagnosticKind::Python, "2:12", None, "ZeroDivisionError");
        check("raise ValueError('mine')", DiagnosticKind::Value, "1:7", None, "mine");
        check(
            &cq("r = cq.Workplane().sphere(-1)"),
            DiagnosticKind::Value,
            "2:20",
            Some("Workplane.sphere"),
            "positive",
        );
        check(&cq("r = (cq.Workplane()\n  .sphere(-1))"), DiagnosticKind::Value, "3:4", Some("Workplane.sphere"), "");
        check(
            &cq("r = cq.Workplane().fillet(1)"),
            DiagnosticKind::Unsupported,
            "2:20",
            Some("Workplane.fillet"),
            "yet",
        );
        check(&cq("r = cq.Workplane().box().later()"), DiagnosticKind::Kernel, "2:8", Some("Workplane"), "empty");
        check(
            &cq("r = cq.Workplane().nothing()"),
            DiagnosticKind::Attribute,
            "2:20",
            Some("Workplane.nothing"),
            "did you mean",
        );
        check(&cq("r = cq.Workplane().y"), DiagnosticKind::Attribute, "2:20", None, "there is `x`");
        check(&cq("r = cq.Nothing"), DiagnosticKind::Attribute, "2:8", None, "Nothing");
        check(
            &cq("try:\n    cq.Workplane().sphere(-1)\nexcept ValueError:\n    pass\n1 / 0"),
            DiagnosticKind::Python,
            "6:1",
            None,
            "ZeroDivision",
        );
        check(
            &cq("try:\n    cq.Workplane().sphere(-1)\nexcept ValueError:\n    raise"),
            DiagnosticKind::Value,
            "3:20",
            Some("Workplane.sphere"),
            "",
        );
        check(&cq("cq.Workplane(10**400)"), DiagnosticKind::Value, "2:4", Some("Workplane"), "too large");
        check(&cq("cq.Workplane([0] * 200000)"), DiagnosticKind::Size, "2:4", Some("Workplane"), "100000 values");
        check(
            &cq("a = [0]\nfor i in range(60):\n    a = [a, a]\ncq.Workplane(a)"),
            DiagnosticKind::Size,
            "5:4",
            Some("Workplane"),
            "",
        );
        check(&cq("while True:\n    cq.Workplane()"), DiagnosticKind::Size, "3:8", None, "20000 calls");
        check(
            &cq("a = cq.Workplane()\nb = a + 1\nc = 1 + 'x'"),
            DiagnosticKind::Type,
            "4:5",
            None,
            "unsupported operand",
        );
        check(
            &cq("a = cq.Workplane()\nb = a + 1\nc = b.sphere(1)"),
            DiagnosticKind::Value,
            "4:7",
            Some("Workplane.sphere"),
            "positive",
        );
        check("open('/etc/passwd')", DiagnosticKind::Forbidden, "1:1", None, "`open` is not allowed");
        check("def f():\n    f()\nf()", DiagnosticKind::Recursion, "2:5", None, "recursion");
        check("r = 5", DiagnosticKind::NoResult, "", None, "`r` has no shape: it is a int");
        check("x = 5", DiagnosticKind::NoResult, "", None, "show_object");
        check("show_object(5)", DiagnosticKind::NoResult, "", None, "what was shown");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_history_is_kept_also_when_the_program_fails() {
        let source = "import cadquery as cq\nr = cq.Workplane('XY').box(1, h=2)\nprint('a', 1)\nr.sphere(1)";
        let (run, _) = run(source);
        let calls: Vec<_> = run
            .history
            .calls
            .iter()
            .map(|call| {
                (call.id.0, call.name.as_str(), call.span.text(source), call.arguments.as_str(), call.shape.is_some())
            })
            .collect();
        assert_eq!(
            calls,
            [
                (0, "Workplane", "Workplane('XY')", "'XY'", true),
                (1, "Workplane.box", "box(1, h=2)", "1, h=2", true),
                (2, "Workplane.sphere", "sphere(1)", "1", false),
            ]
        );
        assert_eq!(run.printed, "a 1\n");
        assert!(run.shape.is_none());
    }
}
