//! A part seen as a list of numbers.
//!
//! Every coordinate along a direction is absolute, and what is flush shares one number: two levels, two walls or two
//! vertices at one coordinate move together. Centres share their coordinates among each other, and concentric circles of
//! one size their radius. Edges are held by their vertices, arcs by their rise over the chord besides, which stays
//! well-conditioned where a line and an arc meet smoothly.

use glam::{DVec2, DVec3};

use crate::part::{
    Feature, FeatureKind, Outline, Part, PathEdge, Region, SketchPlane, Sweep, arc_angles, circle_through,
};

/// What a number of a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The coordinate of faces and vertices along a direction.
    Face {
        /// Index into [`View::directions`].
        direction: usize,
    },
    /// The coordinate of centres and axes along a direction.
    Center {
        /// Index into [`View::directions`].
        direction: usize,
    },
    /// A radius.
    Radius,
    /// The rise of an arc over its chord, positive to the left of it.
    Rise,
}

impl Kind {
    /// The direction a coordinate is measured along.
    pub(super) fn direction(self) -> Option<usize> {
        match self {
            Self::Face { direction } | Self::Center { direction } => Some(direction),
            Self::Radius | Self::Rise => None,
        }
    }
}

/// A number with the sign it is used with; `None` is zero for good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Use {
    pub(super) index: Option<usize>,
    pub(super) sign: f64,
}

impl Use {
    const ZERO: Self = Self { index: None, sign: 1.0 };

    pub(super) fn of(self, values: &[f64]) -> f64 {
        self.index.map_or(0.0, |i| self.sign * values[i])
    }
}

/// A point of a sketch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) u: Use,
    pub(super) v: Use,
}

impl Place {
    pub(super) fn of(self, values: &[f64]) -> DVec2 {
        DVec2::new(self.u.of(values), self.v.of(values))
    }
}

/// An outline of numbers.
#[derive(Clone, Debug)]
pub(super) enum Curve {
    Circle {
        center: Place,
        radius: Use,
    },
    /// Edge `i` runs from vertex `i` to the next one; an arc has a rise.
    Path {
        vertices: Vec<Place>,
        rises: Vec<Option<Use>>,
    },
}

/// How a feature of numbers is swept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    /// Between two heights along the normal.
    Extrude { from: Use, to: Use },
    /// About the y axis through the point at these coordinates along x and the normal.
    Revolve { x: Use, normal: Use },
}

/// A feature of numbers; its regions are outlines, the outer one first.
#[derive(Clone, Debug)]
pub(super) struct FeatureView {
    pub(super) kind: FeatureKind,
    /// Axes; the origin is that of space.
    pub(super) plane: SketchPlane,
    pub(super) regions: Vec<Vec<Curve>>,
    pub(super) span: Span,
}

/// A part of numbers.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) features: Vec<FeatureView>,
    /// What each number is.
    pub(super) kinds: Vec<Kind>,
    /// Unit directions that coordinates are measured along.
    pub(super) directions: Vec<DVec3>,
}

/// Builds a view: what lies within `same` is one number.
struct Builder {
    view: View,
    values: Vec<f64>,
    same: f64,
    /// Radii with the centre they belong to, and rises with the ends.
    lengths: Vec<(Vec<Option<usize>>, usize)>,
}

/// The numbers of `part`, and their values; coordinates closer than `same` are one.
pub(super) fn view(part: &Part, same: f64) -> (View, Vec<f64>) {
    let empty = View { features: Vec::new(), kinds: Vec::new(), directions: Vec::new() };
    let mut builder = Builder { view: empty, values: Vec::new(), same, lengths: Vec::new() };
    for feature in &part.features {
        let made = builder.feature(feature);
        builder.view.features.push(made);
    }
    (builder.view, builder.values)
}

