//! The pictures of an item as a texture: as the network sees them.

use egui::{ColorImage, TextureHandle, TextureId, TextureOptions};

use crate::document::{Document, ItemId, Picture, SHEET_PX, sheet};

/// The sheet of the item looked at, made again when its pictures change.
#[derive(Default)]
pub(super) struct Sheet(Option<(ItemId, Vec<Picture>, TextureHandle)>);

impl Sheet {
    /// The texture of an item's pictures. Putting 72,000 pixels together takes some tenths of a millisecond, once.
    pub(super) fn of(&mut self, item: ItemId, pictures: &[Picture], ctx: &egui::Context) -> TextureId {
        if let Some((_, _, texture)) = self.0.as_ref().filter(|(of, shown, _)| *of == item && shown == pictures) {
            return texture.id();
        }
        let image = ColorImage::from_rgb([SHEET_PX as usize; 2], &sheet(pictures));
        let texture = ctx.load_texture("sheet", image, TextureOptions::LINEAR);
        let id = texture.id();
        self.0 = Some((item, pictures.to_vec(), texture));
        id
    }

    /// Frees the texture of an item that is not open any more.
    pub(super) fn retain(&mut self, document: &Document) {
        self.0.take_if(|(item, ..)| document.item(*item).is_none());
    }
}
