//! Features and the part they make up, in order.

use glam::DMat3;

use super::{Outline, SketchPlane};

/// An area of a sketch plane: one outer outline less its holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The outer boundary.
    pub outer: Outline,
    /// Holes within it.
    pub holes: Vec<Outline>,
}

/// Whether a feature adds or removes material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// Material is added.
    Add,
    /// Material is removed.
    Cut,
}

/// How a feature's regions become a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sweep {
    /// Swept along the plane's normal, from the plane by `depth` (positive).
    Extrude {
        /// Length of the sweep.
        depth: f64,
    },
    /// Turned fully about the plane's y axis through its origin; the regions lie at x >= 0.
    Revolve,
}

/// One step of a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Adding or cutting.
    pub kind: FeatureKind,
    /// Where the regions lie.
    pub plane: SketchPlane,
    /// What is swept; several regions are several bodies of one feature and do not overlap.
    pub regions: Vec<Region>,
    /// How.
    pub sweep: Sweep,
}

impl Feature {
    /// How much a reader has to take in: every outline counts one, plus a tenth for each edge beyond the first.
    pub fn price(&self) -> f64 {
        let outlines = self.regions.iter().flat_map(|r| std::iter::once(&r.outer).chain(&r.holes));
        1.0 + outlines.map(|o| 0.1 * o.complexity() as f64).sum::<f64>()
    }
}

/// A part: its features are applied in order, starting from nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The features in order; the first one adds.
    pub features: Vec<Feature>,
}

impl Part {
    /// The part after a rotation of space about the origin.
    #[must_use]
    pub fn rotated(&self, rotation: DMat3) -> Self {
        let features =
            self.features.iter().map(|f| Feature { plane: f.plane.rotated(rotation), ..f.clone() }).collect();
        Self { features }
    }

    /// The sum of its features' prices.
    pub fn price(&self) -> f64 {
        self.features.iter().map(Feature::price).sum()
    }
}
