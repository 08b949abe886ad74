//! Relations and round numbers, tried one at a time under a budget.
//!
//! A relation is kept where the points held out of the fit, face by face, do not tell that it is wrong: the sum of their
//! squares may rise over that of the fit by what chance alone would explain, and by a share of the noise that no scanner's
//! own faults stay below. Where no held-out point can say, the fit's own covariance decides. What is rejected leaves
//! everything as it was.

use glam::DVec3;
use partwright_geometry::LengthUnit;

use super::association::Posed;
use super::face::{Face, Shape};
use super::gaussian::{Equation, Symmetric, deviation, meeting};
use super::least_squares::Assigned;
use super::record::{Relation, Snap};
use super::relations::{Conjecture, Known};
use super::roundness::{Target, round_numbers};
use super::standard_holes;
use super::view::{Curve, Kind, Span, View};
use crate::part::FeatureKind;
use crate::progress::Deadline;

/// A face's sum of squares, in units of its noise, may rise by this much: two standard deviations of one number.
const RISE: f64 = 4.0;
/// And by this share of the number of its points: a shift of a seventh of the noise.
const RISE_PER_POINT: f64 = 0.02;
/// Without enough held-out points numbers may move by so many standard deviations of the fit.
const MOST_DEVIATIONS: f64 = 2.5;
/// So few points cannot tell.
const FEW: usize = 12;
/// Attempts recorded; no part worth reading has more.
const MOST_RECORDED: usize = 400;

/// A length that may be round.
struct Quantity {
    what: String,
    terms: Vec<(usize, f64)>,
    /// Whether it is the diameter of a round hole.
    hole: bool,
}

/// Numbers that are made to meet relations.
pub(super) struct Snapping<'a> {
    view: &'a View,
    faces: &'a [Face],
    pub(super) values: Vec<f64>,
    covariance: Symmetric,
    /// Held-out points by face, and the noise of each face.
    points: Vec<Vec<DVec3>>,
    noise: Vec<f64>,
    /// Sums of squares of each face before anything was snapped.
    fitted: Vec<f64>,
    /// Noise of all points.
    overall: f64,
    pub(super) snaps: Vec<Snap>,
}

impl<'a> Snapping<'a> {
    pub(super) fn new(posed: Posed<'a>, covariance: Symmetric, held_out: &Assigned) -> Self {
        let mut points = vec![Vec::new(); posed.faces.len()];
        for &(p, f) in &held_out.samples {
            points[f].push(p);
        }
        let mut snapping = Self {
            view: posed.view,
            faces: posed.faces,
            values: posed.values.to_vec(),
            covariance,
            points,
            noise: held_out.noise.clone(),
            fitted: Vec::new(),
            overall: held_out.overall,
            snaps: Vec::new(),
        };
        snapping.fitted = (0..posed.faces.len()).map(|f| snapping.squares(f, posed.values)).collect();
        snapping
    }

    /// Tries every relation there may be, then round numbers for the lengths that are left.
    pub(super) fn run(&mut self, size: f64, unit: LengthUnit, deadline: &Deadline) {
        let least = (0.5 * self.overall).max(1e-6 * size);
        let known = Known { view: self.view, values: &self.values, covariance: &self.covariance, least };
        for conjecture in known.relations() {
            if deadline.reached() {
                return;
            }
            self.try_conjecture(conjecture);
        }
        self.round(size, unit, deadline);
    }

    /// The sum of squared distances of a face's held-out points.
    fn squares(&self, face: usize, values: &[f64]) -> f64 {
        let limit = 5.0 * self.noise[face];
        let square = |p: &DVec3| self.faces[face].offset(self.view, values, *p).0.abs().min(limit).powi(2);
        self.points[face].iter().map(square).sum()
    }

    /// Keeps the conjecture if the budget allows; says whether it holds then.
    fn try_conjecture(&mut self, conjecture: Conjecture) -> bool {
        let Conjecture { relation, what, equation } = conjecture;
        let excess = equation.excess(&self.values);
        let Some(met) = meeting(&self.values, &self.covariance, &equation, 1e-6 * self.overall) else {
            return excess.abs() <= 1e-6 * self.overall;
        };
        let moved: Vec<bool> =
            self.values.iter().zip(&met.values).map(|(a, b)| (a - b).abs() > 1e-9 * self.overall).collect();
        let (mut before, mut after, mut count) = (0.0, 0.0, 0);
        let mut allowed = self.view.part(&met.values).is_some() && self.intact(&met.values);
        for (f, face) in self.faces.iter().enumerate() {
            let n = self.points[f].len();
            if n == 0 || !face.numbers.iter().any(|&k| moved[k]) {
                continue;
            }
            let (old, new) = (self.squares(f, &self.values), self.squares(f, &met.values));
            let budget = (RISE + RISE_PER_POINT * n as f64) * self.noise[f] * self.noise[f];
            // A face that was over its budget before may not get worse.
            allowed &= new - self.fitted[f] <= budget || new <= old;
            (before, after, count) = (before + old, after + new, count + n);
        }
        allowed &= count >= FEW || met.deviations <= MOST_DEVIATIONS;
        // Farther than this nothing is snapped, whatever the points say.
        allowed &= met.deviations <= MOST_DEVIATIONS
            || excess.abs() <= 0.5 * self.overall * (equation.terms.len() as f64).sqrt();
        let mean = |sum: f64| (sum / f64::from(count.max(1) as u32)).sqrt();
        if excess.abs() > 1e-9 * self.overall && self.snaps.len() < MOST_RECORDED {
            let length = excess + equation.value;
            self.snaps.push(Snap {
                relation,
                what,
                before: length,
                after: equation.value,
                residual_before: mean(before),
                residual_after: mean(after),
                kept: allowed,
            });
        }
        if allowed {
            self.values = met.values;
            self.covariance = met.covariance;
        }
        allowed
    }

