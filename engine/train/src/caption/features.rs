//! What a program has that a description can speak of.

use glam::{DVec3, IVec2};

use crate::generate::{Body, Edge, Face, Join, Loop, Program, Sweep, bounds_of_body};

/// The shape of one body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A rectangle that is extruded: its sides, and its height last.
    Cuboid([i32; 3]),
    /// A disc that is extruded.
    Cylinder {
        /// Its radius.
        radius: i32,
        /// Its height.
        height: i32,
    },
    /// A disc with a hole in its middle that is extruded.
    Ring {
        /// Its radius.
        outer: i32,
        /// The hole's.
        inner: i32,
        /// Its height.
        height: i32,
    },
    /// Another outline that is extruded.
    Prism {
        /// Straight edges of the outline.
        lines: usize,
        /// Arcs of the outline.
        arcs: usize,
        /// Its height.
        height: i32,
    },
    /// An outline that is turned about an axis.
    Turned {
        /// The largest radius.
        radius: i32,
        /// Its length.
        length: i32,
        /// How far it is turned.
        degrees: i32,
    },
    /// Several outlines that are extruded together; all the same form, if so.
    Several {
        /// How many.
        count: usize,
        /// What each of them is, where all are alike.
        each: Option<Box<Form>>,
        /// Their height.
        height: i32,
    },
}

/// A hole of a body's own outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hole {
    /// Round, of a radius.
    Round(i32),
    /// A rectangle of two sides.
    Rectangle([i32; 2]),
    /// With so many edges.
    Other(usize),
}

/// Where a body lies as seen from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It goes through it, and sticks out on both sides.
    Through,
    /// It lies within its box.
    Within,
    /// Its box holds the first one's.
    Around,
    /// It lies beyond it in a direction: the axis (0 is x), and whether it is the positive one.
    Beyond(usize, bool),
    /// It sticks out of it in a direction.
    Sticking(usize, bool),
    /// Neither.
    Crossing,
}

/// One body of a part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartFeature {
    /// Its shape.
    pub form: Form,
    /// Holes of its outlines.
    pub holes: Vec<Hole>,
    /// Whether it is added or taken away.
    pub join: Join,
    /// The axis (0 is x) along which it is extruded or turned.
    pub axis: usize,
    /// Whether it is extruded to both sides.
    pub symmetric: bool,
    /// Whether it is taken away along the whole part.
    pub through: bool,
    /// Where it lies as seen from the first; `None` for the first.
    pub relation: Option<Relation>,
    /// Its box.
    pub bounds: [DVec3; 2],
}

/// All of a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// The bodies, in the order of the program.
    pub bodies: Vec<PartFeature>,
    /// The box of what is added.
    pub bounds: [DVec3; 2],
}

impl Features {
    /// The features of a program; `None` when it has no body.
    pub fn of(program: &Program) -> Option<Self> {
        let boxes: Vec<[DVec3; 2]> =
            program.bodies.iter().map(|body| bounds_of_body(program, body)).collect::<Option<_>>()?;
        let added = program.bodies.iter().zip(&boxes).filter(|(body, _)| body.join == Join::Union);
        let bounds = added.map(|(_, bounds)| *bounds).reduce(|[a, b], [c, d]| [a.min(c), b.max(d)])?;
        let first = *boxes.first()?;
        let feature = |(index, (body, own)): (usize, (&Body, &[DVec3; 2]))| {
            let axes = program.workplanes.get(body.workplane)?.plane.axes();
            let axis = match body.sweep {
                Sweep::Extrude { .. } => axes[2],
                Sweep::Revolve { about_up, .. } => axes[usize::from(about_up)],
            };
            let spans = own[0][axis] <= bounds[0][axis] + CLOSE && own[1][axis] >= bounds[1][axis] - CLOSE;
            Some(PartFeature {
                form: form_of(body, *own, axis)?,
                holes: holes_of(body),
                join: body.join,
                axis,
                symmetric: matches!(body.sweep, Sweep::Extrude { both: true, .. }),
                through: body.join == Join::Cut && spans,
                relation: (index > 0).then(|| relation(first, *own, axis)),
                bounds: *own,
            })
        };
        let bodies = program.bodies.iter().zip(&boxes).enumerate().map(feature).collect::<Option<_>>()?;
        Some(Self { bodies, bounds })
    }
}

/// What lies within so much of each other touches: rounding moves by one.
const CLOSE: f64 = 1.5;

fn form_of(body: &Body, bounds: [DVec3; 2], axis: usize) -> Option<Form> {
    let size = bounds[1] - bounds[0];
    let height = match body.sweep {
        Sweep::Extrude { distance, both } => distance.abs() * if both { 2 } else { 1 },
        Sweep::Revolve { degrees, about_up, at } => {
            let radius = body.faces.iter().map(|face| farthest(&face.outer, about_up, at)).max()?;
            return Some(Form::Turned { radius, length: size[axis].round() as i32, degrees });
        }
    };
    match body.faces.as_slice() {
        [one] => Some(form_of_face(one, height)),
        several => {
            let mut forms = several.iter().map(|face| form_of_face(face, height));
            let first = forms.next()?;
            let each = forms.all(|form| form == first).then(|| Box::new(first));
            Some(Form::Several { count: several.len(), each, height })
        }
    }
}

