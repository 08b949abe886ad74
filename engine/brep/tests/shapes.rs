//! Bodies and operations against closed forms: volume, area, number of solids, faces.

use std::f64::consts::PI;
use std::sync::Arc;

use glam::{DVec2, DVec3};
use partwright_brep::{
    Body, BooleanKind, BrepError, CallId, Curve, Frame, Isometry, Loop, Node, PathEdge, Primitive, Profile, Region,
    Shape, checks,
};

const CALL: CallId = CallId(0);
const X: DVec3 = DVec3::X;
const Y: DVec3 = DVec3::Y;
const Z: DVec3 = DVec3::Z;

fn cuboid(min: [f64; 3], max: [f64; 3]) -> Shape {
    Shape::cuboid(Frame::WORLD, min.into(), max.into(), CALL)
}

/// A box of the given size about the origin.
fn block(x: f64, y: f64, z: f64) -> Shape {
    cuboid([-x / 2.0, -y / 2.0, -z / 2.0], [x / 2.0, y / 2.0, z / 2.0])
}

fn frame(origin: DVec3, normal: DVec3) -> Frame {
    Frame::from_normal(origin, normal, normal.any_orthonormal_vector()).expect("a normal and a perpendicular")
}

fn rod(origin: [f64; 3], axis: DVec3, radius: f64, height: f64) -> Shape {
    Shape::cylinder(frame(origin.into(), axis), radius, 0.0, height, CALL)
}

fn ball(center: [f64; 3], radius: f64) -> Shape {
    Shape::primitive(Primitive::Sphere { frame: Frame::WORLD.at(center.into()), radius }, CALL)
}

fn cone(bottom_radius: f64, top_radius: f64, height: f64) -> Shape {
    Shape::primitive(Primitive::Cone { frame: Frame::WORLD, bottom_radius, top_radius, height }, CALL)
}

fn torus(major_radius: f64, minor_radius: f64) -> Shape {
    Shape::primitive(Primitive::Torus { frame: Frame::WORLD, major_radius, minor_radius }, CALL)
}

fn polygon(points: &[[f64; 2]]) -> Loop {
    let ends = points.iter().cycle().skip(1).take(points.len());
    Loop::Path { start: points[0].into(), edges: ends.map(|p| PathEdge::Line { end: (*p).into() }).collect() }
}

fn circle(x: f64, y: f64, radius: f64) -> Loop {
    Loop::Circle { center: DVec2::new(x, y), radius }
}

fn region(outer: Loop, holes: Vec<Loop>) -> Profile {
    Profile::Region(Region { outer, holes })
}

fn extruded(profile: Profile, height: f64) -> Shape {
    Shape::primitive(Primitive::Extrusion { frame: Frame::WORLD, profile, from: 0.0, to: height }, CALL)
}

fn revolved(profile: Profile, degrees: f64) -> Shape {
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

fn evaluated(shape: &Shape) -> Arc<Body> {
    match shape.body() {
        Ok(body) => body,
        Err(error) => panic!("{error}"),
    }
}

struct Expected {
    volume: f64,
    area: f64,
    solids: usize,
    faces: usize,
}

#[track_caller]
fn check(shape: &Shape, expected: &Expected) -> Arc<Body> {
    let body = evaluated(shape);
    check_near(body.volume, expected.volume, 1e-7, "volume");
    check_near(body.area, expected.area, 1e-7, "area");
    assert_eq!((body.solids.len(), body.faces.len()), (expected.solids, expected.faces), "solids and faces");
    body
}

#[track_caller]
fn check_near(found: f64, expected: f64, relative: f64, what: &str) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{what} is {found}, not {expected}");
}

#[track_caller]
fn check_error(shape: &Shape, expected: &str) -> BrepError {
    match shape.body() {
        Ok(body) => panic!("no error but a volume of {}", body.volume),
        Err(error) => {
            assert!(error.to_string().contains(expected), "{error}");
            error
        }
    }
}

