//! Drives one program from suspension to suspension and answers each from the API.

use std::time::{Duration, Instant};

use super::convert::{self, ConvertError};
use super::exception::{self, SCRIPT};
use super::identity::Identity;
use super::operators::OPERATE;
use super::printer::Printer;
use super::registry::Registry;
use super::source::{self, Program};
use crate::{
    Api, ApiError, ApiErrorKind, Attribute, Call, CallId, Diagnostic, DiagnosticKind, Limits, Member, ObjectRef, Span,
    Value,
};
use monty::{FunctionCall, MontyRun, NameLookup, OsCall, RunProgress};
use monty_types::{
    AssertMessageAnnotations, CompileOptions, DateTimeSource, ExcType, ExtFunctionResult, MontyException, MontyObject,
    NameLookupResult, OsFunctionCall, OsPolicy, PrintWriter, ProcessTime, RandomStart, ResourceLimits, ResourceTracker,
    SandboxTimeZone, SleepMode, SourceRange,
};

/// Functions that CQ-editor defines for every program.
const SHOW: [&str; 2] = ["show_object", "debug"];

/// One call as it was made.
#[derive(Clone, Debug)]
pub(crate) struct MadeCall {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) arguments: String,
    /// The object it returned, if it returned one.
    pub(crate) object: Option<ObjectRef>,
}

/// Is told of every call before it is made, and without one of what comes after the last.
pub(crate) type Watch<'a> = dyn FnMut(Option<(CallId, Span, &str)>) + 'a;

/// What became of a program.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Calls into the API in order; their index is their [`CallId`].
    pub(crate) calls: Vec<MadeCall>,
    /// What was handed to `show_object`, with the name given to it.
    pub(crate) shown: Vec<(Option<String>, Value)>,
    /// The values of [`Program::assigned`] at the end, or why there was no end.
    pub(crate) assigned: Result<Vec<Value>, Diagnostic>,
    /// What was printed.
    pub(crate) printed: String,
}

/// Runs `program`, whose source is `source`.
pub(crate) fn execute(
    program: &Program,
    source: &str,
    limits: &Limits,
    api: &mut dyn Api,
    watch: &mut Watch<'_>,
) -> Outcome {
    let mut machine = Machine {
        api,
        watch,
        program,
        limits,
        deadline: Instant::now() + limits.time,
        suspensions: 0,
        calls: Vec::new(),
        shown: Vec::new(),
        handles: Registry::default(),
        methods: Vec::new(),
        refusal: None,
        stopped: None,
    };
    let mut printer = Printer::new(limits.printed_bytes);
    let assigned = machine.run(&mut printer).map_err(|exception| machine.diagnose(&exception, source));
    let Machine { calls, shown, .. } = machine;
    Outcome { calls, shown, assigned, printed: printer.into_text() }
}

/// A call that the API refused, remembered to be recognised when its exception ends the program.
struct Refusal {
    exception: ExcType,
    kind: DiagnosticKind,
    message: String,
    /// The message the interpreter may have put in place of ours.
    attribute_of: Option<(&'static str, String)>,
    span: Span,
    call: Option<(String, CallId)>,
}

struct Machine<'a, 'w> {
    api: &'a mut dyn Api,
    watch: &'a mut Watch<'w>,
    program: &'a Program,
    limits: &'a Limits,
    deadline: Instant,
    suspensions: usize,
    calls: Vec<MadeCall>,
    shown: Vec<(Option<String>, Value)>,
    handles: Registry,
    /// Methods read without being called: receiver and name.
    methods: Vec<(ObjectRef, String)>,
    refusal: Option<Refusal>,
    /// Why the run was ended from outside.
    stopped: Option<(DiagnosticKind, Span)>,
}

impl Machine<'_, '_> {
    fn run(&mut self, printer: &mut Printer) -> Result<Vec<Value>, MontyException> {
        // Never the parser's own scan: `Program::read` has bounded the depth already.
        let options = CompileOptions {
            assert_message_annotations: AssertMessageAnnotations::default(),
            source_scan_threshold: usize::MAX,
        };
        let run = MontyRun::new(self.program.text.clone(), SCRIPT, Vec::new(), options)?.with_os_policy(policy());
        let limits = ResourceLimits {
            max_feed_duration: Some(self.limits.time),
            max_recursion_depth: self.limits.recursion,
            ..ResourceLimits::default()
        };
        let mut progress = run.start(Vec::new(), ResourceTracker::new(limits), PrintWriter::Callback(printer))?;
        loop {
            let print = PrintWriter::Callback(printer);
            progress = match progress {
                RunProgress::Complete(values) => {
                    return Ok(convert::items(&values, &self.handles, self.limits.argument_values));
                }
                RunProgress::FunctionCall(call) => match self.out_of_bounds(&call.position) {
                    Some(exception) => call.abort(exception, print),
                    None => self.function_call(call, print),
                },
                RunProgress::NameLookup(lookup) => match self.out_of_bounds(&lookup.position) {
                    Some(exception) => lookup.abort(exception, print),
                    None => self.name_lookup(lookup, print),
                },
                RunProgress::OsCall(call) => match self.out_of_bounds(&call.position) {
                    Some(exception) => call.abort(exception, print),
                    None => self.os_call(call, print),
                },
                RunProgress::ResolveFutures(futures) => {
                    let message = "asynchronous calls are not supported".to_owned();
                    return Err(MontyException::new(ExcType::NotImplementedError, Some(message)))
                        .inspect_err(|_| drop(futures));
                }
            }?;
        }
    }

