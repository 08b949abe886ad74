//! The 3D views: textures that are drawn again only when something changed, and what lies over them.
//!
//! `shapes` makes and keeps what is drawn, `screen` arranges and draws the views, `navigate` moves the camera, `pick` finds
//! what is under the pointer. The rest lies over the pictures: `cube` to look from a side, `legend` of the heat map, `section` for
//! its plane, `measure` and `overlay` for words and numbers.

mod card;
mod cube;
mod legend;
mod measure;
mod navigate;
mod overlay;
mod pick;
mod picture;
mod screen;
mod section;
mod shapes;

pub(super) use measure::text as measured_text;
pub use measure::{EdgeGeometry, Element, Feature, Measured, Measuring, Picked, between};
pub(super) use picture::shot;
pub(super) use screen::{Style, heat, look, show};
pub(super) use shapes::Views;
