//! The faces of an outer shell look outward: it encloses a positive volume.

use glam::DVec3;

use crate::measure;
use crate::span::position;
use crate::topology::{Shell, Solid};

/// A shell that is inside out, or that cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("shell {shell} encloses the volume {volume:.6}: its faces look inward")]
pub struct InsideOut {
    /// Index of the shell.
    pub shell: usize,
    /// The volume it encloses (not a number when it cannot be measured).
    pub volume: f64,
}

/// The signed volume of a shell, positive when its faces look out of it.
pub(super) fn shell_volume(shell: &Shell) -> f64 {
    let reference = shell.vertex_iter().next().map_or(DVec3::ZERO, |v| position(&v));
    shell.iter().map(|f| measure::moments(f, reference).map_or(f64::NAN, |m| m.volume)).sum()
}

/// Finds an outer shell whose faces look inward.
pub fn check_outward(solid: &Solid) -> Vec<InsideOut> {
    let volume = solid.boundaries().first().map_or(0.0, shell_volume);
    if volume > 0.0 { Vec::new() } else { vec![InsideOut { shell: 0, volume }] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn faces_that_look_outward_are_valid() {
        assert_eq!(check_outward(&samples::torus().solid), []);
    }

    #[test]
    fn a_solid_turned_inside_out_is_found() {
        let mut solid = samples::cylinder(false).solid;
        solid.not();
        let found = check_outward(&solid);
        assert_eq!(found.len(), 1);
        assert!((found[0].volume + samples::cylinder(false).volume).abs() < 1e-9);
    }
}