#[test]
fn primitives() {
    check(&block(2.0, 3.0, 4.0), &Expected { volume: 24.0, area: 52.0, solids: 1, faces: 6 });
    check(&rod([1.0, 2.0, 3.0], Z, 5.0, 2.0), &Expected { volume: 50.0 * PI, area: 70.0 * PI, solids: 1, faces: 3 });
    let (v, a) = (500.0 / 3.0 * PI, 100.0 * PI);
    check(&ball([9.0, 0.0, -4.0], 5.0), &Expected { volume: v, area: a, solids: 1, faces: 1 });
    check(&cone(3.0, 0.0, 4.0), &Expected { volume: 12.0 * PI, area: 24.0 * PI, solids: 1, faces: 2 });
    check(&cone(0.0, 3.0, 4.0), &Expected { volume: 12.0 * PI, area: 24.0 * PI, solids: 1, faces: 2 });
    let (v, a) = (28.0 * PI * 4.0 / 4.0, (16.0 + 4.0 + 6.0 * 20f64.sqrt()) * PI);
    check(&cone(4.0, 2.0, 4.0), &Expected { volume: v * 4.0 / 3.0, area: a, solids: 1, faces: 3 });
    let (v, a) = (2.0 * PI * PI * 10.0 * 9.0, 4.0 * PI * PI * 30.0);
    check(&torus(10.0, 3.0), &Expected { volume: v, area: a, solids: 1, faces: 1 });
}

#[test]
fn revolutions() {
    let rectangle = |x: f64, w: f64| region(polygon(&[[x, 0.0], [x + w, 0.0], [x + w, 5.0], [x, 5.0]]), vec![]);
    let tube = Expected { volume: 25.0 * PI, area: (50.0 + 10.0) * PI, solids: 1, faces: 4 };
    check(&revolved(rectangle(2.0, 1.0), 360.0), &tube);
    check(&revolved(rectangle(-3.0, 1.0), 360.0), &tube);
    let half = Expected { volume: 12.5 * PI, area: 30.0 * PI + 10.0, solids: 1, faces: 6 };
    let turned = evaluated(&revolved(rectangle(2.0, 1.0), 180.0));
    check(&revolved(rectangle(2.0, 1.0), 180.0), &half);
    // Positive angles turn z into x: the profile at x > 0 goes to negative z.
    assert!(turned.center.z < -1.0 && turned.center.x.abs() < 1e-9, "{}", turned.center);
    let other = evaluated(&revolved(rectangle(-3.0, 1.0), 180.0));
    assert!(other.center.z > 1.0, "{}", other.center);
    let wedge = Expected { volume: 25.0 * 5.0 / 4.0 * PI, area: 12.5 * PI + 12.5 * PI + 50.0, solids: 1, faces: 5 };
    check(&revolved(rectangle(0.0, 5.0), 90.0), &wedge);
    let arc = PathEdge::Arc { mid: DVec2::new(5.0, 0.0), end: DVec2::new(0.0, 5.0) };
    let start = DVec2::new(0.0, -5.0);
    let half_disc = region(Loop::Path { start, edges: vec![arc, PathEdge::Line { end: start }] }, vec![]);
    let (v, a) = (500.0 / 3.0 * PI, 100.0 * PI);
    check(&revolved(half_disc.clone(), 360.0), &Expected { volume: v, area: a, solids: 1, faces: 1 });
    let half = Expected { volume: v / 2.0, area: a / 2.0 + 25.0 * PI, solids: 1, faces: 2 };
    check(&revolved(half_disc, 180.0), &half);
    let ring = region(circle(10.0, 0.0, 3.0), vec![circle(10.0, 0.0, 1.0)]);
    let (v, a) = (20.0 * PI * 8.0 * PI, 20.0 * PI * 8.0 * PI);
    check(&revolved(ring, 360.0), &Expected { volume: v, area: a, solids: 1, faces: 2 });
}

#[test]
fn mirrored_partial_revolutions_turn_the_other_way() {
    let profile = region(polygon(&[[2.0, 1.0], [3.0, 1.0], [3.0, 4.0]]), vec![]);
    let shape = revolved(profile, 70.0);
    let body = evaluated(&shape);
    for (point, normal) in [(DVec3::ZERO, X), (X, Z), (DVec3::ZERO, Y), (Y, DVec3::new(1.0, 2.0, 3.0))] {
        let mirror = Isometry::mirror(point, normal);
        let image = evaluated(&shape.transformed(mirror));
        check_near(image.volume, body.volume, 1e-9, "volume");
        assert!(image.center.distance(mirror.point(body.center)) < 1e-9);
    }
}

