//! The cells that lines and circles cut a rectangle into, exactly: every piece of a curve between two others is known with
//! its length and the cells on its sides, however narrow these are.
//!
//! A cell is told by the sides of all curves it lies on. Where a circle makes one such pattern fall apart into several
//! pieces, lines through its centre keep them apart; they are curves like others.

use std::collections::BTreeMap;

use glam::DVec2;
use rayon::prelude::*;

use super::Curve;
use super::arrangement::{circle_polygon, clipped};
use crate::section::{Area, Polygon, signed_area};

/// Which curves' positive sides a place lies on.
pub type Sides = [u64; 4];

/// Most curves: one bit each.
pub const MOST_CURVES: usize = 256;

/// A piece of a curve between two others.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// Index of the curve.
    pub curve: usize,
    /// The cell behind the curve (against its normal).
    pub behind: usize,
    /// The cell its normal points to.
    pub ahead: usize,
    /// A place half way along it.
    pub at: DVec2,
    /// Its length.
    pub length: f64,
}

/// A rectangle in cells.
pub struct Partition {
    curves: Vec<Curve>,
    low: DVec2,
    high: DVec2,
    index: BTreeMap<Sides, usize>,
    sides: Vec<Sides>,
    /// Where cells meet.
    pub pieces: Vec<Piece>,
    /// Whether each cell reaches the rectangle's border.
    pub outer: Vec<bool>,
    /// Each cell's outline, circles as chords.
    pub areas: Vec<Area>,
    /// Each cell's measure.
    pub measures: Vec<f64>,
}

impl Partition {
    /// The cells of the rectangle from `low` to `high`; at most [`MOST_CURVES`] curves are used.
    pub fn new(curves: &[Curve], low: DVec2, high: DVec2) -> Self {
        let curves: Vec<Curve> = curves.iter().copied().take(MOST_CURVES).collect();
        let mut found = Self {
            curves,
            low,
            high,
            index: BTreeMap::new(),
            sides: Vec::new(),
            pieces: Vec::new(),
            outer: Vec::new(),
            areas: Vec::new(),
            measures: Vec::new(),
        };
        let least = 1e-9 * (high - low).max_element();
        for i in 0..found.curves.len() {
            for (at, length) in stretches(&found.curves, Some(i), found.curves[i], [low, high], least) {
                let (mut behind, mut ahead) = (found.sides_of(at), found.sides_of(at));
                behind[i / 64] &= !(1 << (i % 64));
                ahead[i / 64] |= 1 << (i % 64);
                let (behind, ahead) = (found.cell(behind), found.cell(ahead));
                found.pieces.push(Piece { curve: i, behind, ahead, at, length });
            }
        }
        for (normal, offset) in [(DVec2::X, low.x), (DVec2::X, high.x), (DVec2::Y, low.y), (DVec2::Y, high.y)] {
            let border = Curve::Line { normal, offset };
            for (at, _) in stretches(&found.curves, None, border, [low, high], least) {
                let cell = found.cell(found.sides_of(at));
                found.outer[cell] = true;
            }
        }
        found.areas = (0..found.sides.len()).into_par_iter().with_min_len(16).map(|c| found.outline(c)).collect();
        found.measures = found.areas.iter().map(Area::measure).collect();
        found
    }

    /// The sides of `p`.
    pub fn sides_of(&self, p: DVec2) -> Sides {
        let mut sides = [0; 4];
        for (i, c) in self.curves.iter().enumerate() {
            if c.distance(p) > 0.0 {
                sides[i / 64] |= 1 << (i % 64);
            }
        }
        sides
    }

    /// The cell with these sides, if there is one.
    pub fn cell_with(&self, sides: &Sides) -> Option<usize> {
        self.index.get(sides).copied()
    }

    /// The cell that holds `p`; `None` outside the rectangle.
    pub fn cell_at(&self, p: DVec2) -> Option<usize> {
        let within = p.cmpge(self.low).all() && p.cmple(self.high).all();
        self.cell_with(&self.sides_of(p)).filter(|_| within)
    }