    /// The exception that ends a run which has used up its time or its calls.
    fn out_of_bounds(&mut self, position: &SourceRange) -> Option<MontyException> {
        self.suspensions += 1;
        let (kind, message) = if self.suspensions > self.limits.calls {
            (DiagnosticKind::Size, format!("more than {} calls", self.limits.calls))
        } else if Instant::now() > self.deadline {
            (DiagnosticKind::Time, format!("took longer than {}", seconds(self.limits.time)))
        } else {
            return None;
        };
        self.stopped = Some((kind, self.span(position)));
        Some(MontyException::new(ExcType::TimeoutError, Some(message)))
    }

    fn function_call(&mut self, call: FunctionCall, print: PrintWriter<'_>) -> Result<RunProgress, MontyException> {
        let span = self.span(&call.position);
        let name = call.function_name.as_str();
        let (receiver, function) = match call.object_id.map(Identity::of) {
            None if name == OPERATE || SHOW.contains(&name) || self.handles.knows(name) => (None, name.to_owned()),
            // The interpreter hands over calls of names it does not know without asking for the name.
            None if self.program.star_import && self.api.member(name).is_some() => (None, name.to_owned()),
            None => {
                let name = name.to_owned();
                return call.resume(ExtFunctionResult::NotFound(name), print);
            }
            Some(Some(Identity::Class(index))) if name == "__call__" => (None, self.handles.path(index).to_owned()),
            Some(Some(Identity::Module(index) | Identity::Class(index))) => {
                (None, join(self.handles.path(index), name))
            }
            Some(Some(Identity::Object(id))) => (self.handles.object(id), name.to_owned()),
            Some(Some(Identity::Method(index))) => match self.methods.get(index as usize) {
                Some((receiver, method)) => (Some(*receiver), method.clone()),
                None => (None, name.to_owned()),
            },
            Some(None) => (None, name.to_owned()),
        };
        let (args, kwargs) = match convert::arguments(&call.args, &self.handles, self.limits.argument_values) {
            Ok(arguments) => arguments,
            Err(error) => {
                let exception = self.refuse_argument(error, qualified(receiver, &function), span);
                return call.resume(exception, print);
            }
        };
        if receiver.is_none() && function == OPERATE {
            let result = self.operate(args);
            return call.resume(result, print);
        }
        if receiver.is_none() && SHOW.contains(&function.as_str()) {
            self.show(args, &kwargs);
            return call.resume(MontyObject::none(), print);
        }
        let result = self.call(receiver, &function, args, kwargs, span);
        call.resume(result, print)
    }

    /// Answers a call of [`OPERATE`]: site, operator, reflected operator, and one or two operands.
    fn operate(&mut self, args: Vec<Value>) -> ExtFunctionResult {
        let mut args = args.into_iter();
        let (site, method, reflected) = (args.next(), args.next(), args.next());
        let (Some(Value::Int(site)), Some(Value::Str(method)), Some(Value::Str(reflected)), Some(left)) =
            (site, method, reflected, args.next())
        else {
            return MontyException::new(ExcType::TypeError, None).into();
        };
        let span = self.program.sites.get(site as usize).copied().unwrap_or_default();
        let right: Vec<Value> = args.collect();
        match (left, right.as_slice()) {
            (Value::Object(object), _) => self.call(Some(object), &method, right, Vec::new(), span),
            (left, [Value::Object(object)]) => self.call(Some(*object), &reflected, vec![left], Vec::new(), span),
            _ => MontyException::new(ExcType::TypeError, None).into(),
        }
    }

