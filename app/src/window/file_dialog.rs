//! Asking for files: by the system's dialog where there is one, else by one of our own.
//!
//! The system's dialog runs in a thread, so the window goes on meanwhile. Desktops without a portal show none; what comes
//! back at once was never seen by anybody, and then our own dialog opens (`panel::file`).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::app::Window;
use super::command::Action;
use crate::document::ItemId;
use crate::job::ExportKind;
use crate::settings::FileDialogs;

/// A dialog that is closed faster than this was not there.
const NOT_SEEN: Duration = Duration::from_millis(250);

/// Extensions of what can be opened.
pub(super) const OPENABLE: [&str; 12] =
    ["stl", "ply", "obj", "3mf", "xyz", "pts", "csv", "txt", "py", "png", "jpg", "jpeg"];

/// Extensions of pictures.
pub(super) const PICTURES: [&str; 3] = ["png", "jpg", "jpeg"];

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Files to open.
    Open,
    /// Pictures to be added to those of the item looked at.
    AddPictures,
    /// Where to write a file of an item, and its usual name.
    Save(ItemId, ExportKind, String),
}

impl Ask {
    /// The path with the usual extension, where it has none and is to be written.
    pub(super) fn completed(&self, path: PathBuf) -> PathBuf {
        match self {
            Self::Save(_, kind, _) if path.extension().is_none() && path.file_name().is_some() => {
                path.with_extension(kind.extension())
            }
            _ => path,
        }
    }

    /// What is done with the answer.
    pub(super) fn actions(&self, paths: Vec<PathBuf>) -> Vec<Action> {
        match self {
            Self::Open => vec![Action::OpenPaths(paths)],
            Self::AddPictures => vec![Action::Drop(paths)],
            Self::Save(item, kind, _) => {
                paths.into_iter().take(1).map(|path| Action::ExportTo(*item, *kind, self.completed(path))).collect()
            }
        }
    }
}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) folder: PathBuf,
    /// Names of folders and of files, sorted, or why they cannot be read.
    pub(super) content: Result<(Vec<String>, Vec<String>), String>,
}

/// Our own dialog.
#[derive(Clone, Debug)]
pub(super) struct OwnDialog {
    pub(super) ask: Ask,
    /// The path as typed.
    pub(super) typed: String,
    /// What the folder holds, once it was read.
    pub(super) listing: Option<Arc<Listing>>,
    /// The folder that was asked for last.
    wanted: Option<PathBuf>,
}

impl OwnDialog {
    /// Takes a listing, unless another folder was asked for since: a slow disk answers late.
    fn take(&mut self, listing: Listing) {
        if self.wanted.as_ref() == Some(&listing.folder) {
            self.listing = Some(Arc::new(listing));
        }
    }
}

enum Said {
    Answer(Ask, Option<Vec<PathBuf>>, Duration),
    Listed(Listing),
}

/// The dialogs.
pub(super) struct Dialogs {
    wanted: Option<Ask>,
    /// Whether the system's dialog is open.
    waiting: bool,
    pub(super) own: Option<OwnDialog>,
    said: (Sender<Said>, Receiver<Said>),
}

impl Default for Dialogs {
    fn default() -> Self {
        Self { wanted: None, waiting: false, own: None, said: channel() }
    }
}

impl Dialogs {
    /// Asks; nothing happens while another question is open.
    pub(super) fn ask(&mut self, ask: Ask) {
        if !self.waiting && self.own.is_none() {
            self.wanted = Some(ask);
        }
    }

    /// Reads the folder of what is typed, unless that was done.
    pub(super) fn list(&mut self, folder: PathBuf, ctx: &egui::Context) {
        let Some(own) = self.own.as_mut().filter(|own| own.wanted.as_ref() != Some(&folder)) else { return };
        own.wanted = Some(folder.clone());
        let (sender, ctx) = (self.said.0.clone(), ctx.clone());
        let work = move || {
            let content = listed(&folder).map_err(|error| error.to_string());
            let _ = sender.send(Said::Listed(Listing { folder, content }));
            ctx.request_repaint();
        };
        let _ = std::thread::Builder::new().name("list folder".into()).spawn(work);
    }
}

