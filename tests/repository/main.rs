//! The repository keeps its own rules: layers, file lengths, top level, shaders, the README's commands.

mod continuous_integration;
mod file_length;
mod layering;
mod shaders;
mod top_level;