#[test]
fn flush_and_coincident_bodies_leave_no_trace() {
    let plate = cuboid([0.0, 0.0, 0.0], [20.0, 10.0, 2.0]);
    let beside = cuboid([20.0, 0.0, 0.0], [30.0, 10.0, 2.0]);
    check(&union(&plate, &beside), &Expected { volume: 600.0, area: 760.0, solids: 1, faces: 6 });
    let on_top = cuboid([0.0, 0.0, 2.0], [10.0, 10.0, 4.0]);
    check(&union(&plate, &on_top), &Expected { volume: 600.0, area: 600.0, solids: 1, faces: 8 });
    check(&cut(&union(&plate, &on_top), &on_top), &Expected { volume: 400.0, area: 520.0, solids: 1, faces: 6 });
    let (low, high) = (rod([0.0; 3], Z, 7.0, 5.0), rod([0.0, 0.0, 3.0], Z, 7.0, 9.0));
    check(&union(&low, &high), &Expected { volume: 588.0 * PI, area: 266.0 * PI, solids: 1, faces: 3 });
    let upside_down = rod([0.0, 0.0, 12.0], -Z, 7.0, 9.0);
    check(&union(&low, &upside_down), &Expected { volume: 588.0 * PI, area: 266.0 * PI, solids: 1, faces: 3 });
    check(&intersect(&low, &upside_down), &Expected { volume: 98.0 * PI, area: 126.0 * PI, solids: 1, faces: 3 });
    let bore = cut(&plate, &rod([10.0, 5.0, 0.0], Z, 3.0, 2.0));
    check(&bore, &Expected { volume: 400.0 - 18.0 * PI, area: 520.0 - 6.0 * PI, solids: 1, faces: 7 });
    check(
        &union(&bore, &rod([10.0, 5.0, 0.0], Z, 3.0, 2.0)),
        &Expected { volume: 400.0, area: 520.0, solids: 1, faces: 6 },
    );
}

#[test]
fn unclean_unions_keep_their_seams() {
    let (a, b) = (cuboid([0.0; 3], [10.0, 10.0, 10.0]), cuboid([10.0, 0.0, 0.0], [20.0, 10.0, 10.0]));
    let body = evaluated(&a.boolean(BooleanKind::Union, &b, false, CALL));
    assert_eq!(body.faces.len(), 10);
    check_near(body.volume, 2000.0, 1e-12, "volume");
}

#[test]
fn voids_and_lumps() {
    let hollow = cut(&block(10.0, 10.0, 10.0), &block(6.0, 6.0, 6.0));
    let body = check(&hollow, &Expected { volume: 784.0, area: 816.0, solids: 1, faces: 12 });
    assert_eq!(body.solids[0].boundaries().len(), 2);
    let nested = union(&hollow, &block(2.0, 2.0, 2.0));
    check(&nested, &Expected { volume: 792.0, area: 840.0, solids: 2, faces: 18 });
    let bubble = cut(&block(20.0, 20.0, 20.0), &ball([1.0, 0.0, 0.0], 4.0));
    check(&bubble, &Expected { volume: 8000.0 - 256.0 / 3.0 * PI, area: 2400.0 + 64.0 * PI, solids: 1, faces: 7 });
}

#[test]
fn solids_that_only_touch_stay_apart() {
    let a = cuboid([0.0; 3], [10.0, 10.0, 10.0]);
    let both = Expected { volume: 2000.0, area: 1200.0, solids: 2, faces: 12 };
    check(&union(&a, &cuboid([10.0, 10.0, 0.0], [20.0, 20.0, 10.0])), &both);
    check(&union(&a, &cuboid([10.0, 10.0, 10.0], [20.0, 20.0, 20.0])), &both);
    check(&union(&a, &cuboid([10.0, 10.0, 5.0], [20.0, 20.0, 15.0])), &both);
    let rods = union(&rod([0.0; 3], Z, 5.0, 10.0), &rod([10.0, 0.0, 0.0], Z, 5.0, 10.0));
    check(&rods, &Expected { volume: 500.0 * PI, area: 300.0 * PI, solids: 2, faces: 6 });
}

#[test]
fn compounds_are_not_united() {
    let parts = vec![block(2.0, 2.0, 2.0), block(4.0, 4.0, 4.0), ball([9.0, 0.0, 0.0], 1.0)];
    let compound = Shape::new(Node::Compound(parts), CALL);
    let body = evaluated(&compound);
    assert_eq!(body.solids.len(), 3);
    check_near(body.volume, 72.0 + 4.0 / 3.0 * PI, 1e-9, "volume");
}

