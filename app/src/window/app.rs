//! The window itself: what it holds, and what happens every frame.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::command::{Action, Command};
use super::file_dialog::{self, Dialogs};
use super::guard::Guard;
use super::keeper::{self, Folders, Keeper};
use super::sheet::Sheet;
use super::state::State;
use super::thumbnail::Thumbnails;
use super::toast::Toasts;
use super::view::Views;
use super::{apply, open, panel, theme};
use crate::document::Document;
use crate::failure::Failure;
use crate::job::{Jobs, Wake};
use crate::network::Networks;
use crate::program::Programs;
use crate::render::Gpu;
use crate::settings::Settings;

/// How a window is opened.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files to open.
    pub files: Vec<PathBuf>,
    /// The program whose worker processes run the code: this one when it is `None`.
    pub worker: Option<PathBuf>,
    /// Where things are kept between sessions; nothing is when it is `None`.
    pub data: Option<Folders>,
    /// The folder of installed networks; only the one that comes with the program is there when it is `None`.
    pub models: Option<PathBuf>,
    /// Called when the first frame is on the screen; the window closes then. For measuring the start.
    pub first_frame: Option<fn()>,
}

/// The window.
pub struct Window {
    /// What is worked on.
    pub document: Document,
    /// What runs.
    pub jobs: Jobs,
    /// What is shown.
    pub state: State,
    /// What the user chose once and for all.
    pub settings: Settings,
    /// How long the parts of a frame took.
    pub guard: Guard,
    pub(super) keeper: Keeper,
    pub(super) programs: Arc<Programs>,
    pub(super) networks: Networks,
    pub(super) views: Views,
    pub(super) thumbnails: Thumbnails,
    pub(super) sheet: Sheet,
    pub(super) toasts: Toasts,
    pub(super) dialogs: Dialogs,
    pub(super) actions: Vec<Action>,
    pub(super) close: bool,
    first_frame: Option<fn()>,
    frames: u64,
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When there is no display, or no graphics adapter.
pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let native = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Partwright")
            .with_app_id("partwright")
            .with_inner_size([1400.0, 860.0])
            .with_min_inner_size([720.0, 480.0]),
        wgpu_options: graphics(),
        ..eframe::NativeOptions::default()
    };
    let made = Box::new(move |context: &eframe::CreationContext<'_>| {
        Window::new(context, options)
            .map(|window| Box::new(window) as Box<dyn eframe::App>)
            .map_err(|failure| failure.to_string().into())
    });
    eframe::run_native("Partwright", native, made).map_err(|error| {
        Failure::failed(format!("the window cannot be opened: {error}"))
            .help("it needs a display and a Vulkan or OpenGL driver; the command line works without: partwright --help")
    })
}

/// As usual, but with buffers as large as the adapter has them: a scan of many million triangles is one.
fn graphics() -> egui_wgpu::WgpuConfiguration {
    let mut graphics = eframe::NativeOptions::default().wgpu_options;
    if let egui_wgpu::WgpuSetup::CreateNew(setup) = &mut graphics.wgpu_setup {
        let usual = Arc::clone(&setup.device_descriptor);
        setup.device_descriptor = Arc::new(move |adapter| {
            let mut descriptor = usual(adapter);
            descriptor.required_limits.max_buffer_size = adapter.limits().max_buffer_size;
            descriptor
        });
    }
    graphics
}