fn listed(folder: &Path) -> std::io::Result<(Vec<String>, Vec<String>)> {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        // A link counts as what it leads to.
        if std::fs::metadata(entry.path()).is_ok_and(|found| found.is_dir()) {
            folders.push(name);
        } else {
            files.push(name);
        }
    }
    folders.sort_by_key(|name| name.to_lowercase());
    files.sort_by_key(|name| name.to_lowercase());
    Ok((folders, files))
}

/// At the end of a frame: opens what was asked for, takes what was answered.
pub(super) fn tick(window: &mut Window, ctx: &egui::Context, frame: &eframe::Frame) {
    if let Some(ask) = window.dialogs.wanted.take() {
        match window.settings.file_dialogs {
            FileDialogs::System => open_system(window, ctx, frame, ask),
            FileDialogs::Own => open_own(window, ask),
        }
    }
    while let Ok(said) = window.dialogs.said.1.try_recv() {
        match said {
            Said::Answer(ask, paths, took) => {
                window.dialogs.waiting = false;
                match paths {
                    Some(paths) => window.actions.extend(ask.actions(paths)),
                    None if took < NOT_SEEN => open_own(window, ask),
                    None => {}
                }
                ctx.request_repaint();
            }
            Said::Listed(listing) => {
                if let Some(own) = &mut window.dialogs.own {
                    own.take(listing);
                }
            }
        }
    }
}

/// The folder in which a dialog begins.
fn start_folder(window: &Window) -> PathBuf {
    let last = window.settings.last_folder.clone();
    last.or_else(|| directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned())).unwrap_or_default()
}

fn open_own(window: &mut Window, ask: Ask) {
    let name = match &ask {
        Ask::Open | Ask::AddPictures => "",
        Ask::Save(_, _, name) => name,
    };
    // A path that is no text cannot be typed.
    let typed = start_folder(window).join(name).to_str().unwrap_or(name).to_owned();
    window.dialogs.own = Some(OwnDialog { ask, typed, listing: None, wanted: None });
}

fn open_system(window: &mut Window, ctx: &egui::Context, frame: &eframe::Frame, ask: Ask) {
    let dialog = rfd::AsyncFileDialog::new().set_directory(start_folder(window)).set_parent(frame);
    let question: Box<dyn Future<Output = Option<Vec<PathBuf>>> + Send> = match &ask {
        Ask::Open => {
            let files =
                dialog.add_filter("Scans, programs, pictures", &OPENABLE).add_filter("All files", &["*"]).pick_files();
            Box::new(async { Some(files.await?.iter().map(|file| file.path().to_owned()).collect()) })
        }
        Ask::AddPictures => {
            let files = dialog.add_filter("Pictures", &PICTURES).pick_files();
            Box::new(async { Some(files.await?.iter().map(|file| file.path().to_owned()).collect()) })
        }
        Ask::Save(_, kind, name) => {
            let file = dialog.set_file_name(name).add_filter(kind.name(), &[kind.extension()]).save_file();
            Box::new(async { Some(vec![file.await?.path().to_owned()]) })
        }
    };
    let (sender, wake, since, again) = (window.dialogs.said.0.clone(), ctx.clone(), Instant::now(), ask.clone());
    let wait = move || {
        let paths = pollster::block_on(Box::into_pin(question));
        let _ = sender.send(Said::Answer(ask, paths, since.elapsed()));
        wake.request_repaint();
    };
    match std::thread::Builder::new().name("file dialog".into()).spawn(wait) {
        Ok(_) => window.dialogs.waiting = true,
        Err(_) => open_own(window, again),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_comes_late_does_not_replace_the_newer_one() {
        let listing = |folder: &str| Listing { folder: folder.into(), content: Ok((Vec::new(), Vec::new())) };
        let mut own = OwnDialog { ask: Ask::Open, typed: String::new(), listing: None, wanted: Some("/new".into()) };
        own.take(listing("/new"));
        own.take(listing("/old"));
        assert_eq!(own.listing.map(|listing| listing.folder.clone()), Some(PathBuf::from("/new")));
    }
}