#[test]
fn round_bodies_meet() {
    // The napkin ring: what is left of a ball depends on the height of the hole alone.
    let ring = cut(&ball([0.0; 3], 10.0), &rod([0.0, 0.0, -20.0], Z, 6.0, 40.0));
    let area = 2.0 * PI * 10.0 * 16.0 + 2.0 * PI * 6.0 * 16.0;
    check(&ring, &Expected { volume: 4.0 / 3.0 * PI * 512.0, area, solids: 1, faces: 2 });
    let octant = cut(&ball([0.0; 3], 10.0), &cuboid([0.0; 3], [20.0, 20.0, 20.0]));
    let whole = 4.0 / 3.0 * PI * 1000.0;
    check(&octant, &Expected { volume: whole * 7.0 / 8.0, area: 350.0 * PI + 75.0 * PI, solids: 1, faces: 4 });
    let lens = intersect(&ball([0.0; 3], 10.0), &ball([12.0, 0.0, 0.0], 10.0));
    let cap = PI * 16.0 * (30.0 - 4.0) / 3.0;
    check(&lens, &Expected { volume: 2.0 * cap, area: 2.0 * 2.0 * PI * 10.0 * 4.0, solids: 1, faces: 2 });
    // Two equal cylinders that cross.
    let (a, b) = (rod([0.0, 0.0, -20.0], Z, 5.0, 40.0), rod([-20.0, 0.0, 0.0], X, 5.0, 40.0));
    let common = check(&intersect(&a, &b), &Expected { volume: 16.0 / 3.0 * 125.0, area: 400.0, solids: 1, faces: 4 });
    assert!(common.edges.iter().all(|e| matches!(e.curve, Curve::Ellipse { .. })));
    check(
        &union(&a, &b),
        &Expected { volume: 2000.0 * PI - 2000.0 / 3.0, area: 900.0 * PI - 400.0, solids: 1, faces: 8 },
    );
    // A countersink in a plate.
    let plate = cuboid([-10.0, -10.0, 0.0], [10.0, 10.0, 4.0]);
    let sunk = cut(&cut(&plate, &rod([0.0; 3], Z, 2.0, 4.0)), &cone(0.0, 4.0, 4.0));
    let volume = 1600.0 - 16.0 * PI - (PI / 3.0 * 64.0 - PI / 3.0 * 8.0 - 8.0 * PI);
    let area = 800.0 - 16.0 * PI - 4.0 * PI + 320.0 + 8.0 * PI + PI * 6.0 * 8f64.sqrt();
    check(&sunk, &Expected { volume, area, solids: 1, faces: 8 });
    // A torus on a plate through its middle.
    let half = cut(&torus(10.0, 3.0), &cuboid([-20.0, -20.0, -20.0], [20.0, 20.0, 0.0]));
    let (v, a) = (PI * PI * 90.0, 2.0 * PI * PI * 30.0 + PI * (169.0 - 49.0));
    check(&half, &Expected { volume: v, area: a, solids: 1, faces: 2 });
}

#[test]
fn cylinders_of_different_radii_meet_in_a_fine_spline() {
    let (a, b) = (rod([0.0, 0.0, -20.0], Z, 5.0, 40.0), rod([-20.0, 1.0, 0.0], X, 3.0, 40.0));
    let (sum, common) = (evaluated(&union(&a, &b)), evaluated(&intersect(&a, &b)));
    check_near(sum.volume + common.volume, 1000.0 * PI + 360.0 * PI, 1e-7, "volume");
    let left = evaluated(&cut(&a, &b));
    check_near(left.volume + common.volume, 1000.0 * PI, 1e-7, "volume");
    assert_eq!((sum.faces.len(), common.faces.len(), left.faces.len()), (7, 3, 4));
}

