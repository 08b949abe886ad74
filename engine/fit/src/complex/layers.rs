//! What blocks, however they were labelled, are asked for.

use glam::DVec2;

use crate::section::Area;

/// A part as layers along a direction, each with one section.
pub trait Layers: Send + Sync {
    /// Heights between which layers lie, increasing.
    fn levels(&self) -> &[f64];

    /// Whether `p` lies in the material of a layer.
    fn is_solid(&self, layer: usize, p: DVec2) -> bool;

    /// The solid area of each layer.
    fn sections(&self) -> Vec<Area>;
}
