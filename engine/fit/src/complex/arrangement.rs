//! The cells that curves cut a rectangle into.
//!
//! A cell is the set of points with one pattern of sides. Patterns are found on a grid of sample points, finer where lines
//! lie close together; neighbouring samples of different patterns are neighbours across a curve. The outline of a cell is
//! exact: half planes and discs, cut from the rectangle.

use std::collections::BTreeMap;

use glam::DVec2;

use super::Curve;
use crate::section::{Area, Polygon};

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Which curves' positive sides it lies on.
    code: u128,
    /// Its measure on the grid.
    pub area: f64,
    /// Samples within it, spread evenly.
    pub samples: Vec<DVec2>,
}

/// A place where two cells meet.
#[derive(Clone, Copy, Debug)]
pub struct Border {
    /// The cell behind the curve (against `normal`); `None` is outside the rectangle.
    pub behind: Option<usize>,
    /// The cell the normal points to.
    pub ahead: Option<usize>,
    /// A point of the curve.
    pub at: DVec2,
    /// The curve's normal there.
    pub normal: DVec2,
    /// The length of curve it stands for.
    pub length: f64,
}

/// Cells of a rectangle and where they meet.
pub struct Arrangement {
    curves: Vec<Curve>,
    /// Corners of the rectangle.
    low: DVec2,
    high: DVec2,
    /// Cells, in the order of their first samples.
    pub cells: Vec<Cell>,
    /// Where cells meet.
    pub borders: Vec<Border>,
    /// Each sample's place, cell and measure.
    pub samples: Vec<(DVec2, usize, f64)>,
    index: BTreeMap<u128, usize>,
}

/// Most curves: one bit each.
pub(super) const MOST_CURVES: usize = 120;
/// Samples of a cell that are kept.
const KEPT_SAMPLES: usize = 10;
/// Chords of a circle in outlines: its outline fit finds the circle again.
const CHORDS: u32 = 96;

impl Arrangement {
    /// The cells of the rectangle from `low` to `high` cut by `curves` (at most `MOST_CURVES` are used), sampled at
    /// `step` or finer.
    pub fn new(curves: &[Curve], low: DVec2, high: DVec2, step: f64) -> Self {
        let curves: Vec<Curve> = curves.iter().copied().take(MOST_CURVES).collect();
        let high = high.max(low + DVec2::splat(1e-3 * step));
        let axis = |a: usize| {
            let mut stops = vec![low[a], high[a]];
            for curve in &curves {
                match *curve {
                    Curve::Line { normal, offset } if normal[a].abs() > 1.0 - 1e-9 => stops.push(offset * normal[a]),
                    Curve::Circle { center, radius } if radius < 4.0 * step => {
                        stops.extend([center[a] - radius, center[a] + radius]);
                    }
                    _ => {}
                }
            }
            stops.retain(|s| *s >= low[a] && *s <= high[a]);
            stops.sort_unstable_by(f64::total_cmp);
            let mut samples = Vec::new();
            for pair in stops.windows(2) {
                let length = pair[1] - pair[0];
                if length <= 1e-9 * (high[a] - low[a]) {
                    continue;
                }
                let n = ((length / step).ceil() as usize).max(3);
                let each = length / n as f64;
                samples.extend((0..n).map(|i| (pair[0] + (i as f64 + 0.5) * each, each)));
            }
            samples
        };
        let (us, vs) = (axis(0), axis(1));
        let mut index: BTreeMap<u128, usize> = BTreeMap::new();
        let mut cells: Vec<Cell> = Vec::new();
        let mut samples = Vec::with_capacity(us.len() * vs.len());
        for &(u, du) in &us {
            for &(v, dv) in &vs {
                let p = DVec2::new(u, v);
                let code = code_at(&curves, p);
                let cell = *index.entry(code).or_insert_with(|| {
                    cells.push(Cell { code, area: 0.0, samples: Vec::new() });
                    cells.len() - 1
                });
                cells[cell].area += du * dv;
                cells[cell].samples.push(p);
                samples.push((p, cell, du * dv));
            }
        }
        for cell in &mut cells {
            let every = cell.samples.len().div_ceil(KEPT_SAMPLES);
            cell.samples = cell.samples.iter().copied().skip(every / 2).step_by(every.max(1)).collect();
        }
        let mut arrangement = Self { curves, low, high, cells, borders: Vec::new(), samples, index };
        arrangement.borders = arrangement.meet(&us, &vs);
        arrangement
    }