#[test]
fn an_oblique_cut_of_a_cylinder_is_an_ellipse() {
    let tool = block(40.0, 40.0, 40.0).transformed(Isometry::translation(Z * 20.0));
    let tool = tool.transformed(Isometry::rotation(DVec3::ZERO, X, 30f64.to_radians()));
    let body = evaluated(&cut(&rod([0.0, 0.0, -20.0], Z, 5.0, 40.0), &tool));
    check_near(body.volume, 500.0 * PI, 1e-9, "volume");
    assert_eq!(body.faces.len(), 3);
    let is_section = |curve: &Curve| match curve {
        Curve::Ellipse { major_radius, minor_radius, .. } => {
            (major_radius - 5.0 / 30f64.to_radians().cos()).abs() < 1e-9 && (minor_radius - 5.0).abs() < 1e-9
        }
        _ => false,
    };
    assert_eq!(body.edges.iter().filter(|e| is_section(&e.curve)).count(), 1);
}

#[test]
fn cylinders_that_touch_inside() {
    // Found by the property test: facets of the two on one plane, and rounding decided whose they were.
    let small = rod([-15.0, 10.0, 10.0], Z, 10.0, 5.0);
    let large = rod([-15.0, 5.0, 5.0], Z, 15.0, 10.0);
    let turn = Isometry::rotation(DVec3::new(0.0, 3.0, 1.761_659), DVec3::new(1.761_659, 0.0, 1.0), 0.1);
    let mirror = Isometry::mirror(DVec3::ONE, DVec3::new(1.0, 1.761_659, 0.0));
    let (v, a) = (2250.0 * PI, 750.0 * PI);
    for (one, two) in [(&small, &large), (&large, &small)] {
        let both = union(one, two);
        for shape in [both.transformed(turn), both.transformed(mirror), both] {
            check(&shape, &Expected { volume: v, area: a, solids: 1, faces: 3 });
        }
    }
    // What is left of the small one is less than nothing, or what stands out of the large one.
    check_error(&cut(&small, &large), "empty");
    let longer = rod([-15.0, 10.0, 10.0], Z, 10.0, 15.0);
    let (v, a) = (1000.0 * PI, 400.0 * PI);
    check(&cut(&longer, &large).transformed(turn), &Expected { volume: v, area: a, solids: 1, faces: 3 });
    // At an angle that is no step of the facets, and with a third one that touches both.
    let third = rod([3.0 - 0.6, 4.0 - 0.8, 0.0], Z, 11.0, 20.0);
    let shape = union(&union(&rod([0.0; 3], Z, 15.0, 10.0), &rod([3.0, 4.0, 0.0], Z, 10.0, 10.0)), &third);
    let (v, a) = (2250.0 * PI + 1210.0 * PI, 750.0 * PI + 220.0 * PI);
    check(&shape, &Expected { volume: v, area: a, solids: 1, faces: 5 });
}

#[test]
fn a_hole_that_touches_a_side_leaves_the_side_whole() {
    // The side keeps its one loop, without a slit along the contact, as in CadQuery.
    let hole = rod([5.0, 10.0, 0.0], -Y, 5.0, 5.0);
    let (v, a) = (8000.0 - 125.0 * PI, 2400.0 + 50.0 * PI);
    let body = check(&cut(&block(20.0, 20.0, 20.0), &hole), &Expected { volume: v, area: a, solids: 1, faces: 8 });
    assert_eq!(checks::check(&body.solids), []);
    let whole = body.faces.iter().filter(|f| (f.area - 400.0).abs() < 1e-9);
    assert_eq!(whole.filter(|f| f.loops.len() == 1 && f.loops[0].len() <= 5).count(), 5);
}

#[test]
fn cones_cut_through_their_apex() {
    let half = intersect(&cone(3.0, 0.0, 4.0), &cuboid([0.0, -9.0, 0.0], [9.0, 9.0, 9.0]));
    let (v, a) = (6.0 * PI, 12.0 * PI + 12.0);
    let body = check(&half, &Expected { volume: v, area: a, solids: 1, faces: 3 });
    assert_eq!(checks::check(&body.solids), []);
    let rest = cut(&cone(3.0, 0.0, 4.0), &cuboid([0.0, 0.0, 0.0], [9.0, 9.0, 9.0]));
    let (v, a) = (9.0 * PI, 18.0 * PI + 12.0);
    let body = check(&rest, &Expected { volume: v, area: a, solids: 1, faces: 4 });
    assert_eq!(checks::check(&body.solids), []);
}