impl Builder {
    fn feature(&mut self, feature: &Feature) -> FeatureView {
        let origin = feature.plane.origin;
        let plane = SketchPlane { origin: DVec3::ZERO, ..feature.plane };
        let [o_x, o_y, o_n] = plane.local(origin).to_array();
        let revolved = matches!(feature.sweep, Sweep::Revolve);
        let span = match feature.sweep {
            Sweep::Extrude { depth } => Span::Extrude {
                from: self.along(plane.normal, o_n, false),
                to: self.along(plane.normal, o_n + depth, false),
            },
            Sweep::Revolve => {
                Span::Revolve { x: self.along(plane.x, o_x, true), normal: self.along(plane.normal, o_n, true) }
            }
        };
        let shift = DVec2::new(if revolved { 0.0 } else { o_x }, o_y);
        let axis = match span {
            Span::Revolve { x, normal } => Some([x, normal]),
            Span::Extrude { .. } => None,
        };
        let regions = feature
            .regions
            .iter()
            .map(|region| {
                let outlines = std::iter::once(&region.outer).chain(&region.holes);
                outlines.map(|o| self.curve(o, &plane, shift, axis)).collect()
            })
            .collect();
        FeatureView { kind: feature.kind, plane, regions, span }
    }

    fn curve(&mut self, outline: &Outline, plane: &SketchPlane, shift: DVec2, axis: Option<[Use; 2]>) -> Curve {
        match outline {
            Outline::Circle { center, radius } => {
                let center = self.place(*center + shift, plane, axis, true);
                let radius = self.length(&[center.u, center.v], *radius, Kind::Radius);
                Curve::Circle { center, radius }
            }
            Outline::Path { start, edges } => {
                let mut from = *start;
                let (mut vertices, mut rises) = (Vec::new(), Vec::new());
                let mut place = self.place(from + shift, plane, axis, false);
                for edge in edges {
                    let next = self.place(edge.end() + shift, plane, axis, false);
                    vertices.push(place);
                    rises.push(match *edge {
                        PathEdge::Line { .. } => None,
                        PathEdge::Arc { mid, end } => rise(from, mid, end)
                            .map(|h| self.length(&[place.u, place.v, next.u, next.v], h, Kind::Rise)),
                    });
                    (from, place) = (edge.end(), next);
                }
                Curve::Path { vertices, rises }
            }
        }
    }

    fn place(&mut self, p: DVec2, plane: &SketchPlane, axis: Option<[Use; 2]>, center: bool) -> Place {
        let v = self.along(plane.y(), p.y, center);
        let u = match axis {
            None => self.along(plane.x, p.x, center),
            Some(_) if p.x.abs() <= self.same => Use::ZERO,
            Some(axis) => self.length(&axis, p.x, Kind::Radius),
        };
        Place { u, v }
    }

    /// The number for a coordinate along a direction.
    fn along(&mut self, direction: DVec3, value: f64, center: bool) -> Use {
        let known = self.view.directions.iter().position(|d| d.dot(direction).abs() > 1.0 - 1e-12);
        let direction_index = known.unwrap_or_else(|| {
            // The sign by which most coordinates along it read as drawn.
            let up =
                direction.to_array().into_iter().fold(0.0, |m: f64, c| if c.abs() > m.abs() + 1e-9 { c } else { m });
            self.view.directions.push(direction * up.signum());
            self.view.directions.len() - 1
        });
        let sign = self.view.directions[direction_index].dot(direction).signum();
        let direction = direction_index;
        let kind = if center { Kind::Center { direction } } else { Kind::Face { direction } };
        let wanted = sign * value;
        let found = (0..self.values.len())
            .find(|&i| self.view.kinds[i] == kind && (self.values[i] - wanted).abs() <= self.same);
        Use { index: Some(found.unwrap_or_else(|| self.add(kind, wanted))), sign }
    }

    /// The number for a length that belongs to `owners`: shared where they and it are the same.
    fn length(&mut self, owners: &[Use], value: f64, kind: Kind) -> Use {
        let key: Vec<Option<usize>> = owners.iter().map(|u| u.index).collect();
        let found = self.lengths.iter().find(|(owner, i)| {
            *owner == key && self.view.kinds[*i] == kind && (self.values[*i] - value).abs() <= self.same
        });
        let index = if let Some((_, index)) = found {
            *index
        } else {
            let index = self.add(kind, value);
            self.lengths.push((key, index));
            index
        };
        Use { index: Some(index), sign: 1.0 }
    }

    fn add(&mut self, kind: Kind, value: f64) -> usize {
        self.view.kinds.push(kind);
        self.values.push(value);
        self.values.len() - 1
    }
}

/// Rise of the arc's middle over its chord, positive to the left.
fn rise(from: DVec2, mid: DVec2, end: DVec2) -> Option<f64> {
    let (center, radius) = circle_through(from, mid, end)?;
    let (first, sweep) = arc_angles(center, from, mid, end);
    let middle = center + radius * DVec2::from_angle(first + sweep / 2.0);
    let chord = (end - from).try_normalize()?;
    Some(chord.perp_dot(middle - from))
}

