//! What there is to export, and what is written.

use super::app::Window;
use super::view;
use crate::document::{Item, ItemId};
use crate::job::{Content, ExportKind};
use crate::output::FileKind;

/// Why a file of this kind cannot be written of an item, in words for a tooltip.
pub(super) fn unavailable(item: &Item, kind: ExportKind) -> Option<&'static str> {
    let program = &item.program;
    match kind {
        ExportKind::Program => {
            program.text.trim().is_empty().then_some("There is no program yet: reconstruct the scan, or write one")
        }
        ExportKind::Picture => (item.input.scan().is_none() && program.part.is_none())
            .then_some("There is nothing to be seen yet: run the program first"),
        ExportKind::Step
        | ExportKind::Stl
        | ExportKind::Obj
        | ExportKind::Ply
        | ExportKind::ThreeMf
        | ExportKind::Report => program.part.is_none().then_some("There is no part yet: run the program first"),
    }
}

/// What a file of this kind is made from; `None` when there is nothing, or the views show another item by now: a dialog was
/// open meanwhile.
pub(super) fn content(window: &Window, ctx: &egui::Context, id: ItemId, kind: ExportKind) -> Option<Content> {
    let item = window.document.item(id)?;
    let is_looked_at = window.document.active().is_some_and(|active| active.id == id);
    let shape = |kind: FileKind| {
        // What is shown is what is written, not what was typed since.
        let source = item.program.part.as_ref()?.source.to_string();
        Some(Content::Shape { kind, source, name: item.stem().to_owned(), unit: item.unit() })
    };
    match kind {
        ExportKind::Step => shape(FileKind::Step),
        ExportKind::Stl => shape(FileKind::Stl),
        ExportKind::Obj => shape(FileKind::Obj),
        ExportKind::Ply => shape(FileKind::Ply),
        ExportKind::ThreeMf => shape(FileKind::ThreeMf),
        ExportKind::Program => Some(Content::Text(item.program.text.clone())),
        ExportKind::Picture => {
            view::shot(window, ctx).filter(|_| is_looked_at).map(|shot| Content::Picture(Box::new(shot)))
        }
        ExportKind::Report => {
            let gpu = window.views.gpu().clone();
            Some(Content::Report(Box::new(item.clone()), gpu, window.state.tolerance))
        }
    }
}
