//! The methods of `cq.Sketch`.

use super::{Method, method};
use crate::api::binding::{Kind, Parameter};
use crate::api::sketch::{draw, faces, place, select};

type P = Parameter;

const TAG: P = P::optional("tag", Kind::Text);
const MODE: P = P::text("mode", "a");
const ANGLE: P = P::number("angle", 0.0);
const CONSTRUCTION: P = P::flag("forConstruction", false);
const SELECT: &[P] = &[P::optional("s", Kind::Selector), TAG];

pub(super) const METHODS: &[Method] = &[
    // Edges.
    method(
        "segment",
        &[P::required("p1", Kind::Point), P::required("p2", Kind::Point), TAG, CONSTRUCTION],
        draw::segment,
    ),
    method("segment", &[P::required("p2", Kind::Point), TAG, CONSTRUCTION], draw::segment_on),
    method(
        "segment",
        &[P::required("l", Kind::Number), P::required("a", Kind::Number), TAG, CONSTRUCTION],
        draw::segment_polar,
    ),
    method(
        "arc",
        &[
            P::required("p1", Kind::Point),
            P::required("p2", Kind::Point),
            P::required("p3", Kind::Point),
            TAG,
            CONSTRUCTION,
        ],
        draw::arc,
    ),
    method("arc", &[P::required("p2", Kind::Point), P::required("p3", Kind::Point), TAG, CONSTRUCTION], draw::arc_on),
    method(
        "arc",
        &[
            P::required("c", Kind::Point),
            P::required("r", Kind::Number),
            P::required("a", Kind::Number),
            P::required("da", Kind::Number),
            TAG,
            CONSTRUCTION,
        ],
        draw::arc_about,
    ),
    method("close", &[TAG], draw::close),
    method("assemble", &[MODE, TAG], draw::assemble),
    // Faces.
    method(
        "face",
        &[P::required("b", Kind::Anything), ANGLE, MODE, TAG, P::flag("ignore_selection", false)],
        faces::face,
    ),
    method("rect", &[P::required("w", Kind::Number), P::required("h", Kind::Number), ANGLE, MODE, TAG], faces::rect),
    method("circle", &[P::required("r", Kind::Number), MODE, TAG], faces::circle),
    method(
        "trapezoid",
        &[
            P::required("w", Kind::Number),
            P::required("h", Kind::Number),
            P::required("a1", Kind::Number),
            P::optional("a2", Kind::Number),
            ANGLE,
            MODE,
            TAG,
        ],
        faces::trapezoid,
    ),
    method("slot", &[P::required("w", Kind::Number), P::required("h", Kind::Number), ANGLE, MODE, TAG], faces::slot),
    method(
        "regularPolygon",
        &[P::required("r", Kind::Number), P::required("n", Kind::Integer), ANGLE, MODE, TAG],
        faces::regular_polygon,
    ),
    method("polygon", &[P::required("pts", Kind::PointList), ANGLE, MODE, TAG], faces::polygon),
    method("clean", &[], faces::clean),
    method("copy", &[], faces::copy),
    method("finalize", &[], faces::finalize),
    // Places.
    method("push", &[P::required("locs", Kind::Points), TAG], place::push),
    method(
        "rarray",
        &[
            P::required("xs", Kind::Number),
            P::required("ys", Kind::Number),
            P::required("nx", Kind::Integer),
            P::required("ny", Kind::Integer),
        ],
        place::rectangular_array,
    ),
    method(
        "parray",
        &[
            P::required("r", Kind::Number),
            P::required("a1", Kind::Number),
            P::required("da", Kind::Number),
            P::required("n", Kind::Integer),
            P::flag("rotate", true),
        ],
        place::polar_array,
    ),
    // Selections.
    method("reset", &[], select::reset),
    method("tag", &[P::required("tag", Kind::Text)], select::tag),
    method("select", &[P::required("tag", Kind::Text)], select::select),
    method("delete", &[], select::delete),
    method("faces", SELECT, select::faces),
    method("edges", SELECT, select::edges),
    method("vertices", SELECT, select::vertices),
    method("wires", SELECT, select::wires),
];

pub(super) const UNSUPPORTED: &[&str] = &[
    "fillet",
    "chamfer",
    "ellipse",
    "hull",
    "offset",
    "spline",
    "bezier",
    "importDXF",
    "distribute",
    "each",
    "constrain",
    "solve",
    "moved",
    "located",
    "val",
    "vals",
    "add",
    "subtract",
    "replace",
    "filter",
    "map",
    "apply",
    "sort",
    "invoke",
    "export",
    "edge",
];
