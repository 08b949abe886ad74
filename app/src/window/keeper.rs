//! What is kept between sessions: when it is written, and how it comes back.
//!
//! A thread of its own writes: the window only says what. Called by `apply` and at the end of every frame; while nothing
//! changes it compares some numbers and is done.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use directories::ProjectDirs;
use partwright_geometry::{LengthUnit, save};
use rustc_hash::FxHasher;

use super::app::Window;
use super::{apply, open};
use crate::document::{Document, Found, Input, ItemId, Picture, Preparation, Program, SavedItem, SavedSession, Slot};
use crate::job::{self, Loaded, Wake};
use crate::settings::{Settings, SettingsFile, ThemeChoice};

/// The longest time for which a change is not written: what a crash can cost.
const INTERVAL: Duration = Duration::from_secs(2);

/// The folders of what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// That of the settings.
    pub config: PathBuf,
    /// That of sessions.
    pub data: PathBuf,
}

impl Folders {
    /// Those that the system gives the user's programs; `None` for a user without a home.
    pub fn of_user() -> Option<Self> {
        let own = ProjectDirs::from("", "", "partwright")?;
        Some(Self { config: own.config_dir().to_owned(), data: own.data_local_dir().to_owned() })
    }

    /// Everything in one folder.
    pub fn below(folder: &Path) -> Self {
        Self { config: folder.to_owned(), data: folder.to_owned() }
    }
}

/// What decides whether the session has to be written.
#[derive(Clone, Debug, Default, PartialEq)]
struct Mark {
    active: Option<ItemId>,
    items: Vec<ItemMark>,
}

/// The same of one item.
#[derive(Clone, Debug, PartialEq)]
struct ItemMark {
    id: ItemId,
    revision: u64,
    unit: LengthUnit,
    preparation: Option<Preparation>,
    /// A hash of the description and of the pictures' paths.
    words: u64,
}

impl Mark {
    fn of(document: &Document) -> Self {
        let items = document.items().iter().map(|item| {
            let preparation = item.input.scan().map(|scan| scan.preparation);
            let mut words = FxHasher::default();
            match &item.input {
                Input::Description(text) => text.hash(&mut words),
                Input::Pictures(pictures) => pictures.iter().for_each(|picture| picture.path.hash(&mut words)),
                Input::Scan(_) | Input::Program => {}
            }
            let (id, revision, unit) = (item.id, item.program.revision, item.unit());
            ItemMark { id, revision, unit, preparation, words: words.finish() }
        });
        Self { active: document.active().map(|item| item.id), items: items.collect() }
    }
}

/// What the thread is asked to do.
enum Order {
    Session(SavedSession),
    Settings(PathBuf, String),
    End,
}