    /// The cell that holds `p`; `None` outside the rectangle and where no sample fell.
    pub fn cell_at(&self, p: DVec2) -> Option<usize> {
        let within = p.cmpge(self.low).all() && p.cmple(self.high).all();
        self.index.get(&code_at(&self.curves, p)).copied().filter(|_| within)
    }

    /// Where neighbouring samples lie in different cells, and along the rectangle's edges.
    fn meet(&self, us: &[(f64, f64)], vs: &[(f64, f64)]) -> Vec<Border> {
        let cell = |i: usize, j: usize| self.samples[i * vs.len() + j].1;
        let place = |i: usize, j: usize| self.samples[i * vs.len() + j].0;
        let mut borders = Vec::new();
        for i in 0..us.len() {
            for j in 0..vs.len() {
                let (here, p) = (cell(i, j), place(i, j));
                if i + 1 < us.len() && cell(i + 1, j) != here {
                    borders.extend(self.border(here, cell(i + 1, j), p, place(i + 1, j), vs[j].1));
                }
                if j + 1 < vs.len() && cell(i, j + 1) != here {
                    borders.extend(self.border(here, cell(i, j + 1), p, place(i, j + 1), us[i].1));
                }
            }
        }
        let edge = |at: DVec2, normal: DVec2, length: f64, cell: usize| Border {
            behind: Some(cell),
            ahead: None,
            at,
            normal,
            length,
        };
        for (i, &(u, du)) in us.iter().enumerate() {
            borders.push(edge(DVec2::new(u, self.low.y), DVec2::NEG_Y, du, cell(i, 0)));
            borders.push(edge(DVec2::new(u, self.high.y), DVec2::Y, du, cell(i, vs.len() - 1)));
        }
        for (j, &(v, dv)) in vs.iter().enumerate() {
            borders.push(edge(DVec2::new(self.low.x, v), DVec2::NEG_X, dv, cell(0, j)));
            borders.push(edge(DVec2::new(self.high.x, v), DVec2::X, dv, cell(us.len() - 1, j)));
        }
        borders
    }

    /// The meeting of cells `a` and `b` between samples `p` and `q`, whose shared side is `side` long: on the curve that
    /// parts them and lies nearest to their middle. Steps across a slanting curve are shortened to its length.
    fn border(&self, a: usize, b: usize, p: DVec2, q: DVec2, side: f64) -> Option<Border> {
        let differing = self.cells[a].code ^ self.cells[b].code;
        let middle = p.midpoint(q);
        let curve = (0..self.curves.len())
            .filter(|i| differing >> i & 1 == 1)
            .map(|i| &self.curves[i])
            .min_by(|c, d| c.distance(middle).abs().total_cmp(&d.distance(middle).abs()))?;
        let at = curve.foot(middle);
        let normal = curve.normal_at(middle);
        let length = side * normal.dot((q - p).normalize_or_zero()).abs();
        let (behind, ahead) = if curve.distance(p) <= 0.0 { (a, b) } else { (b, a) };
        Some(Border { behind: Some(behind), ahead: Some(ahead), at, normal, length })
    }

    /// The union of cells.
    pub fn area_of(&self, chosen: &[usize]) -> Area {
        let polygons: Vec<Area> = chosen.iter().map(|&c| self.outline(c)).collect();
        let loops: Vec<Polygon> = polygons
            .iter()
            .flat_map(|a| &a.shapes)
            .flat_map(|s| std::iter::once(&s.outer).chain(&s.holes))
            .cloned()
            .collect();
        Area::enclosed(&loops, true)
    }

