//! The survey of a scan in words and as JSON, for `partwright info --features` and for the report of a reconstruction.

use std::collections::BTreeMap;

use glam::DVec3;
use partwright_fit::Survey;
use partwright_fit::survey::{
    Arrangement, BlendGroup, BlendKind, Crease, Parameter, Pattern, Segment, Surface, Symmetry, SymmetryKind,
};
use serde_json::{Value, json};

use crate::number::{number, rounded};
use crate::output::Facts;

/// Faces named one by one in text, at most; the rest are counted.
const MOST_LINES: usize = 12;

/// The survey as JSON, in the coordinates and the unit of the scan; angles are in degrees.
pub(crate) fn object(survey: &Survey) -> Value {
    let edges: Vec<Value> = survey
        .edges
        .iter()
        .map(|edge| {
            json!({
                "segments": edge.between,
                "length": edge.length,
                "angle_deg": edge.angle_rad.to_degrees(),
                "kind": crease(edge.crease),
            })
        })
        .collect();
    let missing = survey.missing;
    json!({
        "exact": survey.exact,
        "complete": survey.complete,
        "size": survey.size,
        "noise": survey.noise,
        "spacing": survey.spacing,
        "density": survey.density(),
        "explained": survey.explained,
        "segments": survey.segments.iter().map(segment).collect::<Vec<_>>(),
        "edges": edges,
        "blends": survey.blend_groups.iter().map(|group| blends(survey, group)).collect::<Vec<_>>(),
        "symmetries": survey.symmetries.iter().map(symmetry).collect::<Vec<_>>(),
        "patterns": survey.patterns.iter().map(pattern).collect::<Vec<_>>(),
        "missing": {
            "rims": missing.rims,
            "rim_length": missing.rim_length,
            "unseen_area": missing.unseen_area,
            "unseen_share": missing.unseen_share,
        },
    })
}

fn crease(crease: Crease) -> &'static str {
    match crease {
        Crease::Smooth => "smooth",
        Crease::Convex => "convex",
        Crease::Concave => "concave",
    }
}

fn segment(segment: &Segment) -> Value {
    let covariance = &segment.covariance;
    let n = covariance.parameters().len();
    let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| covariance.entry(i, j)).collect()).collect();
    let mut object = json!({
        "kind": segment.surface.kind(),
        "area": segment.area,
        "residual": segment.residual,
        "elements": segment.members.len(),
        "hollow": segment.hollow,
        "middle": segment.extent.middle.to_array(),
        "along": segment.extent.along.to_array(),
        "length": segment.extent.length,
        "width": segment.extent.width,
        "turn_deg": segment.extent.turn_rad.to_degrees(),
        "place_std": covariance.place(),
        "direction_std_deg": covariance.direction_rad().map(f64::to_degrees),
        "covariance": {
            "parameters": covariance.parameters().iter().map(|p| parameter(*p)).collect::<Vec<_>>(),
            "matrix": matrix,
        },
    });
    let fields = match segment.surface {
        Surface::Plane { point, normal } => json!({ "point": point.to_array(), "normal": normal.to_array() }),
        Surface::Cylinder { point, axis, radius } => {
            json!({ "point": point.to_array(), "axis": axis.to_array(), "radius": radius })
        }
        Surface::Cone { point, axis, radius, half_angle_rad } => json!({
            "point": point.to_array(), "axis": axis.to_array(), "radius": radius,
            "half_angle_deg": half_angle_rad.to_degrees(),
        }),
        Surface::Sphere { center, radius } => json!({ "center": center.to_array(), "radius": radius }),
        Surface::Torus { center, axis, major, minor } => json!({
            "center": center.to_array(), "axis": axis.to_array(), "major_radius": major, "minor_radius": minor,
        }),
    };
    if let (Value::Object(object), Value::Object(fields)) = (&mut object, fields) {
        object.extend(fields);
        if let Some(deviation) = covariance.radius() {
            object.insert("radius_std".to_owned(), json!(deviation));
        }
    }
    object
}

