//! The repository keeps its own rules: layers, file lengths, top level, the README's commands.

mod continuous_integration;
mod file_length;
mod layering;
mod top_level;
