//! What the user chose once and for all, kept in a TOML file.
//!
//! [`Settings`] is what the file says, and nothing else, so it is the type of the format. Fields that are not known are
//! kept as they are. A file of a newer version, or one that is damaged, is reported and left alone: the usual settings
//! apply then, and changes last until the window is closed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use partwright_cadquery::Limits;
use serde::{Deserialize, Serialize};

use crate::network;

/// The version written.
const VERSION: i64 = 1;

/// Most recent files kept: a menu that is seen at one glance.
const MOST_RECENT: usize = 10;

/// Limits of what can be set: a run may not be refused all time or memory, nor take the machine for a day.
pub(crate) const RUN_SECS: std::ops::RangeInclusive<f64> = 0.5..=600.0;
pub(crate) const RUN_MEBIBYTES: std::ops::RangeInclusive<u32> = 64..=65_536;
pub(crate) const SAMPLES: std::ops::RangeInclusive<u32> = 1..=64;
pub(crate) const RECONSTRUCT_SECS: std::ops::RangeInclusive<f64> = 1.0..=3600.0;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the desktop has it.
    #[default]
    System,
}

impl ThemeChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// As a user reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::System => "As the system",
        }
    }
}

/// Who asks for files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileDialogs {
    /// The desktop, where it does.
    #[default]
    System,
    /// The window itself.
    Own,
}

impl FileDialogs {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::System, Self::Own];

    /// As a user reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "Of the system",
            Self::Own => "Built in",
        }
    }
}

/// A button of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseButton {
    /// The left one.
    Left,
    /// The wheel.
    Middle,
    /// The right one.
    Right,
}

/// What dragging in a 3D view does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Turns the view.
    Turn,
    /// Moves the view.
    Move,
}

/// How the mouse moves the views: that of the CAD program one is used to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MousePreset {
    /// Every button does something: left and middle turn, right or Shift moves.
    #[default]
    Partwright,
    /// Middle turns, Shift+middle moves.
    Blender,
    /// Right turns, middle moves.
    Onshape,
    /// Middle turns, Ctrl+middle moves.
    Solidworks,
    /// Shift+middle turns, middle moves.
    Fusion,
}

impl MousePreset {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Partwright, Self::Blender, Self::Onshape, Self::Solidworks, Self::Fusion];

    /// As a user reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Partwright => "Partwright",
            Self::Blender => "Blender",
            Self::Onshape => "Onshape",
            Self::Solidworks => "SolidWorks",
            Self::Fusion => "Fusion",
        }
    }

    /// What it does, in a sentence.
    pub fn help(self) -> &'static str {
        match self {
            Self::Partwright => "Left or middle drag turns; right drag, or Shift with any, moves.",
            Self::Blender => "Middle drag turns, Shift+middle moves.",
            Self::Onshape => "Right drag turns, middle or Ctrl+right moves.",
            Self::Solidworks => "Middle drag turns, Ctrl+middle moves.",
            Self::Fusion => "Shift+middle drag turns, middle moves.",
        }
    }

    /// What dragging with a button does while Shift or Ctrl are held; `None` leaves it to selection.
    pub fn motion(self, button: MouseButton, shift: bool, ctrl: bool) -> Option<Motion> {
        use Motion::{Move, Turn};
        use MouseButton::{Left, Middle, Right};
        let choose = |moves: bool| Some(if moves { Move } else { Turn });
        match (self, button) {
            (Self::Partwright, Left | Middle) | (Self::Blender, Middle) => choose(shift),
            (Self::Partwright, Right) | (Self::Onshape, Middle) => Some(Move),
            (Self::Onshape, Right) | (Self::Solidworks, Middle) => choose(ctrl),
            (Self::Fusion, Middle) => choose(!shift),
            _ => None,
        }
    }
}

/// What the user chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// How the mouse moves the views.
    pub mouse: MousePreset,
    /// Longest time of a run of a program, in seconds.
    pub run_secs: f64,
    /// Most memory of a run, in MiB.
    pub run_mebibytes: u32,
    /// Longest time of a reconstruction, in seconds.
    pub reconstruct_secs: f64,
    /// Decides the random points of a reconstruction.
    pub seed: u32,
    /// The network that is asked: its name, `auto` for the default one where it is needed, or `none`.
    pub model: String,
    /// How many programs it writes.
    pub samples: u32,
    /// Who asks for files.
    pub file_dialogs: FileDialogs,
    /// Whether a program is run while it is being typed.
    pub run_while_typing: bool,
    /// The folder of the last file opened or written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_folder: Option<PathBuf>,
    /// The files opened last, newest first.
    pub recent: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            mouse: MousePreset::default(),
            // The defaults of the engine, see `Limits` and `ReconstructConfig`; a test compares them.
            run_secs: 2.5,
            run_mebibytes: 512,
            reconstruct_secs: 60.0,
            seed: 0,
            model: network::AUTO.to_owned(),
            samples: 4,
            file_dialogs: FileDialogs::default(),
            run_while_typing: false,
            last_folder: None,
            recent: Vec::new(),
        }
    }
}

