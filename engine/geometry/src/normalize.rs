//! The two frames a scan is brought into, with the way back always at hand.
//!
//! Both move the centre of the box and scale its longest side; neither turns the scan.

use glam::DVec3;

use crate::{Bounds, Geometry, LengthUnit, transform::Similarity};

/// The longest side in the program's frame, where coordinates run from -100 to 100.
pub const PROGRAM_FRAME_SIDE: f64 = 200.0;

/// A scan in a normalised frame, and the way back to its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalized {
    /// The scan in the normalised frame.
    pub geometry: Geometry,
    /// The unit of the *input's* coordinates (the normalised ones have none).
    pub unit: LengthUnit,
    /// Takes normalised coordinates back to the input's.
    pub input_from_normalized: Similarity,
}

/// Takes the box into the unit cube: centred at (0.5, 0.5, 0.5), longest side 1.
///
/// The frame of cadrille's evaluation. A box without extent is only moved.
pub fn to_unit_cube(bounds: Bounds) -> Similarity {
    centred_and_scaled(bounds, 1.0, DVec3::splat(0.5))
}

/// Takes the box into the program's frame: centred at the origin, longest side 200. A box without extent is only moved.
pub fn to_program_frame(bounds: Bounds) -> Similarity {
    centred_and_scaled(bounds, PROGRAM_FRAME_SIDE, DVec3::ZERO)
}

/// A scan in the program's frame; `None` when it has no finite point.
pub fn in_program_frame(geometry: &Geometry, unit: LengthUnit) -> Option<Normalized> {
    normalized(geometry, unit, to_program_frame)
}

/// A scan in the unit cube; `None` when it has no finite point.
pub fn in_unit_cube(geometry: &Geometry, unit: LengthUnit) -> Option<Normalized> {
    normalized(geometry, unit, to_unit_cube)
}

fn normalized(geometry: &Geometry, unit: LengthUnit, frame: fn(Bounds) -> Similarity) -> Option<Normalized> {
    let normalized_from_input = frame(Bounds::of_geometry(geometry)?);
    Some(Normalized {
        geometry: normalized_from_input.geometry(geometry),
        unit,
        input_from_normalized: normalized_from_input.inverse(),
    })
}

fn centred_and_scaled(bounds: Bounds, side: f64, center: DVec3) -> Similarity {
    let longest = bounds.longest_side();
    // A single point, or an extent too small or too large to divide by, is centred only.
    let scale = Some(side / longest).filter(|scale| scale.is_normal()).unwrap_or(1.0);
    Similarity { scale, translation: center - scale * bounds.center(), ..Similarity::IDENTITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PointCloud, TriMesh};

    fn check(points: &[DVec3], frame: fn(&Geometry, LengthUnit) -> Option<Normalized>, center: DVec3, side: f64) {
        let cloud = Geometry::Cloud(PointCloud { positions: points.to_vec(), ..PointCloud::default() });
        let normalized = frame(&cloud, LengthUnit::Inch).unwrap();
        assert_eq!(normalized.unit, LengthUnit::Inch);
        let bounds = Bounds::of_geometry(&normalized.geometry).unwrap();
        assert!(bounds.center().distance(center) < 1e-9, "{bounds:?}");
        assert!((bounds.longest_side() - side).abs() < 1e-9, "{bounds:?}");
        let back = normalized.input_from_normalized.geometry(&normalized.geometry);
        let Geometry::Cloud(back) = back else { panic!("a cloud stays a cloud") };
        for (p, q) in points.iter().zip(&back.positions) {
            assert!(p.distance(*q) < 1e-9 * (1.0 + p.length()), "{p} {q}");
        }
    }

    #[test]
    fn frames_and_the_way_back() {
        let far_away = [DVec3::new(300.0, 301.0, 302.0), DVec3::new(310.0, 306.0, 302.5)];
        check(&far_away, in_unit_cube, DVec3::splat(0.5), 1.0);
        check(&far_away, in_program_frame, DVec3::ZERO, 200.0);
        let one_point = [DVec3::new(1.0, 2.0, 3.0)];
        check(&one_point, in_program_frame, DVec3::ZERO, 0.0);
        check(&one_point, in_unit_cube, DVec3::splat(0.5), 0.0);
    }

    #[test]
    fn nothing_cannot_be_normalised() {
        assert!(in_unit_cube(&Geometry::Mesh(TriMesh::default()), LengthUnit::Unknown).is_none());
        assert!(in_program_frame(&Geometry::Cloud(PointCloud::default()), LengthUnit::Unknown).is_none());
    }
}
