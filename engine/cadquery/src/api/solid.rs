//! Solids on the lazy graph, with what is known of them without evaluating it.

use glam::DVec3;
use partwright_brep::{BooleanKind, CallId, Frame, Isometry, Loop, Node, PathEdge, Primitive, Profile, Shape};

use super::edge::arc_circle;

/// A solid, or a compound of solids.
#[derive(Clone, Debug)]
pub(crate) struct Solid {
    pub(crate) shape: Shape,
    /// A box around it, perhaps too large.
    pub(crate) extent: [DVec3; 2],
    /// Whether nothing may be left of it. Only evaluation tells.
    pub(crate) maybe_empty: bool,
}

impl Solid {
    /// A primitive body made by `call`.
    pub(crate) fn primitive(primitive: Primitive, call: CallId) -> Self {
        let extent = extent_of(&primitive);
        // A profile's set operations can leave nothing; that is found when the body is built.
        Self { shape: Shape::primitive(primitive, call), extent, maybe_empty: false }
    }

    pub(crate) fn boolean(&self, kind: BooleanKind, other: &Self, clean: bool, call: CallId) -> Self {
        let ([a, b], [c, d]) = (self.extent, other.extent);
        let margin = DVec3::splat(1e-6 * (b - a).length());
        let covered = (c - margin).cmple(a).all() && (d + margin).cmpge(b).all();
        let (extent, maybe_empty) = match kind {
            BooleanKind::Union => ([a.min(c), b.max(d)], self.maybe_empty && other.maybe_empty),
            BooleanKind::Cut => ([a, b], self.maybe_empty || covered),
            BooleanKind::Intersect => ([a.max(c).min(b), b.min(d).max(a)], true),
        };
        Self { shape: self.shape.boolean(kind, &other.shape, clean, call), extent, maybe_empty }
    }

    pub(crate) fn moved(&self, motion: &Isometry) -> Self {
        let extent = extent_of_points(corners(self.extent).map(|corner| motion.point(corner)));
        Self { shape: self.shape.transformed(*motion), extent, maybe_empty: self.maybe_empty }
    }

    /// Several solids as one object, without uniting them; `None` when there are none.
    pub(crate) fn compound(mut parts: Vec<Self>, call: CallId) -> Option<Self> {
        if parts.len() <= 1 {
            return parts.pop();
        }
        let extent = extent_of_points(parts.iter().flat_map(|part| part.extent));
        let maybe_empty = parts.iter().all(|part| part.maybe_empty);
        let shapes = parts.into_iter().map(|part| part.shape).collect();
        Some(Self { shape: Shape::new(Node::Compound(shapes), call), extent, maybe_empty })
    }

    /// Several solids united; `None` when there are none.
    pub(crate) fn united(parts: Vec<Self>, clean: bool, call: CallId) -> Option<Self> {
        parts.into_iter().reduce(|all, part| all.boolean(BooleanKind::Union, &part, clean, call))
    }

    /// The class `CadQuery` would give it: booleans make compounds.
    pub(crate) fn class(&self) -> &'static str {
        let mut root = &self.shape;
        while let Node::Transformed { shape, .. } = root.node() {
            root = shape;
        }
        if matches!(root.node(), Node::Primitive(_)) { "Solid" } else { "Compound" }
    }

    /// Whether there is anything of it, evaluating it only where that cannot be told otherwise.
    pub(crate) fn exists(&self) -> bool {
        use partwright_brep::{BrepCause, BrepError};
        !self.maybe_empty || !matches!(self.shape.body(), Err(BrepError { cause: BrepCause::EmptyResult, .. }))
    }

    /// The range of the box around it along a direction from a point.
    pub(crate) fn range_along(&self, origin: DVec3, direction: DVec3) -> (f64, f64) {
        let heights = corners(self.extent).map(|corner| (corner - origin).dot(direction));
        heights.into_iter().fold((f64::MAX, f64::MIN), |(low, high), h| (low.min(h), high.max(h)))
    }
}

fn corners([low, high]: [DVec3; 2]) -> [DVec3; 8] {
    std::array::from_fn(|k| {
        let pick = |bit: usize, a: f64, b: f64| if k >> bit & 1 == 0 { a } else { b };
        DVec3::new(pick(0, low.x, high.x), pick(1, low.y, high.y), pick(2, low.z, high.z))
    })
}

fn extent_of_points(points: impl IntoIterator<Item = DVec3>) -> [DVec3; 2] {
    points.into_iter().fold([DVec3::MAX, DVec3::MIN], |[low, high], p| [low.min(p), high.max(p)])
}

