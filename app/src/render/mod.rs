//! Pictures of shapes with wgpu: scans, parts, deviations, sections.
//!
//! [`ShapeData`] is what is drawn, made from a scan or a part on any thread; [`Shape`] is the same on the GPU. A [`View`]
//! is a camera and a style; a [`Renderer`] draws shapes into a [`Target`], which is a texture that egui shows or that is
//! read back as a picture. The window and `partwright render` use the same code, on any adapter, software included.
//!
//! Picking is not done here but by rays against the mesh: no waiting for the GPU.

mod camera;
mod detail;
mod gpu;
mod heat;
mod pace;
mod pipeline;
mod renderer;
mod shader;
mod shape;
mod shape_data;
mod target;
mod uniform;
mod vertex;

pub use camera::{Camera, Projection, StandardView};
pub use detail::MOVING_TRIANGLES;
pub use gpu::{Gpu, NoGpu};
pub use heat::Heat;
pub use pace::{Lap, Pace, Stopwatch};
pub use renderer::{Detail, Drawing, Look, Renderer, Section, Slice, View};
pub use shader::{PROGRAMS, Program, ShaderFault, ShaderSources, ShaderWatch};
pub use shape::Shape;
pub use shape_data::ShapeData;
pub use target::Target;
pub use uniform::{ShapeUniform, ViewUniform};
pub use vertex::{EdgeVertex, PointVertex, SurfaceVertex};