/// A parameter's name with its unit, where it is an angle.
fn parameter(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::AlongU => "along_u",
        Parameter::AlongV => "along_v",
        Parameter::AlongAxis => "along_axis",
        Parameter::Offset => "offset",
        Parameter::TiltU => "tilt_u_rad",
        Parameter::TiltV => "tilt_v_rad",
        Parameter::Radius => "radius",
        Parameter::HalfAngle => "half_angle_rad",
        Parameter::Major => "major_radius",
        Parameter::Minor => "minor_radius",
    }
}

fn blends(survey: &Survey, group: &BlendGroup) -> Value {
    let (kind, radius, width, angle) = match group.kind {
        BlendKind::Fillet { radius } => ("fillet", Some(radius), None, None),
        BlendKind::Chamfer { width, angle_rad } => ("chamfer", None, Some(width), Some(angle_rad.to_degrees())),
    };
    let members = group.members.iter().map(|k| &survey.blends[*k]);
    json!({
        "kind": kind,
        "radius": radius,
        "width": width,
        "angle_deg": angle,
        "convex": group.convex,
        "count": group.members.len(),
        "segments": members.clone().map(|blend| blend.segment).collect::<Vec<_>>(),
        "length": members.map(|blend| blend.length).sum::<f64>(),
    })
}

fn symmetry(symmetry: &Symmetry) -> Value {
    let (kind, order) = match symmetry.kind {
        SymmetryKind::Mirror => ("mirror", None),
        SymmetryKind::Rotation { order } => ("rotation", Some(order)),
        SymmetryKind::Revolution => ("revolution", None),
    };
    json!({
        "kind": kind,
        "order": order,
        "point": symmetry.point.to_array(),
        "direction": symmetry.direction.to_array(),
        "residual": symmetry.residual,
        "share": symmetry.share,
    })
}

fn pattern(pattern: &Pattern) -> Value {
    let mut object = json!({
        "count": pattern.members.len(),
        "segments": pattern.members,
        "residual": pattern.residual,
    });
    let fields = match pattern.arrangement {
        Arrangement::Polar { center, axis, radius } => {
            json!({ "kind": "polar", "center": center.to_array(), "axis": axis.to_array(), "radius": radius })
        }
        Arrangement::Row { step } => json!({ "kind": "row", "step": step.to_array(), "pitch": step.length() }),
        Arrangement::Grid { step, across, counts } => json!({
            "kind": "grid", "step": step.to_array(), "across": across.to_array(), "counts": counts,
            "pitch": [step.length(), across.length()],
        }),
    };
    if let (Value::Object(object), Value::Object(fields)) = (&mut object, fields) {
        object.extend(fields);
    }
    object
}

/// The survey for people.
pub(crate) fn facts(survey: &Survey) -> Facts {
    let mut facts = Facts::new();
    let kind = if survey.exact { "exact mesh" } else { "measured points" };
    facts
        .add("surveyed as", kind)
        .add(if survey.exact { "rounding" } else { "noise" }, rounded(survey.noise, 2))
        .add("point distance", rounded(survey.spacing, 3))
        .add("faces", counts(survey))
        .add("explained", format!("{:.1} % of the surface", 100.0 * survey.explained));
    let round: Vec<&Segment> = survey.segments.iter().filter(|s| s.surface.radius().is_some()).collect();
    for segment in round.iter().take(MOST_LINES) {
        facts.add(segment.surface.kind(), round_face(segment));
    }
    if round.len() > MOST_LINES {
        facts.add("and", format!("{} more round faces", round.len() - MOST_LINES));
    }
    for group in survey.blend_groups.iter().take(MOST_LINES) {
        facts.add("edges", blends_in_words(group));
    }
    facts.add("sharp edges", edges_in_words(survey));
    for symmetry in survey.symmetries.iter().take(MOST_LINES) {
        facts.add("symmetry", symmetry_in_words(symmetry));
    }
    for pattern in survey.patterns.iter().take(MOST_LINES) {
        facts.add("pattern", pattern_in_words(survey, pattern));
    }
    let missing = survey.missing;
    if missing.rims > 0 {
        facts.add("open rims", format!("{}, together {} long", missing.rims, number(missing.rim_length)));
    }
    if missing.unseen_share > 0.0 {
        facts.add("not seen", format!("about {:.0} % of its faces", 100.0 * missing.unseen_share));
    }
    if !survey.complete {
        facts.add("survey", "not complete: the time ran out, or it was stopped");
    }
    facts
}

