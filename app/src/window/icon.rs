//! The icons: glyphs of Phosphor (MIT), of which `assets/fonts/phosphor-icons.ttf` holds these.

/// Arrow u up left.
pub(super) const ARROW_U_UP_LEFT: &str = "\u{E08A}";
/// Arrow u up right.
pub(super) const ARROW_U_UP_RIGHT: &str = "\u{E08C}";
/// Check circle.
pub(super) const CHECK_CIRCLE: &str = "\u{E184}";
/// Clock counter clockwise.
pub(super) const CLOCK_COUNTER_CLOCKWISE: &str = "\u{E1A0}";
/// Columns.
pub(super) const COLUMNS: &str = "\u{E546}";
/// Command.
pub(super) const COMMAND: &str = "\u{E1C4}";
/// Crosshair.
pub(super) const CROSSHAIR: &str = "\u{E1D6}";
/// Cube.
pub(super) const CUBE: &str = "\u{E1DA}";
/// Cube transparent.
pub(super) const CUBE_TRANSPARENT: &str = "\u{EC7C}";
/// Export.
pub(super) const EXPORT: &str = "\u{EAF0}";
/// File code.
pub(super) const FILE_CODE: &str = "\u{E914}";
/// File plus.
pub(super) const FILE_PLUS: &str = "\u{E236}";
/// Folder open.
pub(super) const FOLDER_OPEN: &str = "\u{E256}";
/// Frame corners.
pub(super) const FRAME_CORNERS: &str = "\u{E626}";
/// Gear.
pub(super) const GEAR: &str = "\u{E270}";
/// Hash.
pub(super) const HASH: &str = "\u{E2A2}";
/// Image.
pub(super) const IMAGE: &str = "\u{E2CA}";
/// Keyboard.
pub(super) const KEYBOARD: &str = "\u{E2D8}";
/// Magic wand.
pub(super) const MAGIC_WAND: &str = "\u{E6B6}";
/// Magnifying glass.
pub(super) const MAGNIFYING_GLASS: &str = "\u{E30C}";
/// Perspective.
pub(super) const PERSPECTIVE: &str = "\u{EBE6}";
/// Play.
pub(super) const PLAY: &str = "\u{E3D0}";
/// Polygon.
pub(super) const POLYGON: &str = "\u{E6D0}";
/// Ruler.
pub(super) const RULER: &str = "\u{E6B8}";
/// Scissors.
pub(super) const SCISSORS: &str = "\u{EAE0}";
/// Square.
pub(super) const SQUARE: &str = "\u{E45E}";
/// Stack.
pub(super) const STACK: &str = "\u{E466}";
/// Stop.
pub(super) const STOP: &str = "\u{E46C}";
/// Sun.
pub(super) const SUN: &str = "\u{E472}";
/// Terminal window.
pub(super) const TERMINAL_WINDOW: &str = "\u{EAE8}";
/// Text t.
pub(super) const TEXT_T: &str = "\u{E48A}";
/// Thermometer.
pub(super) const THERMOMETER: &str = "\u{E5C6}";
/// Warning.
pub(super) const WARNING: &str = "\u{E4E0}";
/// Warning circle.
pub(super) const WARNING_CIRCLE: &str = "\u{E4E2}";
/// X.
pub(super) const X: &str = "\u{E4F6}";
/// X circle.
pub(super) const X_CIRCLE: &str = "\u{E4F8}";
/// Info.
pub(super) const INFO: &str = "\u{E2CE}";