    /// Makes one call of the API and writes it into the history.
    fn call(
        &mut self,
        receiver: Option<ObjectRef>,
        function: &str,
        args: Vec<Value>,
        kwargs: Vec<(String, Value)>,
        span: Span,
    ) -> ExtFunctionResult {
        let id = CallId(self.calls.len() as u32);
        let name = qualified(receiver, function);
        self.calls.push(MadeCall { name: name.clone(), span, arguments: render(&args, &kwargs), object: None });
        (self.watch)(Some((id, span, &name)));
        let call = Call { receiver, function, args, kwargs, span, id };
        match self.api.call(&call) {
            Ok(value) => {
                if let Value::Object(object) = value {
                    self.calls[id.0 as usize].object = Some(object);
                }
                ExtFunctionResult::Return(convert::to_monty(value, &mut self.handles))
            }
            Err(error) => ExtFunctionResult::Error(self.refuse(&error, span, Some((name, id)))),
        }
    }

    fn name_lookup(&mut self, lookup: NameLookup, print: PrintWriter<'_>) -> Result<RunProgress, MontyException> {
        let name = lookup.name.as_str();
        let result = match lookup.object_id().map(Identity::of) {
            // The closing expression asks for every name the program may have assigned.
            None if lookup.position.filename == SCRIPT && self.program.is_closing(lookup.position.start) => {
                MontyObject::none().into()
            }
            None if SHOW.contains(&name) => MontyObject::function(name, None).into(),
            None if self.program.star_import => self.member(name).into(),
            Some(Some(Identity::Module(index) | Identity::Class(index))) => {
                let path = join(self.handles.path(index), name);
                self.member(&path).into()
            }
            Some(Some(Identity::Object(id))) => match self.handles.object(id) {
                Some(object) => self.attribute(object, name, &lookup.position),
                None => NameLookupResult::Undefined,
            },
            _ => NameLookupResult::Undefined,
        };
        lookup.resume(result, print)
    }

    /// What a path below `cadquery` is to Python.
    fn member(&mut self, path: &str) -> Option<MontyObject> {
        Some(match self.api.member(path)? {
            Member::Class => self.handles.class_handle(path),
            Member::Function => self.handles.function_handle(path),
            Member::Module => self.handles.module_handle(path),
            Member::Constant(value) => convert::to_monty(value, &mut self.handles),
        })
    }

    fn attribute(&mut self, object: ObjectRef, name: &str, position: &SourceRange) -> NameLookupResult {
        match self.api.attribute(object, name) {
            Ok(Attribute::Value(value)) => convert::to_monty(value, &mut self.handles).into(),
            Ok(Attribute::Method) => {
                self.methods.push((object, name.to_owned()));
                let id = Identity::Method(self.methods.len() as u64 - 1).uuid();
                MontyObject::class_instance(self.handles.class_handle("method"), id, []).into()
            }
            Err(error) => {
                let span = self.span(position);
                let exception = self.refuse(&error, span, None);
                if error.kind == ApiErrorKind::Attribute {
                    // `hasattr` and `getattr` with a default want to be told so, not to see an exception.
                    if let Some(refusal) = &mut self.refusal {
                        refusal.attribute_of = Some((object.class.0, name.to_owned()));
                    }
                    NameLookupResult::Undefined
                } else {
                    exception.into()
                }
            }
        }
    }

    fn os_call(&mut self, call: OsCall, print: PrintWriter<'_>) -> Result<RunProgress, MontyException> {
        let result: ExtFunctionResult = match &call.function_call {
            OsFunctionCall::Import(name) if name == "cadquery" => self.handles.module_handle("").into(),
            OsFunctionCall::Import(name) => {
                MontyException::new(ExcType::ModuleNotFoundError, Some(source::refused_import(name))).into()
            }
            other => {
                let message =
                    format!("`{}` is not allowed: programs reach no files, clocks or environment", other.name());
                MontyException::new(ExcType::PermissionError, Some(message)).into()
            }
        };
        call.resume(result, print)
    }

    fn show(&mut self, args: Vec<Value>, kwargs: &[(String, Value)]) {
        let name = kwargs.iter().find_map(|(key, value)| match value {
            Value::Str(text) if key == "name" => Some(text.clone()),
            _ => None,
        });
        let mut args = args.into_iter();
        let value = args.next();
        let name = name.or_else(|| match args.next() {
            Some(Value::Str(text)) => Some(text),
            _ => None,
        });
        self.shown.extend(value.map(|value| (name, value)));
    }

