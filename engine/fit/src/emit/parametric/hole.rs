//! Drilled holes as expressions, and as the calls `hole`, `cboreHole` and `cskHole` on the face they are drilled from.

use super::canonical::{Step, across};
use super::dimension::{AXES, Drawing, Naming, Nested};
use super::drill::{Drill, Mouth};
use super::expression::Expression;
use super::model::{Drawn, DrawnBody, DrawnMouth, DrawnOutline, DrawnRing};
use super::role::Role;
use super::sketch::Sketch;
use super::write::Writer;

impl Drawing {
    pub(super) fn drilled(
        &mut self,
        step: &Step,
        role: &Role,
        drill: &Drill,
        outlines: &[Nested<'_>],
        naming: &mut Naming<'_>,
    ) -> Drawn {
        let (outlines, rings) = self.outlines(outlines, naming);
        let axis = drill.axis;
        let note = format!("along {}", AXES[axis]);
        let depth = (!drill.through).then(|| {
            let name = naming.name("depth");
            let [low, high] = self.dimensions.interval(axis, [drill.low, drill.high], &mut Vec::new(), &name, &note);
            high.minus(&low)
        });
        let mouth = match drill.mouth {
            Mouth::Plain => DrawnMouth::Plain,
            Mouth::Counterbore { radius, depth } => {
                let name = naming.name("counterbore_diameter");
                let diameter = self.dimensions.length(&name, 2.0 * radius, "");
                let name = naming.name("counterbore_depth");
                let ends =
                    if drill.from_top { [drill.high - depth, drill.high] } else { [drill.low, drill.low + depth] };
                let [low, high] = self.dimensions.interval(axis, ends, &mut Vec::new(), &name, &note);
                DrawnMouth::Counterbore { diameter, depth: high.minus(&low) }
            }
            Mouth::Countersink { radius, angle_degrees } => {
                let name = naming.name("countersink_diameter");
                let diameter = self.dimensions.length(&name, 2.0 * radius, "");
                let name = naming.name("countersink_angle");
                let angle = self.dimensions.length(&name, angle_degrees, "degrees, between the sides");
                DrawnMouth::Countersink { diameter, angle }
            }
        };
        let body = DrawnBody::Drilled { axis, from_top: drill.from_top, depth, mouth };
        Drawn { kind: step.kind, title: role.title.clone(), body, outlines, rings }
    }
}

/// The calls, on the part made so far, that drill the holes of `drawn`. `centered` says that the part's last workplane has
/// its origin above or below the global one.
pub(super) fn calls(
    writer: &Writer<'_>,
    drawn: &Drawn,
    (axis, from_top): (usize, bool),
    depth: Option<&Expression>,
    mouth: &DrawnMouth,
    centered: bool,
) -> Vec<String> {
    let Some(DrawnOutline::Circle { radius, .. }) = drawn.outlines.first() else { return Vec::new() };
    let mut sizes = vec![writer.text(&radius.times(2.0))];
    let name = match mouth {
        DrawnMouth::Plain => "hole",
        DrawnMouth::Counterbore { diameter, depth } => {
            sizes.extend([writer.text(diameter), writer.text(depth)]);
            "cboreHole"
        }
        DrawnMouth::Countersink { diameter, angle } => {
            sizes.extend([writer.text(diameter), writer.text(angle)]);
            "cskHole"
        }
    };
    sizes.extend(depth.map(|d| writer.text(d)));
    let face = [['X', 'Y', 'Z'][axis], if from_top { '>' } else { '<' }];
    // A workplane keeps the origin of the one before it unless it is told another one.
    let origin = if centered { "" } else { "origin=(0, 0, 0)" };
    let mut chain = vec![format!("faces(\"{}{}\").workplane({origin})", face[1], face[0])];
    let on_face = Drawn {
        outlines: drawn.outlines.iter().map(|o| turned(o, axis, from_top)).collect(),
        rings: drawn.rings.iter().map(|r| ring(r, axis, from_top)).collect(),
        ..drawn.clone()
    };
    let call = format!("{name}({})", sizes.join(", "));
    chain.extend(Sketch::new(writer, &on_face, Default::default()).places(&call));
    chain
}

/// A point of the plane [`across`] the axis in the coordinates of the workplane on the part's end: CadQuery lays its x axis
/// along the global z axis times the normal, or along the global x axis where that vanishes. The workplane's origin is the
/// global one, projected.
fn on_face<T: Clone>(p: &[T; 2], negated: impl Fn(&T) -> T, axis: usize, from_top: bool) -> [T; 2] {
    let [u, v] = p.clone();
    debug_assert!(across(axis)[0] == (axis + 1) % 3, "the first coordinate is that of the next axis");
    match (axis, from_top) {
        (0 | 2, true) => [u, v],
        (0, false) => [negated(&u), v],
        (1, true) => [negated(&v), u],
        (1, false) => [v, u],
        _ => [u, negated(&v)],
    }
}

fn turned(outline: &DrawnOutline, axis: usize, from_top: bool) -> DrawnOutline {
    match outline {
        DrawnOutline::Circle { center, radius } => {
            DrawnOutline::Circle { center: on_face(center, |e| e.times(-1.0), axis, from_top), radius: radius.clone() }
        }
        other => other.clone(),
    }
}

fn ring(drawn: &DrawnRing, axis: usize, from_top: bool) -> DrawnRing {
    let mut turned = drawn.clone();
    turned.center = on_face(&drawn.center, |e| e.times(-1.0), axis, from_top);
    turned.ring.center = on_face(&drawn.ring.center.to_array(), |v| -v, axis, from_top).into();
    let start = glam::DVec2::from_angle(drawn.ring.start_degrees.to_radians());
    let start: glam::DVec2 = on_face(&start.to_array(), |v| -v, axis, from_top).into();
    let step = 360.0 / drawn.ring.count as f64;
    let degrees = start.to_angle().to_degrees().rem_euclid(step);
    // What turning leaves in the last digits.
    let fine = 1e9;
    turned.ring.start_degrees = ((degrees * fine).round() / fine).rem_euclid(step);
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_on_the_ends_are_those_of_cadquery() {
        // The point (1, 2, 3), by its coordinates across each axis.
        let check = |axis: usize, from_top: bool, expected: [i32; 2]| {
            let p = across(axis).map(|a| [1, 2, 3][a]);
            assert_eq!(on_face(&p, |v| -v, axis, from_top), expected, "{axis} {from_top}");
        };
        check(2, true, [1, 2]);
        check(2, false, [1, -2]);
        check(0, true, [2, 3]);
        check(0, false, [-2, 3]);
        check(1, true, [-1, 3]);
        check(1, false, [1, 3]);
    }
}
