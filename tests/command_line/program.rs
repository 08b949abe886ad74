//! Running the program and looking at what it did.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as one JSON object.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Fails unless the exit code is `code` and, for a failure, standard error says `part`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, part: &str) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.text(), self.stderr);
        assert!(self.stderr.contains(part), "'{part}' is not in: {}", self.stderr);
        self
    }
}

/// The program with arguments, in a folder.
pub(crate) fn command(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_partwright"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR");
    // Whatever models the machine has, tests have none but their own.
    command.env("PARTWRIGHT_MODELS", folder.join("models"));
    command
}

/// Runs the program in `folder` with `stdin` as its standard input.
pub(crate) fn run_with(folder: &Path, arguments: &[impl AsRef<OsStr>], stdin: &[u8]) -> Ran {
    let mut child = command(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built with this test");
    // A program that does not read its input is no error here.
    let _ = child.stdin.take().expect("a pipe was asked for").write_all(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Ran {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the program in `folder`.
pub(crate) fn run(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Ran {
    run_with(folder, arguments, b"")
}

/// The names in a folder, sorted.
pub(crate) fn listing(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The root of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository")
}

/// The absolute path of a sample.
pub(crate) fn sample(name: &str) -> String {
    repository().join("assets/samples").join(name).to_string_lossy().into_owned()
}