impl Window {
    /// A window over egui's context.
    ///
    /// # Errors
    /// When there is nothing to draw 3D with.
    pub(crate) fn new(context: &eframe::CreationContext<'_>, options: Options) -> Result<Self, Failure> {
        theme::install(&context.egui_ctx);
        let state = context.wgpu_render_state.as_ref();
        let state = state.ok_or_else(|| Failure::failed("the window has no wgpu renderer"))?.clone();
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let programs = match options.worker {
            Some(executable) => Programs::of_executable(executable, workers),
            None => Programs::new(workers)?,
        };
        let ctx = context.egui_ctx.clone();
        let wake: Wake = Arc::new(move || ctx.request_repaint());
        let (keeper, settings, faults) = match &options.data {
            Some(folders) => Keeper::open(folders, Arc::clone(&wake)),
            None => (Keeper::default(), Settings::default(), Vec::new()),
        };
        context.egui_ctx.set_theme(keeper::theme_preference(settings.theme));
        let mut networks = Networks::below(options.models);
        networks.look(&settings.model);
        let mut window = Self {
            document: Document::default(),
            thumbnails: Thumbnails::new(Gpu::of_egui(&state), Arc::clone(&wake)),
            sheet: Sheet::default(),
            jobs: Jobs::new(wake),
            state: State::default(),
            settings,
            guard: Guard::default(),
            keeper,
            programs: Arc::new(programs),
            networks,
            views: Views::new(Gpu::of_egui(&state), state, &context.egui_ctx),
            toasts: Toasts::default(),
            dialogs: Dialogs::default(),
            actions: Vec::new(),
            close: false,
            first_frame: options.first_frame,
            frames: 0,
        };
        for fault in faults {
            apply::fail(&mut window, &fault);
        }
        open::open(&mut window, options.files);
        Ok(window)
    }

    /// A window for tests, which have a graphics adapter.
    ///
    /// # Panics
    /// Without one.
    pub fn for_test(context: &eframe::CreationContext<'_>, options: Options) -> Self {
        Self::new(context, options).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// How many pictures the 3D views drew so far: an idle window draws none.
    pub fn pictures_drawn(&self) -> u64 {
        self.views.drawn
    }

    /// How many small pictures of candidates are kept.
    pub fn thumbnails_kept(&self) -> usize {
        self.thumbnails.len()
    }

    /// Whether nothing runs and every shape that is to be shown is there.
    pub fn is_settled(&self) -> bool {
        self.jobs.running().is_empty() && !self.views.is_waiting() && !self.thumbnails.is_waiting()
    }

    /// Wants something done at the end of this frame.
    pub fn push(&mut self, action: impl Into<Action>) {
        self.actions.push(action.into());
    }

    /// Notes what a part of the frame took; builds for development say in the log what was too slow.
    pub(super) fn spent(&mut self, part: &'static str, since: Instant) {
        let slow = self.guard.note(part, since);
        if cfg!(debug_assertions) {
            self.state.log.extend(slow);
        }
    }

    fn shortcuts(&mut self, ui: &egui::Ui) {
        // The longer combinations first: Ctrl+Shift+Z is not Ctrl+Z.
        let mut known: Vec<_> = Command::all().into_iter().filter_map(|c| Some((c.describe().shortcut?, c))).collect();
        known.sort_by_key(|(shortcut, _)| !shortcut.modifiers.shift);
        for (shortcut, command) in known {
            // Plain keys belong to a text that is being typed, except function keys.
            let plain = shortcut.modifiers.is_none() && shortcut.logical_key == egui::Key::Home;
            if plain && ui.ctx().egui_wants_keyboard_input() {
                continue;
            }
            if ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
                self.push(command);
            }
        }
    }

    fn dropped(&mut self, ui: &egui::Ui) {
        let paths =
            ui.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect::<Vec<_>>());
        if !paths.is_empty() {
            self.push(Action::Drop(paths));
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        for event in self.jobs.events() {
            let since = Instant::now();
            let name = event.name();
            apply::event(self, event);
            self.spent(name, since);
        }
        if let Some(fault) = self.thumbnails.receive(ui.ctx()) {
            apply::fail(self, &fault);
        }
        self.shortcuts(ui);
        self.dropped(ui);
        panel::show(self, ui);
        for action in std::mem::take(&mut self.actions) {
            let since = Instant::now();
            let name = action.name();
            apply::action(self, ui.ctx(), action);
            self.spent(name, since);
        }
        let since = Instant::now();
        file_dialog::tick(self, ui.ctx(), frame);
        keeper::tick(self, ui.ctx());
        self.spent("keeping the session", since);
        self.toasts.show(ui.ctx());
        self.frames += 1;
        if let Some(say) = self.first_frame {
            // What the first call drew is on the screen when the second one comes.
            if self.frames == 2 {
                say();
                self.close = true;
            }
            ui.ctx().request_repaint();
        }
        if self.close {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}
