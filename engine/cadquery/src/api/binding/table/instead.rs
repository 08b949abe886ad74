//! What to write in place of parts of `CadQuery` that this program does not have.

const NO_FILES: &str = "programs write no files; `partwright run PROGRAM.py -o part.step` saves the result";
const NO_READING: &str = "programs read no files";
const ROUND: &str =
    "draw the outline with its rounded or cut corners (threePointArc, radiusArc, lineTo) and extrude it";
const ARCS: &str = "approximate the curve by threePointArc pieces";
const LOOP: &str =
    "give the places by pushPoints(), rarray() or polarArray(), or use a Python loop with union() or cut()";
const OUTLINE: &str = "draw the outline at its final size";
const BODIES: &str = "build it from Workplane bodies: box, cylinder, extrude, revolve";

/// Names of a class, and what to use in their place.
const INSTEAD: &[(&str, &[&str], &str)] = &[
    ("cadquery", &["exporters.export", "exporters.exportDXF"], NO_FILES),
    ("cadquery", &["importers.importStep", "importers.importDXF", "importers.importShape"], NO_READING),
    (
        "cadquery",
        &["Assembly", "Color"],
        "place the parts by translate() and rotate() and join them by union(), or add() them to one Workplane",
    ),
    (
        "cadquery",
        &["Solid", "Compound", "Shape", "Face", "Wire", "Edge", "Vertex", "Face.makeFromWires", "Face.makePlane"],
        BODIES,
    ),
    ("cadquery", &["Solid.extrudeLinear", "Solid.revolve"], "use Workplane.extrude() or revolve()"),
    (
        "cadquery",
        &[
            "Edge.makeLine",
            "Edge.makeCircle",
            "Edge.makeThreePointArc",
            "Wire.assembleEdges",
            "Wire.makeCircle",
            "Wire.makePolygon",
        ],
        "draw on a Workplane: lineTo, threePointArc, circle, polyline",
    ),
    ("cadquery", &["Edge.makeSpline"], ARCS),
    ("cadquery", &["Compound.makeCompound"], "add() the bodies to one Workplane"),
    ("Workplane", &["fillet", "chamfer"], ROUND),
    ("Workplane", &["shell"], "cut() a smaller body from it"),
    ("Workplane", &["spline", "splineApprox", "bezier", "parametricCurve", "ellipse", "ellipseArc"], ARCS),
    ("Workplane", &["offset2D"], OUTLINE),
    ("Workplane", &["wedge"], "extrude a polyline(...).close()"),
    ("Workplane", &["each", "eachpoint", "cutEach", "map", "apply", "invoke", "filter", "sort"], LOOP),
    ("Workplane", &["export", "exportSvg", "toSvg"], NO_FILES),
    ("Workplane", &["importDXF"], NO_READING),
    ("Sketch", &["fillet", "chamfer"], ROUND),
    ("Sketch", &["ellipse", "spline", "bezier"], ARCS),
    ("Sketch", &["offset", "hull"], OUTLINE),
    (
        "Sketch",
        &["each", "distribute", "map", "apply", "invoke", "filter", "sort"],
        "give the places by push(), rarray() or parray()",
    ),
    (
        "Sketch",
        &["moved", "located"],
        "place it by pushPoints() or a moved workplane before placeSketch(), or by push() before face()",
    ),
    ("Sketch", &["add", "subtract", "replace"], "use mode='a', 's' or 'r' of the call that makes the face"),
    ("Sketch", &["constrain", "solve"], "give the coordinates"),
    ("Sketch", &["export"], NO_FILES),
    ("Sketch", &["importDXF"], NO_READING),
];

/// What to write in place of `name` of `class`; empty where there is no advice.
pub(crate) fn instead(class: &str, name: &str) -> &'static str {
    let entry = INSTEAD.iter().find(|(of, names, _)| *of == class && names.contains(&name));
    entry.map_or("", |(_, _, advice)| advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::binding::unsupported_members;

    #[test]
    fn advice_is_given_for_what_is_not_supported() {
        for (class, names, advice) in INSTEAD {
            for name in *names {
                assert!(unsupported_members(class).contains(name), "{class}.{name} is supported or unknown");
                assert_eq!(instead(class, name), *advice, "{class}.{name} stands twice");
            }
        }
        assert_eq!(instead("Workplane", "box"), "");
    }
}