/// The middle of the arc with a rise.
pub(super) fn middle(from: DVec2, end: DVec2, rise: f64) -> DVec2 {
    (from + end) / 2.0 + (end - from).normalize_or_zero().perp() * rise
}

impl View {
    /// The part that `values` make; `None` where one of its lengths is not positive or an outline turned inside out.
    pub(super) fn part(&self, values: &[f64]) -> Option<Part> {
        let features = self.features.iter().map(|f| f.feature(values)).collect::<Option<Vec<Feature>>>()?;
        Some(Part { features })
    }
}

impl FeatureView {
    fn feature(&self, values: &[f64]) -> Option<Feature> {
        let (origin, sweep) = match self.span {
            Span::Extrude { from, to } => {
                let (from, to) = (from.of(values), to.of(values));
                (self.plane.normal * from, Sweep::Extrude { depth: (to > from).then_some(to - from)? })
            }
            Span::Revolve { x, normal } => {
                (self.plane.x * x.of(values) + self.plane.normal * normal.of(values), Sweep::Revolve)
            }
        };
        let regions = self
            .regions
            .iter()
            .map(|curves| {
                let mut outlines =
                    curves.iter().map(|c| c.outline(values)).collect::<Option<Vec<Outline>>>()?.into_iter();
                Some(Region { outer: outlines.next()?, holes: outlines.collect() })
            })
            .collect::<Option<Vec<Region>>>()?;
        Some(Feature { kind: self.kind, plane: self.plane.at(origin), regions, sweep })
    }
}

impl Curve {
    /// The outline that `values` make.
    pub(super) fn outline(&self, values: &[f64]) -> Option<Outline> {
        match self {
            Self::Circle { center, radius } => {
                let radius = radius.of(values);
                (radius > 0.0).then(|| Outline::Circle { center: center.of(values), radius })
            }
            Self::Path { vertices, rises } => {
                let at: Vec<DVec2> = vertices.iter().map(|p| p.of(values)).collect();
                let edges = (0..at.len())
                    .map(|i| {
                        let (from, end) = (at[i], at[(i + 1) % at.len()]);
                        match rises[i] {
                            None => PathEdge::Line { end },
                            Some(rise) => PathEdge::Arc { mid: middle(from, end, rise.of(values)), end },
                        }
                    })
                    .collect();
                Some(Outline::Path { start: *at.first()?, edges })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_survives_the_way_there_and_back_and_flush_faces_share_a_number() {
        let slab = |from: f64, depth: f64, radius: f64| Feature {
            kind: FeatureKind::Add,
            plane: SketchPlane::through(DVec3::new(1.0, 2.0, from), DVec3::Z),
            regions: vec![Region {
                outer: Outline::Path {
                    start: DVec2::new(-3.0, -1.0),
                    edges: vec![
                        PathEdge::Line { end: DVec2::new(3.0, -1.0) },
                        PathEdge::Arc { mid: DVec2::new(4.0, 0.0), end: DVec2::new(3.0, 1.0) },
                        PathEdge::Line { end: DVec2::new(-3.0, 1.0) },
                        PathEdge::Line { end: DVec2::new(-3.0, -1.0) },
                    ],
                },
                holes: vec![Outline::Circle { center: DVec2::ZERO, radius }],
            }],
            sweep: Sweep::Extrude { depth },
        };
        let part = Part { features: vec![slab(0.0, 1.0, 0.5), slab(1.0, 2.0, 0.25)] };
        let (view, values) = view(&part, 1e-9);
        // Three levels, two coordinates of corners each way, one rise, one centre, two radii.
        assert_eq!(values.len(), 3 + 2 + 2 + 1 + 2 + 2);
        let back = view.part(&values).expect("nothing degenerates");
        for (a, b) in part.features.iter().zip(&back.features) {
            assert_eq!(a.sweep, b.sweep);
            let points = |f: &Feature| -> Vec<DVec3> {
                let outlines = f.regions.iter().flat_map(|r| std::iter::once(&r.outer).chain(&r.holes));
                outlines.flat_map(|o| o.points(0.01)).map(|p| f.plane.world(p, 0.0)).collect()
            };
            assert!(points(a).iter().zip(points(b)).all(|(p, q)| p.distance(q) < 1e-9));
        }
    }
}
