//! The methods of `cq.Shape` and its kinds, of vectors, planes and locations.

use super::{Method, method};
use crate::api::binding::{Kind, Parameter};
use crate::api::shapes::measure;
use crate::api::vector;

type P = Parameter;

const NUMBER: &[P] = &[P::required("scale", Kind::Number)];
const OTHER: &[P] = &[P::required("v", Kind::Point)];

pub(super) const SHAPE: &[Method] = &[
    method("Volume", &[], measure::volume),
    method("Area", &[], measure::area),
    method("Length", &[], measure::length),
    method("radius", &[], measure::radius),
    method("Center", &[], measure::center),
    method("CenterOfBoundBox", &[], measure::box_center),
    method("BoundingBox", &[P::optional("tolerance", Kind::Number)], measure::bounding_box),
    method("isValid", &[], measure::is_valid),
    method("ShapeType", &[], measure::shape_type),
    method("geomType", &[], measure::geometry_type),
    method("normalAt", &[P::optional("locationVector", Kind::Point)], measure::normal_at),
    method("startPoint", &[], measure::start_point),
    method("endPoint", &[], measure::end_point),
    method("toTuple", &[], measure::to_tuple),
    method("Faces", &[], measure::faces),
    method("Edges", &[], measure::edges),
    method("Vertices", &[], measure::vertices),
    method("Wires", &[], measure::wires),
    method("Solids", &[], measure::solids),
    method("translate", &[P::required("vector", Kind::Point)], vector::translate_shape),
    method("moved", &[P::required("loc", Kind::Object)], vector::move_shape),
    method(
        "rotate",
        &[
            P::required("startVector", Kind::Point),
            P::required("endVector", Kind::Point),
            P::required("angleDegrees", Kind::Number),
        ],
        vector::rotate_shape,
    ),
    method("fuse", &[P::required("toFuse", Kind::Object)], vector::fuse),
    method("cut", &[P::required("toCut", Kind::Object)], vector::cut),
    method("intersect", &[P::required("toIntersect", Kind::Object)], vector::intersect),
    method("__add__", &[P::required("other", Kind::Object)], vector::fuse),
    method("__sub__", &[P::required("other", Kind::Object)], vector::cut),
    method("__mul__", &[P::required("other", Kind::Object)], vector::intersect),
];

pub(super) const UNSUPPORTED: &[&str] = &[
    "fillet",
    "chamfer",
    "hollow",
    "shell",
    "offset2D",
    "exportStep",
    "exportStl",
    "exportBrep",
    "mirror",
    "scale",
    "located",
    "locate",
    "move",
    "location",
    "distance",
    "isInside",
    "tessellate",
    "split",
    "clean",
    "fix",
    "hashCode",
    "isSame",
    "isEqual",
    "outerWire",
    "innerWires",
    "tangentAt",
    "positionAt",
    "locationAt",
    "Shells",
    "Compounds",
    "wrapped",
    "copy",
    "IsClosed",
    "centerOfMass",
    "matrixOfInertia",
    "facesIntersectedByLine",
];

pub(super) const VECTOR: &[Method] = &[
    method("toTuple", &[], measure::to_tuple),
    method("Center", &[], vector::itself),
    method("add", OTHER, vector::add),
    method("__add__", OTHER, vector::add),
    method("__radd__", OTHER, vector::add),
    method("sub", OTHER, vector::sub),
    method("__sub__", OTHER, vector::sub),
    method("multiply", NUMBER, vector::scale),
    method("__mul__", NUMBER, vector::scale),
    method("__rmul__", NUMBER, vector::scale),
    method("__truediv__", NUMBER, vector::divide),
    method("__neg__", &[], vector::negate),
    method("__abs__", &[], vector::length),
    method("dot", OTHER, vector::dot),
    method("cross", OTHER, vector::cross),
    method("normalized", &[], vector::normalized),
    method("getAngle", OTHER, vector::angle),
];

pub(super) const PLANE: &[Method] = &[
    method("toWorldCoords", &[P::required("tuplePoint", Kind::Point)], vector::to_world),
    method("toLocalCoords", &[P::required("obj", Kind::Point)], vector::to_local),
    method("rotated", &[P::point("rotate", [0.0; 3])], vector::rotated_plane),
];

pub(super) const LOCATION: &[Method] = &[
    method("__mul__", &[P::required("other", Kind::Object)], vector::compose_locations),
    method("toTuple", &[], vector::location_tuple),
];
