//! The relations that numbers of a part may be meant to meet.

use super::gaussian::{Equation, Symmetric, deviation};
use super::record::Relation;
use super::view::{Curve, Kind, Place, Span, Use, View};

/// A relation that may hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Conjecture {
    pub(super) relation: Relation,
    pub(super) what: String,
    pub(super) equation: Equation,
}

/// Relations are looked for up to this many standard deviations, and in any case within a part's least length.
const REACH: f64 = 4.0;

/// What the relations of a part are looked for with.
pub(super) struct Known<'a> {
    pub(super) view: &'a View,
    pub(super) values: &'a [f64],
    pub(super) covariance: &'a Symmetric,
    /// Differences below this are within reach, however well the numbers are known.
    pub(super) least: f64,
}

impl Known<'_> {
    /// Relations between numbers, cheapest descriptions first and, among alike, the nearest first.
    pub(super) fn relations(&self) -> Vec<Conjecture> {
        let mut all = Vec::new();
        let lists = [
            self.edges(),
            self.flush(),
            self.equal_radii(),
            self.symmetric(),
            self.equally_spaced(),
            self.polar(),
            self.tangents(),
        ];
        for found in lists {
            let mut found: Vec<(f64, Conjecture)> =
                found.into_iter().map(|c| (c.equation.excess(self.values).abs(), c)).collect();
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            all.extend(found.into_iter().map(|f| f.1));
        }
        all
    }

    /// The conjecture, if it is within reach and says anything new.
    pub(super) fn within_reach(&self, relation: Relation, what: String, equation: Equation) -> Option<Conjecture> {
        let excess = equation.excess(self.values).abs();
        let spread = deviation(self.covariance, &equation.terms);
        let near = excess <= (REACH * spread).min(20.0 * self.least).max(self.least);
        near.then_some(Conjecture { relation, what, equation })
    }

    fn difference(&self, relation: Relation, what: String, a: usize, b: usize) -> Option<Conjecture> {
        self.within_reach(relation, what, Equation { terms: vec![(a, 1.0), (b, -1.0)], value: 0.0 })
    }

    /// Straight edges that run along their sketch's axes, or at a multiple of 15 degrees to them.
    fn edges(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for feature in &self.view.features {
            for curve in feature.regions.iter().flatten() {
                let Curve::Path { vertices, rises } = curve else { continue };
                for (i, rise) in rises.iter().enumerate() {
                    let (a, b) = (vertices[i], vertices[(i + 1) % vertices.len()]);
                    if rise.is_none() {
                        found.extend(self.edge(a, b));
                    }
                }
            }
        }
        found
    }

    fn edge(&self, a: Place, b: Place) -> Option<Conjecture> {
        const STEP: f64 = std::f64::consts::PI / 12.0;
        let along = b.of(self.values) - a.of(self.values);
        if a.u == b.u || a.v == b.v || along.length() <= 4.0 * self.least {
            return None;
        }
        let steps = (along.to_angle() / STEP).round();
        let turn = glam::DVec2::from_angle(steps * STEP);
        let axis = steps.rem_euclid(6.0) == 0.0;
        // Zero for the angle in question, and exactly one number each where that is an axis.
        let (across_u, across_v) = if axis { (turn.y.round(), turn.x.round()) } else { (turn.y, turn.x) };
        let uses = [(b.u, across_u), (a.u, -across_u), (b.v, -across_v), (a.v, across_v)];
        let equation = equation(&uses, 0.0);
        let (relation, what) = if axis {
            (Relation::Axis, format!("edge of length {:.4} along an axis", along.length()))
        } else {
            (Relation::Angle, format!("edge of length {:.4} at {:.0} degrees", along.length(), steps * 15.0))
        };
        self.within_reach(relation, what, equation)
    }

    /// Places where an arc runs on smoothly from its neighbour, to first order about the numbers as they are.
    fn tangents(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for curve in self.view.features.iter().flat_map(|f| f.regions.iter().flatten()) {
            let Curve::Path { vertices, rises } = curve else { continue };
            let n = vertices.len();
            for i in 0..n {
                let ends = [(i + n - 1) % n, i].map(|e| (vertices[e], vertices[(e + 1) % n], rises[e]));
                if ends.iter().any(|e| e.2.is_some()) {
                    found.extend(self.tangent(ends));
                }
            }
        }
        found
    }

    fn tangent(&self, edges: [(Place, Place, Option<Use>); 2]) -> Option<Conjecture> {
        /// Corners wider than 6 degrees are meant.
        const MOST_SINE: f64 = 0.1;
        let reach =
            edges.iter().map(|e| e.0.of(self.values).distance(e.1.of(self.values))).fold(f64::INFINITY, f64::min);
        // The sine of the corner, as the length it makes over the shorter edge.
        let corner = |values: &[f64]| {
            let [before, after] = edges;
            reach * heading(before, values, -1.0).perp_dot(heading(after, values, 1.0))
        };
        let here = corner(self.values);
        if here.abs() > MOST_SINE * reach {
            return None;
        }
        let mut moved = self.values.to_vec();
        let uses = edges.iter().flat_map(|e| [e.0.u, e.0.v, e.1.u, e.1.v].into_iter().chain(e.2));
        let numbers: std::collections::BTreeSet<usize> = uses.filter_map(|u| u.index).collect();
        let step = 1e-4 * reach;
        let terms = numbers.into_iter().map(|k| {
            moved[k] = self.values[k] + step;
            let ahead = corner(&moved);
            moved[k] = self.values[k] - step;
            let behind = corner(&moved);
            moved[k] = self.values[k];
            (k, (ahead - behind) / (2.0 * step))
        });
        let terms = merged(terms);
        let value = terms.iter().map(|&(k, a)| a * self.values[k]).sum::<f64>() - here;
        let what = format!("edges of length {reach:.4} or more that meet smoothly");
        self.within_reach(Relation::Tangent, what, Equation { terms, value })
    }

    /// Indices of the numbers of one kind, by value.
    fn sorted(&self, kind: Kind) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.values.len()).filter(|&i| self.view.kinds[i] == kind).collect();
        all.sort_by(|&a, &b| self.values[a].total_cmp(&self.values[b]));
        all
    }

    /// Neighbouring coordinates along a direction: faces in one plane, centres in one line.
    fn flush(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for direction in 0..self.view.directions.len() {
            let name = self.name(direction);
            for (kind, relation, nouns) in [
                (Kind::Face { direction }, Relation::Flush, "faces"),
                (Kind::Center { direction }, Relation::Aligned, "centres"),
            ] {
                for pair in self.sorted(kind).windows(2) {
                    let what = format!("{nouns} at {name} = {:.4}", self.values[pair[0]]);
                    found.extend(self.difference(relation, what, pair[0], pair[1]));
                }
            }
        }
        found
    }

    fn equal_radii(&self) -> Vec<Conjecture> {
        let pairs = self.sorted(Kind::Radius);
        pairs
            .windows(2)
            .filter_map(|p| {
                let what = format!("radii of {:.4}", self.values[p[0]]);
                self.difference(Relation::EqualRadius, what, p[0], p[1])
            })
            .collect()
    }

    /// Centres and pairs of coordinates that lie symmetric about the middle of the part.
    fn symmetric(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for direction in 0..self.view.directions.len() {
            let name = self.name(direction);
            let (faces, centers) = (self.sorted(Kind::Face { direction }), self.sorted(Kind::Center { direction }));
            let mut datums: Vec<Vec<(usize, f64)>> = Vec::new();
            if let [low, .., high] = faces[..] {
                datums.push(vec![(low, 0.5), (high, 0.5)]);
            }
            datums.extend(self.principal(direction).map(|c| vec![(c, 1.0)]));
            for datum in datums {
                let middle: f64 = datum.iter().map(|&(i, a)| a * self.values[i]).sum();
                let about = |terms: &[(usize, f64)], weight: f64| {
                    let all = terms.iter().copied().chain(datum.iter().map(|&(i, a)| (i, -weight * a)));
                    Equation { terms: merged(all), value: 0.0 }
                };
                for &c in &centers {
                    let what = format!("centre at {name} = {:.4} in the middle", self.values[c]);
                    found.extend(self.within_reach(Relation::Symmetric, what, about(&[(c, 1.0)], 1.0)));
                }
                for list in [&faces, &centers] {
                    for (k, &a) in list.iter().enumerate() {
                        let mirrored = 2.0 * middle - self.values[a];
                        let nearest = list[k + 1..].iter().min_by(|&&x, &&y| {
                            (self.values[x] - mirrored).abs().total_cmp(&(self.values[y] - mirrored).abs())
                        });
                        if let Some(&b) = nearest {
                            let what =
                                format!("{name} = {:.4} and {:.4} about the middle", self.values[a], self.values[b]);
                            let pair = about(&[(a, 1.0), (b, 1.0)], 2.0);
                            found.extend(self.within_reach(Relation::Symmetric, what, pair));
                        }
                    }
                }
            }
        }
        found.retain(|c| c.equation.terms.len() > 1);
        found
    }

    /// Rows of three or more centres.
    fn equally_spaced(&self) -> Vec<Conjecture> {
        let mut found = Vec::new();
        for direction in 0..self.view.directions.len() {
            // Numbers that are one already count once.
            let mut centers = self.sorted(Kind::Center { direction });
            centers.dedup_by(|a, b| (self.values[*a] - self.values[*b]).abs() <= 1e-3 * self.least);
            for t in centers.windows(3) {
                let what = format!(
                    "centres {:.4} apart along {}",
                    self.values[t[1]] - self.values[t[0]],
                    self.name(direction)
                );
                let row = Equation { terms: vec![(t[0], 1.0), (t[1], -2.0), (t[2], 1.0)], value: 0.0 };
                found.extend(self.within_reach(Relation::EqualSpacing, what, row));
            }
        }
        found
    }

    /// The centre, along a direction, of the widest circle or body of revolution.
    pub(super) fn principal(&self, direction: usize) -> Option<usize> {
        let mut widest: Option<(f64, usize)> = None;
        let mut offer = |reach: f64, uses: [Use; 2]| {
            for index in uses.iter().filter_map(|u| u.index) {
                let along = self.view.kinds[index].direction() == Some(direction);
                if along && widest.is_none_or(|w| reach > w.0) {
                    widest = Some((reach, index));
                }
            }
        };
        for feature in &self.view.features {
            let curves = feature.regions.iter().flatten();
            match feature.span {
                Span::Revolve { x, normal } => {
                    let reach = curves
                        .map(|c| match c {
                            Curve::Circle { center, .. } => center.u.of(self.values),
                            Curve::Path { vertices, .. } => {
                                vertices.iter().map(|v| v.u.of(self.values)).fold(0.0, f64::max)
                            }
                        })
                        .fold(0.0, f64::max);
                    offer(reach, [x, normal]);
                }
                Span::Extrude { .. } => {
                    for curve in curves {
                        if let Curve::Circle { center, radius } = curve {
                            offer(radius.of(self.values), [center.u, center.v]);
                        }
                    }
                }
            }
        }
        widest.map(|w| w.1)
    }

    /// What a direction is called.
    pub(super) fn name(&self, direction: usize) -> String {
        let d = self.view.directions[direction];
        ["x", "y", "z"]
            .into_iter()
            .zip([d.x, d.y, d.z])
            .find(|(_, c)| c.abs() > 1.0 - 1e-9)
            .map_or_else(|| format!("({:.3}, {:.3}, {:.3})", d.x, d.y, d.z), |(name, _)| name.to_owned())
    }
}

/// The direction an edge has at its start (`side` 1) or its end (-1).
fn heading((from, to, rise): (Place, Place, Option<Use>), values: &[f64], side: f64) -> glam::DVec2 {
    let chord = to.of(values) - from.of(values);
    let half_sweep = rise.map_or(0.0, |h| 2.0 * (2.0 * h.of(values) / chord.length()).atan());
    glam::DVec2::from_angle(side * half_sweep).rotate(chord.normalize_or_zero())
}

/// The equation of signed uses; those of nothing are zero.
pub(super) fn equation(uses: &[(Use, f64)], value: f64) -> Equation {
    let terms = uses.iter().filter_map(|(u, a)| Some((u.index?, a * u.sign)));
    Equation { terms: merged(terms), value }
}

/// Terms with one entry for each number.
fn merged(terms: impl Iterator<Item = (usize, f64)>) -> Vec<(usize, f64)> {
    let mut sums: std::collections::BTreeMap<usize, f64> = std::collections::BTreeMap::new();
    for (i, a) in terms {
        *sums.entry(i).or_default() += a;
    }
    sums.into_iter().filter(|(_, a)| a.abs() > 1e-12).collect()
}
