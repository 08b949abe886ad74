//! Bodies with every kind of surface, made by the kernel's own operations and written as STEP with the values a reader
//! must find: `cargo run --release -p partwright-brep --example step_bodies -- OUT`, then
//! `python tests/python/step_reread.py OUT`.
#![expect(clippy::print_stdout, reason = "printing a table is what this is for")]

mod reread;

use std::path::PathBuf;

use glam::{DVec2, DVec3};
use partwright_brep::{
    BooleanKind, CallId, Frame, Isometry, Loop, Node, PathEdge, Primitive, Profile, Region, Shape, checks,
};

const CALL: CallId = CallId(0);

fn frame(origin: [f64; 3], z: DVec3) -> Frame {
    Frame::from_normal(origin.into(), z, z.any_orthonormal_vector()).unwrap_or(Frame::WORLD)
}

fn block(min: [f64; 3], max: [f64; 3]) -> Shape {
    Shape::cuboid(Frame::WORLD, min.into(), max.into(), CALL)
}

fn rod(origin: [f64; 3], axis: DVec3, radius: f64, height: f64) -> Shape {
    Shape::cylinder(frame(origin, axis), radius, 0.0, height, CALL)
}

fn ball(center: [f64; 3], radius: f64) -> Shape {
    Shape::primitive(Primitive::Sphere { frame: Frame::WORLD.at(center.into()), radius }, CALL)
}

fn cone(origin: [f64; 3], axis: DVec3, bottom_radius: f64, top_radius: f64, height: f64) -> Shape {
    Shape::primitive(Primitive::Cone { frame: frame(origin, axis), bottom_radius, top_radius, height }, CALL)
}

fn torus(origin: [f64; 3], axis: DVec3, major_radius: f64, minor_radius: f64) -> Shape {
    Shape::primitive(Primitive::Torus { frame: frame(origin, axis), major_radius, minor_radius }, CALL)
}

fn revolved(degrees: f64) -> Shape {
    // A pulley's half section: two flanges, a round groove.
    let line = |x, y| PathEdge::Line { end: DVec2::new(x, y) };
    let groove = PathEdge::Arc { mid: DVec2::new(17.0, 0.0), end: DVec2::new(20.0, 3.0) };
    let edges = vec![line(20.0, -5.0), line(20.0, -3.0), groove, line(20.0, 5.0), line(5.0, 8.0), line(5.0, -5.0)];
    let outer = Loop::Path { start: DVec2::new(5.0, -5.0), edges };
    let profile = Profile::Region(Region { outer, holes: Vec::new() });
    let angle_rad = degrees.to_radians();
    Shape::primitive(Primitive::Revolution { frame: Frame::WORLD, profile, angle_rad }, CALL)
}

fn union(a: &Shape, b: &Shape) -> Shape {
    a.boolean(BooleanKind::Union, b, true, CALL)
}

fn cut(a: &Shape, b: &Shape) -> Shape {
    a.boolean(BooleanKind::Cut, b, true, CALL)
}

fn intersect(a: &Shape, b: &Shape) -> Shape {
    a.boolean(BooleanKind::Intersect, b, true, CALL)
}

