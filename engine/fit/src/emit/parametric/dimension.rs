//! Every coordinate of a part as an expression of parameters.
//!
//! Features are taken in order. A coordinate that is known already is written as it is known, so that what is flush or
//! aligned stays so whatever is changed; a new size becomes a parameter; a new position is a distance from what is known
//! closest to it.

use glam::{DVec2, DVec3};

use super::canonical::{Body, Step, across};
use super::expression::Expression;
use super::parameter::Dimensions;
use super::pattern::{Ring, grid, ring};
use super::role::{Role, flat_bounds, roles};
use crate::part::{FeatureKind, Outline, PathEdge};

/// A feature whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) kind: FeatureKind,
    pub(super) title: String,
    pub(super) body: DrawnBody,
    pub(super) outlines: Vec<DrawnOutline>,
    pub(super) rings: Vec<DrawnRing>,
}

/// How its outlines become a body.
#[derive(Clone, Debug)]
pub(super) enum DrawnBody {
    /// Swept along an axis.
    Prism { axis: usize, low: Expression, high: Expression },
    /// Turned about a line through the point with these coordinates; the one along the line is where the sketch begins.
    Turned { normal: usize, origin: [Expression; 3] },
    /// As it was.
    Oblique,
}

/// An outline whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) enum DrawnOutline {
    Circle { center: [Expression; 2], radius: Expression },
    Rectangle { low: [Expression; 2], high: [Expression; 2] },
    Path { start: [Expression; 2], edges: Vec<DrawnEdge>, original: (DVec2, Vec<PathEdge>) },
}

/// An edge of a path; arcs' middles follow from their ends.
#[derive(Clone, Debug)]
pub(super) struct DrawnEdge {
    pub(super) end: [Expression; 2],
    pub(super) is_arc: bool,
}

/// A ring of circles of one radius.
#[derive(Clone, Debug)]
pub(super) struct DrawnRing {
    pub(super) ring: Ring,
    pub(super) hole_radius: f64,
    pub(super) center: [Expression; 2],
    pub(super) radius: Expression,
    pub(super) count: Expression,
}

/// A part whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) dimensions: Dimensions,
    pub(super) features: Vec<Drawn>,
    /// What is added to every coordinate at the end.
    pub(super) moved: DVec3,
}

/// Words for sizes along the axes.
const SIZES: [&str; 3] = ["length", "width", "height"];
const AXES: [&str; 3] = ["x", "y", "z"];
/// Outlines with more different coordinates along an axis keep them as numbers, unless all lie near the ends.
const MOST_COORDINATES: usize = 8;
/// Offsets within an outline are named up to this many along an axis.
const MOST_INSETS: usize = 2;
/// Holes closer to the edge than this share of the part are placed from it.
const NEAR_EDGE: f64 = 0.25;

/// Finds the expressions for `steps`, whose coordinates are multiples of `grid_step`; places within `tolerance` of those of a
/// pattern are in it.
pub(super) fn drawn(mut steps: Vec<Step>, grid_step: f64, tolerance: f64) -> Model {
    let moved = placement(&steps, grid_step);
    for step in &mut steps {
        shift(step, -moved);
    }
    let roles = roles(&steps);
    let alone = match &steps[..] {
        [Step { regions, body: Body::Prism { low, .. }, .. }] => {
            let (from, _) = flat_bounds(regions);
            let primitive = matches!(&regions[..], [r] if r.holes.is_empty() && r.outer.complexity() == 1);
            let at_zero = from.abs().max_element().max(low.abs()) < 0.3 * grid_step;
            primitive && !at_zero
        }
        _ => false,
    };
    let mut drawing =
        Drawing { dimensions: Dimensions::new(0.3 * grid_step), grid_step, tolerance, alone, diameters: Vec::new() };
    let features = steps.iter().zip(&roles).enumerate().map(|(i, (s, role))| drawing.feature(s, role, i == 0));
    let features = features.collect();
    Model { dimensions: drawing.dimensions, features, moved }
}

