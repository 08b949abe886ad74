//! A [`Shape`] is a value: a persistent graph of primitive bodies and operations on them.
//!
//! Building a graph costs nothing. Asking for geometry evaluates it as a whole, so that every body sees the surfaces of
//! all others; the result is cached in the shape.

use std::sync::{Arc, OnceLock};

use glam::DVec3;

use crate::evaluate::{self, Body};
use crate::{BrepError, Frame, Isometry, Profile};

/// Which call of a program made a body or an operation; faces of the result carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// A primitive body, before any facet exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// `profile` of the frame's xy plane, swept along the frame's z from `from` to `to` (`from < to`).
    Extrusion {
        /// Where the profile lies.
        frame: Frame,
        /// What is swept.
        profile: Profile,
        /// Lower end along z.
        from: f64,
        /// Upper end along z.
        to: f64,
    },
    /// `profile` of the frame's xy plane revolved about the frame's y axis by `angle_rad` (0 < angle <= 2 pi), turning
    /// z into x right-handedly. The profile must lie on one side of the axis (x >= 0 or x <= 0).
    Revolution {
        /// Where the profile lies; its y axis through its origin is the axis of revolution.
        frame: Frame,
        /// What is revolved.
        profile: Profile,
        /// Angle swept, in radians.
        angle_rad: f64,
    },
    /// A ball.
    Sphere {
        /// Centre; z is the polar axis.
        frame: Frame,
        /// Radius, positive.
        radius: f64,
    },
    /// A frustum along z from the frame's origin: `bottom_radius` at z = 0, `top_radius` at z = `height`.
    Cone {
        /// Base centre and axis.
        frame: Frame,
        /// Radius at z = 0, zero or positive.
        bottom_radius: f64,
        /// Radius at z = `height`, zero or positive.
        top_radius: f64,
        /// Height, positive.
        height: f64,
    },
    /// A torus about the frame's z axis.
    Torus {
        /// Centre and axis.
        frame: Frame,
        /// Distance from the axis to the tube's centre.
        major_radius: f64,
        /// Radius of the tube, smaller than `major_radius`.
        minor_radius: f64,
    },
}

impl Primitive {
    /// The operation that makes it, as a user would name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Extrusion { .. } => "extrude",
            Self::Revolution { .. } => "revolve",
            Self::Sphere { .. } => "sphere",
            Self::Cone { .. } => "cone",
            Self::Torus { .. } => "torus",
        }
    }

    /// Its frame and the radius of a ball about the frame's origin that holds it.
    pub(crate) fn size(&self) -> (Frame, f64) {
        match self {
            Self::Extrusion { frame, profile, from, to } => (*frame, profile.reach() + from.abs().max(to.abs())),
            Self::Revolution { frame, profile, .. } => (*frame, profile.reach()),
            Self::Sphere { frame, radius } => (*frame, *radius),
            Self::Cone { frame, bottom_radius, top_radius, height } => {
                (*frame, bottom_radius.max(*top_radius) + height.abs())
            }
            Self::Torus { frame, major_radius, minor_radius } => (*frame, major_radius + minor_radius),
        }
    }
}

/// A set operation of two shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BooleanKind {
    /// Everything in either.
    Union,
    /// The first less the second.
    Cut,
    /// What both cover.
    Intersect,
}

impl BooleanKind {
    /// The operation, as a user would name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Cut => "cut",
            Self::Intersect => "intersect",
        }
    }
}

/// One node of the graph.
#[derive(Debug)]
pub enum Node {
    /// A primitive body.
    Primitive(Primitive),
    /// A set operation. `clean` merges coplanar and co-cylindrical neighbours of the result, as CadQuery's `clean=True`.
    Boolean {
        /// Which operation.
        kind: BooleanKind,
        /// First operand.
        left: Shape,
        /// Second operand.
        right: Shape,
        /// Whether to merge neighbouring faces of one surface.
        clean: bool,
    },
    /// A moved or mirrored copy.
    Transformed {
        /// What is moved.
        shape: Shape,
        /// How.
        world_from_shape: Isometry,
    },
    /// Several shapes side by side without any set operation.
    Compound(Vec<Shape>),
}