impl Settings {
    /// Takes note of a file that was opened.
    pub fn opened(&mut self, path: &Path) {
        self.worked_in(path);
        // TOML is text: a name that is none cannot be kept.
        if path.to_str().is_some() {
            self.recent.retain(|known| known != path);
            self.recent.insert(0, path.to_owned());
            self.recent.truncate(MOST_RECENT);
        }
    }

    /// Takes note of the folder of a file that was opened or written.
    pub fn worked_in(&mut self, path: &Path) {
        if let Some(folder) = path.parent().filter(|folder| folder.is_absolute() && folder.to_str().is_some()) {
            self.last_folder = Some(folder.to_owned());
        }
    }

    /// Longest time of a run.
    pub fn run_time(&self) -> Duration {
        Duration::from_secs_f64(self.run_secs)
    }

    /// What a run of a program may use.
    pub fn limits(&self) -> Limits {
        Limits { time: self.run_time(), memory_bytes: u64::from(self.run_mebibytes) << 20, ..Limits::default() }
    }

    /// Longest time of a reconstruction.
    pub fn reconstruct_time(&self) -> Duration {
        Duration::from_secs_f64(self.reconstruct_secs)
    }

    /// The nearest settings that make sense: a file can say anything.
    fn sensible(mut self) -> Self {
        let usual = Self::default();
        let within = |value: f64, range: std::ops::RangeInclusive<f64>, usual: f64| {
            if value.is_finite() { value.clamp(*range.start(), *range.end()) } else { usual }
        };
        self.run_secs = within(self.run_secs, RUN_SECS, usual.run_secs);
        self.reconstruct_secs = within(self.reconstruct_secs, RECONSTRUCT_SECS, usual.reconstruct_secs);
        self.samples = self.samples.clamp(*SAMPLES.start(), *SAMPLES.end());
        self.run_mebibytes = self.run_mebibytes.clamp(*RUN_MEBIBYTES.start(), *RUN_MEBIBYTES.end());
        self.recent.truncate(MOST_RECENT);
        self
    }
}

/// Why the kept settings do not apply.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The system refuses.
    #[error("The settings in '{path}' cannot be read: {source}. The usual ones apply, and changes are not kept")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The content is damaged.
    #[error(
        "The settings in '{path}' are damaged: {why}. The usual ones apply, and changes are not kept until the file is \
         repaired or removed"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and in which line.
        why: String,
    },
    /// A newer program wrote it.
    #[error(
        "The settings in '{path}' were written by a newer version of this program (form {version}). The usual ones apply, \
         and changes are not kept"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The form's version.
        version: i64,
    },
}

/// The file of the settings.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// All that was read, the fields that are not known with it.
    read: toml::Table,
    may_be_written: bool,
}

impl SettingsFile {
    /// Reads the settings; the usual ones when there is no file, and when there is something wrong with it.
    pub fn read(path: PathBuf) -> (Self, Settings, Option<Unusable>) {
        let (read, settings, unusable) = match content(&path) {
            Ok((read, settings)) => (read, settings, None),
            Err(unusable) => (toml::Table::new(), Settings::default(), Some(unusable)),
        };
        (Self { path, read, may_be_written: unusable.is_none() }, settings.sensible(), unusable)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is to be written; `None` when the file is to be left alone.
    pub fn text(&self, settings: &Settings) -> Option<String> {
        if !self.may_be_written {
            return None;
        }
        let mut table = self.read.clone();
        table.insert("version".to_owned(), toml::Value::Integer(VERSION));
        table.extend(toml::Table::try_from(settings).ok()?);
        toml::to_string_pretty(&table).ok()
    }
}

fn content(path: &Path) -> Result<(toml::Table, Settings), Unusable> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((toml::Table::new(), Settings::default()));
        }
        Err(source) => return Err(Unusable::Unreadable { path: path.to_owned(), source }),
    };
    let damaged = |error: &toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        Unusable::Damaged { path: path.to_owned(), why: format!("line {line}: {}", error.message().trim()) }
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| damaged(&error))?;
    let version = table.get("version").and_then(toml::Value::as_integer).unwrap_or(VERSION);
    if version > VERSION {
        return Err(Unusable::Newer { path: path.to_owned(), version });
    }
    let settings = toml::from_str(&text).map_err(|error| damaged(&error))?;
    Ok((table, settings))
}

