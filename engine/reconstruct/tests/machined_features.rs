//! Parts with machined features come back as programs that name them.

use partwright_geometry::Geometry;
use partwright_reconstruct::{
    CancelToken, Deadline, EditOutcome, Executor as _, InProcess, ReconstructConfig, Silent, editability, reconstruct,
};

/// Reconstructs the mesh of `program`'s part; the result has the same volume, can be edited, and reads as `expected`.
fn check(program: &str, expected: &[&str]) {
    let source = format!("import cadquery as cq\n{program}\n");
    let part = match InProcess::default().execute(&source, &Deadline::default()) {
        Ok(made) => made,
        Err(fault) => unreachable!("{}\n{source}", fault.message),
    };
    let scan = Geometry::Mesh(part.mesh.clone());
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let found = reconstruct(&scan, &config, &InProcess::default(), &Silent, &CancelToken::default());
    let found = found.expect("the mesh encloses a part");
    let best = found.best().expect("something was made");
    let volume = best.execution.as_ref().expect("the best one was made").properties.volume;
    // Round walls of the mesh are chords.
    assert!((volume / part.properties.volume - 1.0).abs() < 1e-3, "{volume} {:?}\n{}", part.properties, best.source);
    for text in expected {
        assert!(best.source.contains(text), "{text:?} is not in\n{}", best.source);
    }
    let edited = editability(&best.source, &InProcess::default(), &Deadline::default()).expect("it ran before");
    let held = edited.edits.iter().filter(|e| e.outcome == EditOutcome::Holds).count();
    assert_eq!(held, edited.edits.len(), "{:?}\n{}", edited.edits, best.source);
}

#[test]
fn holes_are_drilled_counterbored_and_countersunk() {
    let plate = "r = cq.Workplane('XY').box(80, 50, 12, centered=(True, True, False))";
    check(
        &format!("{plate}.faces('>Z').workplane().rarray(60, 30, 2, 2).cboreHole(5.5, 10, 5)"),
        &[
            "# 4 counterbored holes from the top",
            "r = (\n    r.faces(\">Z\").workplane()\n    .rarray(length - 2 * hole_edge_distance, width - 2 * hole_edge_distance, 2, 2)\n",
            "    .cboreHole(hole_diameter, hole_counterbore_diameter, hole_counterbore_depth)\n",
        ],
    );
    check(
        &format!("{plate}.faces('<Z').workplane().pushPoints([(-20, 5), (20, -5)]).cskHole(6, 12, 90)"),
        &["# 2 countersunk holes from below", "faces(\"<Z\")", "cskHole(hole_diameter, hole_countersink_diameter, "],
    );
    check(
        &format!("{plate}.faces('>X').workplane().pushPoints([(10, 6), (-12, 6)]).hole(4, 20)"),
        &["# 2 holes from the +x side", "r.faces(\">X\").workplane()", ".hole(hole_diameter, hole_depth)"],
    );
    check(
        &format!("{plate}.faces('>Z').workplane().hole(9).faces('<Y').workplane().pushPoints([(25, -6)]).hole(4)"),
        &[
            "# Bore through, along y",
            "r.faces(\">Y\").workplane().pushPoints([(-bore_x, thickness / 2)]).hole(bore_diameter)",
        ],
    );
}

#[test]
fn shells_have_one_wall() {
    check(
        "r = cq.Workplane('XY').box(60, 40, 20).cut(cq.Workplane('XY', origin=(0, 0, 2)).box(56, 36, 20))",
        &["wall_thickness = 2  # all round", "leaving walls of one thickness", "length - 2 * wall_thickness"],
    );
}