/// Where the program's origin lies, so that the first feature begins or is centred there. One feature alone stays where
/// it is: its position is a number in its own statement.
fn placement(steps: &[Step], grid_step: f64) -> DVec3 {
    let [first, _, ..] = steps else { return DVec3::ZERO };
    let Some([low, high]) = super::role::bounds(first) else { return DVec3::ZERO };
    let (upward, round) = match first.body {
        Body::Prism { axis, .. } => {
            (axis, matches!(&first.regions[..], [only] if matches!(only.outer, Outline::Circle { .. })))
        }
        Body::Turned { normal, .. } => (across(normal)[1], true),
        Body::Oblique { .. } => return DVec3::ZERO,
    };
    let near = |v: f64| v.abs() < 0.3 * grid_step;
    let middle = (low + high) / 2.0;
    let aside = across(upward);
    // A rectangle begins at zero, or is centred, in both directions.
    let settled = aside.iter().all(|&i| near(low[i])) || aside.iter().all(|&i| near(middle[i]));
    let rectangular = matches!(&first.regions[..], [only] if only.outer.as_rectangle(0.0).is_some());
    DVec3::from_array(std::array::from_fn(|i| {
        if i == upward {
            if near(middle[i]) { 0.0 } else { low[i] }
        } else if round || rectangular && !settled {
            middle[i]
        } else if near(middle[i]) {
            0.0
        } else {
            low[i]
        }
    }))
}

fn shift(step: &mut Step, by: DVec3) {
    let in_plane = match &mut step.body {
        Body::Prism { axis, low, high } => {
            *low += by[*axis];
            *high += by[*axis];
            let [u, v] = across(*axis);
            DVec2::new(by[u], by[v])
        }
        Body::Turned { normal, origin } => {
            *origin += by;
            DVec2::new(0.0, by[across(*normal)[1]])
        }
        Body::Oblique { plane, .. } => {
            plane.origin += by;
            DVec2::ZERO
        }
    };
    for region in &mut step.regions {
        region.outer = region.outer.map(1.0, |p| p + in_plane);
        for hole in &mut region.holes {
            *hole = hole.map(1.0, |p| p + in_plane);
        }
    }
}

struct Drawing {
    dimensions: Dimensions,
    grid_step: f64,
    /// Of the places of patterns.
    tolerance: f64,
    /// Whether the first feature is a box or a cylinder and the only one, and does not begin at zero: then its centre is a
    /// number.
    alone: bool,
    /// Diameters of holes: holes of one diameter share it.
    diameters: Vec<(f64, Expression)>,
}

/// An outline and what it is a hole in.
#[derive(Clone, Copy)]
struct Nested<'a> {
    outline: &'a Outline,
    within: Option<&'a Outline>,
}

/// What sizes of one feature share, and what they are called.
struct Naming<'a> {
    role: &'a Role,
    first: bool,
    /// The tables of the two axes of its sketch, and the words for sizes along them.
    tables: [usize; 2],
    words: [&'a str; 2],
    /// Sizes known in this feature, along each axis.
    sizes: [Vec<(f64, Expression)>; 2],
    insets: Vec<(f64, Expression)>,
    diameters: Vec<(f64, Expression)>,
    /// Whether positions become parameters.
    places: bool,
    /// The outer outlines of its regions.
    outers: Vec<&'a Outline>,
}

impl Naming<'_> {
    fn name(&self, word: &str) -> String {
        if self.role.word.is_empty() { word.to_owned() } else { format!("{}_{word}", self.role.word) }
    }
}

impl Drawing {
    fn feature(&mut self, step: &Step, role: &Role, first: bool) -> Drawn {
        let outlines: Vec<Nested<'_>> = step
            .regions
            .iter()
            .flat_map(|r| {
                let hole = |outline| Nested { outline, within: Some(&r.outer) };
                std::iter::once(Nested { outline: &r.outer, within: None }).chain(r.holes.iter().map(hole))
            })
            .collect();
        let few = outlines.len() <= 2;
        match &step.body {
            Body::Oblique { .. } => Drawn {
                kind: step.kind,
                title: role.title.clone(),
                body: DrawnBody::Oblique,
                outlines: Vec::new(),
                rings: Vec::new(),
            },
            &Body::Prism { axis, low, high } => {
                let tables = across(axis);
                let (from, to) = flat_bounds(&step.regions);
                let plate = first && (role.title.contains("plate") || role.title.starts_with("Disc"));
                let mut naming = Naming {
                    role,
                    first,
                    tables,
                    words: tables.map(|axis| SIZES[axis]),
                    sizes: Default::default(),
                    insets: Vec::new(),
                    diameters: Vec::new(),
                    places: few && !first,
                    outers: step.regions.iter().map(|r| &r.outer).collect(),
                };
                if first {
                    self.begin(&step.regions[0].outer, step.regions.len() == 1, &mut naming, [from, to]);
                }
                let mut drawn = self.outlines(&outlines, &mut naming);
                let word = match (plate, step.kind) {
                    (true, _) => "thickness",
                    (false, FeatureKind::Add) => SIZES[axis],
                    (false, FeatureKind::Cut) => "depth",
                };
                let note = format!("along {}", AXES[axis]);
                let name = naming.name(word);
                let [low, high] = if first {
                    self.begin_along(axis, [low, high], &name, &note)
                } else {
                    self.dimensions.interval(axis, [low, high], &mut Vec::new(), &name, &note)
                };
                let rings = std::mem::take(&mut drawn.1);
                Drawn {
                    kind: step.kind,
                    title: role.title.clone(),
                    body: DrawnBody::Prism { axis, low, high },
                    outlines: drawn.0,
                    rings,
                }
            }
            &Body::Turned { normal, origin } => self.turned(step, role, first, normal, origin, &outlines),
        }
    }