#[test]
fn balls_with_narrow_cuts_are_valid() {
    let turned = Shape::primitive(
        Primitive::Cone {
            frame: frame(DVec3::new(-10.0, 10.0, 15.0), Y),
            bottom_radius: 15.0,
            top_radius: 10.0,
            height: 5.0,
        },
        CALL,
    );
    let body = evaluated(&cut(&ball([0.0, 10.0, -5.0], 10.0), &turned));
    assert_eq!(checks::check(&body.solids), []);
}

#[test]
fn what_touches_in_a_plane_has_nothing_in_common() {
    let flat = cuboid([-10.0, 10.0, -10.0], [0.0, 15.0, 0.0]);
    check_error(&intersect(&rod([-5.0, 15.0, -5.0], Y, 10.0, 5.0), &flat), "empty");
}

#[test]
fn tangent_bodies() {
    // A slot's end: the cylinder is tangent to both sides of the box.
    let rounded = union(&cuboid([-20.0, -5.0, 0.0], [0.0, 5.0, 4.0]), &rod([0.0; 3], Z, 5.0, 4.0));
    let (v, a) = (800.0 + 50.0 * PI, 2.0 * (200.0 + 12.5 * PI) + 4.0 * (50.0 + 5.0 * PI));
    check(&rounded, &Expected { volume: v, area: a, solids: 1, faces: 6 });
    let inner = union(&rod([0.0; 3], Z, 19.0, 21.0), &rod([4.0, 0.0, 21.0], Z, 15.0, 28.0));
    let (v, a) = (PI * (361.0 * 21.0 + 225.0 * 28.0), PI * (2.0 * 361.0 + 38.0 * 21.0 + 30.0 * 28.0));
    check(&inner, &Expected { volume: v, area: a, solids: 1, faces: 5 });
}

#[test]
fn features_finer_than_the_facets() {
    // A plane that takes a strip of a hundredth of the radius, and one that stays clear by as much.
    for (x, lost) in [(99.99, true), (99.999, true), (100.01, false)] {
        let body = evaluated(&cut(&rod([0.0; 3], Z, 100.0, 10.0), &cuboid([x, -50.0, -5.0], [120.0, 50.0, 15.0])));
        let angle = if lost { 2.0 * f64::acos(x / 100.0) } else { 0.0 };
        let segment = 5000.0 * (angle - angle.sin());
        check_near(body.volume, 10.0 * (10_000.0 * PI - segment), 1e-10, "volume");
        assert_eq!(body.faces.len(), if lost { 4 } else { 3 });
    }
}

#[test]
fn profiles_combine_exactly() {
    let square = region(polygon(&[[-10.0, -10.0], [10.0, -10.0], [10.0, 10.0], [-10.0, 10.0]]), vec![]);
    let disc = |x: f64, r: f64| region(circle(x, 0.0, r), vec![]);
    let minus = |a: &Profile, b: &Profile| Profile::Difference(Box::new(a.clone()), Box::new(b.clone()));
    let volume = |profile: Profile| evaluated(&extruded(profile, 2.0)).volume;
    check_near(volume(minus(&square, &disc(0.0, 5.0))), 800.0 - 50.0 * PI, 1e-12, "nested");
    check_near(volume(minus(&square, &disc(10.0, 5.0))), 800.0 - 25.0 * PI, 1e-9, "crossing");
    check_near(volume(minus(&square, &disc(5.0, 5.0))), 800.0 - 50.0 * PI, 1e-9, "touching");
    check_near(volume(Profile::Union(vec![square.clone(), disc(10.0, 5.0)])), 800.0 + 25.0 * PI, 1e-9, "sum");
    let both = Profile::Intersection(Box::new(square.clone()), Box::new(disc(10.0, 5.0)));
    check_near(volume(both), 25.0 * PI, 1e-9, "common");
    let touching = region(circle(0.0, 0.0, 5.0), vec![circle(2.0, 0.0, 3.0)]);
    check_near(volume(touching), 32.0 * PI, 1e-9, "hole that touches");
}

