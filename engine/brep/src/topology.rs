//! The truck topology with our own analytic geometry in it.

use truck_modeling::Point3;

use crate::{Curve, Surface};

/// A vertex with its position.
pub type Vertex = truck_topology::Vertex<Point3>;
/// An edge between two vertices.
pub type Edge = truck_topology::Edge<Point3, Curve>;
/// A connected sequence of edges.
pub type Wire = truck_topology::Wire<Point3, Curve>;
/// A bounded part of a surface.
pub type Face = truck_topology::Face<Point3, Curve, Surface>;
/// A set of connected faces.
pub type Shell = truck_topology::Shell<Point3, Curve, Surface>;
/// A region bounded by an outer shell and the shells of its voids.
pub type Solid = truck_topology::Solid<Point3, Curve, Surface>;