#[cfg(test)]
mod tests {
    use partwright_cadquery::Limits;
    use partwright_reconstruct::ReconstructConfig;

    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, text).expect("can be written");
        (folder, path)
    }

    #[test]
    fn the_usual_settings_are_those_of_the_engine() {
        let (settings, limits, config) = (Settings::default(), Limits::default(), ReconstructConfig::default());
        assert_eq!(settings.run_time(), limits.time);
        assert_eq!(u64::from(settings.run_mebibytes) << 20, limits.memory_bytes);
        assert_eq!((Some(settings.reconstruct_time()), u64::from(settings.seed)), (config.time, config.seed));
        assert_eq!(settings.clone().sensible(), settings);
    }

    #[test]
    fn what_is_written_is_read_again_with_what_is_not_known() {
        let (_folder, path) = file("theme = \"dark\"\nfuture = 7\n\n[later]\ndeep = [1, 2]\n");
        let (file, mut settings, unusable) = SettingsFile::read(path.clone());
        assert!(unusable.is_none(), "{unusable:?}");
        assert_eq!(settings.theme, ThemeChoice::Dark);
        settings.mouse = MousePreset::Blender;
        settings.opened(Path::new("/scans/a.stl"));
        std::fs::write(&path, file.text(&settings).expect("it may be written")).expect("can be written");
        let (file, again, unusable) = SettingsFile::read(path);
        assert!(unusable.is_none(), "{unusable:?}");
        assert_eq!(again, settings);
        let text = file.text(&again).expect("it may be written");
        assert!(text.contains("future = 7") && text.contains("[later]") && text.contains("version = 1"), "{text}");
    }

    #[test]
    fn no_file_is_no_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, settings, unusable) = SettingsFile::read(folder.path().join("settings.toml"));
        assert!(unusable.is_none() && settings == Settings::default() && file.text(&settings).is_some());
    }

    #[track_caller]
    fn left_alone(text: &str, said: &str) {
        let (_folder, path) = file(text);
        let (file, settings, unusable) = SettingsFile::read(path);
        let why = unusable.expect("it is no good").to_string();
        assert!(why.contains(said), "{why}");
        assert_eq!((settings, file.text(&Settings::default())), (Settings::default(), None));
    }

    #[test]
    fn files_that_are_no_good_are_reported_and_left_alone() {
        left_alone("version = 2\ntheme = \"sepia\"\n", "newer version");
        left_alone("version = 1\ntheme = \"dark\n", "line 2");
        left_alone("version = 1\n\ntheme = \"sepia\"\n", "line 3");
        left_alone("seed = -1\n", "line 1");
        left_alone("<settings/>", "damaged");
    }

    #[test]
    fn numbers_beyond_sense_are_brought_back() {
        let (_folder, path) = file("run_secs = nan\nrun_mebibytes = 1\nreconstruct_secs = -5.0\n");
        let (_, settings, unusable) = SettingsFile::read(path);
        assert!(unusable.is_none(), "{unusable:?}");
        assert_eq!((settings.run_secs, settings.run_mebibytes, settings.reconstruct_secs), (2.5, 64, 1.0));
    }

    #[test]
    fn recent_files_are_few_and_newest_first() {
        let mut settings = Settings::default();
        for number in 0..15 {
            settings.opened(&PathBuf::from(format!("/scans/{number}.stl")));
        }
        settings.opened(Path::new("/scans/8.stl"));
        assert_eq!(settings.recent.len(), MOST_RECENT);
        assert_eq!(settings.recent[..2], [PathBuf::from("/scans/8.stl"), PathBuf::from("/scans/14.stl")]);
        assert_eq!(settings.last_folder.as_deref(), Some(Path::new("/scans")));
    }

    #[test]
    fn every_mouse_preset_can_turn_and_move() {
        let buttons = [MouseButton::Left, MouseButton::Middle, MouseButton::Right];
        for preset in MousePreset::ALL {
            for wanted in [Motion::Turn, Motion::Move] {
                let mut ways = buttons.into_iter().flat_map(|button| {
                    [(false, false), (true, false), (false, true)]
                        .map(|(shift, ctrl)| preset.motion(button, shift, ctrl))
                });
                assert!(ways.any(|motion| motion == Some(wanted)), "{preset:?} {wanted:?}");
            }
        }
    }
}