/// The largest distance of a boundary's corners from the axis.
fn farthest(boundary: &Loop, about_up: bool, at: i32) -> i32 {
    let off = |p: IVec2| (if about_up { p.x } else { p.y } - at).abs();
    match boundary {
        Loop::Circle { center, radius } => off(*center) + radius,
        Loop::Rectangle { min, max } => off(*min).max(off(*max)),
        Loop::Path { edges, .. } => edges.iter().map(|edge| off(edge.to())).max().unwrap_or_default(),
    }
}

fn form_of_face(face: &Face, height: i32) -> Form {
    match (&face.outer, face.holes.as_slice()) {
        (Loop::Circle { center, radius }, [Loop::Circle { center: middle, radius: inner }]) if center == middle => {
            Form::Ring { outer: *radius, inner: *inner, height }
        }
        (Loop::Circle { radius, .. }, _) => Form::Cylinder { radius: *radius, height },
        (Loop::Rectangle { min, max }, _) => Form::Cuboid([max.x - min.x, max.y - min.y, height]),
        (Loop::Path { edges, .. }, _) => {
            let arcs = edges.iter().filter(|edge| matches!(edge, Edge::Arc { .. })).count();
            Form::Prism { lines: edges.len() - arcs, arcs, height }
        }
    }
}

/// The holes of a body's outlines, but those that make it a ring.
fn holes_of(body: &Body) -> Vec<Hole> {
    let is_ring = |face: &&Face| matches!(form_of_face(face, 0), Form::Ring { .. });
    let of_face = |face: &Face| face.holes.clone();
    let holes = body.faces.iter().filter(|face| !is_ring(face)).flat_map(of_face);
    holes
        .map(|hole| match hole {
            Loop::Circle { radius, .. } => Hole::Round(radius),
            Loop::Rectangle { min, max } => Hole::Rectangle((max - min).to_array()),
            Loop::Path { edges, .. } => Hole::Other(edges.len()),
        })
        .collect()
}

fn relation(first: [DVec3; 2], own: [DVec3; 2], axis: usize) -> Relation {
    let inside =
        |a: [DVec3; 2], b: [DVec3; 2]| (a[0] - b[0]).min_element() >= -CLOSE && (b[1] - a[1]).min_element() >= -CLOSE;
    for along in [axis, 2, 0, 1] {
        if own[0][along] >= first[1][along] - CLOSE {
            return Relation::Beyond(along, true);
        }
        if own[1][along] <= first[0][along] + CLOSE {
            return Relation::Beyond(along, false);
        }
    }
    if inside(own, first) {
        return Relation::Within;
    }
    if inside(first, own) {
        return Relation::Around;
    }
    let (below, above) = (first[0][axis] - own[0][axis] > CLOSE, own[1][axis] - first[1][axis] > CLOSE);
    match (below, above) {
        (true, true) => Relation::Through,
        (false, true) => Relation::Sticking(axis, true),
        (true, false) => Relation::Sticking(axis, false),
        (false, false) => Relation::Crossing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Plane, Workplane};

    fn cylinder(x: i32, radius: i32, distance: i32, join: Join) -> Body {
        let outer = Loop::Circle { center: IVec2::new(x, 0), radius };
        let faces = vec![Face { outer, holes: vec![] }];
        Body { workplane: 0, join, faces, sweep: Sweep::Extrude { distance, both: false } }
    }

    #[test]
    fn bodies_are_seen_from_the_first() {
        let check = |second: Body, expected: Relation, through: bool| {
            let program = Program {
                workplanes: vec![Workplane { plane: Plane::Zx, offset: 0 }],
                bodies: vec![cylinder(0, 50, 40, Join::Union), second],
            };
            let features = Features::of(&program).unwrap();
            assert_eq!(features.bodies[0].form, Form::Cylinder { radius: 50, height: 40 });
            assert_eq!((features.bodies[1].relation, features.bodies[1].through), (Some(expected), through));
            assert_eq!(features.bodies[1].axis, 1);
        };
        check(cylinder(0, 10, -40, Join::Union), Relation::Beyond(1, false), false);
        check(cylinder(0, 10, 60, Join::Union), Relation::Sticking(1, true), false);
        check(cylinder(0, 10, 40, Join::Cut), Relation::Within, true);
        check(cylinder(0, 10, 20, Join::Cut), Relation::Within, false);
        check(cylinder(90, 10, 20, Join::Union), Relation::Beyond(2, true), false);
        check(cylinder(0, 60, 50, Join::Union), Relation::Around, false);
        check(cylinder(45, 10, 40, Join::Union), Relation::Crossing, false);
    }

    #[test]
    fn forms_have_their_holes() {
        let circle = |radius| Loop::Circle { center: IVec2::ZERO, radius };
        let square = Loop::Rectangle { min: IVec2::NEG_ONE, max: IVec2::ONE };
        let check = |face: &Face, form: Form, holes: &[Hole]| {
            assert_eq!(form_of_face(face, 7), form);
            let sweep = Sweep::Extrude { distance: 7, both: false };
            let body = Body { workplane: 0, join: Join::Union, faces: vec![face.clone()], sweep };
            assert_eq!(holes_of(&body), holes);
        };
        check(&Face { outer: circle(9), holes: vec![circle(3)] }, Form::Ring { outer: 9, inner: 3, height: 7 }, &[]);
        check(
            &Face { outer: circle(9), holes: vec![square.clone()] },
            Form::Cylinder { radius: 9, height: 7 },
            &[Hole::Rectangle([2, 2])],
        );
        check(&Face { outer: square, holes: vec![] }, Form::Cuboid([2, 2, 7]), &[]);
    }
}
