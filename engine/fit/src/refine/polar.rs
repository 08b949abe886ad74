//! Equal circles on a circle: the polar pattern as linear relations between their centres.
//!
//! With C the mean of n centres and R the turn by 360 / n degrees, c[k + 1] - C = R (c[k] - C) says that they stand at equal
//! angles and at one distance from C. Neither the centre nor the distance has to be a number of the part. Of the 2n
//! equations 2n - 4 say something new.

use glam::DVec2;

use super::gaussian::Equation;
use super::record::Relation;
use super::relations::{Conjecture, Known, equation};
use super::view::{Curve, Place, Span, Use};

/// Fewest and most circles of a pattern.
const FEWEST: usize = 3;
const MOST: usize = 36;
/// Directions of the first circle from the pattern's centre are looked for in steps of so many degrees.
const STEP_DEGREES: f64 = 15.0;
/// Circles stand off their places by less than this share of the pattern's radius.
const NEAR: f64 = 0.05;

/// Circles that stand on a circle, in the order of their angles.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    centers: Vec<Place>,
}

impl Known<'_> {
    /// The rings of three or more circles of about one radius in each feature.
    pub(super) fn rings(&self) -> Vec<Ring> {
        let mut found = Vec::new();
        for feature in self.view.features.iter().filter(|f| matches!(f.span, Span::Extrude { .. })) {
            let mut circles: Vec<(f64, Place)> = Vec::new();
            for curve in feature.regions.iter().flatten() {
                if let Curve::Circle { center, radius } = curve {
                    circles.push((radius.of(self.values), *center));
                }
            }
            circles.sort_by(|a, b| a.0.total_cmp(&b.0));
            // Radii that differ by a few per cent are one radius measured several times.
            for alike in circles.chunk_by(|a, b| b.0 - a.0 <= NEAR * a.0) {
                found.extend(self.ring(alike.iter().map(|c| c.1).collect()));
            }
        }
        found
    }

    fn ring(&self, mut centers: Vec<Place>) -> Option<Ring> {
        let n = centers.len();
        if !(FEWEST..=MOST).contains(&n) {
            return None;
        }
        let middle = centers.iter().map(|c| c.of(self.values)).sum::<DVec2>() / n as f64;
        let radius = centers.iter().map(|c| c.of(self.values).distance(middle)).sum::<f64>() / n as f64;
        let angle = |c: &Place| (c.of(self.values) - middle).to_angle();
        centers.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        let turn = DVec2::from_angle(std::f64::consts::TAU / n as f64);
        let in_place = (0..n).all(|k| {
            let next = centers[(k + 1) % n].of(self.values) - middle;
            next.distance(turn.rotate(centers[k].of(self.values) - middle)) <= NEAR * radius
        });
        (in_place && radius > 0.0).then_some(Ring { centers })
    }

    /// The relations that put the circles of each ring in their places, and turn it to a round angle.
    pub(super) fn polar(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for ring in self.rings() {
            let n = ring.centers.len();
            let what = format!("{n} circles on a circle of {:.4}", 2.0 * ring.radius(self.values));
            for k in 0..n - 1 {
                for uses in ring.step(k) {
                    found.extend(self.within_reach(Relation::Polar, what.clone(), equation(&uses, 0.0)));
                }
            }
            let first = ring.centers[0].of(self.values) - ring.middle(self.values);
            let steps = (first.to_angle().to_degrees() / STEP_DEGREES).round();
            let across = exact(DVec2::from_angle((steps * STEP_DEGREES).to_radians()).perp());
            let what = format!("{what} from {:.0} degrees", steps * STEP_DEGREES);
            found.extend(self.within_reach(Relation::Angle, what, equation(&ring.offset_of(0, across), 0.0)));
        }
        found
    }

    /// The diameter of each ring as a sum of numbers, for the angle that it has.
    pub(super) fn pitch_diameters(&self) -> Vec<Vec<(usize, f64)>> {
        let diameters = self.rings().into_iter().map(|ring| {
            let first = ring.centers[0].of(self.values) - ring.middle(self.values);
            let outward = exact(first.normalize_or(DVec2::X));
            let Equation { terms, .. } = equation(&ring.offset_of(0, 2.0 * outward), 0.0);
            terms
        });
        diameters.filter(|terms| !terms.is_empty()).collect()
    }
}

/// A direction without what rounding leaves of a zero.
fn exact(direction: DVec2) -> DVec2 {
    let clean = |v: f64| if v.abs() < 1e-9 { 0.0 } else { v };
    DVec2::new(clean(direction.x), clean(direction.y))
}

impl Ring {
    fn middle(&self, values: &[f64]) -> DVec2 {
        self.centers.iter().map(|c| c.of(values)).sum::<DVec2>() / self.centers.len() as f64
    }

    fn radius(&self, values: &[f64]) -> f64 {
        self.centers[0].of(values).distance(self.middle(values))
    }

    /// The component along `direction` of a centre's offset from the middle.
    fn offset_of(&self, k: usize, direction: DVec2) -> Vec<(Use, f64)> {
        let share = 1.0 / self.centers.len() as f64;
        let all = self.centers.iter().flat_map(|c| [(c.u, -share * direction.x), (c.v, -share * direction.y)]);
        [(self.centers[k].u, direction.x), (self.centers[k].v, direction.y)].into_iter().chain(all).collect()
    }

    /// c[k + 1] - C - R (c[k] - C), by coordinates.
    fn step(&self, k: usize) -> [Vec<(Use, f64)>; 2] {
        let n = self.centers.len();
        let turn = exact(DVec2::from_angle(std::f64::consts::TAU / n as f64));
        [DVec2::X, DVec2::Y].map(|axis| {
            // The component along an axis of a turned vector is that of the vector along the axis turned back.
            let back = DVec2::new(turn.x, -turn.y).rotate(axis);
            let mut uses = self.offset_of((k + 1) % n, axis);
            uses.extend(self.offset_of(k, -back));
            uses
        })
    }
}
