//! The text of the GPU programs: built in, or read from a folder, checked, and read again when it changes.
//!
//! Release builds have what is built in. Debug builds watch `shaders/` of the source tree, so that a changed shader shows in
//! the running window; a text with a fault never reaches the GPU.

use std::borrow::Cow;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use wgpu::naga;

/// A program: its file without the extension, and what is drawn with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Name of its file and of its module.
    pub name: &'static str,
    /// What is drawn with it: for `surface` there are the entry points `surface_vertex` and `surface_fragment`.
    pub passes: &'static [&'static str],
    built_in: &'static str,
}

/// Every program. `view.wgsl` stands before each of them.
pub const PROGRAMS: [Program; 3] = [
    Program { name: "surface", passes: &["surface", "wire"], built_in: include_str!("../../../shaders/surface.wgsl") },
    Program { name: "edge", passes: &["edge"], built_in: include_str!("../../../shaders/edge.wgsl") },
    Program { name: "point", passes: &["point"], built_in: include_str!("../../../shaders/point.wgsl") },
];

const VIEW: &str = include_str!("../../../shaders/view.wgsl");

/// What is wrong with a shader, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct ShaderFault {
    /// The file, without its folder.
    pub file: String,
    /// The line in that file, from 1; `None` when it is the whole.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}

/// The texts of all programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShaderSources {
    view: Cow<'static, str>,
    own: [Cow<'static, str>; PROGRAMS.len()],
}

impl ShaderSources {
    /// Those this program was built with.
    pub fn built_in() -> Self {
        Self { view: Cow::Borrowed(VIEW), own: PROGRAMS.map(|program| Cow::Borrowed(program.built_in)) }
    }

    /// Those of a folder.
    ///
    /// # Errors
    /// The first fault: a file that cannot be read, or a text that is no valid program.
    pub fn read(folder: &Path) -> Result<Self, ShaderFault> {
        let text = |name: &str| {
            let file = format!("{name}.wgsl");
            std::fs::read_to_string(folder.join(&file)).map_err(|error| ShaderFault {
                file,
                line: None,
                message: error.to_string(),
            })
        };
        let mut sources = Self::built_in();
        sources.view = Cow::Owned(text("view")?);
        for (own, program) in sources.own.iter_mut().zip(PROGRAMS) {
            *own = Cow::Owned(text(program.name)?);
        }
        sources.check()?;
        Ok(sources)
    }

    /// The whole text of a program, by its number in [`PROGRAMS`].
    pub fn program(&self, index: usize) -> String {
        format!("{}\n{}", self.view, self.own[index])
    }