/// What the window says to the thread.
struct Writer {
    orders: Option<Sender<Order>>,
    faults: Receiver<String>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// A thread that writes sessions to `slot`, if there is one, until this is dropped.
    fn start(mut slot: Option<Slot>, wake: Wake) -> std::io::Result<Self> {
        let (orders, received) = channel();
        let (tell, faults) = channel();
        let work = move || {
            let mut last_fault = String::new();
            for order in received {
                let done = match order {
                    Order::Session(session) => {
                        let written = slot.as_mut().map_or(Ok(()), |slot| slot.write(&session));
                        written.map_err(|error| format!("The session cannot be kept: {error}"))
                    }
                    Order::Settings(path, text) => {
                        write_settings(&path, &text).map_err(|error| format!("The settings cannot be kept: {error}"))
                    }
                    Order::End => {
                        let ended = slot.as_mut().map_or(Ok(()), Slot::end);
                        ended.map_err(|error| format!("The session cannot be ended: {error}"))
                    }
                };
                // A full disk is full every two seconds: it is said once.
                if let Err(fault) = done
                    && fault != last_fault
                {
                    last_fault.clone_from(&fault);
                    let _ = tell.send(fault);
                    wake();
                }
            }
        };
        let thread = std::thread::Builder::new().name("keeper".into()).spawn(work)?;
        Ok(Self { orders: Some(orders), faults, thread: Some(thread) })
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

impl Drop for Writer {
    /// Waits until all is written.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_settings(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    save::atomically(path, |file| std::io::Write::write_all(file, text.as_bytes()))
}

/// What is kept, and what was kept before.
#[derive(Default)]
pub(super) struct Keeper {
    /// The session before, until it is taken back or refused.
    pub(super) offer: Option<SavedSession>,
    /// Whether that session was not ended, so that one has to be asked.
    pub(super) crashed: bool,
    /// Where the settings are kept.
    pub(super) settings_path: Option<PathBuf>,
    file: Option<SettingsFile>,
    writer: Option<Writer>,
    written: Mark,
    written_settings: Settings,
    last: Option<Instant>,
    ended: bool,
    /// Items whose input was not read again yet, or could not be.
    awaited: BTreeMap<ItemId, SavedItem>,
}

impl Keeper {
    /// Reads what was kept. The settings, and what is wrong with what was kept, in sentences.
    pub(super) fn open(folders: &Folders, wake: Wake) -> (Self, Settings, Vec<String>) {
        let mut faults = Vec::new();
        let (file, settings, unusable) = SettingsFile::read(folders.config.join("settings.toml"));
        faults.extend(unusable.map(|unusable| unusable.to_string()));
        let (slot, found) = match Slot::take(&folders.data) {
            Ok((slot, found)) => (Some(slot), found),
            Err(error) => {
                faults.push(format!("The session is not kept: '{}' cannot be used: {error}", folders.data.display()));
                (None, Found::default())
            }
        };
        faults.extend(found.faults.iter().map(|fault| format!("An earlier session is left alone: {fault}")));
        let writer = Writer::start(slot, wake);
        if let Err(error) = &writer {
            faults.push(format!("Nothing is kept: {error}"));
        }
        let keeper = Self {
            offer: found.session,
            crashed: found.crashed,
            settings_path: Some(file.path().to_owned()),
            file: Some(file),
            writer: writer.ok(),
            written_settings: settings.clone(),
            ..Self::default()
        };
        (keeper, settings, faults)
    }
}

/// At the end of a frame: writes what changed, now or in a moment.
pub(super) fn tick(window: &mut Window, ctx: &egui::Context) {
    let faults: Vec<String> = window.keeper.writer.iter().flat_map(|writer| writer.faults.try_iter()).collect();
    for fault in faults {
        apply::fail(window, &fault);
    }
    let closing = window.close || ctx.input(|input| input.viewport().close_requested());
    let Window { keeper, document, settings, .. } = window;
    let Some(writer) = keeper.writer.as_ref().filter(|_| !keeper.ended) else { return };
    // As long as nobody said what is to become of a session that was not ended, its file stays.
    let undecided = keeper.crashed;
    let mark = Mark::of(document);
    let session_changed = !undecided && mark != keeper.written;
    let settings_changed = *settings != keeper.written_settings;
    if session_changed || settings_changed {
        let wait = keeper.last.map_or(Duration::ZERO, |last| INTERVAL.saturating_sub(last.elapsed()));
        if !closing && !wait.is_zero() {
            ctx.request_repaint_after(wait);
            return;
        }
        keeper.last = Some(Instant::now());
    }
    if session_changed {
        writer.order(Order::Session(SavedSession::of(document, &keeper.awaited)));
        keeper.written = mark;
    }
    if settings_changed {
        if let Some(file) = &keeper.file
            && let Some(text) = file.text(settings)
        {
            writer.order(Order::Settings(file.path().to_owned(), text));
        }
        keeper.written_settings.clone_from(settings);
    }
    if closing {
        if !undecided {
            writer.order(Order::End);
        }
        keeper.ended = true;
    }
}

/// Forgets the session before: from now on it counts as ended.
pub(super) fn discard(window: &mut Window) {
    if let Some(writer) = &window.keeper.writer {
        writer.order(Order::End);
    }
    window.keeper.offer = None;
    window.keeper.crashed = false;
}

/// Takes the session before back: programs at once, with their texts, inputs as they are read again.
pub(super) fn restore(window: &mut Window) {
    window.keeper.crashed = false;
    let Some(session) = window.keeper.offer.take() else { return };
    let mut ids = Vec::new();
    for saved in session.items {
        let input = match &saved.description {
            Some(text) => Input::Description(text.clone()),
            None if !saved.pictures.is_empty() => Input::Pictures(Vec::new()),
            None => Input::Program,
        };
        let program = Program::new(saved.program.clone());
        let id = window.document.add(saved.name.clone(), saved.path.clone(), input, program);
        ids.push(id);
        if !saved.pictures.is_empty() {
            job::load_pictures_again(&mut window.jobs, id, saved.pictures.clone());
            window.keeper.awaited.insert(id, saved);
        } else if let Some(path) = saved.input_path() {
            let unit = saved.unit.map(crate::document::SavedUnit::unit);
            let preparation = saved.preparation.map(|saved| saved.preparation()).unwrap_or_default();
            job::load_again(&mut window.jobs, id, path.to_owned(), unit, preparation);
            window.keeper.awaited.insert(id, saved);
        }
    }
    if let Some(id) = session.active.and_then(|index| ids.get(index)) {
        window.document.activate(*id);
    }
    for id in ids {
        apply::run_if_written(window, id);
    }
    apply::look_at_new_item(window);
}

/// An item's input was read again, or not: its program is there in any case.
pub(super) fn input_read(window: &mut Window, id: ItemId, result: Result<Loaded, String>) {
    let Some(item) = window.document.item_mut(id) else { return };
    match result {
        Ok(loaded) => {
            (item.input, item.notes) = (loaded.input, loaded.notes);
            window.keeper.awaited.remove(&id);
            window.state.fitted = false;
            open::survey(window, id);
            apply::compare(window, id);
        }
        Err(why) => {
            let why = format!("{why}. Its program is kept");
            item.notes.push(why.clone());
            apply::fail(window, &why);
        }
    }
}

/// The pictures of an item were read again. Where none could be, what was kept of them goes on being kept.
pub(super) fn pictures_read(window: &mut Window, id: ItemId, pictures: Vec<Picture>, faults: Vec<String>) {
    let Some(item) = window.document.item_mut(id) else { return };
    item.notes.extend(faults.iter().cloned());
    if !pictures.is_empty() {
        item.input = Input::Pictures(pictures);
        window.keeper.awaited.remove(&id);
    }
    for fault in faults {
        apply::fail(window, &fault);
    }
}

/// Makes settings those that apply.
pub(super) fn change_settings(window: &mut Window, ctx: &egui::Context, settings: Settings) {
    if settings.theme != window.settings.theme {
        ctx.set_theme(theme_preference(settings.theme));
    }
    if settings.model != window.settings.model {
        window.networks.look(&settings.model);
    }
    window.settings = settings;
}

/// The theme in egui's words.
pub(super) fn theme_preference(theme: ThemeChoice) -> egui::ThemePreference {
    match theme {
        ThemeChoice::Light => egui::ThemePreference::Light,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
        ThemeChoice::System => egui::ThemePreference::System,
    }
}
