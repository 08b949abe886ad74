//! The constructors and functions of the `cadquery` module.

use super::{Method, method};
use crate::api::binding::{Kind, Parameter};
use crate::api::shapes::make;
use crate::api::{constructors, sketch, workplane};

type P = Parameter;

const ORIGIN: P = P::point("origin", [0.0; 3]);
const NAMED: &[P] = &[ORIGIN, P::optional("xDir", Kind::Point)];
const NTH: &[P] = &[P::required("n", Kind::Integer), P::flag("directionMax", true), P::number("tolerance", 1e-4)];
const DIRECTION: &[P] = &[P::required("vector", Kind::Point), P::number("tolerance", 1e-4)];
const DIRECTION_NTH: &[P] = &[
    P::required("vector", Kind::Point),
    P::required("n", Kind::Integer),
    P::flag("directionMax", true),
    P::number("tolerance", 1e-4),
];

const POINT: P = P::point("pnt", [0.0; 3]);
const UP: P = P::point("dir", [0.0, 0.0, 1.0]);

pub(super) const MODULES: &[&str] = &["exporters", "importers", "selectors", "occ_impl"];

pub(super) const CLASSES: &[&str] = &[
    "Workplane",
    "CQ",
    "Sketch",
    "Vector",
    "Plane",
    "Location",
    "Solid",
    "Compound",
    "Shape",
    "Face",
    "Wire",
    "Edge",
    "Vertex",
    "Assembly",
    "Color",
    "Selector",
];