fn extent_of(primitive: &Primitive) -> [DVec3; 2] {
    let in_frame = |frame: &Frame, low: DVec3, high: DVec3| {
        extent_of_points(corners([low, high]).map(|corner| frame.world_from_local(corner)))
    };
    match primitive {
        Primitive::Extrusion { frame, profile, from, to } => {
            let [low, high] = extent_of_profile(profile);
            in_frame(frame, low.with_z(*from), high.with_z(*to))
        }
        Primitive::Revolution { frame, profile, .. } => {
            let [low, high] = extent_of_profile(profile);
            let r = low.x.abs().max(high.x.abs());
            in_frame(frame, DVec3::new(-r, low.y, -r), DVec3::new(r, high.y, r))
        }
        Primitive::Sphere { frame, radius } => in_frame(frame, DVec3::splat(-radius), DVec3::splat(*radius)),
        Primitive::Cone { frame, bottom_radius, top_radius, height } => {
            let r = bottom_radius.max(*top_radius);
            in_frame(frame, DVec3::new(-r, -r, 0.0), DVec3::new(r, r, *height))
        }
        Primitive::Torus { frame, major_radius, minor_radius } => {
            let r = major_radius + minor_radius;
            in_frame(frame, DVec3::new(-r, -r, -minor_radius), DVec3::new(r, r, *minor_radius))
        }
    }
}

/// The box around a profile, with z = 0.
fn extent_of_profile(profile: &Profile) -> [DVec3; 2] {
    match profile {
        Profile::Region(region) => extent_of_loop(&region.outer),
        Profile::Union(parts) => extent_of_points(parts.iter().flat_map(extent_of_profile)),
        Profile::Difference(a, _) | Profile::Intersection(a, _) => extent_of_profile(a),
    }
}

fn extent_of_loop(of: &Loop) -> [DVec3; 2] {
    match of {
        Loop::Circle { center, radius } => {
            let r = DVec3::new(*radius, *radius, 0.0);
            [center.extend(0.0) - r, center.extend(0.0) + r]
        }
        Loop::Path { start, edges } => {
            let mut from = start.extend(0.0);
            let mut points = vec![from];
            for edge in edges {
                let end = match *edge {
                    PathEdge::Line { end } => end.extend(0.0),
                    PathEdge::Arc { mid, end } => {
                        // The whole circle: too large for a short arc, never too small.
                        if let Some(arc) = arc_circle(from, mid.extend(0.0), end.extend(0.0)) {
                            let r = DVec3::new(arc.radius, arc.radius, 0.0);
                            let chord = from.distance(end.extend(0.0));
                            // A shallow arc on a huge circle stays within its chord's length of its ends.
                            let reach = r.min(DVec3::new(chord, chord, 0.0)).max(DVec3::ZERO);
                            if arc.sweep_rad > std::f64::consts::PI {
                                points.extend([arc.frame.origin - r, arc.frame.origin + r]);
                            } else {
                                points.extend([from - reach, from + reach]);
                            }
                        }
                        end.extend(0.0)
                    }
                };
                points.push(end);
                from = end;
            }
            extent_of_points(points)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuboid(low: DVec3, high: DVec3) -> Solid {
        let shape = Shape::cuboid(Frame::WORLD, low, high, CallId(0));
        let Node::Primitive(primitive) = shape.node() else { panic!("a box is a primitive") };
        Solid::primitive(primitive.clone(), CallId(0))
    }

    #[test]
    fn extents_follow_the_operations() {
        let unit = cuboid(DVec3::ZERO, DVec3::ONE);
        assert_eq!(unit.extent, [DVec3::ZERO, DVec3::ONE]);
        let far = unit.moved(&Isometry::translation(DVec3::X * 4.0));
        let both = unit.boolean(BooleanKind::Union, &far, true, CallId(1));
        assert_eq!(both.extent, [DVec3::ZERO, DVec3::new(5.0, 1.0, 1.0)]);
        assert_eq!(both.range_along(DVec3::ZERO, DVec3::NEG_X), (-5.0, 0.0));
        assert!(!unit.boolean(BooleanKind::Cut, &far, true, CallId(1)).maybe_empty);
        assert!(unit.boolean(BooleanKind::Cut, &both, true, CallId(1)).maybe_empty);
        assert_eq!((unit.class(), far.class(), both.class()), ("Solid", "Solid", "Compound"));
    }
}
