//! Programs in worker processes: what comes back, and what hostile programs achieve.

#![expect(clippy::print_stdout, reason = "a test program of its own prints what the standard harness prints")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use partwright_brep::tessellate::Tolerance;
use partwright_cadquery::worker::{Cancel, Pool, PoolConfig, serve};
use partwright_cadquery::{CallId, DiagnosticKind, Fineness, Limits, Report, Request, Wanted};

/// The argument that makes this program a worker rather than a test.
const WORKER: &str = "worker-process";

/// The tests by name. This program is its own worker, so it cannot have the standard harness, which prints.
const TESTS: [(&str, fn()); 7] = [
    ("everything_asked_for_comes_back", everything_asked_for_comes_back),
    ("the_body_after_any_call_can_be_asked_for", the_body_after_any_call_can_be_asked_for),
    ("waiting_can_be_called_off", waiting_can_be_called_off),
    ("a_worker_that_cannot_start_is_an_error", a_worker_that_cannot_start_is_an_error),
    ("a_program_that_is_no_worker_is_found_out", a_program_that_is_no_worker_is_found_out),
    ("many_callers_share_the_workers", many_callers_share_the_workers),
    ("hostile_programs_are_stopped", hostile_programs_are_stopped),
];

/// Understands what `cargo test` and nextest ask of a test program: `--list`, and names to run.
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if has(WORKER) {
        return match serve(std::io::stdin(), std::io::stdout()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let names: Vec<&str> = arguments.iter().map(String::as_str).filter(|text| !text.starts_with('-')).collect();
    let fits = |name: &str| {
        if has("--exact") {
            names.contains(&name)
        } else {
            names.iter().all(|part| *part == "terse" || name.contains(part))
        }
    };
    // None is ignored.
    for (name, test) in TESTS.iter().filter(|(name, _)| !has("--ignored") && fits(name)) {
        if has("--list") {
            println!("{name}: test");
        } else {
            // A failing test panics and so ends the program with a failure.
            test();
            println!("test {name} ... ok");
        }
    }
    ExitCode::SUCCESS
}

/// A pool whose workers are this program.
fn pool(workers: usize) -> Pool {
    let executable = std::env::current_exe().expect("tests have a path");
    Pool::new(PoolConfig { executable, arguments: vec![WORKER.into()], workers })
}

static POOL: LazyLock<Pool> = LazyLock::new(|| pool(1));

const BOX: &str = "import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 3)";

fn run(source: &str, wanted: Wanted) -> Report {
    let request = Request { source: source.to_owned(), wanted, limits: Limits::default() };
    POOL.run(&request, &Cancel::new()).expect("the worker starts")
}

fn properties() -> Wanted {
    Wanted { properties: true, ..Wanted::default() }
}

fn everything_asked_for_comes_back() {
    let wanted = Wanted {
        properties: true,
        facets: true,
        mesh: Tolerance::new(0.1, 0.5).map(Fineness::Absolute),
        step: Some(partwright_brep::step::StepConfig::default()),
        call_volumes: true,
        after_call: None,
    };
    let report = run(BOX, wanted);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    let properties = report.properties.expect("asked for");
    assert!((properties.volume - 6.0).abs() < 1e-9 && (properties.area - 22.0).abs() < 1e-9, "{properties:?}");
    assert_eq!((properties.solids, properties.faces, properties.edges, properties.vertices), (1, 6, 12, 8));
    assert!(report.faces.iter().all(|face| face.call == CallId(1) && face.surface.kind() == "plane"));
    assert!(report.facets.is_some_and(|mesh| mesh.triangles.len() >= 12));
    assert!(report.mesh.is_some_and(|mesh| mesh.mesh.triangles.len() >= 12));
    assert!(report.step.is_some_and(|bytes| bytes.starts_with(b"ISO-10303-21;")));
    let names: Vec<_> = report.history.iter().map(|call| (call.name.as_str(), call.has_body)).collect();
    assert_eq!(names, [("Workplane", false), ("Workplane.box", true)]);
    let volumes: Vec<_> = report.history.iter().map(|call| call.volume.map(|volume| (volume * 1e6).round())).collect();
    assert_eq!(volumes, [None, Some(6e6)]);
}

fn the_body_after_any_call_can_be_asked_for() {
    let source = "import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 3).union(cq.Workplane('XY').box(9, 1, 1))";
    let after = |call| run(source, Wanted { after_call: Some(CallId(call)), ..properties() });
    assert!(after(1).properties.is_some_and(|properties| (properties.volume - 6.0).abs() < 1e-9));
    assert_eq!(after(0).diagnostics[0].kind, DiagnosticKind::NoResult);
    assert_eq!(after(99).diagnostics[0].kind, DiagnosticKind::NoResult);
}

fn waiting_can_be_called_off() {
    let pool = pool(1);
    let cancel = Cancel::new();
    let request = Request { source: "10**10**10".to_owned(), ..Request::default() };
    let (running, queued) = std::thread::scope(|scope| {
        let running = scope.spawn(|| pool.run(&request, &cancel));
        std::thread::sleep(Duration::from_millis(100));
        let queued = scope.spawn(|| pool.run(&request, &cancel));
        std::thread::sleep(Duration::from_millis(100));
        cancel.cancel();
        (running.join().expect("no panic"), queued.join().expect("no panic"))
    });
    for report in [running, queued] {
        assert_eq!(report.expect("starts").diagnostics[0].kind, DiagnosticKind::Cancelled);
    }
    let request = Request { source: BOX.to_owned(), ..Request::default() };
    let report = pool.run(&request, &Cancel::new()).expect("starts");
    assert!(report.diagnostics.is_empty(), "a pool is as good as new after a cancellation: {report:?}");
}

fn a_worker_that_cannot_start_is_an_error() {
    let executable = PathBuf::from("/nonexistent/worker");
    let pool = Pool::new(PoolConfig { executable, arguments: Vec::new(), workers: 1 });
    let error = pool.run(&Request::default(), &Cancel::new()).expect_err("there is no such program");
    assert!(error.to_string().contains("/nonexistent/worker"), "{error}");
}

fn a_program_that_is_no_worker_is_found_out() {
    let pool = Pool::new(PoolConfig { executable: "/bin/echo".into(), arguments: vec!["hello".into()], workers: 1 });
    let report = pool.run(&Request::default(), &Cancel::new()).expect("starts");
    assert_eq!(report.diagnostics[0].kind, DiagnosticKind::Crash, "{report:?}");
}

fn many_callers_share_the_workers() {
    let pool = pool(2);
    let volume = |height: u32| {
        let source = format!("import cadquery as cq\nr = cq.Workplane('XY').box(1, 1, {height})");
        let request = Request { source, wanted: properties(), limits: Limits::default() };
        pool.run(&request, &Cancel::new()).expect("starts").properties.expect("asked for").volume
    };
    std::thread::scope(|scope| {
        let callers: Vec<_> = (1..=12_u32).map(|height| (height, scope.spawn(move || volume(height)))).collect();
        for (height, caller) in callers {
            let volume = caller.join().expect("no panic");
            assert!((volume - f64::from(height)).abs() < 1e-9, "{volume} for {height}");
        }
    });
}

/// Each hostile program ends within 3 s with a message that names the matter, and leaves a pool that works.
fn hostile_programs_are_stopped() {
    use DiagnosticKind as Kind;
    let cq = |body: &str| format!("import cadquery as cq\n{body}");
    let boxes = "r = cq.Workplane('XY').box(1, 1, 1)\nfor i in range(10000):\n    r = r.union(cq.Workplane('XY').box(1, 1, 1 + i))";
    let cases: Vec<(&str, String, &[Kind])> = vec![
        ("an endless loop", "while True: pass".into(), &[Kind::Time]),
        (
            "an endless loop in try",
            "while True:\n    try:\n        while True: pass\n    except Exception:\n        pass".into(),
            &[Kind::Time],
        ),
        (
            "an endless loop in a bare except",
            "while True:\n    try:\n        while True: pass\n    except:\n        pass".into(),
            &[Kind::Time],
        ),
        (
            "an endless loop in finally",
            "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()".into(),
            &[Kind::Time],
        ),
        ("a long sum", "sum(range(10**11))".into(), &[Kind::Time]),
        ("a long string", "x = 'a' * 10**12".into(), &[Kind::Memory]),
        (
            "a long string in except",
            "try:\n    x = 'a' * 10**12\nexcept:\n    pass\nwhile True: pass".into(),
            &[Kind::Memory, Kind::Time],
        ),
        ("a doubling string", "x = 'a'\nwhile True:\n    x = x + x".into(), &[Kind::Memory, Kind::Time]),
        ("a huge power", "10**10**10".into(), &[Kind::Time, Kind::Memory]),
        ("a huge shift", "x = 1 << 10**11".into(), &[Kind::Memory, Kind::Time]),
        ("a tower of powers", "x = 3\nwhile True:\n    x = x * x".into(), &[Kind::Time, Kind::Memory]),
        (
            "a list that grows for ever",
            "x = []\nwhile True:\n    x.append('a' * 1000)".into(),
            &[Kind::Memory, Kind::Time],
        ),
        ("a long list", "x = [0] * 10**10".into(), &[Kind::Memory, Kind::Time]),
        ("a long list of a range", "x = list(range(10**10))".into(), &[Kind::Memory, Kind::Time]),
        (
            "a dictionary that grows for ever",
            "x = {}\nwhile True:\n    x[len(x)] = [0] * 100".into(),
            &[Kind::Memory, Kind::Time],
        ),
        ("endless recursion", "def f(n):\n    return f(n + 1)\nf(0)".into(), &[Kind::Recursion]),
        (
            "recursion that catches",
            "def f():\n    try:\n        f()\n    except RecursionError:\n        f()\nf()".into(),
            &[Kind::Recursion, Kind::Time],
        ),
        (
            "recursion by repr",
            "a = []\nfor i in range(100000):\n    a = [a]\nprint(a)".into(),
            &[Kind::Recursion, Kind::NoResult],
        ),
        (
            "recursion by comparison",
            "a = []\nb = []\nfor i in range(100000):\n    a = [a]\n    b = [b]\na == b".into(),
            &[Kind::Recursion],
        ),
        (
            "recursion by sort keys",
            "x = sorted([1, 2], key=lambda v: sorted([1], key=lambda w: w / 0))".into(),
            &[Kind::Python],
        ),
        ("5,000 round brackets", format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000)), &[Kind::Recursion]),
        ("5,000 square brackets", format!("x = {}{}", "[".repeat(5000), "]".repeat(5000)), &[Kind::Recursion]),
        ("5,000 open brackets", "[".repeat(5000), &[Kind::Recursion]),
        ("5,000 braces in an f-string", format!("x = f'{}'", "{".repeat(5001)), &[Kind::Recursion, Kind::Syntax]),
        ("5,000 signs", format!("x = {}1", "-".repeat(5000)), &[Kind::Recursion]),
        ("100,000 terms", format!("x = 1{}", "+1".repeat(100_000)), &[Kind::Recursion]),
        ("50,000 calls in a chain", format!("x = f{}", ".g()".repeat(50_000)), &[Kind::Recursion]),
        ("50,000 attributes in a chain", format!("x = f{}", ".g".repeat(50_000)), &[Kind::Recursion]),
        ("50,000 comparisons", format!("x = 1{}", "<1".repeat(50_000)), &[Kind::Recursion]),
        ("5,000 lambdas", format!("x = {}1", "lambda:".repeat(5000)), &[Kind::Recursion]),
        ("5,000 conditions", format!("x = {}0", "1 if 1 else ".repeat(5000)), &[Kind::Recursion]),
        ("5,000 powers", format!("x = {}2", "2**".repeat(5000)), &[Kind::Recursion]),
        (
            "300 blocks",
            (0..300).map(|level| " ".repeat(level) + "if 1:\n").collect::<String>() + &" ".repeat(300) + "pass",
            &[Kind::Recursion],
        ),
        (
            "5,000 elifs",
            format!("if 0:\n    pass\n{}", "elif 0:\n    pass\n".repeat(5000)),
            &[Kind::Recursion, Kind::Syntax],
        ),
        ("a source of 1 MB", "x = 1\n".repeat(170_000), &[Kind::Size]),
        ("a long line of numbers", format!("x = [{}]", "1,".repeat(100_000)), &[Kind::Syntax]),
        ("opening a file", "open('/etc/passwd')".into(), &[Kind::Forbidden]),
        ("opening a file to write", "open('x', 'w')".into(), &[Kind::Forbidden]),
        ("import os", "import os\nos.system('true')".into(), &[Kind::Import]),
        ("import of os in a function", "def f():\n    import os\n".into(), &[Kind::Import]),
        ("import subprocess", "from subprocess import run".into(), &[Kind::Import]),
        ("import by name", "__import__('os').system('true')".into(), &[Kind::Name]),
        (
            "import by exec",
            "exec('import os\\nx = os.listdir()')".into(),
            &[Kind::Forbidden, Kind::Import, Kind::Attribute],
        ),
        // The interpreter reads evaluated text before it looks how deep it is: on a busy machine time runs out first.
        ("evaluated text", "eval('(' * 100000)".into(), &[Kind::Syntax, Kind::Recursion, Kind::Time]),
        ("a class hierarchy", "().__class__.__bases__[0].__subclasses__()".into(), &[Kind::Attribute]),
        ("a wide format", "x = '%1000000000d' % 1".into(), &[Kind::Memory, Kind::Time, Kind::Value]),
        ("a wide f-string", "x = f'{1:1000000000}'".into(), &[Kind::Memory, Kind::Time, Kind::Value]),
        ("a wide format method", "x = '{:>10000000000}'.format(1)".into(), &[Kind::Memory, Kind::Time, Kind::Value]),
        ("a wide justification", "x = 'a'.ljust(10**11)".into(), &[Kind::Memory]),
        ("a bomb of replacements", "x = 'a' * 10**6\nx = x.replace('a', x)".into(), &[Kind::Memory, Kind::Time]),
        (
            "a regular expression",
            "import re\nre.match('(a+)+$', 'a' * 40 + 'b')".into(),
            &[Kind::Time, Kind::Python, Kind::NoResult],
        ),
        (
            "a regular expression that counts",
            "import re\nre.compile('(((a{1000}){1000}){1000})')".into(),
            &[Kind::Memory, Kind::Python, Kind::Time, Kind::Value],
        ),
        (
            "a product of iterators",
            "import itertools\nx = list(itertools.product(range(1000), repeat=8))".into(),
            &[Kind::Memory, Kind::Time],
        ),
        ("an endless iterator", "import itertools\nx = sum(itertools.count())".into(), &[Kind::Time]),
        (
            "an endless iterator in any",
            // Monty builds a generator's items before `any` sees them: on a fast machine memory runs out before time.
            "import itertools\nx = any(i < 0 for i in itertools.count())".into(),
            &[Kind::Time, Kind::Memory],
        ),
        ("a factorial", "import math\nx = math.factorial(10**8)".into(), &[Kind::Time, Kind::Memory, Kind::Value]),
        ("digits of a power", "x = len(str(7**10**7))".into(), &[Kind::Time, Kind::Memory, Kind::Value]),
        ("printing for ever", "while True:\n    print('a' * 1000)".into(), &[Kind::Time]),
        ("an exception with a huge message", "raise ValueError('a' * 10**8)".into(), &[Kind::Value]),
        ("a huge integer", cq("r = cq.Workplane('XY').box(10**400, 1, 1)"), &[Kind::Value]),
        ("a large integer", cq("r = cq.Workplane('XY').box(10**300, 1, 1)"), &[Kind::Value, Kind::Kernel]),
        ("not a number", cq("r = cq.Workplane('XY').box(float('nan'), 1, 1)"), &[Kind::Value, Kind::Kernel]),
        ("infinity", cq("r = cq.Workplane('XY').box(float('inf'), 1, 1)"), &[Kind::Value, Kind::Kernel]),
        (
            "an infinite origin",
            cq("r = cq.Workplane('XY', origin=(1e308, 1e308, -1e308)).box(1, 1, 1)"),
            &[Kind::Value, Kind::Kernel],
        ),
        ("a tiny box", cq("r = cq.Workplane('XY').box(1e-300, 1e-300, 1e-300)"), &[Kind::Value, Kind::Kernel]),
        ("10,000 united boxes", cq(boxes), &[Kind::Time, Kind::Size, Kind::Memory, Kind::Kernel, Kind::Recursion]),
        (
            "calls for ever",
            cq("while True:\n    cq.Workplane('XY').box(1, 1, 1)"),
            &[Kind::Size, Kind::Time, Kind::Memory],
        ),
        (
            "calls for ever in except",
            cq("while True:\n    try:\n        cq.Workplane('XY').box('a')\n    except:\n        pass"),
            &[Kind::Size, Kind::Time],
        ),
        (
            "a million points",
            cq("r = cq.Workplane('XY').pushPoints([(i, 0) for i in range(1000000)]).circle(0.1).extrude(1)"),
            &[Kind::Size, Kind::Time, Kind::Memory],
        ),
        (
            "nested lists of points",
            cq("a = []\nfor i in range(100000):\n    a = [a]\ncq.Workplane('XY').pushPoints(a)"),
            &[Kind::Type, Kind::Value, Kind::Size],
        ),
        (
            "shared lists of points",
            cq("a = [0]\nfor i in range(60):\n    a = [a, a]\ncq.Workplane('XY').pushPoints(a)"),
            &[Kind::Size],
        ),
        (
            "a list that holds itself",
            cq("a = []\na.append(a)\ncq.Workplane('XY').pushPoints(a)"),
            &[Kind::Type, Kind::Value],
        ),
        (
            "a long selector",
            cq("cq.Workplane('XY').box(1, 1, 1).faces('(' * 100000)"),
            &[Kind::Value, Kind::Recursion, Kind::Size],
        ),
        (
            "a deep selector",
            cq("cq.Workplane('XY').box(1, 1, 1).faces('not ' * 20000 + '>Z')"),
            &[Kind::Value, Kind::Recursion, Kind::Size],
        ),
        (
            "calling a function back",
            cq("cq.Workplane('XY').each(lambda x: x)"),
            &[Kind::Unsupported, Kind::Attribute, Kind::Type],
        ),
        ("nothing at all", String::new(), &[Kind::NoResult]),
        ("zeros", "\0\0\0".into(), &[Kind::Syntax]),
        ("no text", "\u{feff}\u{202e}\u{0301}".into(), &[Kind::Syntax]),
    ];
    let mut wrong = Vec::new();
    for (name, source, expected) in cases {
        let started = Instant::now();
        // The bound is the same for every time limit, so a short one shows it.
        let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
        let request = Request { source, wanted: properties(), limits };
        let report = POOL.run(&request, &Cancel::new()).expect("the worker starts");
        let seconds = started.elapsed().as_secs_f64();
        let found: Vec<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.kind).collect();
        let first = report.diagnostics.first().map(ToString::to_string).unwrap_or_default();
        println!("{name}: {seconds:.2} s, {found:?}: {}", first.chars().take(160).collect::<String>());
        let fits = matches!(found.as_slice(), [kind] if expected.contains(kind));
        if !fits || seconds > 3.0 || first.is_empty() {
            wrong.push(format!(
                "{name}: {seconds:.2} s, expected {expected:?}, got {found:?}: {}",
                first.chars().take(300).collect::<String>()
            ));
        }
        let after = run(BOX, Wanted::default());
        if !after.diagnostics.is_empty() {
            wrong.push(format!("{name}: the program after it fails: {:?}", after.diagnostics));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