    /// The exact outline of a cell.
    fn outline(&self, cell: usize) -> Area {
        let code = self.cells[cell].code;
        let mut polygon: Polygon =
            vec![self.low, DVec2::new(self.high.x, self.low.y), self.high, DVec2::new(self.low.x, self.high.y)];
        for (i, curve) in self.curves.iter().enumerate() {
            if let Curve::Line { normal, offset } = *curve {
                let sign = if code >> i & 1 == 1 { -1.0 } else { 1.0 };
                polygon = clipped(&polygon, normal * sign, offset * sign);
            }
        }
        let mut area = Area::enclosed(&[polygon], true);
        for (i, curve) in self.curves.iter().enumerate() {
            if let Curve::Circle { center, radius } = *curve {
                let disc = Area::enclosed(&[circle_polygon(center, radius)], true);
                area = if code >> i & 1 == 1 { area.minus(&disc) } else { area.intersection(&disc) };
            }
        }
        area
    }
}

/// On which curves' positive sides `p` lies.
fn code_at(curves: &[Curve], p: DVec2) -> u128 {
    curves.iter().enumerate().fold(0, |code, (i, c)| if c.distance(p) > 0.0 { code | 1 << i } else { code })
}

/// A circle as chords; its corners lie on it.
pub(super) fn circle_polygon(center: DVec2, radius: f64) -> Polygon {
    (0..CHORDS)
        .map(|i| center + radius * DVec2::from_angle(std::f64::consts::TAU * f64::from(i) / f64::from(CHORDS)))
        .collect()
}

/// The part of a convex polygon with `normal . p <= offset`.
pub(super) fn clipped(polygon: &[DVec2], normal: DVec2, offset: f64) -> Polygon {
    let mut kept = Polygon::new();
    for (i, &a) in polygon.iter().enumerate() {
        let b = polygon[(i + 1) % polygon.len()];
        let (da, db) = (normal.dot(a) - offset, normal.dot(b) - offset);
        if da <= 0.0 {
            kept.push(a);
        }
        if (da < 0.0 && db > 0.0) || (da > 0.0 && db < 0.0) {
            // Always from the same end, so that neighbours share the very point.
            let (p, q, dp, dq) = if (a.x, a.y) < (b.x, b.y) { (a, b, da, db) } else { (b, a, db, da) };
            kept.push(p + (q - p) * (dp / (dp - dq)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_area_of_their_outlines_and_meet_along_the_curves() {
        let line = |x: f64, y: f64, offset: f64| {
            let n = DVec2::new(x, y).normalize();
            Curve::Line { normal: n, offset }
        };
        let curves = [
            line(1.0, 0.0, 3.0),
            line(0.0, -1.0, -2.0),
            line(1.0, 1.0, 4.0),
            Curve::Circle { center: DVec2::new(3.0, 2.0), radius: 0.8 },
        ];
        let found = Arrangement::new(&curves, DVec2::ZERO, DVec2::new(8.0, 5.0), 0.05);
        for (i, cell) in found.cells.iter().enumerate() {
            let exact = found.area_of(&[i]).measure();
            assert!((exact - cell.area).abs() < 0.05, "{exact} {}", cell.area);
        }
        let all: Vec<usize> = (0..found.cells.len()).collect();
        assert!((found.area_of(&all).measure() - 40.0).abs() < 1e-3);
        let upright: f64 =
            found.borders.iter().filter(|b| b.ahead.is_some() && b.normal == DVec2::X).map(|b| b.length).sum();
        assert!((upright - 5.0).abs() < 0.2, "{upright}");
        let round: f64 = found
            .borders
            .iter()
            .filter(|b| (b.at.distance(DVec2::new(3.0, 2.0)) - 0.8).abs() < 1e-9)
            .map(|b| b.length)
            .sum();
        assert!((round - std::f64::consts::TAU * 0.8).abs() < 0.5, "{round}");
    }
}
