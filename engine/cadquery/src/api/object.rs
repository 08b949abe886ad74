//! What a program's handles stand for: objects, and the items on a Workplane's stack.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::DVec3;
use partwright_brep::{Body, FaceId, Frame, Isometry, Profile};

use super::edge::Edge;
use super::selector::Selector;
use super::solid::Solid;
use super::wire::Wire;

/// Index of an [`Object`] in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectId(pub(crate) usize);

/// Index of a [`Context`] in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContextId(pub(crate) usize);

/// Anything a handle can stand for.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    Workplane(Workplane),
    Sketch(Sketch),
    Plane(Frame),
    Item(Item),
    BoundBox([DVec3; 2]),
    Selector(Selector),
}

/// One object on a Workplane's stack.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Point(DVec3),
    Location(Isometry),
    Vertex(DVec3, Option<Origin>),
    Edge(Edge, Option<Origin>),
    Wire(Wire, Option<Origin>),
    Face(Face),
    Solid(Solid),
    Sketch(ObjectId),
}

/// Where an item was selected from: the same part of one body is one object, however often it is selected.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) body: Arc<Body>,
    pub(crate) index: u32,
}

/// A face of an evaluated body.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) body: Arc<Body>,
    pub(crate) id: FaceId,
}

/// `cq.Workplane`.
#[derive(Clone, Debug)]
pub(crate) struct Workplane {
    pub(crate) plane: Frame,
    pub(crate) items: Vec<Item>,
    pub(crate) parent: Option<ObjectId>,
    pub(crate) context: ContextId,
}

/// What all Workplanes of one chain share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub(crate) pending_edges: Vec<Edge>,
    pub(crate) pending_wires: Vec<Wire>,
    /// Where the outline being drawn began, in local coordinates of the plane it was begun on.
    pub(crate) first_point: Option<DVec3>,
    pub(crate) tags: BTreeMap<String, ObjectId>,
}

/// `cq.Sketch`.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    pub(crate) parent: Option<ObjectId>,
    pub(crate) locations: Vec<Isometry>,
    /// In the sketch's own xy plane.
    pub(crate) faces: Profile,
    /// In the sketch's own xy plane.
    pub(crate) edges: Vec<Edge>,
    pub(crate) selection: Option<Vec<SketchItem>>,
    pub(crate) tags: BTreeMap<String, Vec<SketchItem>>,
}

/// One object of a sketch's selection, in the sketch's own coordinates.
#[derive(Clone, Debug)]
pub(crate) enum SketchItem {
    Location(Isometry),
    Edge(Edge),
    Vertex(DVec3),
    Wire(Wire),
    Faces(Profile),
}

impl Sketch {
    pub(crate) fn new(parent: Option<ObjectId>, locations: Vec<Isometry>) -> Self {
        Self {
            parent,
            locations,
            faces: Profile::Union(Vec::new()),
            edges: Vec::new(),
            selection: None,
            tags: BTreeMap::new(),
        }
    }
}

impl SketchItem {
    /// The place a face is put at when this is selected.
    pub(crate) fn location(&self) -> Option<Isometry> {
        match self {
            Self::Location(location) => Some(*location),
            Self::Edge(edge) => Some(Isometry::translation(edge.center())),
            Self::Vertex(at) => Some(Isometry::translation(*at)),
            Self::Wire(wire) => Some(Isometry::translation(wire.center())),
            Self::Faces(_) => None,
        }
    }
}

impl Object {
    /// The name of its class in Python.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Workplane(_) => "Workplane",
            Self::Sketch(_) => "Sketch",
            Self::Plane(_) => "Plane",
            Self::Item(item) => item.class(),
            Self::BoundBox(_) => "BoundBox",
            Self::Selector(_) => "Selector",
        }
    }
}

impl Item {
    /// The name of its class in Python.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Point(_) => "Vector",
            Self::Location(_) => "Location",
            Self::Vertex(..) => "Vertex",
            Self::Edge(..) => "Edge",
            Self::Wire(..) => "Wire",
            Self::Face(_) => "Face",
            Self::Solid(solid) => solid.class(),
            Self::Sketch(_) => "Sketch",
        }
    }
}
