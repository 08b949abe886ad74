//! The faces of a part of numbers, and how far points lie from them.

use glam::{DVec2, DVec3};

use super::view::{Curve, Place, Span, Use, View, middle};
use crate::part::{arc_angles, circle_through};

/// What a face is, in the coordinates of its feature.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// One end of an extrusion.
    Cap {
        /// Its height.
        at: Use,
        /// Index of the region it covers.
        region: usize,
    },
    /// What a straight edge sweeps.
    Line { from: Place, to: Place },
    /// What an arc sweeps.
    Arc { from: Place, to: Place, rise: Use },
    /// What a circle sweeps.
    Circle { center: Place, radius: Use },
}

/// A face of one feature.
#[derive(Clone, Debug)]
pub(super) struct Face {
    pub(super) feature: usize,
    pub(super) shape: Shape,
    /// The numbers its surface depends on.
    pub(super) numbers: Vec<usize>,
}

/// Every face of the part, in the order of its features.
pub(super) fn faces(view: &View) -> Vec<Face> {
    let mut faces = Vec::new();
    for (f, feature) in view.features.iter().enumerate() {
        let mut add = |shape: Shape, uses: &[Use]| {
            let mut numbers: Vec<usize> = uses.iter().filter_map(|u| u.index).collect();
            numbers.sort_unstable();
            numbers.dedup();
            if !numbers.is_empty() {
                faces.push(Face { feature: f, shape, numbers });
            }
        };
        let axis = match feature.span {
            Span::Extrude { from, to } => {
                for region in 0..feature.regions.len() {
                    for at in [from, to] {
                        add(Shape::Cap { at, region }, &[at]);
                    }
                }
                Vec::new()
            }
            Span::Revolve { x, normal } => vec![x, normal],
        };
        for curve in feature.regions.iter().flatten() {
            match curve {
                Curve::Circle { center, radius } => {
                    let uses = [&axis[..], &[center.u, center.v, *radius]].concat();
                    add(Shape::Circle { center: *center, radius: *radius }, &uses);
                }
                Curve::Path { vertices, rises } => {
                    for (i, rise) in rises.iter().enumerate() {
                        let (from, to) = (vertices[i], vertices[(i + 1) % vertices.len()]);
                        // A straight edge along an axis of its sketch hangs on one number.
                        let ends: Vec<Use> = match rise {
                            None if from.u == to.u => vec![from.u],
                            None if from.v == to.v && axis.is_empty() => vec![from.v],
                            _ => vec![from.u, from.v, to.u, to.v],
                        };
                        // The edge on the axis of a body of revolution sweeps nothing.
                        if rise.is_none() && from.u.index.is_none() && to.u.index.is_none() {
                            continue;
                        }
                        let uses = [&axis[..], &ends, rise.as_slice()].concat();
                        add(
                            match *rise {
                                None => Shape::Line { from, to },
                                Some(rise) => Shape::Arc { from, to, rise },
                            },
                            &uses,
                        );
                    }
                }
            }
        }
    }
    faces
}

/// A point in the coordinates of a feature: in the plane its outlines are drawn in, and the height along the sweep (zero
/// for a body of revolution); with the directions in space of the plane's two coordinates at that point.
struct Local {
    at: DVec2,
    height: f64,
    axes: [DVec3; 2],
}

fn local(view: &View, feature: usize, values: &[f64], p: DVec3) -> Local {
    let feature = &view.features[feature];
    let (plane, y) = (&feature.plane, feature.plane.y());
    let [u, v, w] = plane.local(p).to_array();
    match feature.span {
        Span::Extrude { .. } => Local { at: DVec2::new(u, v), height: w, axes: [plane.x, y] },
        Span::Revolve { x, normal } => {
            let radial = DVec2::new(u - x.of(values), w - normal.of(values));
            let out = radial.try_normalize().unwrap_or(DVec2::X);
            let direction = plane.x * out.x + plane.normal * out.y;
            Local { at: DVec2::new(radial.length(), v), height: 0.0, axes: [direction, y] }
        }
    }
}

impl Face {
    /// Signed distance of `p` from the unbounded surface, and the unit normal there.
    pub(super) fn offset(&self, view: &View, values: &[f64], p: DVec3) -> (f64, DVec3) {
        let local = local(view, self.feature, values, p);
        let in_space = |n: DVec2| local.axes[0] * n.x + local.axes[1] * n.y;
        let round = |center: DVec2, radius: f64| {
            let out = local.at - center;
            (out.length() - radius, in_space(out.normalize_or(DVec2::X)))
        };
        let straight = |a: DVec2, b: DVec2| {
            let normal = -(b - a).perp().normalize_or_zero();
            ((local.at - a).dot(normal), in_space(normal))
        };
        match self.shape {
            Shape::Cap { at, .. } => (local.height - at.of(values), view.features[self.feature].plane.normal),
            Shape::Line { from, to } => straight(from.of(values), to.of(values)),
            Shape::Arc { from, to, rise } => {
                let (a, b) = (from.of(values), to.of(values));
                match circle_through(a, middle(a, b, rise.of(values)), b) {
                    Some((center, radius)) => round(center, radius),
                    None => straight(a, b),
                }
            }
            Shape::Circle { center, radius } => round(center.of(values), radius.of(values)),
        }
    }