    /// The cells on both sides of a curve at a place on it.
    pub fn about(&self, curve: usize, p: DVec2) -> Option<(usize, usize)> {
        let (mut behind, mut ahead) = (self.sides_of(p), self.sides_of(p));
        behind[curve / 64] &= !(1 << (curve % 64));
        ahead[curve / 64] |= 1 << (curve % 64);
        Some((self.cell_with(&behind)?, self.cell_with(&ahead)?))
    }

    /// The union of cells.
    pub fn area_of(&self, chosen: &[usize]) -> Area {
        let loops: Vec<Polygon> = chosen
            .iter()
            .flat_map(|&c| &self.areas[c].shapes)
            .flat_map(|s| std::iter::once(&s.outer).chain(&s.holes))
            .cloned()
            .collect();
        Area::enclosed(&loops, true)
    }

    fn cell(&mut self, sides: Sides) -> usize {
        if let Some(&cell) = self.index.get(&sides) {
            return cell;
        }
        let cell = self.sides.len();
        self.index.insert(sides, cell);
        self.sides.push(sides);
        self.outer.push(false);
        cell
    }

    /// The outline of a cell.
    fn outline(&self, cell: usize) -> Area {
        let sides = self.sides[cell];
        let ahead = |i: usize| sides[i / 64] >> (i % 64) & 1 == 1;
        let mut polygon: Polygon =
            vec![self.low, DVec2::new(self.high.x, self.low.y), self.high, DVec2::new(self.low.x, self.high.y)];
        for (i, curve) in self.curves.iter().enumerate() {
            if let Curve::Line { normal, offset } = *curve {
                let sign = if ahead(i) { -1.0 } else { 1.0 };
                polygon = clipped(&polygon, normal * sign, offset * sign);
                if polygon.len() < 3 {
                    return Area::default();
                }
            }
        }
        if signed_area(&polygon).abs() <= 0.0 {
            return Area::default();
        }
        let mut area = Area::enclosed(&[polygon.clone()], true);
        for (i, curve) in self.curves.iter().enumerate() {
            let Curve::Circle { center, radius } = *curve else { continue };
            if ahead(i) {
                if within(&polygon, center) || distance(&polygon, center) < radius {
                    area = area.minus(&Area::enclosed(&[circle_polygon(center, radius)], true));
                }
            } else if polygon.iter().any(|p| p.distance(center) > radius * (1.0 - 1e-3)) {
                area = area.intersection(&Area::enclosed(&[circle_polygon(center, radius)], true));
            }
        }
        area
    }
}

/// Whether a convex polygon, counter-clockwise, holds `p`.
fn within(polygon: &[DVec2], p: DVec2) -> bool {
    (0..polygon.len()).all(|i| {
        let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
        (b - a).perp_dot(p - a) >= 0.0
    })
}

