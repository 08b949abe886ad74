//! One case: operations on extruded profiles.

use std::path::{Path, PathBuf};
use std::{fs, io};

use glam::{DVec2, DVec3};
use partwright_brep::{BooleanKind, CallId, Frame, Loop, Node, PathEdge, Primitive, Profile, Region, Shape};
use serde::Deserialize;

/// A case or reference file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KernelCaseError {
    /// The file cannot be read.
    #[error("'{}' cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is of another form.
    #[error("'{}' is no kernel case: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// The operations of one case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct KernelCase {
    /// The kind of geometry it probes.
    #[serde(rename = "cat")]
    pub category: String,
    ops: Vec<Operation>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Operation {
    op: Combination,
    frame: Axes,
    faces: Vec<Face>,
    #[serde(rename = "h")]
    height: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Combination {
    New,
    Union,
    Cut,
    Intersect,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Axes {
    o: [f64; 3],
    x: [f64; 3],
    y: [f64; 3],
    n: [f64; 3],
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Face {
    outer: Boundary,
    inners: Vec<Boundary>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Boundary {
    Circle { circle: [f64; 3] },
    Path { start: [f64; 2], edges: Vec<Edge> },
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Edge {
    /// A point on the arc; a line has none.
    m: Option<[f64; 2]>,
    p: [f64; 2],
}

impl KernelCase {
    /// Reads the case `id` of a folder.
    ///
    /// # Errors
    /// A file that is not there or not of this form.
    pub fn read(folder: &Path, id: &str) -> Result<Self, KernelCaseError> {
        let path = folder.join(format!("{id}.json"));
        let text = fs::read(&path).map_err(|source| KernelCaseError::Unreadable { path: path.clone(), source })?;
        serde_json::from_slice(&text).map_err(|source| KernelCaseError::Malformed { path, source })
    }

    /// The case's shape, not evaluated yet.
    pub fn shape(&self) -> Shape {
        let mut result: Option<Shape> = None;
        for (index, operation) in self.ops.iter().enumerate() {
            let call = CallId(index as u32);
            let body = operation.body(call);
            let kind = match operation.op {
                Combination::Cut => BooleanKind::Cut,
                Combination::Intersect => BooleanKind::Intersect,
                Combination::New | Combination::Union => BooleanKind::Union,
            };
            result = Some(result.map_or_else(|| body.clone(), |left| left.boolean(kind, &body, true, call)));
        }
        result.unwrap_or_else(|| Shape::new(Node::Compound(Vec::new()), CallId(0)))
    }
}

impl Operation {
    fn body(&self, call: CallId) -> Shape {
        let Axes { o, x, y, n } = self.frame;
        let frame = Frame { origin: DVec3::from(o), x: DVec3::from(x), y: DVec3::from(y), z: DVec3::from(n) };
        let mut regions: Vec<Profile> = self.faces.iter().map(Face::profile).collect();
        let profile = if regions.len() == 1 { regions.remove(0) } else { Profile::Union(regions) };
        let (from, to) = (self.height.min(0.0), self.height.max(0.0));
        Shape::primitive(Primitive::Extrusion { frame, profile, from, to }, call)
    }
}

impl Face {
    fn profile(&self) -> Profile {
        let holes = self.inners.iter().map(Boundary::as_loop).collect();
        Profile::Region(Region { outer: self.outer.as_loop(), holes })
    }
}

impl Boundary {
    fn as_loop(&self) -> Loop {
        match self {
            Self::Circle { circle: [x, y, radius] } => Loop::Circle { center: DVec2::new(*x, *y), radius: *radius },
            Self::Path { start, edges } => {
                let edge = |edge: &Edge| match edge.m {
                    None => PathEdge::Line { end: edge.p.into() },
                    Some(mid) => PathEdge::Arc { mid: mid.into(), end: edge.p.into() },
                };
                Loop::Path { start: (*start).into(), edges: edges.iter().map(edge).collect() }
            }
        }
    }
}
