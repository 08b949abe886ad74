//! Which parameters may be named: those that can be changed a little without the part falling apart.
//!
//! A part keeps its build as long as faces keep their order along every axis and holes stay where they are within their
//! outlines. What would not is written as a number, or not as a parameter of its own.

use glam::DVec2;

use super::model::{DrawnOutline, Model};
use super::write::arc_middle;
use crate::part::{Outline, PathEdge};

/// How much a parameter must be changeable either way: the 5 % that it is tested by, and a bit.
const CHANGE: f64 = 0.06;

/// For each parameter whether it is named.
pub(super) fn named(model: &Model) -> Vec<bool> {
    let values = model.dimensions.values();
    let sound = Relations::of(model, &values);
    model
        .dimensions
        .parameters
        .iter()
        .enumerate()
        .map(|(i, parameter)| {
            parameter.count
                || [1.0 - CHANGE, 1.0 + CHANGE].into_iter().all(|factor| {
                    let mut changed = values.clone();
                    changed[i] *= factor;
                    is_ordered(model, &values, &changed) && Relations::of(model, &changed) == sound
                })
        })
        .collect()
}

/// Whether all faces lie in the order in which they were.
fn is_ordered(model: &Model, before: &[f64], after: &[f64]) -> bool {
    model.dimensions.tables.iter().all(|table| {
        let mut places: Vec<(f64, f64)> = table.faces.iter().map(|(_, e)| (e.value(before), e.value(after))).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        places.windows(2).all(|w| w[1].1 - w[0].1 > 0.0)
    })
}

/// How the outlines of each feature lie to each other: apart, within, or crossing.
#[derive(Debug, PartialEq, Eq)]
struct Relations(Vec<(i8, i8)>);

/// With more outlines than this a feature's outlines are not compared.
const MOST_OUTLINES: usize = 60;

impl Relations {
    fn of(model: &Model, values: &[f64]) -> Self {
        let mut found = Vec::new();
        for feature in model.features.iter().filter(|f| f.outlines.len() <= MOST_OUTLINES) {
            let outlines: Vec<Outline> = feature.outlines.iter().map(|o| outline(o, values)).collect();
            for (i, a) in outlines.iter().enumerate() {
                for b in &outlines[i + 1..] {
                    found.push(relation(a, b));
                }
            }
        }
        Self(found)
    }
}

/// An outline for certain values of the parameters.
pub(super) fn outline(outline: &DrawnOutline, values: &[f64]) -> Outline {
    let point = |p: &[super::expression::Expression; 2]| DVec2::new(p[0].value(values), p[1].value(values));
    match outline {
        DrawnOutline::Circle { center, radius } => {
            Outline::Circle { center: point(center), radius: radius.value(values) }
        }
        DrawnOutline::Rectangle { low, high } => {
            let (low, high) = (point(low), point(high));
            Outline::polygon(&[low, DVec2::new(high.x, low.y), high, DVec2::new(low.x, high.y)])
        }
        DrawnOutline::Path { start, edges, original } => {
            let mut from = (start, original.0);
            let edges = edges.iter().zip(&original.1).map(|(edge, was)| {
                let end = point(&edge.end);
                let made = match *was {
                    PathEdge::Arc { mid, end: to } => {
                        let mid = arc_middle([from.0, &edge.end], [from.1, mid, to]);
                        PathEdge::Arc { mid: point(&mid), end }
                    }
                    PathEdge::Line { .. } => PathEdge::Line { end },
                };
                from = (&edge.end, was.end());
                made
            });
            let edges = edges.collect();
            Outline::Path { start: point(start), edges }
        }
    }
}

/// The sign of what lies between the circles, and of what lies around the inner one.
fn relation(a: &Outline, b: &Outline) -> (i8, i8) {
    let sign = |v: f64| {
        if v > 1e-9 {
            1
        } else if v < -1e-9 {
            -1
        } else {
            0
        }
    };
    match (a, b) {
        (Outline::Circle { center: p, radius: r }, Outline::Circle { center: q, radius: s }) => {
            let distance = p.distance(*q);
            (sign(distance - r - s), sign(distance - (r - s).abs()))
        }
        (Outline::Circle { center, radius }, path @ Outline::Path { .. })
        | (path @ Outline::Path { .. }, Outline::Circle { center, radius }) => {
            (sign(distance_to(path, *center) - radius), 0)
        }
        (Outline::Path { .. }, Outline::Path { .. }) => (0, 0),
    }
}

fn distance_to(path: &Outline, point: DVec2) -> f64 {
    let [low, high] = path.bounds(f64::INFINITY);
    let points = path.points(1e-3 * (high - low).max_element());
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|(a, b)| {
            let (along, to) = (*b - *a, point - *a);
            let at = (to.dot(along) / along.length_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            to.distance(along * at)
        })
        .fold(f64::INFINITY, f64::min)
}
