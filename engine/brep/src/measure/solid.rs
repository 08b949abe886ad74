//! Volume, area, centre and box of a solid, length of an edge.

use glam::DVec3;

use super::{MeasureError, bounds, face};
use crate::Span;
use crate::topology::{Edge, Solid};

/// The mass properties of a solid (of unit density).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MassProperties {
    /// Exact volume; negative when the faces look inward.
    pub volume: f64,
    /// Exact area of all faces, those of voids included.
    pub area: f64,
    /// Exact centre of volume.
    pub center: DVec3,
    /// Exact bounding box, lower and upper corner.
    pub bounds: [DVec3; 2],
}

/// Measures `solid`.
///
/// # Errors
/// When a face is not bounded by its wires, or the solid has no volume at all; see [`MeasureError`].
pub fn solid(solid: &Solid) -> Result<MassProperties, MeasureError> {
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    let mut faces = 0;
    for face in solid.face_iter() {
        let [l, h] = bounds::face_bounds(face);
        (low, high) = (low.min(l), high.max(h));
        faces += 1;
    }
    // Integrals about the middle of the box cancel least.
    let reference = if faces > 0 { (low + high) * 0.5 } else { DVec3::ZERO };
    let (mut area, mut volume, mut moment) = (0.0, 0.0, DVec3::ZERO);
    for f in solid.face_iter() {
        let m = face::moments(f, reference)?;
        area += m.area;
        volume += m.volume;
        moment += m.volume_moment;
    }
    if volume == 0.0 {
        return Err(MeasureError::NoVolume { faces });
    }
    Ok(MassProperties { volume, area, center: reference + moment / volume, bounds: [low, high] })
}

/// The exact length of an edge.
pub fn edge_length(edge: &Edge) -> f64 {
    Span::of_edge(edge).length()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn samples_have_their_closed_forms() {
        for s in samples::all() {
            let m = solid(&s.solid).expect(s.name);
            let size = s.volume.cbrt();
            assert!((m.volume - s.volume).abs() < 1e-11 * s.volume, "{} volume {} {}", s.name, m.volume, s.volume);
            assert!((m.area - s.area).abs() < 1e-11 * s.area, "{} area {} {}", s.name, m.area, s.area);
            assert!((m.center - s.center).length() < 1e-11 * size, "{} center {} {}", s.name, m.center, s.center);
            let off = (m.bounds[0] - s.bounds[0]).length() + (m.bounds[1] - s.bounds[1]).length();
            assert!(off < 1e-11 * size, "{} bounds {:?} {:?}", s.name, m.bounds, s.bounds);
        }
    }
}
