//! Everything that can be done, once: menus, palette, shortcuts and help are made from this list.

use std::path::PathBuf;

use egui::{Key, KeyboardShortcut, Modifiers};
use glam::Vec3;
use partwright_geometry::LengthUnit;

use super::icon;
use super::state::{Layout, State};
use super::view::Picked;
use crate::document::{ItemId, Preparation};
use crate::job::ExportKind;
use crate::render::{Section, StandardView};
use crate::settings::Settings;

/// The menu a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Files.
    File,
    /// Text and decisions.
    Edit,
    /// What is seen.
    View,
    /// Reconstruction and running.
    Part,
    /// The program itself.
    Help,
}

impl Group {
    /// All of them, in the order of the menu bar.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Part, Self::Help];

    /// Its title.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Part => "Part",
            Self::Help => "Help",
        }
    }
}

/// A command without anything to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr)]
pub enum Command {
    /// Asks for files to open.
    Open,
    /// Opens the sample scan.
    OpenSample,
    /// Takes the session before back.
    ContinueSession,
    /// Begins an empty program.
    NewProgram,
    /// Begins a description of a part.
    DescribePart,
    /// Adds pictures to those of the item looked at.
    AddPictures,
    /// Closes the item looked at.
    CloseItem,
    /// Writes the part or the program.
    Export(ExportKind),
    /// Ends the program.
    Quit,
    /// Takes back the last step.
    Undo,
    /// Does the step taken back again.
    Redo,
    /// Looks for text in the program.
    Find,
    /// Makes comments of the selected lines, or code again.
    ToggleComment,
    /// Runs the program while it is typed, or not.
    ToggleRunWhileTyping,
    /// Shows the settings.
    Settings,
    /// Shows everything.
    FitView,
    /// Looks from a usual direction.
    LookFrom(StandardView),
    /// Parallel or perspective.
    ToggleProjection,
    /// Edges on or off.
    ToggleEdges,
    /// Lines instead of faces, on or off.
    ToggleWireframe,
    /// The measuring tool on or off.
    Measure,
    /// Colours by deviation on or off.
    ToggleHeat,
    /// A section plane on or off.
    ToggleSection,
    /// Scan and part beside each other.
    LayoutSideBySide,
    /// Scan and part in one view.
    LayoutOverlay,
    /// The part alone.
    LayoutResult,
    /// Light, dark.
    ToggleTheme,
    /// Finds programs for the scan.
    Reconstruct,
    /// Runs the program.
    Run,
    /// Runs the program up to the call under the cursor.
    RunToCursor,
    /// Stops everything that runs.
    Stop,
    /// Shows all commands to choose from.
    Palette,
    /// Shows the shortcuts.
    Shortcuts,
    /// Shows what was said so far.
    Log,
}

/// What is to be said of a command.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// In menus, sentence case; an ellipsis when a dialog follows.
    pub label: &'static str,
    /// In tooltips and in the palette.
    pub help: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its menu.
    pub group: Group,
    /// Its shortcut.
    pub shortcut: Option<KeyboardShortcut>,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

