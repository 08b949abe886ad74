//! The theme's colours for pictures drawn without a window: the light theme, as on paper.

use egui::Theme;

use super::theme::{gpu, palette};
use super::view::{Style, look};
use crate::document::Side;
use crate::render::{Heat, Look};

/// Behind everything.
pub(crate) fn view() -> [f32; 4] {
    gpu(palette(Theme::Light).view, 1.0)
}

/// White, for what is printed.
pub(crate) fn paper() -> [f32; 4] {
    gpu(palette(Theme::Light).raised, 1.0)
}

/// The cut of a section.
pub(crate) fn cut() -> [f32; 4] {
    gpu(palette(Theme::Light).cut, 1.0)
}

/// How a scan looks.
pub(crate) fn scan_look(heat: Option<Heat>) -> Look {
    look(palette(Theme::Light), Side::Input, Style { heat, ..Style::default() })
}

/// How a part looks.
pub(crate) fn part_look() -> Look {
    look(palette(Theme::Light), Side::Result, Style { edges: true, ..Style::default() })
}