struct Inner {
    call: CallId,
    node: Node,
    body: OnceLock<Result<Arc<Body>, BrepError>>,
}

/// Chains of thousands of operations are released one by one, not one inside the other.
impl Drop for Inner {
    fn drop(&mut self) {
        let mut pending = operands(&mut self.node);
        while let Some(shape) = pending.pop() {
            if let Some(mut inner) = Arc::into_inner(shape.0) {
                pending.append(&mut operands(&mut inner.node));
            }
        }
    }
}

/// Takes the shapes a node holds out of it.
fn operands(node: &mut Node) -> Vec<Shape> {
    match std::mem::replace(node, Node::Compound(Vec::new())) {
        Node::Primitive(_) => Vec::new(),
        Node::Boolean { left, right, .. } => vec![left, right],
        Node::Transformed { shape, .. } => vec![shape],
        Node::Compound(parts) => parts,
    }
}

/// A solid shape; cloning is cheap.
#[derive(Clone)]
pub struct Shape(Arc<Inner>);

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shape").field("call", &self.0.call).field("node", &self.0.node).finish()
    }
}

impl Shape {
    /// A shape from its node, made by the call `call`.
    pub fn new(node: Node, call: CallId) -> Self {
        Self(Arc::new(Inner { call, node, body: OnceLock::new() }))
    }

    /// A primitive body made by `call`.
    pub fn primitive(primitive: Primitive, call: CallId) -> Self {
        Self::new(Node::Primitive(primitive), call)
    }

    /// An axis-aligned box in `frame` from `min` to `max` (local coordinates).
    pub fn cuboid(frame: Frame, min: DVec3, max: DVec3, call: CallId) -> Self {
        use glam::DVec2;

        use crate::profile::{Loop, PathEdge, Region};
        let corner = |x, y| DVec2::new(x, y);
        let edges = [corner(max.x, min.y), corner(max.x, max.y), corner(min.x, max.y), corner(min.x, min.y)]
            .map(|end| PathEdge::Line { end })
            .to_vec();
        let outer = Loop::Path { start: corner(min.x, min.y), edges };
        let profile = Profile::Region(Region { outer, holes: Vec::new() });
        Self::primitive(Primitive::Extrusion { frame, profile, from: min.z, to: max.z }, call)
    }

    /// A cylinder along `frame.z` from `from` to `to`.
    pub fn cylinder(frame: Frame, radius: f64, from: f64, to: f64, call: CallId) -> Self {
        use crate::profile::{Loop, Region};
        let outer = Loop::Circle { center: glam::DVec2::ZERO, radius };
        let profile = Profile::Region(Region { outer, holes: Vec::new() });
        Self::primitive(Primitive::Extrusion { frame, profile, from, to }, call)
    }

    /// A boolean of two shapes made by `call`.
    #[must_use]
    pub fn boolean(&self, kind: BooleanKind, other: &Self, clean: bool, call: CallId) -> Self {
        Self::new(Node::Boolean { kind, left: self.clone(), right: other.clone(), clean }, call)
    }

    /// A moved or mirrored copy; its faces keep the calls that made them.
    #[must_use]
    pub fn transformed(&self, world_from_shape: Isometry) -> Self {
        Self::new(Node::Transformed { shape: self.clone(), world_from_shape }, self.0.call)
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// Identity of the graph's node, for remembering what was done for it.
    pub(crate) fn key(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// The call that made this shape.
    pub fn call(&self) -> CallId {
        self.0.call
    }

    /// The evaluated body (analytic solids, faces, mesh), computed at the first asking.
    ///
    /// # Errors
    /// What cannot be built, with the call that asked for it.
    pub fn body(&self) -> Result<Arc<Body>, BrepError> {
        self.0.body.get_or_init(|| evaluate::evaluate(self).map(Arc::new)).clone()
    }
}