    /// Whether no edge, depth or radius loses or gains more than half of what it was.
    fn intact(&self, values: &[f64]) -> bool {
        let alike = |old: f64, new: f64| new > 0.5 * old && new < 2.0 * old || (new - old).abs() <= 1e-12 * old;
        self.view.features.iter().all(|feature| {
            let depth = match feature.span {
                Span::Extrude { from, to } => {
                    let depth = |v: &[f64]| to.of(v) - from.of(v);
                    alike(depth(&self.values), depth(values))
                }
                Span::Revolve { .. } => true,
            };
            depth
                && feature.regions.iter().flatten().all(|curve| match curve {
                    Curve::Circle { radius, .. } => alike(radius.of(&self.values), radius.of(values)),
                    Curve::Path { vertices, .. } => (0..vertices.len()).all(|i| {
                        let (a, b) = (vertices[i], vertices[(i + 1) % vertices.len()]);
                        let length = |v: &[f64]| a.of(v).distance(b.of(v));
                        alike(length(&self.values), length(values))
                    }),
                })
        })
    }

    /// Rounds lengths from each direction's datum, diameters and at last the datums themselves.
    fn round(&mut self, size: f64, unit: LengthUnit, deadline: &Deadline) {
        let holes = self.holes();
        let mut quantities: Vec<Quantity> = Vec::new();
        let mut datums = Vec::new();
        let known = Known { view: self.view, values: &self.values, covariance: &self.covariance, least: 0.0 };
        for direction in 0..self.view.directions.len() {
            let name = known.name(direction);
            let mut along: Vec<usize> =
                (0..self.values.len()).filter(|&i| self.view.kinds[i].direction() == Some(direction)).collect();
            along.sort_by(|&a, &b| self.values[a].total_cmp(&self.values[b]));
            let faces = || along.iter().copied().filter(|&i| matches!(self.view.kinds[i], Kind::Face { .. }));
            let Some(datum) = faces().next().or_else(|| known.principal(direction)).or(along.first().copied()) else {
                continue;
            };
            // The overall length first, then from the datum outwards.
            let last = faces().next_back();
            for i in last.into_iter().chain(along.iter().copied().filter(|&i| Some(i) != last)) {
                if i != datum {
                    let sign = if self.values[i] < self.values[datum] { -1.0 } else { 1.0 };
                    let what = format!("length along {name}");
                    quantities.push(Quantity { what, terms: vec![(i, sign), (datum, -sign)], hole: false });
                }
            }
            let what = format!("{name} of the datum");
            datums.push(Quantity { what, terms: vec![(datum, 1.0)], hole: false });
        }
        for i in (0..self.values.len()).filter(|&i| self.view.kinds[i] == Kind::Radius) {
            let what = "diameter".to_owned();
            quantities.push(Quantity { what, terms: vec![(i, 2.0)], hole: holes.contains(&i) });
        }
        for terms in known.pitch_diameters() {
            quantities.push(Quantity { what: "diameter through the centres".to_owned(), terms, hole: false });
        }
        quantities.extend(datums);
        for quantity in quantities {
            if deadline.reached() {
                return;
            }
            self.round_one(&quantity, size, unit);
        }
    }

    fn round_one(&mut self, quantity: &Quantity, size: f64, unit: LengthUnit) {
        let Quantity { what, terms, hole } = quantity;
        let value: f64 = terms.iter().map(|&(i, a)| a * self.values[i]).sum();
        // Only a datum may be zero.
        let zero = terms.len() == 1 && self.view.kinds[terms[0].0].direction().is_some();
        // Faults of scanners that all points of a face share are not seen by their spread.
        let spread = deviation(&self.covariance, terms).max(0.03 * self.overall);
        let mut targets: Vec<(Target, Option<String>)> =
            round_numbers(value, spread, size, (unit, zero)).into_iter().map(|t| (t, None)).collect();
        if *hole
            && let Some(per_unit) = unit.millimetres()
            && let Some((diameter, name)) = standard_holes::nearest(value * per_unit)
        {
            // After whole millimetres, before everything finer.
            let target = Target { relation: Relation::StandardHole, value: diameter / per_unit };
            targets.insert(targets.len().min(1), (target, Some(name)));
        }
        let reach = (4.0 * spread).max(0.3 * self.overall);
        for (target, name) in targets.into_iter().filter(|t| (t.0.value - value).abs() <= reach) {
            let what = name.map_or_else(|| what.clone(), |name| format!("{what}: {name}"));
            let equation = Equation { terms: terms.clone(), value: target.value };
            if self.try_conjecture(Conjecture { relation: target.relation, what, equation }) {
                return;
            }
        }
    }

    /// Radii of round holes.
    fn holes(&self) -> Vec<usize> {
        let mut holes = Vec::new();
        for face in self.faces {
            let Shape::Circle { radius, .. } = face.shape else { continue };
            let feature = &self.view.features[face.feature];
            let outer = feature
                .regions
                .iter()
                .any(|r| matches!(r.first(), Some(Curve::Circle { radius: own, .. }) if *own == radius));
            if matches!(feature.span, Span::Extrude { .. }) && outer == (feature.kind == FeatureKind::Cut) {
                holes.extend(radius.index);
            }
        }
        holes
    }
}
