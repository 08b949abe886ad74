//! A window without a screen, and a hand to use it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use partwright::document::Item;
use partwright::render::Gpu;
use partwright::window::{Action, Folders, Options, Window};

/// The longest anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub(super) struct Driver {
    pub(super) harness: Harness<'static, Window>,
}

/// A file of the repository.
pub(super) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

impl Driver {
    /// A window with files opened; `None`, said plainly, where nothing can draw.
    pub(super) fn open(files: Vec<PathBuf>) -> Option<Self> {
        Self::with(Options { files, ..Options::default() })
    }

    /// A window that keeps its session and settings in `folder`.
    pub(super) fn keeping(folder: &Path, files: Vec<PathBuf>) -> Option<Self> {
        Self::with(Options { files, data: Some(Folders::below(folder)), ..Options::default() })
    }

    pub(super) fn with(options: Options) -> Option<Self> {
        if let Err(why) = Gpu::without_window() {
            eprintln!("skipped: {why}");
            return None;
        }
        let options = Options { worker: Some(env!("CARGO_BIN_EXE_partwright").into()), ..options };
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_max_steps(24)
            .with_render_cursor(false)
            .wgpu()
            .build_eframe(move |context| Window::for_test(context, options));
        Some(Self { harness })
    }

    pub(super) fn window(&self) -> &Window {
        self.harness.state()
    }

    pub(super) fn item(&self) -> &Item {
        self.window().document.active().expect("something is open")
    }

    /// Lets time pass until `done`.
    #[track_caller]
    pub(super) fn until(&mut self, what: &str, done: impl Fn(&Window) -> bool) {
        let start = Instant::now();
        loop {
            self.harness.run_steps(1);
            if done(self.window()) {
                self.harness.run_steps(2);
                return;
            }
            let log = self.window().state.log.join("\n");
            assert!(start.elapsed() < PATIENCE, "waited too long until {what}; the log says:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Lets time pass until nothing runs and everything is shown.
    #[track_caller]
    pub(super) fn until_idle(&mut self) {
        self.until("nothing runs", Window::is_settled);
    }

    /// Lets time pass until a label with `text` in it is shown.
    #[track_caller]
    pub(super) fn until_shown(&mut self, text: &str) {
        let start = Instant::now();
        while self.harness.query_by_label_contains(text).is_none() {
            assert!(start.elapsed() < PATIENCE, "waited too long for the words '{text}'");
            std::thread::sleep(Duration::from_millis(10));
            self.harness.run_steps(1);
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        self.harness.state_mut().push(action);
        self.harness.run_steps(1);
    }

    pub(super) fn press(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    pub(super) fn volume(&self) -> f64 {
        self.item().program.part.as_ref().expect("there is a part").properties.volume
    }
}