    /// Parses and validates every program, and looks for its entry points.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), ShaderFault> {
        use naga::valid::{Capabilities, ValidationFlags, Validator};
        for (index, program) in PROGRAMS.into_iter().enumerate() {
            let text = self.program(index);
            let fault = |at: Option<naga::SourceLocation>, message: String| {
                let (file, line) = self.place(index, at.map(|at| at.line_number));
                ShaderFault { file, line, message }
            };
            let module = naga::front::wgsl::parse_str(&text)
                .map_err(|error| fault(error.location(&text), error.message().to_owned()))?;
            Validator::new(ValidationFlags::all(), Capabilities::default()).validate(&module).map_err(|error| {
                // The outermost error only names the function; the cause says what is wrong in it.
                let inner = error.as_inner();
                let causes = std::iter::successors(inner.source(), |error| (*error).source()).map(ToString::to_string);
                let message = std::iter::once(inner.to_string()).chain(causes).collect::<Vec<_>>().join(": ");
                // The first span is the whole function; the shortest is the place.
                let spans = error.spans().map(|(span, _)| *span).filter(naga::Span::is_defined);
                let place = spans.min_by_key(|span| span.to_range().map_or(usize::MAX, |range| range.len()));
                fault(place.map(|span| span.location(&text)), message)
            })?;
            for pass in program.passes {
                for entry in ["vertex", "fragment"].map(|stage| format!("{pass}_{stage}")) {
                    if !module.entry_points.iter().any(|point| point.name == entry) {
                        let file = format!("{}.wgsl", program.name);
                        return Err(ShaderFault {
                            file,
                            line: None,
                            message: format!("there is no entry point '{entry}'"),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// The file and its line of a line of a whole program.
    fn place(&self, index: usize, line: Option<u32>) -> (String, Option<u32>) {
        let of_view = self.view.lines().count() as u32 + u32::from(self.view.ends_with('\n'));
        match line {
            Some(line) if line <= of_view => ("view.wgsl".to_owned(), Some(line)),
            line => (format!("{}.wgsl", PROGRAMS[index].name), line.map(|line| line - of_view)),
        }
    }
}

/// Reads the shaders of a folder whenever one of them changes, on a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct ShaderWatch {
    read: Receiver<Result<ShaderSources, ShaderFault>>,
    _alive: Arc<()>,
}

/// How often it is looked whether a file changed.
const LOOK: Duration = Duration::from_millis(300);

impl ShaderWatch {
    /// Watches the source tree in debug builds; `None` in release builds, and where there is no such tree.
    pub fn of_source_tree(wake: impl Fn() + Send + 'static) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shaders");
        (cfg!(debug_assertions) && folder.is_dir()).then(|| Self::start(folder, wake)).flatten()
    }

    /// Watches a folder; `wake` is called when something was read. `None` when the system gives no thread.
    pub fn start(folder: PathBuf, wake: impl Fn() + Send + 'static) -> Option<Self> {
        let (sender, read) = channel();
        let alive = Arc::new(());
        let watched: Weak<()> = Arc::downgrade(&alive);
        let watch = move || {
            let mut before = Vec::new();
            let mut last = Ok(ShaderSources::built_in());
            while watched.upgrade().is_some() {
                let now = changed_at(&folder);
                if now != before {
                    before = now;
                    let found = ShaderSources::read(&folder);
                    if found != last {
                        last.clone_from(&found);
                        if sender.send(found).is_err() {
                            return;
                        }
                        wake();
                    }
                }
                std::thread::sleep(LOOK);
            }
        };
        std::thread::Builder::new().name("shaders".into()).spawn(watch).ok()?;
        Some(Self { read, _alive: alive })
    }

    /// What was read last, if anything was since the last call.
    pub fn changed(&self) -> Option<Result<ShaderSources, ShaderFault>> {
        self.read.try_iter().last()
    }
}

/// When the files were written; none for those that are not there.
fn changed_at(folder: &Path) -> Vec<Option<SystemTime>> {
    let names = std::iter::once("view").chain(PROGRAMS.iter().map(|program| program.name));
    names.map(|name| folder.join(format!("{name}.wgsl")).metadata().ok()?.modified().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with the shaders of the source tree, one of them changed.
    fn folder_with(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let texts = std::iter::once(("view", VIEW)).chain(PROGRAMS.iter().map(|p| (p.name, p.built_in)));
        for (name, text) in texts {
            let text = if name == file { change(text) } else { text.to_owned() };
            std::fs::write(folder.path().join(format!("{name}.wgsl")), text).expect("can be written");
        }
        folder
    }

    #[track_caller]
    fn refused(file: &str, change: impl Fn(&str) -> String, line: Option<u32>, message: &str) {
        let folder = folder_with(file, change);
        let fault = ShaderSources::read(folder.path()).expect_err("it is faulty");
        assert_eq!((fault.file.as_str(), fault.line), (format!("{file}.wgsl").as_str(), line), "{fault}");
        assert!(fault.to_string().contains(message), "{fault}");
    }

    #[test]
    fn good_text_is_taken() {
        let folder = folder_with("surface", |text| text.replace("0.24 +", "0.25 +"));
        let sources = ShaderSources::read(folder.path()).expect("it is good");
        assert!(sources.program(0).contains("0.25 +"));
        assert_ne!(sources, ShaderSources::built_in());
        assert_eq!(ShaderSources::built_in().check(), Ok(()));
    }

    #[test]
    fn bad_text_is_refused_with_file_and_line() {
        refused("view", |text| format!("?\n{text}"), Some(1), "view.wgsl:1");
        refused(
            "edge",
            |text| format!("// a comment\nfn f() -> f32 {{ return 1 + ; }}\n{text}"),
            Some(2),
            "edge.wgsl:2",
        );
        refused("point", |text| format!("fn f() -> f32 {{\n return vec2<f32>(1.0);\n}}\n{text}"), Some(2), "");
        refused("surface", |text| text.replace("fn wire_vertex", "fn wires"), None, "wire_vertex");
    }

    #[test]
    fn a_changed_file_is_read_while_it_is_watched() {
        let folder = folder_with("edge", str::to_owned);
        let watch = ShaderWatch::start(folder.path().to_owned(), || ()).expect("a thread");
        let path = folder.path().join("edge.wgsl");
        let wait = |wanted: fn(&Result<ShaderSources, ShaderFault>) -> bool| {
            let start = std::time::Instant::now();
            while start.elapsed() < Duration::from_secs(20) {
                if watch.changed().is_some_and(|found| wanted(&found)) {
                    return true;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            false
        };
        let text = std::fs::read_to_string(&path).expect("it is there");
        std::fs::write(&path, format!("{text}\nfn")).expect("can be written");
        assert!(wait(Result::is_err), "the fault is told");
        std::fs::write(&path, format!("{text}\n// better\n")).expect("can be written");
        assert!(wait(Result::is_ok), "the good text is told");
    }
}