    /// Distance of `p` from the face itself.
    pub(super) fn distance(&self, view: &View, values: &[f64], p: DVec3) -> f64 {
        let local = local(view, self.feature, values, p);
        let feature = &view.features[self.feature];
        let (along, across) = match self.shape {
            Shape::Cap { at, region } => {
                let inside = contains(&feature.regions[region], values, local.at);
                let curves = feature.regions[region].iter();
                let away = if inside {
                    0.0
                } else {
                    curves.map(|c| curve_distance(c, values, local.at)).fold(f64::INFINITY, f64::min)
                };
                (local.height - at.of(values), away)
            }
            Shape::Line { from, to } => (0.0, edge_distance(from.of(values), to.of(values), None, local.at)),
            Shape::Arc { from, to, rise } => {
                (0.0, edge_distance(from.of(values), to.of(values), Some(rise.of(values)), local.at))
            }
            Shape::Circle { center, radius } => (0.0, (local.at.distance(center.of(values)) - radius.of(values)).abs()),
        };
        let beyond = match (&self.shape, feature.span) {
            (Shape::Cap { .. }, _) | (_, Span::Revolve { .. }) => along,
            (_, Span::Extrude { from, to }) => {
                (from.of(values) - local.height).max(local.height - to.of(values)).max(0.0)
            }
        };
        beyond.hypot(across)
    }

    /// Lower and upper corner of a box in space that holds the face.
    pub(super) fn bounds(&self, view: &View, values: &[f64]) -> [DVec3; 2] {
        let feature = &view.features[self.feature];
        let plane = &feature.plane;
        let [low, high] = match self.shape {
            Shape::Cap { region, .. } => feature.regions[region]
                .first()
                .and_then(|c| c.outline(values))
                .map_or([DVec2::ZERO; 2], |o| widened(o.bounds(1e-2 * extent(&o)), 2e-2)),
            Shape::Line { from, to } => corners(&[from.of(values), to.of(values)]),
            Shape::Arc { from, to, rise } => {
                let (a, b) = (from.of(values), to.of(values));
                let mid = middle(a, b, rise.of(values));
                match circle_through(a, mid, b) {
                    // The whole circle for a long arc; a short one stays in the box about its chord, raised.
                    Some((center, radius)) if rise.of(values).abs() > radius => {
                        [center - DVec2::splat(radius), center + DVec2::splat(radius)]
                    }
                    _ => {
                        let lift = (b - a).normalize_or_zero().perp() * rise.of(values);
                        corners(&[a, b, a + lift, b + lift])
                    }
                }
            }
            Shape::Circle { center, radius } => {
                let (c, r) = (center.of(values), DVec2::splat(radius.of(values)));
                [c - r, c + r]
            }
        };
        match feature.span {
            Span::Extrude { from, to } => {
                let heights = match self.shape {
                    Shape::Cap { at, .. } => [at.of(values); 2],
                    _ => [from.of(values), to.of(values)],
                };
                let points = heights.into_iter().flat_map(|h| {
                    [low, DVec2::new(low.x, high.y), high, DVec2::new(high.x, low.y)].map(|p| plane.world(p, h))
                });
                box_of(points)
            }
            Span::Revolve { x, normal } => {
                let radius = high.x.abs().max(low.x.abs());
                let center = plane.x * x.of(values) + plane.normal * normal.of(values);
                let points = [low.y, high.y].into_iter().flat_map(|v| {
                    [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)]
                        .map(|(s, t)| center + plane.y() * v + (plane.x * s + plane.normal * t) * radius)
                });
                box_of(points)
            }
        }
    }
}

fn box_of(points: impl Iterator<Item = DVec3>) -> [DVec3; 2] {
    points.fold([DVec3::INFINITY, DVec3::NEG_INFINITY], |[l, h], p| [l.min(p), h.max(p)])
}

fn corners(points: &[DVec2]) -> [DVec2; 2] {
    points.iter().fold([DVec2::INFINITY, DVec2::NEG_INFINITY], |[l, h], &p| [l.min(p), h.max(p)])
}

fn extent(outline: &crate::part::Outline) -> f64 {
    let [low, high] = outline.bounds(f64::INFINITY);
    (high - low).max_element().max(f64::MIN_POSITIVE)
}

fn widened([low, high]: [DVec2; 2], share: f64) -> [DVec2; 2] {
    let more = (high - low) * share;
    [low - more, high + more]
}