/// How many faces there are of each kind.
fn counts(survey: &Survey) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for segment in &survey.segments {
        *counts.entry(segment.surface.kind()).or_default() += 1;
    }
    let plural = |(kind, count): (&str, usize)| match (kind, count) {
        (kind, 1) => format!("1 {kind}"),
        ("torus", count) => format!("{count} tori"),
        (kind, count) => format!("{count} {kind}s"),
    };
    if counts.is_empty() { "none".to_owned() } else { counts.into_iter().map(plural).collect::<Vec<_>>().join(", ") }
}

fn round_face(segment: &Segment) -> String {
    let with_deviation =
        |value: f64, deviation: Option<f64>| format!("{} ± {}", number(value), rounded(deviation.unwrap_or(0.0), 2));
    let covariance = &segment.covariance;
    let radius = segment.surface.radius().unwrap_or(0.0);
    let mut text = format!("radius {}", with_deviation(radius, covariance.radius()));
    match segment.surface {
        Surface::Torus { major, .. } => {
            text = format!("{text} about {}", with_deviation(major, covariance.deviation(Parameter::Major)));
        }
        Surface::Cone { half_angle_rad, .. } => {
            text = format!("{text}, half angle {} degrees", number(half_angle_rad.to_degrees()));
        }
        _ => {}
    }
    if !matches!(segment.surface, Surface::Sphere { .. }) {
        text = format!("{text}, length {}", number(segment.extent.length));
        if !segment.is_full_turn() {
            text = format!("{text}, {:.0} degrees of a turn", segment.extent.turn_rad.to_degrees());
        }
    }
    match segment.hollow {
        Some(true) => format!("{text}, hollow"),
        _ => text,
    }
}

fn blends_in_words(group: &BlendGroup) -> String {
    let count = group.members.len();
    let side = if group.convex { "outer" } else { "inner" };
    match group.kind {
        BlendKind::Fillet { radius } => format!("{count} {side} rounded, radius {}", number(radius)),
        BlendKind::Chamfer { width, angle_rad } => {
            format!("{count} {side} chamfered, width {}, {:.0} degrees", number(width), angle_rad.to_degrees())
        }
    }
}

fn edges_in_words(survey: &Survey) -> String {
    let length = |crease: Crease| survey.edges.iter().filter(|e| e.crease == crease).map(|e| e.length).sum::<f64>();
    let (convex, concave) = (length(Crease::Convex), length(Crease::Concave));
    format!("{} long outside, {} inside", rounded(convex, 4), rounded(concave, 4))
}

fn symmetry_in_words(symmetry: &Symmetry) -> String {
    let (at, along) = (place(symmetry.point), place(symmetry.direction));
    let what = match symmetry.kind {
        SymmetryKind::Mirror => format!("mirror plane through {at}, normal {along}"),
        SymmetryKind::Rotation { order } => format!("{order} times about the axis through {at} along {along}"),
        SymmetryKind::Revolution => format!("turned about the axis through {at} along {along}"),
    };
    format!("{what}; residual {}", rounded(symmetry.residual, 2))
}

/// A point or direction as a triple; what is zero but for its last digits is zero.
fn place(p: DVec3) -> String {
    let [x, y, z] = p.to_array().map(|x| if x.abs() < 1e-9 { number(0.0) } else { rounded(x, 5) });
    format!("({x}, {y}, {z})")
}

fn pattern_in_words(survey: &Survey, pattern: &Pattern) -> String {
    let first = &survey.segments[pattern.members[0]];
    let radius = first.surface.radius().map_or_else(String::new, |r| format!(" of radius {}", number(r)));
    let what = if first.hollow == Some(true) { "holes" } else { "features" };
    let count = pattern.members.len();
    match pattern.arrangement {
        Arrangement::Polar { radius: circle, .. } => {
            format!("{count} {what}{radius} on a circle of radius {}", number(circle))
        }
        Arrangement::Row { step } => format!("{count} {what}{radius} in a row, pitch {}", number(step.length())),
        Arrangement::Grid { step, across, counts: [n, m] } => format!(
            "{n} x {m} {what}{radius} in a grid, pitches {} and {}",
            number(step.length()),
            number(across.length())
        ),
    }
}