/// The distance from `p` to a polygon's edges.
fn distance(polygon: &[DVec2], p: DVec2) -> f64 {
    (0..polygon.len())
        .map(|i| {
            let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
            let t = ((p - a).dot(b - a) / (b - a).length_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            p.distance(a + (b - a) * t)
        })
        .fold(f64::INFINITY, f64::min)
}

/// The stretches of `curve` within the rectangle between its meetings with the other curves and the rectangle's edges: a
/// place half way along each, and its length.
fn stretches(
    curves: &[Curve],
    own: Option<usize>,
    curve: Curve,
    [low, high]: [DVec2; 2],
    least: f64,
) -> Vec<(DVec2, f64)> {
    let edges = [(DVec2::X, low.x), (DVec2::X, high.x), (DVec2::Y, low.y), (DVec2::Y, high.y)];
    let others = (0..curves.len()).filter(|j| Some(*j) != own).map(|j| curves[j]);
    let edges = edges.into_iter().map(|(normal, offset)| Curve::Line { normal, offset });
    let (mut stops, unit): (Vec<f64>, f64) = match curve {
        Curve::Line { normal, offset } => {
            let along = normal.perp();
            let mut stops = Vec::new();
            for other in others.chain(edges) {
                match other {
                    Curve::Line { normal: n, offset: o } => {
                        let slope = n.dot(along);
                        if slope.abs() > 1e-9 {
                            stops.push((o - offset * n.dot(normal)) / slope);
                        }
                    }
                    Curve::Circle { center, radius } => {
                        let off = normal.dot(center) - offset;
                        let half = (radius * radius - off * off).max(0.0).sqrt();
                        if off.abs() <= radius {
                            stops.extend([along.dot(center) - half, along.dot(center) + half]);
                        }
                    }
                }
            }
            (stops, 1.0)
        }
        Curve::Circle { center, radius } => {
            let mut stops = Vec::new();
            for other in others.chain(edges) {
                // Angles about the middle at which the distance to the other curve vanishes.
                let (toward, cosine) = match other {
                    Curve::Line { normal, offset } => (normal.to_angle(), (offset - normal.dot(center)) / radius),
                    Curve::Circle { center: c, radius: r } => {
                        let apart = c.distance(center);
                        let cosine = (apart * apart + radius * radius - r * r) / (2.0 * apart * radius);
                        ((c - center).to_angle(), if apart > 0.0 { cosine } else { 2.0 })
                    }
                };
                if cosine.abs() <= 1.0 {
                    stops.extend([toward - cosine.acos(), toward + cosine.acos()]);
                }
            }
            let turns = std::f64::consts::TAU;
            let mut stops: Vec<f64> = stops.into_iter().map(|s| s.rem_euclid(turns)).collect();
            if stops.is_empty() {
                stops.push(0.0);
            }
            let first = stops.iter().copied().fold(f64::INFINITY, f64::min);
            stops.push(first + turns);
            (stops, radius)
        }
    };
    stops.sort_unstable_by(f64::total_cmp);
    let place = |t: f64| match curve {
        Curve::Line { normal, offset } => normal * offset + normal.perp() * t,
        Curve::Circle { center, radius } => center + DVec2::from_angle(t) * radius,
    };
    stops
        .windows(2)
        .filter(|w| (w[1] - w[0]) * unit > least)
        .map(|w| (place(w[0].midpoint(w[1])), (w[1] - w[0]) * unit))
        .filter(|(p, _)| p.cmpge(low - least).all() && p.cmple(high + least).all())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fill_the_rectangle_and_pieces_have_their_lengths() {
        let line = |x: f64, y: f64, offset: f64| {
            let n = DVec2::new(x, y).normalize();
            Curve::Line { normal: n, offset }
        };
        let curves = [
            line(1.0, 0.0, 3.0),
            line(1.0, 0.0, 3.001),
            line(0.0, -1.0, -2.0),
            line(1.0, 1.0, 4.0),
            Curve::Circle { center: DVec2::new(3.0, 2.0), radius: 0.8 },
        ];
        let found = Partition::new(&curves, DVec2::ZERO, DVec2::new(8.0, 5.0));
        let sum: f64 = found.measures.iter().sum();
        assert!((sum - 40.0).abs() < 1e-3, "{sum}");
        let length = |curve: usize| found.pieces.iter().filter(|p| p.curve == curve).map(|p| p.length).sum::<f64>();
        assert!((length(0) - 5.0).abs() < 1e-9);
        assert!((length(2) - 8.0).abs() < 1e-9);
        assert!((length(4) - std::f64::consts::TAU * 0.8).abs() < 1e-9);
        let thin = found.cell_at(DVec2::new(3.0005, 4.0)).expect("a sliver is a cell, too");
        assert!(found.outer[thin] && found.measures[thin] < 3e-3);
        let inner = found.cell_at(DVec2::new(3.2, 2.1)).expect("a cell");
        assert!(!found.outer[inner]);
        for piece in &found.pieces {
            assert_ne!(piece.behind, piece.ahead);
        }
    }
}