    fn refuse_argument(&mut self, error: ConvertError, name: String, span: Span) -> MontyException {
        let (kind, exception, message) = match error {
            ConvertError::TooLarge => (
                DiagnosticKind::Size,
                ExcType::ValueError,
                format!("the arguments hold more than {} values", self.limits.argument_values),
            ),
            ConvertError::IntegerTooLarge => {
                (DiagnosticKind::Value, ExcType::OverflowError, "integer too large to convert to float".to_owned())
            }
        };
        let id = CallId(self.calls.len() as u32);
        self.calls.push(MadeCall { name: name.clone(), span, arguments: "...".to_owned(), object: None });
        self.refusal = Some(Refusal {
            exception,
            kind,
            message: message.clone(),
            attribute_of: None,
            span,
            call: Some((name, id)),
        });
        MontyException::new(exception, Some(message))
    }

    /// Remembers an error of the API and makes it a Python exception.
    fn refuse(&mut self, error: &ApiError, span: Span, call: Option<(String, CallId)>) -> MontyException {
        let exception = exception::exception_type(error.kind);
        // An error found late belongs to the call that caused it.
        let earlier = error.call.and_then(|id| Some((id, self.calls.get(id.0 as usize)?)));
        let (span, call) = match earlier {
            Some((id, made)) => (made.span, Some((made.name.clone(), id))),
            None => (span, call),
        };
        self.refusal = Some(Refusal {
            exception,
            kind: exception::api_kind(error.kind),
            message: error.message.clone(),
            attribute_of: None,
            span,
            call,
        });
        MontyException::new(exception, Some(error.message.clone()))
    }

    fn diagnose(&mut self, exception: &MontyException, source: &str) -> Diagnostic {
        if let Some((kind, span)) = self.stopped {
            return Diagnostic::new(kind, exception.message().unwrap_or_default()).at(span, source);
        }
        let message = exception.message().unwrap_or_default();
        if exception.exc_type() == ExcType::TimeoutError && message.contains("time limit exceeded") {
            // The interpreter does not say where it was; the last call is the nearest place known.
            let diagnostic =
                Diagnostic::new(DiagnosticKind::Time, format!("took longer than {}", seconds(self.limits.time)));
            return match self.calls.last() {
                Some(made) => {
                    let id = CallId(self.calls.len() as u32 - 1);
                    let message = format!("{}, in Python after this call", diagnostic.message);
                    Diagnostic { message, ..diagnostic }.at(made.span, source).in_call(made.name.clone(), id)
                }
                None => diagnostic,
            };
        }
        let is_it = |refusal: &Refusal| {
            refusal.exception == exception.exc_type()
                && match &refusal.attribute_of {
                    Some((class, name)) => message == format!("'{class}' object has no attribute '{name}'"),
                    None => message == refusal.message,
                }
        };
        match self.refusal.take().filter(is_it) {
            Some(refusal) => {
                let diagnostic = Diagnostic::new(refusal.kind, refusal.message).at(refusal.span, source);
                match refusal.call {
                    Some((name, id)) => diagnostic.in_call(name, id),
                    None => diagnostic,
                }
            }
            None => exception::diagnose(exception, self.program, source),
        }
    }

    fn span(&self, position: &SourceRange) -> Span {
        // Code of `eval` and `exec` has no place in the program's text.
        let own = (position.filename == SCRIPT).then(|| self.program.own_span(position.start, position.end));
        own.flatten().unwrap_or_default()
    }
}

/// No clock, no sleep and a fixed random seed: the same program always does the same.
fn policy() -> OsPolicy {
    OsPolicy {
        datetime: DateTimeSource::Fixed { unix_seconds: 0, microsecond: 0 },
        timezone: SandboxTimeZone::default(),
        sleep: SleepMode::Zero,
        process_time: ProcessTime::Zero,
        random_start: RandomStart::Seed(monty_types::RandomSeed::Float(0.0)),
    }
}

/// A call's name as a user would say it.
fn qualified(receiver: Option<ObjectRef>, function: &str) -> String {
    match receiver {
        Some(object) => format!("{}.{function}", object.class.0),
        None => function.to_owned(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// Arguments as they would be written, cut where they get long.
fn render(args: &[Value], kwargs: &[(String, Value)]) -> String {
    const LENGTH: usize = 200;
    let mut text = String::new();
    let positional = args.iter().map(|value| (None, value));
    let keyword = kwargs.iter().map(|(name, value)| (Some(name), value));
    for (name, value) in positional.chain(keyword) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        if let Some(name) = name {
            text.push_str(name);
            text.push('=');
        }
        if !value.write_short(&mut text, LENGTH) {
            text.push_str("...");
            break;
        }
    }
    text
}
