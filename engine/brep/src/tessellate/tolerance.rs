//! How far a mesh may lie from the surface it stands for.

use std::f64::consts::{FRAC_PI_4, PI};

/// The tolerance of a mesh: both bounds hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    chord: f64,
    angle_rad: f64,
}

impl Tolerance {
    /// A tolerance of `chord` (greatest distance of a triangle's edge from the surface, in the solid's unit) and
    /// `angle_rad` (greatest turn of the normal along a triangle's edge). `None` unless both are finite and positive.
    pub fn new(chord: f64, angle_rad: f64) -> Option<Self> {
        let positive = |x: f64| x.is_finite() && x > 0.0;
        (positive(chord) && positive(angle_rad)).then_some(Self { chord, angle_rad })
    }

    /// Greatest distance.
    pub fn chord(&self) -> f64 {
        self.chord
    }

    /// Greatest turn of the normal, in radians.
    pub fn angle_rad(&self) -> f64 {
        self.angle_rad
    }

    /// A tolerance so much finer that boundaries crossing at this one may part.
    pub(super) fn finer(self) -> Self {
        Self { chord: self.chord / 4.0, angle_rad: self.angle_rad / 2.0 }
    }

    /// The tolerance each of two parameters may use up where both bend.
    pub(super) fn shared_by_two(self) -> Self {
        Self { chord: self.chord / 2.0, angle_rad: self.angle_rad }
    }

    /// Into how many steps an arc of `sweep_rad` and `radius` must be cut. At least eight to the full turn, so that a
    /// hole stays a hole.
    pub(super) fn steps(&self, radius: f64, sweep_rad: f64) -> usize {
        // The sagitta of a step s is radius * (1 - cos(s / 2)).
        let by_chord = if self.chord < radius { 2.0 * (1.0 - self.chord / radius).acos() } else { PI };
        let step = by_chord.min(self.angle_rad).min(FRAC_PI_4);
        (sweep_rad / step - 1e-9).ceil().max(1.0) as usize
    }
}
