//! What the window shows and how, apart from the document: nothing here is undone or kept with a session.

use super::editor::Editor;
use super::theme::{Palette, gpu};
use super::view::{Element, Measuring};
pub(super) use crate::number::unit_suffix;
use crate::render::{Camera, Section, View};

/// How scan and part are arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Beside each other.
    #[default]
    SideBySide,
    /// In one view.
    Overlay,
    /// The part alone.
    Result,
}

/// The tab of the right panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The program's text.
    #[default]
    Code,
    /// Its named numbers.
    Parameters,
    /// Its calls.
    History,
    /// What was proposed, and the measured differences.
    Compare,
}

impl Tab {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Code, Self::Parameters, Self::History, Self::Compare];

    /// Its title.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "Code",
            Self::Parameters => "Parameters",
            Self::History => "History",
            Self::Compare => "Compare",
        }
    }
}

/// What is picked in the part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The selected face.
    pub face: Option<u32>,
    /// The selected edge; there is none while a face is selected.
    pub edge: Option<u32>,
    /// The face or edge under the pointer.
    pub hovered: Option<Element>,
    /// The call whose faces are marked.
    pub call: Option<u32>,
}

/// The state of the views and panels.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the user sees")]
pub struct State {
    /// The point of the scan's coordinates that the cameras are about.
    pub scene_origin: glam::DVec3,
    /// One camera for both views.
    pub camera: Camera,
    /// Whether the camera has been moved to the shapes of the item looked at.
    pub fitted: bool,
    /// The arrangement of the views.
    pub layout: Layout,
    /// The tab shown.
    pub tab: Tab,
    /// Whether edges are drawn.
    pub edges: bool,
    /// Whether lines are drawn instead of faces.
    pub wireframe: bool,
    /// Size of points in points of the screen.
    pub point_size: f32,
    /// The measuring tool, if it is on.
    pub measuring: Option<Measuring>,
    /// Whether the scan is coloured by deviation.
    pub heat: bool,
    /// Deviations up to this are green, in the scan's unit; `None` takes 1/500 of its size.
    pub tolerance: Option<f64>,
    /// The section plane, if it is on.
    pub section: Option<Section>,
    /// What is picked.
    pub selection: Selection,
    /// The text looked for in the program; `None` hides the field.
    pub find: Option<String>,
    /// What is typed into the palette; `None` when it is closed.
    pub palette: Option<String>,
    /// Whether the list of shortcuts is shown.
    pub shortcuts: bool,
    /// Whether the settings are shown.
    pub settings_shown: bool,
    /// Whether the log is shown.
    pub log_shown: bool,
    /// What was said so far.
    pub log: Vec<String>,
    /// Byte of the text at which the cursor of the code pane stands.
    pub cursor: usize,
    /// Byte to which the cursor is to be put.
    pub go_to: Option<usize>,
    /// Whether the field of the description is to be given the focus.
    pub focus_description: bool,
    /// What the code pane and the panels beside it remember.
    pub editor: Editor,
}

impl State {
    /// How all views are seen.
    pub(super) fn view(&self, colors: &Palette, pixels_per_point: f32) -> View {
        View {
            camera: self.camera,
            scene_origin: self.scene_origin,
            section: self.section,
            section_color: gpu(colors.cut, 1.0),
            background: gpu(colors.view, 1.0),
            pixels_per_point,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            scene_origin: glam::DVec3::ZERO,
            camera: Camera::default(),
            fitted: false,
            layout: Layout::default(),
            tab: Tab::default(),
            edges: true,
            wireframe: false,
            point_size: 1.6,
            measuring: None,
            heat: false,
            tolerance: None,
            section: None,
            selection: Selection::default(),
            find: None,
            palette: None,
            shortcuts: false,
            settings_shown: false,
            log_shown: false,
            log: Vec::new(),
            cursor: 0,
            go_to: None,
            focus_description: false,
            editor: Editor::default(),
        }
    }
}
