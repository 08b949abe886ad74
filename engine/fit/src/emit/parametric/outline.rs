//! The outlines of a feature: where their corners and centres lie, as expressions.

use glam::DVec2;

use super::dimension::{AXES, Drawing, Naming, Nested};
use super::expression::Expression;
use super::model::{DrawnEdge, DrawnOutline, DrawnRing};
use super::pattern::{Grid, grid, ring};
use crate::part::{FeatureKind, Outline, PathEdge};

/// Outlines with more different coordinates along an axis keep them as numbers, unless all lie near the ends.
const MOST_COORDINATES: usize = 8;
/// Offsets within an outline are named up to this many along an axis.
const MOST_INSETS: usize = 2;
/// Holes closer to the edge than this share of the part are placed from it.
const NEAR_EDGE: f64 = 0.25;

impl Drawing {
    pub(super) fn outlines(
        &mut self,
        outlines: &[Nested<'_>],
        naming: &mut Naming<'_>,
    ) -> (Vec<DrawnOutline>, Vec<DrawnRing>) {
        let rings = self.patterns(outlines, naming);
        let mut drawn = Vec::with_capacity(outlines.len());
        for &nested in outlines {
            drawn.push(match nested.outline {
                Outline::Circle { center, radius } => self.circle(*center, *radius, nested.within, naming, &rings),
                Outline::Path { start, edges } => match nested.outline.as_rectangle(0.0) {
                    Some((center, size)) => {
                        self.rectangle(center - size / 2.0, center + size / 2.0, nested.within.is_some(), naming)
                    }
                    None => self.path(nested.outline, *start, edges, naming),
                },
            });
        }
        (drawn, rings)
    }

    /// Finds rings and grids of equal circles, and puts the centres of grids where they are known.
    fn patterns(&mut self, outlines: &[Nested<'_>], naming: &mut Naming<'_>) -> Vec<DrawnRing> {
        let mut circles: Vec<(DVec2, f64)> = outlines
            .iter()
            .filter_map(|o| match o.outline {
                Outline::Circle { center, radius } => Some((*center, *radius)),
                Outline::Path { .. } => None,
            })
            .collect();
        let mut rings = Vec::new();
        let tolerance = self.tolerance;
        while let Some(&(_, radius)) = circles.first() {
            let same = |r: f64| (r - radius).abs() <= self.dimensions.tolerance;
            let (alike, rest): (Vec<_>, Vec<_>) = circles.iter().partition(|c| same(c.1));
            circles = rest;
            let points: Vec<DVec2> = alike.iter().map(|c| c.0).collect();
            let is_one_of = |outline: &Outline, r: f64| matches!(outline, Outline::Circle { radius, .. } if (radius - r).abs() <= tolerance);
            let in_grid = grid(&points, tolerance);
            let on_ring = ring(&points, tolerance).filter(|r| {
                // Four holes at the corners of a square are a grid, unless there is something at its centre.
                let known = |i: usize| self.dimensions.center(naming.tables[i], r.center[i]).is_some();
                in_grid.is_none() || known(0) && known(1) && !naming.first
            });
            if let Some(found) = on_ring {
                let center = [0, 1].map(|i| {
                    let table = naming.tables[i];
                    self.dimensions.center_or_offset(table, found.center[i], None)
                });
                let name = if naming.first { "hole_circle_diameter".into() } else { naming.name("circle_diameter") };
                let circle = self.dimensions.length(&name, 2.0 * found.radius, "through the centres").times(0.5);
                let gap = 2.0 * found.radius * (std::f64::consts::PI / (found.count + 1) as f64).sin();
                let name = if naming.first { "hole_count".into() } else { naming.name("count") };
                // Bodies may be what holds a part together; only of holes there may be one more or less.
                let holes = (naming.kind == FeatureKind::Cut)
                    || outlines.iter().all(|o| o.within.is_some() || !is_one_of(o.outline, radius));
                let count = if holes && gap > 2.2 * radius {
                    self.dimensions.count(&name, found.count, "on the circle")
                } else {
                    Expression::constant(found.count as f64)
                };
                rings.push(DrawnRing { ring: found, hole_radius: radius, center, radius: circle, count });
            } else if let Some(found) = in_grid {
                self.grid_centers(&found, naming);
            }
        }
        rings
    }

    fn grid_centers(&mut self, found: &Grid, naming: &mut Naming<'_>) {
        for i in 0..2 {
            let (table, n, spacing) = (naming.tables[i], found.count[i], found.spacing[i]);
            let place = |k: usize| found.center[i] + spacing * (k as f64 - (n - 1) as f64 / 2.0);
            let all_known = (0..n).all(|k| self.dimensions.center(table, place(k)).is_some());
            if n < 2 || all_known {
                continue;
            }
            let center = self.dimensions.center_or_offset(table, found.center[i], None);
            let extent = self.dimensions.tables[table].extent.clone();
            let from_edge = extent.filter(|_| n == 2).and_then(|[low, high]| {
                let margin = high.0 - place(n - 1);
                let middle = low.1.plus(&high.1).times(0.5);
                (middle == center && margin > 0.0 && margin < NEAR_EDGE * (high.0 - low.0))
                    .then_some((margin, low, high))
            });
            let step = if let Some((margin, low, high)) = from_edge {
                let name = if naming.first { "hole_edge_distance".into() } else { naming.name("edge_distance") };
                let note = "from the edges to the centres";
                let margin = self.dimensions.shared_length(&mut naming.insets, margin, &name, note);
                high.1.minus(&low.1).minus(&margin.times(2.0))
            } else {
                let name = if naming.first { "hole_spacing".into() } else { naming.name("spacing") };
                let note = format!("along {}", AXES[table.min(2)]);
                self.dimensions.length(&name, spacing, &note)
            };
            for k in 0..n {
                let at = center.plus(&step.times(k as f64 - (n - 1) as f64 / 2.0));
                self.dimensions.put_center(table, place(k), &at);
            }
        }
    }

    fn circle(
        &mut self,
        center: DVec2,
        radius: f64,
        within: Option<&Outline>,
        naming: &mut Naming<'_>,
        rings: &[DrawnRing],
    ) -> DrawnOutline {
        let on_ring = rings.iter().find(|r| {
            (r.hole_radius - radius).abs() <= self.dimensions.tolerance
                && (center.distance(r.ring.center) - r.ring.radius).abs() <= 2.0 * self.grid_step
        });
        let centers = [0, 1].map(|i| {
            if let Some(ring) = on_ring {
                // Written by the ring.
                return ring.center[i].shifted(center[i] - ring.ring.center[i]);
            }
            let name = naming.name(AXES[naming.tables[i].min(2)]);
            let name = naming.places.then_some(&*name);
            self.dimensions.center_or_offset(naming.tables[i], center[i], name)
        });
        // The body's own diameter, where the first feature is round.
        let own = self.dimensions.tables[naming.tables[0].min(2)].extent.clone().filter(|[low, high]| {
            naming.first
                && (f64::midpoint(low.0, high.0) - center.x).abs() <= self.dimensions.tolerance
                && (high.0 - low.0 - 2.0 * radius).abs() <= self.dimensions.tolerance
        });
        // What hollows a round part reaches to its walls.
        let walls = [center.x - radius, center.x + radius].map(|at| self.dimensions.face(naming.tables[0], at));
        let radius = if let ([Some(low), Some(high)], true) = (walls, naming.flush) {
            high.minus(&low).times(0.5)
        } else if let Some([low, high]) = own {
            high.1.minus(&low.1).times(0.5)
        } else {
            let concentric =
                |o: &Outline| matches!(o, Outline::Circle { center: c, .. } if c.distance(center) < self.grid_step);
            let name = match within {
                Some(outer) if concentric(outer) => naming.name("bore_diameter"),
                Some(_) if !naming.first => naming.name("hole_diameter"),
                None if !naming.first && !naming.role.word.starts_with("hole") => naming.name("diameter"),
                _ => "hole_diameter".to_owned(),
            };
            // Holes of one diameter share it throughout the part, other circles within their feature.
            let everywhere = name == "hole_diameter";
            let mut shared = std::mem::take(if everywhere { &mut self.diameters } else { &mut naming.diameters });
            let made = self.dimensions.shared_length(&mut shared, 2.0 * radius, &name, "");
            *(if everywhere { &mut self.diameters } else { &mut naming.diameters }) = shared;
            made.times(0.5)
        };
        DrawnOutline::Circle { center: centers, radius }
    }

    fn rectangle(&mut self, low: DVec2, high: DVec2, hole: bool, naming: &mut Naming<'_>) -> DrawnOutline {
        let [mut from, mut to] = [[Expression::default(), Expression::default()], Default::default()];
        for i in 0..2 {
            if naming.tables[i] > 2 {
                from[i] = self.dimensions.face_or_offset(naming.tables[i], low[i]);
                to[i] = self.dimensions.face_or_offset(naming.tables[i], high[i]);
                continue;
            }
            let name = if hole || naming.first {
                naming.name(&format!("{}_{}", if hole { "opening" } else { "block" }, naming.words[i]))
            } else {
                naming.name(naming.words[i])
            };
            let note = format!("along {}", AXES[naming.tables[i]]);
            let mut shared = std::mem::take(&mut naming.sizes[i]);
            let ends = self.dimensions.interval(naming.tables[i], [low[i], high[i]], &mut shared, &name, &note);
            naming.sizes[i] = shared;
            [from[i], to[i]] = ends;
        }
        DrawnOutline::Rectangle { low: from, high: to }
    }

    fn path(&mut self, outline: &Outline, start: DVec2, edges: &[PathEdge], naming: &mut Naming<'_>) -> DrawnOutline {
        let has_arcs = edges.iter().any(|e| matches!(e, PathEdge::Arc { .. }));
        let mut corners: [Vec<(f64, Expression)>; 2] = Default::default();
        for (i, corners) in corners.iter_mut().enumerate() {
            let mut values = coordinates(outline, i);
            values.sort_by(f64::total_cmp);
            values.dedup_by(|a, b| (*a - *b).abs() <= self.dimensions.tolerance);
            let (Some(&low), Some(&high)) = (values.first(), values.last()) else { continue };
            let table = naming.tables[i];
            let is_free = is_free(&values);
            if !is_free && !naming.first && table < 3 {
                let name = naming.name(naming.words[i]);
                let note = format!("along {}", AXES[table]);
                let mut shared = std::mem::take(&mut naming.sizes[i]);
                self.dimensions.interval(table, [low, high], &mut shared, &name, &note);
                naming.sizes[i] = shared;
            }
            let unknown: Vec<f64> =
                values.iter().copied().filter(|v| self.dimensions.face(table, *v).is_none()).collect();
            if unknown.len() <= 2 * MOST_INSETS && table < 3 && !has_arcs && !is_free {
                self.insets(table, &unknown, [low, high], naming, i);
            }
            let ends = [self.dimensions.face_or_offset(table, low), self.dimensions.face_or_offset(table, high)];
            for at in values {
                // Round corners go with the end they are at, whatever else lies there.
                let own = if at - low <= high - at { ends[0].shifted(at - low) } else { ends[1].shifted(at - high) };
                let found = if has_arcs && table < 3 { own } else { self.dimensions.face_or_offset(table, at) };
                self.dimensions.put_face(table, at, &found);
                corners.push((at, found));
            }
        }
        let tolerance = self.dimensions.tolerance;
        let point = |p: DVec2| {
            [0, 1].map(|i| {
                let found = corners[i].iter().find(|c| (c.0 - p[i]).abs() <= tolerance);
                found.map_or_else(|| Expression::constant(p[i]), |c| c.1.clone())
            })
        };
        let drawn = edges
            .iter()
            .map(|e| DrawnEdge { end: point(e.end()), is_arc: matches!(e, PathEdge::Arc { .. }) })
            .collect();
        DrawnOutline::Path { start: point(start), edges: drawn, original: (start, edges.to_vec()) }
    }

    /// Names the distances of an outline's inner corners from its ends; what is symmetric shares one.
    fn insets(&mut self, table: usize, unknown: &[f64], [low, high]: [f64; 2], naming: &mut Naming<'_>, i: usize) {
        let mut distances: Vec<(f64, Expression)> = Vec::new();
        let ends = [self.dimensions.face(table, low), self.dimensions.face(table, high)];
        let [Some(from), Some(to)] = ends else { return };
        for &at in unknown {
            let (below, above) = (at - low, high - at);
            if below <= self.dimensions.tolerance || above <= self.dimensions.tolerance {
                continue;
            }
            let known = distances.iter().any(|d| (d.0 - below.min(above)).abs() <= self.dimensions.tolerance);
            if !known && distances.len() >= MOST_INSETS {
                continue;
            }
            let name = naming.name(&format!("step_{}", naming.words[i]));
            let note = format!("of a shoulder, along {}", AXES[table]);
            let distance = self.dimensions.shared_length(&mut distances, below.min(above), &name, &note);
            let found = if below <= above { from.plus(&distance) } else { to.minus(&distance) };
            self.dimensions.put_face(table, at, &found);
        }
    }
}

/// Whether an outline with these coordinates along an axis is a free form there: then they are numbers, as a size that
/// moved some of them would say nothing.
pub(super) fn is_free(values: &[f64]) -> bool {
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return false };
    let near_end = |v: &f64| (v - low).min(high - v) <= NEAR_EDGE * (high - low);
    values.len() > MOST_COORDINATES && !values.iter().all(near_end)
}

/// The coordinates of an outline's corners, or of a circle's centre.
pub(super) fn coordinates(outline: &Outline, axis: usize) -> Vec<f64> {
    match outline {
        Outline::Circle { center, .. } => vec![center[axis]],
        Outline::Path { edges, .. } => edges.iter().map(|e| e.end()[axis]).collect(),
    }
}