impl Command {
    /// All commands, in the order of their menus.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Open, Self::OpenSample, Self::ContinueSession, Self::NewProgram];
        all.extend([Self::DescribePart, Self::AddPictures, Self::CloseItem]);
        all.extend(ExportKind::ALL.map(Self::Export));
        all.extend([
            Self::Quit,
            Self::Undo,
            Self::Redo,
            Self::Find,
            Self::ToggleComment,
            Self::Settings,
            Self::FitView,
        ]);
        all.extend(StandardView::ALL.map(Self::LookFrom));
        all.extend([
            Self::ToggleProjection,
            Self::ToggleEdges,
            Self::ToggleWireframe,
            Self::Measure,
            Self::ToggleHeat,
            Self::ToggleSection,
            Self::LayoutSideBySide,
            Self::LayoutOverlay,
            Self::LayoutResult,
            Self::ToggleTheme,
            Self::Reconstruct,
            Self::Run,
            Self::RunToCursor,
            Self::ToggleRunWhileTyping,
            Self::Stop,
            Self::Palette,
            Self::Shortcuts,
            Self::Log,
        ]);
        all
    }

    /// Whether what it switches is on; `None` for what is no switch.
    pub fn is_on(self, state: &State) -> Option<bool> {
        match self {
            Self::ToggleEdges => Some(state.edges),
            Self::ToggleWireframe => Some(state.wireframe),
            Self::ToggleHeat => Some(state.heat),
            Self::ToggleSection => Some(state.section.is_some()),
            Self::Measure => Some(state.measuring.is_some()),
            Self::Log => Some(state.log_shown),
            Self::LayoutSideBySide => Some(state.layout == Layout::SideBySide),
            Self::LayoutOverlay => Some(state.layout == Layout::Overlay),
            Self::LayoutResult => Some(state.layout == Layout::Result),
            _ => None,
        }
    }

    /// What is to be said of it.
    pub fn describe(self) -> Description {
        use Group::{Edit, File, Help, Part, View};
        let new = |label, help, icon, group, shortcut: Option<(Modifiers, Key)>| Description {
            label,
            help,
            icon,
            group,
            shortcut: shortcut.map(|(modifiers, key)| KeyboardShortcut::new(modifiers, key)),
        };
        match self {
            Self::Open => {
                new("Open…", "Open scans, programs or pictures", icon::FOLDER_OPEN, File, Some((CTRL, Key::O)))
            }
            Self::OpenSample => {
                new("Open the sample", "Open the scan of a bracket to try things on", icon::CUBE, File, None)
            }
            Self::ContinueSession => new(
                "Continue the last session",
                "Open what was open when the program was ended last",
                icon::CLOCK_COUNTER_CLOCKWISE,
                File,
                None,
            ),
            Self::NewProgram => {
                new("New program", "Begin with an empty program", icon::FILE_PLUS, File, Some((CTRL, Key::N)))
            }
            Self::DescribePart => new(
                "Describe a part",
                "Begin with a description in words",
                icon::TEXT_T,
                File,
                Some((CTRL_SHIFT, Key::N)),
            ),
            Self::AddPictures => {
                new("Add pictures…", "Add views of the same part, four at most", icon::IMAGE, File, None)
            }
            Self::CloseItem => new("Close", "Close the item looked at", icon::X, File, Some((CTRL, Key::W))),
            Self::Export(kind) => {
                let (label, help) = match kind {
                    ExportKind::Step => ("Export STEP…", "Write the exact solid for a CAD program"),
                    ExportKind::Stl => ("Export STL…", "Write a mesh of the part as STL"),
                    ExportKind::Obj => ("Export OBJ…", "Write a mesh of the part as OBJ"),
                    ExportKind::Ply => ("Export PLY…", "Write a mesh of the part as PLY"),
                    ExportKind::ThreeMf => ("Export 3MF…", "Write a mesh of the part as 3MF"),
                    ExportKind::Program => ("Export program…", "Write the CadQuery program"),
                    ExportKind::Picture => ("Export picture…", "Write what the views show as PNG"),
                    ExportKind::Report => ("Export report…", "Write a page with pictures, numbers and the program"),
                };
                let shortcut = match kind {
                    ExportKind::Step => Some((CTRL, Key::E)),
                    ExportKind::Program => Some((CTRL_SHIFT, Key::S)),
                    _ => None,
                };
                new(label, help, icon::EXPORT, File, shortcut)
            }
            Self::Quit => new("Quit", "End the program; the session is kept", icon::STOP, File, Some((CTRL, Key::Q))),
            Self::Undo => new("Undo", "Take back the last step", icon::ARROW_U_UP_LEFT, Edit, Some((CTRL, Key::Z))),
            Self::Redo => {
                new("Redo", "Do again what was taken back", icon::ARROW_U_UP_RIGHT, Edit, Some((CTRL_SHIFT, Key::Z)))
            }
            Self::Find => {
                new("Find", "Look for text in the program", icon::MAGNIFYING_GLASS, Edit, Some((CTRL, Key::F)))
            }
            Self::ToggleComment => new(
                "Comment",
                "Make comments of the selected lines, or code again",
                icon::HASH,
                Edit,
                Some((CTRL, Key::Slash)),
            ),
            Self::ToggleRunWhileTyping => new(
                "Run while typing",
                "Run the program by itself whenever typing pauses",
                icon::KEYBOARD,
                Part,
                Some((CTRL_SHIFT, Key::R)),
            ),
            Self::Settings => {
                new("Settings…", "Theme, mouse, and limits of runs", icon::GEAR, Edit, Some((CTRL, Key::Comma)))
            }
            Self::FitView => {
                new("Fit", "Show everything", icon::FRAME_CORNERS, View, Some((Modifiers::NONE, Key::Home)))
            }
            Self::LookFrom(view) => {
                let (label, key) = match view {
                    StandardView::Isometric => ("Isometric view", Key::Num0),
                    StandardView::Front => ("Front view", Key::Num1),
                    StandardView::Back => ("Back view", Key::Num2),
                    StandardView::Left => ("Left view", Key::Num3),
                    StandardView::Right => ("Right view", Key::Num4),
                    StandardView::Top => ("Top view", Key::Num5),
                    StandardView::Bottom => ("Bottom view", Key::Num6),
                };
                new(label, "Look from this side", icon::CUBE, View, Some((CTRL, key)))
            }
            Self::ToggleProjection => new(
                "Perspective",
                "Perspective or parallel projection",
                icon::PERSPECTIVE,
                View,
                Some((CTRL_SHIFT, Key::O)),
            ),
            Self::ToggleEdges => {
                new("Edges", "Show the edges of the part", icon::POLYGON, View, Some((CTRL_SHIFT, Key::G)))
            }
            Self::ToggleWireframe => new(
                "Wireframe",
                "Show lines instead of faces",
                icon::CUBE_TRANSPARENT,
                View,
                Some((CTRL_SHIFT, Key::W)),
            ),
            Self::Measure => new(
                "Measure",
                "Click vertices, edges, faces or points of the scan for distances and angles; Esc ends",
                icon::RULER,
                View,
                Some((CTRL_SHIFT, Key::M)),
            ),
            Self::ToggleHeat => new(
                "Deviation",
                "Colour the scan by its distance from the part",
                icon::THERMOMETER,
                View,
                Some((CTRL_SHIFT, Key::D)),
            ),
            Self::ToggleSection => {
                new("Section", "Cut the view open along a plane", icon::SCISSORS, View, Some((CTRL_SHIFT, Key::X)))
            }
            Self::LayoutSideBySide => new(
                "Side by side",
                "Scan and part beside each other",
                icon::COLUMNS,
                View,
                Some((CTRL_SHIFT, Key::Num1)),
            ),
            Self::LayoutOverlay => {
                new("Overlay", "Scan and part in one view", icon::STACK, View, Some((CTRL_SHIFT, Key::Num2)))
            }
            Self::LayoutResult => new("Part only", "Only the part", icon::SQUARE, View, Some((CTRL_SHIFT, Key::Num3))),
            Self::ToggleTheme => new("Light or dark", "Change between light and dark", icon::SUN, View, None),
            Self::Reconstruct => new(
                "Reconstruct",
                "Find a program that makes the scanned part",
                icon::MAGIC_WAND,
                Part,
                Some((CTRL, Key::Enter)),
            ),
            Self::Run => new("Run", "Run the program and show its part", icon::PLAY, Part, Some((CTRL, Key::S))),
            Self::RunToCursor => new(
                "Run to cursor",
                "Show the part as it is after the call under the cursor",
                icon::CROSSHAIR,
                Part,
                Some((Modifiers::NONE, Key::F4)),
            ),
            Self::Stop => new(
                "Stop",
                "Stop what is running and keep what there is",
                icon::STOP,
                Part,
                Some((Modifiers::NONE, Key::F6)),
            ),
            Self::Palette => {
                new("Commands…", "Find any command by its name", icon::COMMAND, Help, Some((CTRL_SHIFT, Key::P)))
            }
            Self::Shortcuts => {
                new("Shortcuts", "Show all shortcuts", icon::KEYBOARD, Help, Some((Modifiers::NONE, Key::F1)))
            }
            Self::Log => new("Log", "Show what was said so far", icon::TERMINAL_WINDOW, Help, Some((CTRL, Key::L))),
        }
    }
}

