//! All constants of a part, fitted at once to the points of its faces.
//!
//! Gauss-Newton on the distances from the faces' surfaces, damped, with Tukey's weights and every face's own noise: flat
//! faces of a mesh are exact where round ones are only as good as their facets. For a single plane one step is the mean
//! offset, for a circle one step of its geometric fit. Points are given to faces anew as the fit gets closer.
//!
//! Sources: J. W. Tukey's biweight, as in P. J. Huber, Robust Statistics (1981); K. Levenberg, A method for the solution of
//! certain non-linear problems in least squares (1944). The systems are small and dense, so Cholesky's factors do.

use glam::DVec3;

use super::association::{Posed, Reach};
use super::evidence::Sample;
use super::face::Face;
use super::gaussian::Symmetric;
use super::view::{Curve, View};
use crate::progress::Deadline;

/// Points with their faces, and the standard deviation of each face's points.
#[derive(Clone, Debug)]
pub(super) struct Assigned {
    pub(super) samples: Vec<(DVec3, usize)>,
    pub(super) noise: Vec<f64>,
    /// That of all points.
    pub(super) overall: f64,
}

/// Tukey's constant: 95 % efficiency where the noise is normal.
const TUKEY: f64 = 4.685;
/// Median of absolute values to standard deviation, for a normal distribution.
const FROM_MEDIAN: f64 = 1.4826;
/// Points have to be this many times the noise nearer to their face than to another.
pub(super) const MARGIN: f64 = 1.5;
/// Fewer points than these are strays at the edges of a face that nobody saw.
const FEWEST: usize = 6;
/// A face's noise is drawn to that of all points as if so many more points said so.
const PSEUDO_POINTS: f64 = 5.0;

impl Assigned {
    /// The samples that belong to faces; noise is at least `least_noise`.
    pub(super) fn new(posed: Posed<'_>, samples: &[Sample], reach: Reach, least_noise: f64) -> Self {
        let faces = posed.associated(samples, reach);
        let pairs: Vec<(DVec3, usize)> =
            samples.iter().zip(faces).filter_map(|(s, f)| Some((s.position, f?))).collect();
        let mut counts = vec![0_usize; posed.faces.len()];
        for p in &pairs {
            counts[p.1] += 1;
        }
        let pairs: Vec<(DVec3, usize)> = pairs.into_iter().filter(|p| counts[p.1] >= FEWEST).collect();
        let mut by_face: Vec<Vec<f64>> = vec![Vec::new(); posed.faces.len()];
        for &(p, f) in &pairs {
            by_face[f].push(posed.faces[f].offset(posed.view, posed.values, p).0.abs());
        }
        let spread = |values: &mut Vec<f64>| {
            values.sort_unstable_by(f64::total_cmp);
            FROM_MEDIAN * values.get(values.len() / 2).copied().unwrap_or(0.0)
        };
        let mut all: Vec<f64> = by_face.iter().flatten().copied().collect();
        let overall = spread(&mut all).max(least_noise);
        let noise = by_face
            .iter_mut()
            .map(|values| {
                let (n, own) = (values.len() as f64, spread(values).max(least_noise));
                ((n * own * own + PSEUDO_POINTS * overall * overall) / (n + PSEUDO_POINTS)).sqrt()
            })
            .collect();
        Self { samples: pairs, noise, overall }
    }

    /// Tukey's loss of all points.
    fn loss(&self, posed: Posed<'_>) -> f64 {
        let rho = |&(p, f): &(DVec3, usize)| {
            let t = (posed.faces[f].offset(posed.view, posed.values, p).0 / (TUKEY * self.noise[f])).abs().min(1.0);
            1.0 - (1.0 - t * t).powi(3)
        };
        self.samples.iter().map(rho).sum()
    }

    /// The normal equations at the posed numbers: the matrix and the gradient. The last three unknowns, where `turning`, are
    /// a small rotation of the points about the origin.
    pub(super) fn normal_equations(&self, posed: Posed<'_>, turning: bool, step: f64) -> (Symmetric, Vec<f64>) {
        let n = posed.values.len();
        let unknowns = n + if turning { 3 } else { 0 };
        let (mut matrix, mut gradient) = (Symmetric::zero(unknowns), vec![0.0; unknowns]);
        let mut moved = posed.values.to_vec();
        let mut row: Vec<(usize, f64)> = Vec::new();
        for &(p, f) in &self.samples {
            let face = &posed.faces[f];
            let (offset, normal) = face.offset(posed.view, posed.values, p);
            let t = offset / (TUKEY * self.noise[f]);
            if t.abs() >= 1.0 {
                continue;
            }
            let weight = (1.0 - t * t).powi(2) / (self.noise[f] * self.noise[f]);
            row.clear();
            for &k in &face.numbers {
                moved[k] = posed.values[k] + step;
                let ahead = face.offset(posed.view, &moved, p).0;
                moved[k] = posed.values[k] - step;
                let behind = face.offset(posed.view, &moved, p).0;
                moved[k] = posed.values[k];
                row.push((k, (ahead - behind) / (2.0 * step)));
            }
            if turning {
                row.extend(p.cross(normal).to_array().into_iter().enumerate().map(|(a, d)| (n + a, d)));
            }
            matrix.add_square(&row, weight);
            for &(k, d) in &row {
                gradient[k] += weight * d * offset;
            }
        }
        (matrix, gradient)
    }
}

