//! The real program on a screen of its own (Xvfb), used by mouse and keyboard as a person would (xdotool).

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::driver::repository;

/// The longest anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A process that ends with the test.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen, and its number; `None` where there is no Xvfb or xdotool.
fn screen() -> Option<(Held, String)> {
    let known =
        |program: &str| Command::new(program).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if known("xdotool").is_err() {
        return None;
    }
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Held)
        .ok()?;
    let mut number = String::new();
    BufReader::new(server.0.stdout.take()?).read_line(&mut number).ok()?;
    Some((server, format!(":{}", number.trim())))
}

struct Desktop {
    home: PathBuf,
    display: String,
    /// Ends before the screen does.
    program: Held,
    _server: Held,
}

impl Desktop {
    /// The program with a copy of a sample opened, keeping everything below `home`.
    fn open(home: &Path, sample: &str) -> Option<Self> {
        let Some((server, display)) = screen() else {
            eprintln!("skipped: Xvfb and xdotool are needed");
            return None;
        };
        let config = home.join("config/partwright");
        std::fs::create_dir_all(&config).expect("a folder");
        std::fs::write(config.join("settings.toml"), "version = 1\nfile_dialogs = \"own\"\n").expect("written");
        let file = home.join(sample);
        std::fs::copy(repository("assets/samples").join(sample), &file).expect("copied");
        let program = Self::start(home, &display, &[&file]);
        Some(Self { home: home.to_owned(), display, program, _server: server })
    }

    fn start(home: &Path, display: &str, files: &[&Path]) -> Held {
        let runtime = home.join("runtime");
        std::fs::create_dir_all(&runtime).expect("a folder");
        let program = Command::new(env!("CARGO_BIN_EXE_partwright"))
            .args(files)
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", &runtime)
            .env("HOME", home)
            .stderr(std::fs::File::create(home.join("stderr")).expect("created"))
            .spawn();
        Held(program.expect("the program starts"))
    }

    fn hand(&self, arguments: &[&str]) -> bool {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).stdout(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    }

    /// What the program said on its standard error.
    fn said(&self) -> String {
        std::fs::read_to_string(self.home.join("stderr")).unwrap_or_default()
    }

    /// Asks for a file and gives its path. The part may still be on its way: then no dialog opens, and Escape finds nothing
    /// to close.
    fn export(&self, shortcut: &str, path: &Path) {
        self.hand(&["key", shortcut, "sleep", "0.3", "key", "ctrl+a", "type", path.to_str().expect("is text")]);
        self.hand(&["sleep", "0.3", "key", "Return", "sleep", "0.5", "key", "Escape"]);
    }

    /// Waits for the window and gives it the keyboard: there is no window manager that would.
    fn focus(&mut self) {
        until("the window is there", || {
            let ended = self.program.0.try_wait().expect("can be asked");
            assert!(ended.is_none(), "the program ended: {}", self.said());
            self.hand(&["search", "--onlyvisible", "--name", "^Partwright$", "windowfocus"])
        });
    }
}

#[track_caller]
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether a text is in any file of sessions below `home`.
fn kept(home: &Path, text: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(home.join("data/partwright")) else { return false };
    let mut files = entries.flatten().map(|entry| entry.path());
    files.any(|path| std::fs::read_to_string(path).is_ok_and(|content| content.contains(text)))
}

#[test]
fn a_person_opens_reconstructs_and_exports() {
    let home = tempfile::tempdir().expect("a folder");
    let Some(mut desktop) = Desktop::open(home.path(), "flange.stl") else { return };
    desktop.focus();
    until("the scan is open", || kept(home.path(), "flange.stl"));
    until("the program is kept", || {
        // The scan may still be on its way: the command says so and does nothing.
        desktop.hand(&["key", "ctrl+Return"]);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) && !kept(home.path(), "import cadquery") {
            std::thread::sleep(Duration::from_millis(200));
        }
        kept(home.path(), "import cadquery")
    });

    let export = |shortcut: &str, name: &str| {
        let path = home.path().join(name);
        until("the file is written", || {
            desktop.export(shortcut, &path);
            path.exists()
        });
        std::fs::read_to_string(path).expect("was written")
    };
    let step = export("ctrl+e", "flange.step");
    assert!(step.starts_with("ISO-10303-21;") && step.trim_end().ends_with("END-ISO-10303-21;"));
    assert!(step.contains("MANIFOLD_SOLID_BREP"));
    let program = export("ctrl+shift+s", "flange.py");
    assert!(program.contains("import cadquery"));
    let compared = Command::new(env!("CARGO_BIN_EXE_partwright"))
        .args(["compare", "--json"])
        .args([home.path().join("flange.py"), repository("assets/samples/flange.stl")])
        .output()
        .expect("it runs");
    let compared: serde_json::Value = serde_json::from_slice(&compared.stdout).expect("is JSON");
    assert!(compared["iou"].as_f64().is_some_and(|iou| iou > 0.95), "{compared}");
    drop(desktop);
}

#[test]
fn what_was_open_when_the_program_was_killed_is_offered_again() {
    let home = tempfile::tempdir().expect("a folder");
    let Some(mut desktop) = Desktop::open(home.path(), "flange.py") else { return };
    desktop.focus();
    until("the session is kept", || kept(home.path(), "import cadquery"));
    // Nothing is written any more: this is kill -9.
    desktop.program.0.kill().expect("it runs");
    desktop.program.0.wait().expect("it ends");
    desktop.program = Desktop::start(home.path(), &desktop.display, &[]);
    desktop.focus();
    let path = home.path().join("again.step");
    let mut tries = 0;
    until("the program is open again and was run", || {
        // Restore is the first button of the only dialog, once that is there.
        if tries % 4 == 0 {
            desktop.hand(&["key", "Tab", "key", "space", "sleep", "1"]);
        }
        tries += 1;
        desktop.export("ctrl+e", &path);
        path.exists()
    });
}
