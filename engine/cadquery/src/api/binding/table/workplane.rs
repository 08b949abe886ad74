//! The methods of `cq.Workplane`.

use super::{Method, method};
use crate::api::binding::{Kind, Parameter};
use crate::api::sketch;
use crate::api::workplane::{
    combine, draw, feature, hole, motion, on_face, outline, place, planes, primitive, select, split, stack,
};

type P = Parameter;

const CONSTRUCTION: P = P::flag("forConstruction", false);
const CLEAN: P = P::flag("clean", true);
const COMBINE: P = P::on("combine", Kind::Combine);
const SELECT: &[P] = &[P::optional("selector", Kind::Selector), P::optional("tag", Kind::Text)];
const EXTRUDE: &[P] =
    &[P::required("until", Kind::Until), COMBINE, CLEAN, P::flag("both", false), P::optional("taper", Kind::Number)];
const UNION: &[P] =
    &[P::optional("toUnion", Kind::Object), CLEAN, P::flag("glue", false), P::optional("tol", Kind::Number)];
const CUT: &[P] = &[P::required("toCut", Kind::Object), CLEAN, P::optional("tol", Kind::Number)];
const INTERSECT: &[P] = &[P::required("toIntersect", Kind::Object), CLEAN, P::optional("tol", Kind::Number)];
const POLAR: &[P] = &[P::required("distance", Kind::Number), P::required("angle", Kind::Number), CONSTRUCTION];