pub(crate) const FUNCTIONS: &[Method] = &[
    method(
        "Workplane",
        &[
            Parameter { name: "inPlane", kind: Kind::Plane, default: crate::api::binding::Default::Text("XY") },
            ORIGIN,
            P::optional("obj", Kind::Object),
        ],
        workplane::planes::construct,
    ),
    method("Sketch", &[], sketch::place::construct),
    method("Vector", &[P::optional("x", Kind::Point)], constructors::vector),
    method(
        "Vector",
        &[P::required("x", Kind::Number), P::required("y", Kind::Number), P::number("z", 0.0)],
        constructors::vector_of_components,
    ),
    method(
        "Plane",
        &[P::required("origin", Kind::Point), P::optional("xDir", Kind::Point), P::point("normal", [0.0, 0.0, 1.0])],
        constructors::plane,
    ),
    method("Plane", &[P::required("loc", Kind::Object)], constructors::plane_at),
    method("Plane.named", &[P::required("stdName", Kind::Text), ORIGIN], constructors::plane_named),
    method("Plane.XY", NAMED, |session, _, args| constructors::standard_plane(session, args, "XY")),
    method("Plane.YZ", NAMED, |session, _, args| constructors::standard_plane(session, args, "YZ")),
    method("Plane.ZX", NAMED, |session, _, args| constructors::standard_plane(session, args, "ZX")),
    method("Plane.XZ", NAMED, |session, _, args| constructors::standard_plane(session, args, "XZ")),
    method("Plane.YX", NAMED, |session, _, args| constructors::standard_plane(session, args, "YX")),
    method("Plane.ZY", NAMED, |session, _, args| constructors::standard_plane(session, args, "ZY")),
    method("Plane.front", NAMED, |session, _, args| constructors::standard_plane(session, args, "front")),
    method("Plane.back", NAMED, |session, _, args| constructors::standard_plane(session, args, "back")),
    method("Plane.left", NAMED, |session, _, args| constructors::standard_plane(session, args, "left")),
    method("Plane.right", NAMED, |session, _, args| constructors::standard_plane(session, args, "right")),
    method("Plane.top", NAMED, |session, _, args| constructors::standard_plane(session, args, "top")),
    method("Plane.bottom", NAMED, |session, _, args| constructors::standard_plane(session, args, "bottom")),
    method("Location", &[P::optional("t", Kind::Point)], constructors::location),
    method(
        "Location",
        &[P::required("t", Kind::Point), P::required("ax", Kind::Point), P::required("angle", Kind::Number)],
        constructors::location_turned,
    ),
    method("Location", &[P::required("plane", Kind::Object)], constructors::location_of_plane),
    method(
        "Location",
        &[
            P::number("x", 0.0),
            P::number("y", 0.0),
            P::number("z", 0.0),
            P::number("rx", 0.0),
            P::number("ry", 0.0),
            P::number("rz", 0.0),
        ],
        constructors::location_of_angles,
    ),
    method(
        "Solid.makeBox",
        &[
            P::required("length", Kind::Number),
            P::required("width", Kind::Number),
            P::required("height", Kind::Number),
            POINT,
            UP,
        ],
        make::cuboid,
    ),
    method(
        "Solid.makeCylinder",
        &[
            P::required("radius", Kind::Number),
            P::required("height", Kind::Number),
            POINT,
            UP,
            P::number("angleDegrees", 360.0),
        ],
        make::cylinder,
    ),
    method(
        "Solid.makeSphere",
        &[
            P::required("radius", Kind::Number),
            POINT,
            UP,
            P::number("angleDegrees1", 0.0),
            P::number("angleDegrees2", 90.0),
            P::number("angleDegrees3", 360.0),
        ],
        make::sphere,
    ),
    method(
        "Solid.makeCone",
        &[
            P::required("radius1", Kind::Number),
            P::required("radius2", Kind::Number),
            P::required("height", Kind::Number),
            POINT,
            UP,
            P::number("angleDegrees", 360.0),
        ],
        make::cone,
    ),
    method(
        "Solid.makeTorus",
        &[
            P::required("radius1", Kind::Number),
            P::required("radius2", Kind::Number),
            POINT,
            UP,
            P::number("angleDegrees1", 0.0),
            P::number("angleDegrees2", 360.0),
        ],
        make::torus,
    ),
    method("NearestToPointSelector", &[P::required("pnt", Kind::Point)], constructors::nearest_to_point),
    method(
        "BoxSelector",
        &[P::required("point0", Kind::Point), P::required("point1", Kind::Point), P::flag("boundingbox", false)],
        constructors::box_selector,
    ),
    method("ParallelDirSelector", DIRECTION, constructors::parallel),
    method("DirectionSelector", DIRECTION, constructors::along),
    method("PerpendicularDirSelector", DIRECTION, constructors::perpendicular),
    method("TypeSelector", &[P::required("typeString", Kind::Text)], constructors::of_type),
    method("StringSyntaxSelector", &[P::required("selectorString", Kind::Selector)], constructors::from_string),
    method(
        "DirectionMinMaxSelector",
        &[P::required("vector", Kind::Point), P::flag("directionMax", true), P::number("tolerance", 1e-4)],
        constructors::extreme,
    ),
    method("CenterNthSelector", DIRECTION_NTH, constructors::center_nth),
    method("DirectionNthSelector", DIRECTION_NTH, constructors::direction_nth),
    method("RadiusNthSelector", NTH, constructors::radius_nth),
    method("LengthNthSelector", NTH, constructors::length_nth),
    method("AreaNthSelector", NTH, constructors::area_nth),
];

pub(super) const UNSUPPORTED: &[&str] = &[
    "exporters.export",
    "exporters.exportDXF",
    "importers.importStep",
    "importers.importDXF",
    "importers.importShape",
    "Assembly",
    "Color",
    "Solid",
    "Compound",
    "Shape",
    "Face",
    "Wire",
    "Edge",
    "Vertex",
    "Selector",
    "Solid.extrudeLinear",
    "Solid.revolve",
    "Edge.makeLine",
    "Edge.makeCircle",
    "Edge.makeThreePointArc",
    "Edge.makeSpline",
    "Wire.assembleEdges",
    "Wire.makeCircle",
    "Wire.makePolygon",
    "Face.makeFromWires",
    "Face.makePlane",
    "Compound.makeCompound",
    "Compound.makeText",
    "Vertex.makeVertex",
    "NearestToShapeSelector",
];