/// Whether `p` lies in the first outline and in none of the others.
pub(super) fn contains(curves: &[Curve], values: &[f64], p: DVec2) -> bool {
    let mut curves = curves.iter();
    curves.next().is_some_and(|c| encloses(c, values, p)) && !curves.any(|c| encloses(c, values, p))
}

fn encloses(curve: &Curve, values: &[f64], p: DVec2) -> bool {
    match curve {
        Curve::Circle { center, radius } => center.of(values).distance(p) <= radius.of(values),
        Curve::Path { vertices, rises } => {
            let mut inside = false;
            for (i, rise) in rises.iter().enumerate() {
                let (a, b) = (vertices[i].of(values), vertices[(i + 1) % vertices.len()].of(values));
                if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                    inside = !inside;
                }
                // Between an arc and its chord the answer turns round.
                if let Some(rise) = rise {
                    let mid = middle(a, b, rise.of(values));
                    if let Some((center, radius)) = circle_through(a, mid, b)
                        && center.distance(p) < radius
                        && (b - a).perp_dot(p - a) * (b - a).perp_dot(mid - a) > 0.0
                    {
                        inside = !inside;
                    }
                }
            }
            inside
        }
    }
}

fn curve_distance(curve: &Curve, values: &[f64], p: DVec2) -> f64 {
    match curve {
        Curve::Circle { center, radius } => (center.of(values).distance(p) - radius.of(values)).abs(),
        Curve::Path { vertices, rises } => rises
            .iter()
            .enumerate()
            .map(|(i, rise)| {
                let (a, b) = (vertices[i].of(values), vertices[(i + 1) % vertices.len()].of(values));
                edge_distance(a, b, rise.map(|r| r.of(values)), p)
            })
            .fold(f64::INFINITY, f64::min),
    }
}

/// Distance of `p` from the edge between `a` and `b`.
fn edge_distance(a: DVec2, b: DVec2, rise: Option<f64>, p: DVec2) -> f64 {
    if let Some(rise) = rise {
        let mid = middle(a, b, rise);
        if let Some((center, radius)) = circle_through(a, mid, b) {
            let (first, sweep) = arc_angles(center, a, mid, b);
            let turn = ((p - center).to_angle() - first) * sweep.signum();
            return if turn.rem_euclid(std::f64::consts::TAU) <= sweep.abs() {
                (p.distance(center) - radius).abs()
            } else {
                p.distance(a).min(p.distance(b))
            };
        }
    }
    let along = b - a;
    let t = ((p - a).dot(along) / along.length_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    p.distance(a + along * t)
}

#[cfg(test)]
mod tests {
    use super::super::view::view;
    use super::*;
    use crate::part::{Feature, FeatureKind, Outline, Part, Region, SketchPlane, Sweep};

    fn disc() -> (View, Vec<f64>) {
        let region = Region {
            outer: Outline::Circle { center: DVec2::new(1.0, 0.0), radius: 2.0 },
            holes: vec![Outline::Circle { center: DVec2::new(1.0, 0.0), radius: 1.0 }],
        };
        let plane = SketchPlane::through(DVec3::Z, DVec3::Z);
        let feature =
            Feature { kind: FeatureKind::Add, plane, regions: vec![region], sweep: Sweep::Extrude { depth: 3.0 } };
        view(&Part { features: vec![feature] }, 1e-9)
    }

    #[test]
    fn distances_from_caps_and_walls() {
        let (view, values) = disc();
        let all = faces(&view);
        let nearest = |p: DVec3| all.iter().map(|f| f.distance(&view, &values, p)).fold(f64::INFINITY, f64::min);
        let check = |p: (f64, f64, f64), expected: f64| {
            let found = nearest(p.into());
            assert!((found - expected).abs() < 1e-12, "{p:?}: {found}");
        };
        check((2.5, 0.0, 1.0), 0.0);
        check((2.5, 0.0, 4.25), 0.25);
        check((3.5, 0.0, 2.0), 0.5);
        check((1.0, 0.0, 2.0), 1.0);
        check((6.0, 0.0, 8.0), 5.0);
    }

    #[test]
    fn boxes_hold_their_faces_and_offsets_agree_with_distances() {
        let (view, values) = disc();
        for face in faces(&view) {
            let [low, high] = face.bounds(&view, &values);
            for i in 0..200 {
                let t = f64::from(i) * 0.37;
                let p = DVec3::new(1.0 + 3.0 * t.cos(), 2.0 * t.sin(), 2.5 + 2.0 * (1.3 * t).sin());
                let d = face.distance(&view, &values, p);
                assert!((p - p.clamp(low, high)).length() <= d + 1e-9, "{face:?} {p}");
                assert!(face.offset(&view, &values, p).0.abs() <= d + 1e-9);
            }
        }
    }
}