pub(super) const METHODS: &[Method] = &[
    // Planes and the chain.
    method(
        "workplane",
        &[
            P::number("offset", 0.0),
            P::flag("invert", false),
            P::text("centerOption", "ProjectedOrigin"),
            P::optional("origin", Kind::Point),
        ],
        on_face::workplane,
    ),
    method("copyWorkplane", &[P::required("obj", Kind::Object)], planes::copy),
    method("workplaneFromTagged", &[P::required("name", Kind::Text)], planes::from_tagged),
    method("transformed", &[P::point("rotate", [0.0; 3]), P::point("offset", [0.0; 3])], planes::transformed),
    method("center", &[P::required("x", Kind::Number), P::required("y", Kind::Number)], planes::center),
    method("tag", &[P::required("name", Kind::Text)], stack::tag),
    method("end", &[P::number("n", 1.0)], stack::end),
    method("first", &[], stack::first),
    method("last", &[], stack::last),
    method("item", &[P::required("i", Kind::Integer)], stack::item),
    method("__getitem__", &[P::required("i", Kind::Integer)], stack::item),
    method("size", &[], stack::size),
    method("__len__", &[], stack::size),
    method("val", &[], stack::val),
    method("vals", &[], stack::vals),
    method("__iter__", &[], stack::vals),
    method("all", &[], stack::all),
    method("newObject", &[P::required("objlist", Kind::Objects)], stack::new_object),
    method("add", &[P::required("obj", Kind::Objects)], stack::add),
    // Points.
    method("moveTo", &[P::number("x", 0.0), P::number("y", 0.0)], place::move_to),
    method("move", &[P::number("xDist", 0.0), P::number("yDist", 0.0)], place::move_by),
    method("pushPoints", &[P::required("pntList", Kind::Points)], place::push_points),
    method(
        "rarray",
        &[
            P::required("xSpacing", Kind::Number),
            P::required("ySpacing", Kind::Number),
            P::required("xCount", Kind::Integer),
            P::required("yCount", Kind::Integer),
            P::on("center", Kind::Centering2),
        ],
        place::rectangular_array,
    ),
    method(
        "polarArray",
        &[
            P::required("radius", Kind::Number),
            P::required("startAngle", Kind::Number),
            P::required("angle", Kind::Number),
            P::required("count", Kind::Integer),
            P::flag("fill", true),
            P::flag("rotate", true),
        ],
        place::polar_array,
    ),
    // Edges.
    method("lineTo", &[P::required("x", Kind::Number), P::required("y", Kind::Number), CONSTRUCTION], draw::line_to),
    method(
        "line",
        &[P::required("xDist", Kind::Number), P::required("yDist", Kind::Number), CONSTRUCTION],
        draw::line_by,
    ),
    method("hLine", &[P::required("distance", Kind::Number), CONSTRUCTION], draw::horizontal_by),
    method("vLine", &[P::required("distance", Kind::Number), CONSTRUCTION], draw::vertical_by),
    method("hLineTo", &[P::required("xCoord", Kind::Number), CONSTRUCTION], draw::horizontal_to),
    method("vLineTo", &[P::required("yCoord", Kind::Number), CONSTRUCTION], draw::vertical_to),
    method("polarLine", POLAR, draw::polar_by),
    method("polarLineTo", POLAR, draw::polar_to),
    method(
        "polyline",
        &[P::required("listOfXYTuple", Kind::PointList), CONSTRUCTION, P::flag("includeCurrent", false)],
        draw::polyline,
    ),
    method(
        "threePointArc",
        &[P::required("point1", Kind::Point), P::required("point2", Kind::Point), CONSTRUCTION],
        draw::three_point_arc,
    ),
    method(
        "sagittaArc",
        &[P::required("endPoint", Kind::Point), P::required("sag", Kind::Number), CONSTRUCTION],
        draw::sagitta_arc,
    ),
    method(
        "radiusArc",
        &[P::required("endPoint", Kind::Point), P::required("radius", Kind::Number), CONSTRUCTION],
        draw::radius_arc,
    ),
    method(
        "tangentArcPoint",
        &[P::required("endpoint", Kind::Point), CONSTRUCTION, P::flag("relative", true)],
        draw::tangent_arc,
    ),
    method("close", &[], draw::close),
    method("wire", &[CONSTRUCTION], draw::wire),
    method("mirrorX", &[], outline::mirror_x),
    method("mirrorY", &[], outline::mirror_y),
    method("toPending", &[], outline::to_pending),
    method("consolidateWires", &[], outline::consolidate),
    // Outlines.
    method(
        "rect",
        &[
            P::required("xLen", Kind::Number),
            P::required("yLen", Kind::Number),
            P::on("centered", Kind::Centering2),
            CONSTRUCTION,
        ],
        outline::rect,
    ),
    method("circle", &[P::required("radius", Kind::Number), CONSTRUCTION], outline::circle),
    method(
        "polygon",
        &[
            P::required("nSides", Kind::Integer),
            P::required("diameter", Kind::Number),
            CONSTRUCTION,
            P::flag("circumscribed", false),
        ],
        outline::polygon,
    ),
    method(
        "slot2D",
        &[P::required("length", Kind::Number), P::required("diameter", Kind::Number), P::number("angle", 0.0)],
        outline::slot,
    ),
    method("sketch", &[], sketch::place::on_workplane),
    method("placeSketch", &[P::required("sketches", Kind::Objects)], sketch::place::place_sketch),
    // Bodies.
    method(
        "box",
        &[
            P::required("length", Kind::Number),
            P::required("width", Kind::Number),
            P::required("height", Kind::Number),
            P::on("centered", Kind::Centering3),
            COMBINE,
            CLEAN,
        ],
        primitive::cuboid,
    ),
    method(
        "cylinder",
        &[
            P::required("height", Kind::Number),
            P::required("radius", Kind::Number),
            P::point("direct", [0.0, 0.0, 1.0]),
            P::number("angle", 360.0),
            P::on("centered", Kind::Centering3),
            COMBINE,
            CLEAN,
        ],
        primitive::cylinder,
    ),
    method(
        "sphere",
        &[
            P::required("radius", Kind::Number),
            P::point("direct", [0.0, 0.0, 1.0]),
            P::number("angle1", -90.0),
            P::number("angle2", 90.0),
            P::number("angle3", 360.0),
            P::on("centered", Kind::Centering3),
            COMBINE,
            CLEAN,
        ],
        primitive::sphere,
    ),
    method("extrude", EXTRUDE, feature::extrude),
    method(
        "revolve",
        &[
            P::number("angleDegrees", 360.0),
            P::optional("axisStart", Kind::Point),
            P::optional("axisEnd", Kind::Point),
            COMBINE,
            CLEAN,
        ],
        feature::revolve,
    ),
    method(
        "cutBlind",
        &[P::required("until", Kind::Until), CLEAN, P::flag("both", false), P::optional("taper", Kind::Number)],
        feature::cut_blind,
    ),
    method("cutThruAll", &[CLEAN, P::number("taper", 0.0)], feature::cut_through),
    method("hole", &[P::required("diameter", Kind::Number), P::optional("depth", Kind::Number), CLEAN], hole::hole),
    method(
        "cboreHole",
        &[
            P::required("diameter", Kind::Number),
            P::required("cboreDiameter", Kind::Number),
            P::required("cboreDepth", Kind::Number),
            P::optional("depth", Kind::Number),
            CLEAN,
        ],
        hole::counterbore,
    ),
    method(
        "cskHole",
        &[
            P::required("diameter", Kind::Number),
            P::required("cskDiameter", Kind::Number),
            P::required("cskAngle", Kind::Number),
            P::optional("depth", Kind::Number),
            CLEAN,
        ],
        hole::countersink,
    ),
    method("largestDimension", &[], hole::largest_dimension),
    // Booleans.
    method("union", UNION, combine::union),
    method("__add__", UNION, combine::union),
    method("__or__", UNION, combine::union),
    method("cut", CUT, combine::cut),
    method("__sub__", CUT, combine::cut),
    method("intersect", INTERSECT, combine::intersect),
    method("__mul__", INTERSECT, combine::intersect),
    method("__and__", INTERSECT, combine::intersect),
    method("combine", &[CLEAN, P::flag("glue", false), P::optional("tol", Kind::Number)], combine::combine),
    method("clean", &[], combine::clean),
    method("findSolid", &[P::flag("searchStack", true), P::flag("searchParents", true)], combine::find),
    method("split", &[P::flag("keepTop", false), P::flag("keepBottom", false)], split::split),
    method("split", &[P::required("splitter", Kind::Object)], split::split_by_shape),
    // Motions.
    method("translate", &[P::required("vec", Kind::Point)], motion::translate),
    method(
        "rotate",
        &[
            P::required("axisStartPoint", Kind::Point),
            P::required("axisEndPoint", Kind::Point),
            P::required("angleDegrees", Kind::Number),
        ],
        motion::rotate,
    ),
    method(
        "rotateAboutCenter",
        &[P::required("axisEndPoint", Kind::Point), P::required("angleDegrees", Kind::Number)],
        motion::rotate_about_center,
    ),
    method(
        "mirror",
        &[
            P::optional("mirrorPlane", Kind::Anything),
            P::optional("basePointVector", Kind::Point),
            P::flag("union", false),
        ],
        motion::mirror,
    ),
    // Selections.
    method("faces", SELECT, select::faces),
    method("edges", SELECT, select::edges),
    method("vertices", SELECT, select::vertices),
    method("wires", SELECT, select::wires),
    method("solids", SELECT, select::solids),
    method("compounds", SELECT, select::compounds),
];

pub(super) const UNSUPPORTED: &[&str] = &[
    "fillet",
    "chamfer",
    "shell",
    "loft",
    "sweep",
    "twistExtrude",
    "spline",
    "splineApprox",
    "bezier",
    "ellipse",
    "ellipseArc",
    "parametricCurve",
    "parametricSurface",
    "text",
    "section",
    "offset2D",
    "wedge",
    "each",
    "eachpoint",
    "cutEach",
    "interpPlate",
    "shells",
    "ancestors",
    "siblings",
    "export",
    "exportSvg",
    "toSvg",
    "toOCC",
    "filter",
    "map",
    "apply",
    "sort",
    "invoke",
    "importDXF",
    "__truediv__",
];