fn bodies() -> Vec<(&'static str, Shape)> {
    let (x, y, z) = (DVec3::X, DVec3::Y, DVec3::Z);
    let oblique = Isometry::rotation(DVec3::ZERO, x, 0.5);
    let big = block([-20.0, -20.0, -20.0], [20.0, 20.0, 20.0]);
    let slab = block([-50.0, -50.0, 5.0], [50.0, 50.0, 50.0]);
    let turned = |shape: &Shape| {
        shape.transformed(Isometry::rotation(DVec3::new(1.0, 2.0, 3.0), DVec3::new(0.3, -0.5, 0.8), 1.1))
    };
    let mut bodies = vec![
        ("ball", ball([1.0, 2.0, 3.0], 7.0)),
        ("ball-cap", intersect(&ball([0.0; 3], 10.0), &slab)),
        ("ball-cap-side", intersect(&ball([0.0; 3], 10.0), &block([4.0, -20.0, -20.0], [20.0, 20.0, 20.0]))),
        ("ball-octant", intersect(&ball([0.0; 3], 10.0), &block([0.0; 3], [20.0; 3]))),
        ("ball-bored", cut(&ball([0.0; 3], 10.0), &rod([0.0, 0.0, -20.0], z, 4.0, 40.0))),
        ("ball-bored-side", cut(&ball([0.0; 3], 10.0), &rod([-20.0, 3.0, 0.0], x, 4.0, 40.0))),
        ("balls", union(&ball([0.0; 3], 10.0), &ball([9.0, 0.0, 3.0], 6.0))),
        ("void-ball", cut(&big, &ball([0.0; 3], 10.0))),
        ("void-box", cut(&big, &block([-5.0; 3], [5.0; 3]))),
        ("void-torus", cut(&big, &torus([0.0; 3], z, 10.0, 3.0))),
        ("void-two", cut(&cut(&big, &ball([-10.0, 0.0, 0.0], 5.0)), &rod([10.0, 0.0, -5.0], z, 5.0, 10.0))),
        ("void-lump", union(&cut(&big, &ball([0.0; 3], 10.0)), &ball([0.0; 3], 5.0))),
        ("cone", cone([0.0; 3], z, 8.0, 0.0, 12.0)),
        ("frustum", cone([0.0; 3], y, 8.0, 3.0, 12.0)),
        ("cone-half", intersect(&cone([0.0; 3], z, 8.0, 0.0, 12.0), &block([0.0, -20.0, -20.0], [20.0; 3]))),
        ("cone-quarter", cut(&cone([0.0; 3], z, 8.0, 0.0, 12.0), &block([0.0, 0.0, -20.0], [20.0; 3]))),
        ("cone-side", cut(&cone([0.0; 3], z, 8.0, 2.0, 12.0), &block([3.0, -20.0, -20.0], [20.0; 3]))),
        (
            "countersink",
            cut(&cut(&big, &rod([0.0, 0.0, -30.0], z, 3.0, 60.0)), &cone([0.0, 0.0, 14.0], z, 0.0, 8.0, 8.0)),
        ),
        ("drill", cut(&big, &union(&rod([0.0, 0.0, 0.0], z, 5.0, 30.0), &cone([0.0, 0.0, 0.0], -z, 5.0, 0.0, 3.0)))),
        ("torus", torus([0.0; 3], z, 12.0, 4.0)),
        ("torus-half", intersect(&torus([0.0; 3], z, 12.0, 4.0), &slab.transformed(Isometry::translation(-z * 5.0)))),
        ("torus-quarter", intersect(&torus([0.0; 3], z, 12.0, 4.0), &block([0.0, 0.0, -20.0], [20.0; 3]))),
        ("torus-groove", cut(&rod([0.0, 0.0, -10.0], z, 12.0, 20.0), &torus([0.0; 3], z, 12.0, 4.0))),
        ("pulley", revolved(360.0)),
        ("pulley-part", revolved(200.0)),
        ("pulley-bored", cut(&revolved(360.0), &rod([12.0, -20.0, 0.0], y, 2.0, 40.0))),
        ("ellipse", cut(&rod([0.0, 0.0, -20.0], z, 6.0, 40.0), &slab.transformed(oblique))),
        ("ellipse-both", {
            let wedge = cut(&rod([0.0, 0.0, -20.0], z, 6.0, 40.0), &slab.transformed(oblique));
            cut(&wedge, &slab.transformed(Isometry::rotation(DVec3::ZERO, y, 2.4)))
        }),
        (
            "ellipse-hole",
            cut(
                &block([-20.0, -20.0, -4.0], [20.0, 20.0, 4.0]),
                &rod([0.0, 0.0, -20.0], z, 5.0, 40.0).transformed(oblique),
            ),
        ),
        ("cross", union(&rod([0.0, 0.0, -20.0], z, 6.0, 40.0), &rod([-20.0, 0.0, 0.0], x, 6.0, 40.0))),
        ("tee", union(&rod([0.0, 0.0, -20.0], z, 6.0, 40.0), &rod([0.0, 0.0, 0.0], x, 4.0, 20.0))),
        ("cross-hole", cut(&rod([0.0, 0.0, -20.0], z, 6.0, 40.0), &rod([-20.0, 1.0, 0.0], x, 3.0, 40.0))),
        ("ring-touching", cut(&rod([0.0; 3], z, 15.0, 10.0), &rod([5.0, 0.0, -1.0], z, 10.0, 20.0))),
        ("blind-touching", cut(&rod([0.0; 3], z, 15.0, 10.0), &rod([5.0, 0.0, 5.0], z, 10.0, 20.0))),
        ("two-touching", union(&rod([0.0; 3], z, 5.0, 10.0), &rod([10.0, 0.0, 0.0], z, 5.0, 10.0))),
        (
            "three-solids",
            Shape::new(
                Node::Compound(vec![
                    ball([0.0; 3], 3.0),
                    cone([20.0, 0.0, 0.0], z, 4.0, 0.0, 6.0),
                    torus([40.0, 0.0, 0.0], z, 8.0, 2.0),
                ]),
                CALL,
            ),
        ),
    ];
    let copies: Vec<(&'static str, Shape)> = bodies.iter().map(|(name, shape)| (*name, turned(shape))).collect();
    bodies.extend(copies);
    bodies
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("which folder is to be written to?")?);
    std::fs::create_dir_all(&out)?;
    let (mut written, mut invalid) = (0, 0);
    for (i, (name, shape)) in bodies().iter().enumerate() {
        let id = format!("{i:02}-{name}");
        match shape.body() {
            Ok(body) => {
                for violation in checks::check(&body.solids) {
                    println!("{id} is invalid: {violation}");
                    invalid += 1;
                }
                reread::write(&out, &id, &body)?;
                written += 1;
            }
            Err(error) => println!("{id} is not evaluated: {error}"),
        }
    }
    println!("{written} written, {invalid} faults found by the kernel's own checks");
    Ok(())
}