    fn turned(
        &mut self,
        step: &Step,
        role: &Role,
        first: bool,
        normal: usize,
        origin: DVec3,
        outlines: &[Nested<'_>],
    ) -> Drawn {
        let [across_axis, along] = across(normal);
        let (low, high) = flat_bounds(&step.regions);
        let table = self.dimensions.tables.len();
        self.dimensions.tables.push(super::parameter::Table::default());
        let mut naming = Naming {
            role,
            first,
            tables: [table, along],
            words: ["radius", if along == 2 { "height" } else { "length" }],
            sizes: Default::default(),
            insets: Vec::new(),
            diameters: Vec::new(),
            places: false,
            outers: Vec::new(),
        };
        let mut at = [Expression::default(), Expression::default(), Expression::default()];
        for axis in [across_axis, normal] {
            at[axis] = self.dimensions.center_or_offset(axis, origin[axis], None);
            self.dimensions.put_center(axis, origin[axis], &at[axis]);
        }
        // Distances from the axis are half a diameter.
        self.dimensions.put_face(table, 0.0, &Expression::constant(0.0));
        self.dimensions.put_center(table, 0.0, &Expression::constant(0.0));
        let name = naming.name("diameter");
        let outer = self.dimensions.length(&name, 2.0 * high.x, "the largest").times(0.5);
        self.dimensions.put_face(table, high.x, &outer);
        if low.x > self.dimensions.tolerance {
            let name = naming.name("bore_diameter");
            let bore = self.dimensions.length(&name, 2.0 * low.x, "the smallest").times(0.5);
            self.dimensions.put_face(table, low.x, &bore);
        }
        let mut radii: Vec<f64> = outlines.iter().flat_map(|o| coordinates(o.outline, 0)).collect();
        radii.sort_by(f64::total_cmp);
        radii.dedup_by(|a, b| (*a - *b).abs() <= self.dimensions.tolerance);
        if radii.len() <= 6 {
            for &radius in radii.iter().rev().filter(|r| **r > 0.0) {
                if self.dimensions.face(table, radius).is_none() {
                    let name = naming.name("step_diameter");
                    let made = self.dimensions.length(&name, 2.0 * radius, "of a shoulder").times(0.5);
                    self.dimensions.put_face(table, radius, &made);
                }
            }
        }
        let name = naming.name(naming.words[1]);
        let note = format!("along {}", AXES[along]);
        if first {
            self.begin_along(along, [low.y, high.y], &name, &note);
        } else {
            self.dimensions.interval(along, [low.y, high.y], &mut Vec::new(), &name, &note);
        }
        let (drawn, _) = self.outlines(outlines, &mut naming);
        at[along] = self.dimensions.face_or_offset(along, low.y);
        Drawn {
            kind: step.kind,
            title: role.title.clone(),
            body: DrawnBody::Turned { normal, origin: at },
            outlines: drawn,
            rings: Vec::new(),
        }
    }

    /// The first feature's ends along an axis: from zero, about zero, or from a number.
    fn begin_along(&mut self, axis: usize, [low, high]: [f64; 2], name: &str, note: &str) -> [Expression; 2] {
        let size = self.dimensions.length(name, high - low, note);
        let middle = f64::midpoint(low, high);
        let found =
            if low.abs() > self.dimensions.tolerance && (middle.abs() <= self.dimensions.tolerance || self.alone) {
                let middle = Expression::constant(middle);
                [middle.minus(&size.times(0.5)), middle.plus(&size.times(0.5))]
            } else {
                let low = Expression::constant(low);
                let high = low.plus(&size);
                [low, high]
            };
        self.extend_to(axis, [low, high], &found);
        found
    }

    fn extend_to(&mut self, axis: usize, [low, high]: [f64; 2], found: &[Expression; 2]) {
        self.dimensions.put_face(axis, low, &found[0]);
        self.dimensions.put_face(axis, high, &found[1]);
        let middle = found[0].plus(&found[1]).times(0.5);
        self.dimensions.put_center(axis, f64::midpoint(low, high), &middle);
        self.dimensions.tables[axis].extent = Some([(low, found[0].clone()), (high, found[1].clone())]);
    }

    /// The size of the first feature across its sweep.
    fn begin(&mut self, outer: &Outline, only: bool, naming: &mut Naming<'_>, [low, high]: [DVec2; 2]) {
        if let (Outline::Circle { center, radius }, true) = (outer, only) {
            let diameter = self.dimensions.length("diameter", 2.0 * radius, "of the body");
            for (i, table) in naming.tables.into_iter().enumerate() {
                let c = Expression::constant(center[i]);
                self.dimensions.put_center(table, center[i], &c);
                let ends = [c.minus(&diameter.times(0.5)), c.plus(&diameter.times(0.5))];
                self.extend_to(table, [low[i], high[i]], &ends);
            }
            return;
        }
        let rectangle = only && outer.as_rectangle(0.0).is_some();
        let free = |i: usize| {
            let mut values: Vec<f64> = naming.outers.iter().flat_map(|o| coordinates(o, i)).collect();
            values.sort_by(f64::total_cmp);
            values.dedup_by(|a, b| (*a - *b).abs() <= self.dimensions.tolerance);
            is_free(&values)
        };
        let free = [free(0), free(1)];
        for (i, table) in naming.tables.into_iter().enumerate() {
            let note = format!("along {}", AXES[table]);
            let middle = f64::midpoint(low[i], high[i]);
            if free[i] {
                let ends = [Expression::constant(low[i]), Expression::constant(high[i])];
                self.extend_to(table, [low[i], high[i]], &ends);
            } else if rectangle && self.alone && middle.abs() > self.dimensions.tolerance {
                // One box alone, wherever it is: its centre is a number.
                let size = self.dimensions.length(naming.words[i], high[i] - low[i], &note);
                let c = Expression::constant(middle);
                let ends = [c.minus(&size.times(0.5)), c.plus(&size.times(0.5))];
                self.extend_to(table, [low[i], high[i]], &ends);
            } else {
                self.begin_along(table, [low[i], high[i]], naming.words[i], &note);
            }
        }
    }

    fn outlines(&mut self, outlines: &[Nested<'_>], naming: &mut Naming<'_>) -> (Vec<DrawnOutline>, Vec<DrawnRing>) {
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
                let count = if gap > 2.2 * radius {
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

    fn grid_centers(&mut self, found: &super::pattern::Grid, naming: &mut Naming<'_>) {
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
        let centers = [0, 1].map(|i| match on_ring {
            // Written by the ring.
            Some(ring) => ring.center[i].shifted(center[i] - ring.ring.center[i]),
            None => {
                let name = naming.name(AXES[naming.tables[i].min(2)]);
                let name = naming.places.then_some(&*name);
                self.dimensions.center_or_offset(naming.tables[i], center[i], name)
            }
        });
        // The body's own diameter, where the first feature is round.
        let own = self.dimensions.tables[naming.tables[0].min(2)].extent.clone().filter(|[low, high]| {
            naming.first
                && (f64::midpoint(low.0, high.0) - center.x).abs() <= self.dimensions.tolerance
                && (high.0 - low.0 - 2.0 * radius).abs() <= self.dimensions.tolerance
        });
        let radius = if let Some([low, high]) = own {
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
        for i in 0..2 {
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
                corners[i].push((at, found));
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
fn is_free(values: &[f64]) -> bool {
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return false };
    let near_end = |v: &f64| (v - low).min(high - v) <= NEAR_EDGE * (high - low);
    values.len() > MOST_COORDINATES && !values.iter().all(near_end)
}

/// The coordinates of an outline's corners, or of a circle's centre.
fn coordinates(outline: &Outline, axis: usize) -> Vec<f64> {
    match outline {
        Outline::Circle { center, .. } => vec![center[axis]],
        Outline::Path { edges, .. } => edges.iter().map(|e| e.end()[axis]).collect(),
    }
}
