//! Every coordinate of a part as an expression of parameters.
//!
//! Features are taken in order. A coordinate that is known already is written as it is known, so that what is flush or
//! aligned stays so whatever is changed; a new size becomes a parameter; a new position is a distance from what is known
//! closest to it.

use glam::{DVec2, DVec3};

use super::canonical::{Body, Step, across};
use super::expression::Expression;
use super::model::{Drawn, DrawnBody, Model};
use super::outline::{coordinates, is_free};
use super::parameter::Dimensions;
use super::role::{Role, flat_bounds, roles};
use crate::part::{FeatureKind, Outline};

/// Words for sizes along the axes.
const SIZES: [&str; 3] = ["length", "width", "height"];
/// The axes' names.
pub(super) const AXES: [&str; 3] = ["x", "y", "z"];

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
    let mut drawing = Drawing {
        dimensions: Dimensions::new(0.3 * grid_step),
        grid_step,
        tolerance,
        alone,
        walls: Vec::new(),
        diameters: Vec::new(),
    };
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
        Body::Drilled(_) | Body::Oblique { .. } => return DVec3::ZERO,
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
        Body::Drilled(drill) => {
            drill.low += by[drill.axis];
            drill.high += by[drill.axis];
            let [u, v] = across(drill.axis);
            DVec2::new(by[u], by[v])
        }
        Body::Turned { normal, origin } => {
            *origin += by;
            DVec2::new(0.0, by[across(*normal)[1]])
        }
        Body::Oblique { feature } => {
            feature.plane.origin += by;
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

/// The part as far as it has been looked at.
pub(super) struct Drawing {
    pub(super) dimensions: Dimensions,
    pub(super) grid_step: f64,
    /// Of the places of patterns.
    pub(super) tolerance: f64,
    /// Whether the first feature is a box or a cylinder and the only one, and does not begin at zero: then its centre is a
    /// number.
    alone: bool,
    /// Thicknesses of walls all round.
    pub(super) walls: Vec<(f64, Expression)>,
    /// Diameters of holes: holes of one diameter share it.
    pub(super) diameters: Vec<(f64, Expression)>,
}

/// An outline and what it is a hole in.
#[derive(Clone, Copy)]
pub(super) struct Nested<'a> {
    pub(super) outline: &'a Outline,
    pub(super) within: Option<&'a Outline>,
}

/// What sizes of one feature share, and what they are called.
pub(super) struct Naming<'a> {
    pub(super) role: &'a Role,
    pub(super) first: bool,
    /// Whether the feature adds or removes material.
    pub(super) kind: FeatureKind,
    /// The tables of the two axes of its sketch, and the words for sizes along them.
    pub(super) tables: [usize; 2],
    pub(super) words: [&'a str; 2],
    /// Sizes known in this feature, along each axis.
    pub(super) sizes: [Vec<(f64, Expression)>; 2],
    /// The same of distances from edges, and of diameters.
    pub(super) insets: Vec<(f64, Expression)>,
    pub(super) diameters: Vec<(f64, Expression)>,
    /// Whether positions become parameters.
    pub(super) places: bool,
    /// Whether circles reach to faces that are known.
    pub(super) flush: bool,
    /// The outer outlines of its regions.
    outers: Vec<&'a Outline>,
}

impl Naming<'_> {
    pub(super) fn name(&self, word: &str) -> String {
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
            Body::Drilled(drill) => {
                let mut naming = Naming {
                    role,
                    first,
                    kind: FeatureKind::Cut,
                    tables: across(drill.axis),
                    words: across(drill.axis).map(|axis| SIZES[axis]),
                    sizes: Default::default(),
                    insets: Vec::new(),
                    diameters: Vec::new(),
                    places: few,
                    flush: false,
                    outers: Vec::new(),
                };
                self.drilled(step, role, drill, &outlines, &mut naming)
            }
            Body::Oblique { feature } => Drawn {
                kind: step.kind,
                title: role.title.clone(),
                body: DrawnBody::Oblique(feature.clone()),
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
                    kind: step.kind,
                    tables,
                    words: tables.map(|axis| SIZES[axis]),
                    sizes: Default::default(),
                    insets: Vec::new(),
                    diameters: Vec::new(),
                    places: few && !first,
                    flush: false,
                    outers: step.regions.iter().map(|r| &r.outer).collect(),
                };
                if first {
                    self.begin(&step.regions[0].outer, step.regions.len() == 1, &mut naming, [from, to]);
                }
                let shell = self.walls(step, &mut naming);
                naming.flush = shell;
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
                let title = role.title.clone();
                Drawn {
                    kind: step.kind,
                    title: if shell { format!("{title}, leaving walls of one thickness") } else { title },
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
            kind: step.kind,
            tables: [table, along],
            words: ["radius", if along == 2 { "height" } else { "length" }],
            sizes: Default::default(),
            insets: Vec::new(),
            diameters: Vec::new(),
            places: false,
            flush: false,
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
}
