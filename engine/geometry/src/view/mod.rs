//! The four pictures of a part that cadrille's network looks at (Kolodiazhnyi et al., arXiv 2505.22914), drawn without a GPU.
//!
//! The network was trained on pictures of `Open3D` 0.18's plain visualizer, made smaller by scikit-image. Both are followed here
//! step by step, so that the network sees what it knows: the camera (`camera`), what is in front (`raster`), the light
//! (`light`), then 500 pixels to 128 (`shrink`), a black border, and four views in two rows (`four_views`).
//!
//! Same mesh, same bytes: nothing depends on threads. Deliberately absent: textures, vertex colours, smooth shading and
//! several samples per pixel. `Open3D` draws into a buffer with one sample when a picture is taken; all smoothing is the later
//! reduction's.

mod camera;
mod config;
mod difference;
mod four_views;
mod light;
mod picture;
mod raster;
mod render;
mod shrink;
mod spline;

pub use camera::Camera;
pub use config::ViewConfig;
pub use difference::{Difference, difference};
pub use four_views::{four_views, view};
pub use picture::Picture;
pub use render::window;
