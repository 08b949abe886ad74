//! The window, driven without a screen: what a person does with it, step by step; and its shaders.
//!
//! Needs a graphics adapter, a software one is enough (the package mesa-vulkan-drivers). Without any, the tests that draw
//! say so and pass, as on a machine that has none.

mod candidates;
mod code;
mod desktop;
mod driver;
mod files;
mod inputs;
mod networks;
mod pictures;
mod recovery;
mod scan_to_step;
mod shaders;
mod trouble;
mod views;