/// What a fit starts from and how far it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct FitLimits {
    /// Longest side of the scan.
    pub(super) size: f64,
    /// Farthest a point may lie from its face, at first.
    pub(super) farthest: f64,
    /// And in the end at least.
    pub(super) closest: f64,
    /// Points that lie as close to two faces, within this, belong to neither, at first.
    pub(super) margin: f64,
    /// Least noise of a face.
    pub(super) least_noise: f64,
    /// Rounds of giving points to faces.
    pub(super) rounds: usize,
}

/// The state of a fit.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) values: Vec<f64>,
    /// Turns the points as given to where they fit.
    pub(super) rotation: glam::DMat3,
}

/// Fits the numbers, and with `turning` a rotation of the points, to `samples`. Of all rounds the one is returned whose
/// result `judge` says is least; the start is one of them.
pub(super) fn fitted(
    view: &View,
    faces: &[Face],
    start: Fitted,
    samples: &[Sample],
    (turning, limits): (bool, FitLimits),
    judge: &dyn Fn(&Fitted) -> f64,
    deadline: &Deadline,
) -> (Fitted, f64) {
    let mut best = (start.clone(), judge(&start));
    let mut now = start;
    let mut tolerance = limits.farthest;
    let mut margin = limits.margin;
    for _ in 0..limits.rounds {
        if deadline.reached() {
            break;
        }
        let turned: Vec<Sample> = samples
            .iter()
            .map(|s| Sample { position: now.rotation * s.position, normal: s.normal.map(|n| now.rotation * n) })
            .collect();
        let posed = Posed { view, faces, values: &now.values };
        let reach = Reach { tolerance, margin, skin: 1e-4 * limits.size };
        let assigned = Assigned::new(posed, &turned, reach, limits.least_noise);
        if assigned.samples.is_empty() {
            break;
        }
        margin = MARGIN * assigned.overall;
        tolerance = (6.0 * assigned.overall).clamp(limits.closest.min(tolerance), tolerance);
        if let Some(next) = stepped(view, faces, &now, assigned, turning, limits) {
            now = next;
        }
        let residual = judge(&now);
        if residual < best.1 {
            best = (now.clone(), residual);
        }
    }
    best
}

/// The coordinates of neighbouring vertices: what no point sees moves with its neighbours.
pub(super) fn ties(view: &View) -> Vec<Vec<(usize, f64)>> {
    let mut ties = Vec::new();
    for curve in view.features.iter().flat_map(|f| f.regions.iter().flatten()) {
        let Curve::Path { vertices, .. } = curve else { continue };
        for (i, a) in vertices.iter().enumerate() {
            let b = vertices[(i + 1) % vertices.len()];
            for (from, to) in [(a.u, b.u), (a.v, b.v)] {
                if let (Some(i), Some(j)) = (from.index, to.index)
                    && i != j
                {
                    ties.push(vec![(i, from.sign), (j, -to.sign)]);
                }
            }
        }
    }
    ties
}

/// Two damped Gauss-Newton steps with points that stay with their faces; `None` when none of them helps.
fn stepped(
    view: &View,
    faces: &[Face],
    start: &Fitted,
    mut assigned: Assigned,
    turning: bool,
    limits: FitLimits,
) -> Option<Fitted> {
    let n = start.values.len();
    let ties = ties(view);
    let mut now = start.clone();
    let mut moved = false;
    for _ in 0..2 {
        let posed = Posed { view, faces, values: &now.values };
        let loss = assigned.loss(posed);
        let (matrix, gradient) = assigned.normal_equations(posed, turning, 1e-7 * limits.size);
        // Trust in what is there, worth less than a point, keeps what no point sees in its place; a little more keeps it in
        // its place beside its neighbours, so that they take it along.
        let mut damping = 1.0 / (assigned.overall * assigned.overall);
        let mut found = false;
        for _ in 0..3 {
            let mut damped = matrix.clone();
            for i in 0..gradient.len() {
                // An angle moves points by as much as the part is long.
                let unit = if i < n { 0.05 } else { 0.25 * limits.size * limits.size };
                damped.add_diagonal(i, damping * unit);
            }
            for tie in &ties {
                damped.add_square(tie, damping);
            }
            let step = damped.inverse()?.times(&gradient);
            let most = limits.farthest;
            let values: Vec<f64> = now.values.iter().zip(&step).map(|(v, d)| v - d.clamp(-most, most)).collect();
            let turn = if turning { DVec3::from_slice(&step[n..]) * -1.0 } else { DVec3::ZERO };
            let turn = turn.clamp_length_max(0.02);
            let rotation = glam::DMat3::from_quat(glam::DQuat::from_scaled_axis(turn));
            let mut turned = assigned.clone();
            for s in &mut turned.samples {
                s.0 = rotation * s.0;
            }
            let next = Posed { view, faces, values: &values };
            if view.part(&values).is_some() && turned.loss(next) < loss {
                now = Fitted { values, rotation: rotation * now.rotation };
                assigned = turned;
                found = true;
                break;
            }
            damping *= 30.0;
        }
        if !found {
            break;
        }
        moved = true;
    }
    moved.then_some(now)
}