#[test]
fn turned_shapes_keep_their_measures() {
    let part =
        cut(&union(&block(20.0, 30.0, 4.0), &rod([5.0, 5.0, 2.0], Z, 5.0, 6.0)), &rod([5.0, 5.0, -2.0], Z, 3.0, 10.0));
    let body = evaluated(&part);
    let turns = [
        Isometry::rotation(DVec3::new(1.0, 2.0, 3.0), DVec3::new(1.0, 1.0, 0.3), 0.7),
        Isometry::rotation(DVec3::ZERO, Y, 0.3),
        Isometry::translation(DVec3::new(300.1, -270.7, 33.3)),
        Isometry::mirror(DVec3::ZERO, DVec3::new(0.2, 0.5, 1.0)),
    ];
    for turn in turns {
        let moved = evaluated(&part.transformed(turn));
        check_near(moved.volume, body.volume, 1e-9, "volume");
        check_near(moved.area, body.area, 1e-9, "area");
        assert_eq!(moved.faces.len(), body.faces.len());
        assert!(moved.center.distance(turn.point(body.center)) < 1e-7);
    }
}

#[test]
fn faces_know_their_call() {
    let a = Shape::cuboid(Frame::WORLD, DVec3::ZERO, DVec3::splat(10.0), CallId(1));
    let b = Shape::cylinder(Frame::WORLD.at(DVec3::new(5.0, 5.0, -1.0)), 2.0, 0.0, 20.0, CallId(2));
    let body = evaluated(&a.boolean(BooleanKind::Cut, &b, true, CallId(3)));
    let round = body.faces.iter().filter(|f| f.surface.kind() == "cylinder");
    assert_eq!(round.map(|f| f.call).collect::<Vec<_>>(), [CallId(2)]);
    assert_eq!(body.faces.iter().filter(|f| f.call == CallId(1)).count(), 6);
}

#[test]
fn what_cannot_be_done_says_so() {
    let cube = block(2.0, 2.0, 2.0);
    check_error(&cut(&cube, &cube), "empty");
    check_error(&intersect(&cube, &ball([9.0, 0.0, 0.0], 1.0)), "empty");
    check_error(&Shape::new(Node::Compound(vec![]), CALL), "empty");
    check_error(&block(2.0, 2.0, 0.0), "height");
    check_error(&ball([0.0; 3], -1.0), "greater than zero");
    check_error(&ball([f64::NAN, 0.0, 0.0], 1.0), "coordinate");
    check_error(&torus(2.0, 3.0), "major radius");
    let bow = polygon(&[[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 20.0]]);
    check_error(&extruded(region(bow, vec![]), 1.0), "meets itself");
    let square = polygon(&[[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [-1.0, 1.0]]);
    check_error(&revolved(region(square.clone(), vec![]), 360.0), "crosses the axis");
    check_error(&revolved(region(square.clone(), vec![]), 0.0), "angle");
    check_error(&extruded(region(square, vec![circle(9.0, 9.0, 1.0)]), 1.0), "outside");
    let error = check_error(&extruded(Profile::Union(vec![]), 1.0), "empty");
    assert_eq!(error.operation, "extrude");
}

#[test]
fn a_long_chain_of_operations_needs_no_stack() {
    let mut shape = block(1.0, 1.0, 1.0);
    for i in 0..20_000 {
        shape = shape.transformed(Isometry::translation(X * if i % 2 == 0 { 1.0 } else { -1.0 }));
    }
    check_near(evaluated(&shape).volume, 1.0, 1e-9, "volume");
    let mut doubled = block(1.0, 1.0, 1.0);
    for _ in 0..64 {
        doubled = union(&doubled, &doubled);
    }
    check_near(evaluated(&doubled).volume, 1.0, 1e-9, "volume");
    drop(shape);
}

#[test]
fn a_hole_tangent_to_a_straight_side_is_cut() {
    let arc = PathEdge::Arc { mid: DVec2::new(0.0, 20.0), end: DVec2::new(-20.0, 10.0) };
    let line = |x: f64, y: f64| PathEdge::Line { end: DVec2::new(x, y) };
    let start = DVec2::new(-20.0, 0.0);
    let edges = vec![line(20.0, 0.0), line(20.0, 10.0), arc, line(-20.0, 0.0)];
    let outer = region(Loop::Path { start, edges }, vec![]);
    let hole = region(circle(5.0, 2.0, 2.0), vec![]);
    let body = evaluated(&extruded(Profile::Difference(Box::new(outer), Box::new(hole)), 7.0));
    // What CadQuery gives for the same profile.
    check_near(body.volume, 4_668.951_984_456_539, 1e-9, "volume");
    check_near(body.area, 2_166.504_201_874_375_7, 1e-9, "area");
    assert_eq!(body.solids.len(), 1);
}