/// Something a panel wants done.
#[derive(Clone, Debug, PartialEq, strum::IntoStaticStr)]
pub enum Action {
    /// A command.
    Command(Command),
    /// Open a file.
    OpenPath(PathBuf),
    /// Open files; the pictures among them are views of one part.
    OpenPaths(Vec<PathBuf>),
    /// Take files that were dropped on the window.
    Drop(Vec<PathBuf>),
    /// Put a picture of the item looked at, counted from 0, to another place.
    MovePicture(usize, usize),
    /// Remove a picture of the item looked at.
    RemovePicture(usize),
    /// The description of the item looked at is now this; typing goes on.
    SetDescription(String),
    /// Look at an item.
    Activate(ItemId),
    /// Close an item.
    Close(ItemId),
    /// Take over the program of a proposal of the item looked at.
    Choose(usize),
    /// The program's text is now this; typing goes on.
    SetText(String),
    /// A number of the program is being changed; the text is now this.
    SetNumber(String),
    /// The program's text is now this with this selected, as a step of its own of this name.
    Rewrite(String, std::ops::Range<usize>, &'static str),
    /// Run what was typed; typing goes on.
    RunTyped,
    /// The interaction is over: the next change is a step of its own.
    FinishStep,
    /// The scan's unit is this.
    SetUnit(LengthUnit),
    /// The scan is to be prepared so.
    SetPreparation(Preparation),
    /// Select a face of the part, or nothing.
    SelectFace(Option<u32>),
    /// Select an edge of the part.
    SelectEdge(u32),
    /// Measure the bodies after the calls of the program looked at.
    MeasureCalls,
    /// Mark the faces of a call, or none.
    MarkCall(Option<u32>),
    /// Put the cursor of the code pane at a byte.
    GoTo(usize),
    /// Write the part to a file.
    ExportTo(ItemId, ExportKind, PathBuf),
    /// The settings are these now.
    ChangeSettings(Box<Settings>),
    /// Bring a session that was not ended back, or forget it.
    AnswerRecovery(bool),
    /// The tolerance of the heat map, in the scan's unit.
    SetTolerance(f64),
    /// Move the eye into this direction from the target.
    LookAlong(Vec3),
    /// Cut the views here.
    SetSection(Section),
    /// Draw points as large as this, in points of the screen.
    SetPointSize(f32),
    /// Take this as an end of a measure.
    Pick(Picked),
}

impl Action {
    /// What it is called in the log of slow frames.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Command(command) => command.into(),
            action => action.into(),
        }
    }
}

impl From<Command> for Action {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_shortcut_or_a_label() {
        let all = Command::all();
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert_ne!(a, b);
                assert_ne!(a.describe().label, b.describe().label);
                let shortcuts = (a.describe().shortcut, b.describe().shortcut);
                assert!(shortcuts.0.is_none() || shortcuts.0 != shortcuts.1, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn every_group_has_a_command() {
        for group in Group::ALL {
            assert!(Command::all().iter().any(|command| command.describe().group == group), "{group:?}");
        }
    }
}
