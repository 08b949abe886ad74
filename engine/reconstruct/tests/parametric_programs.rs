//! Programs with parameters make the solids that bare numbers make, and can be edited.

use glam::{DMat3, DVec2, DVec3};
use partwright_fit::Precision;
use partwright_fit::emit::{Holes, Patterns, Wording, parametric_program, program};
use partwright_fit::part::{Feature, FeatureKind, Outline, Part, PathEdge, Region, SketchPlane, Sweep};
use partwright_fit::refine::rounded;
use partwright_reconstruct::{Deadline, EditOutcome, Executor as _, InProcess, Properties, editability};

/// Pseudo-random numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Between the two, with one decimal.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        let share = (self.next() % 10_001) as f64 / 10_000.0;
        ((low + (high - low) * share) * 10.0).round() / 10.0
    }
}

fn rectangle(low: DVec2, high: DVec2) -> Outline {
    Outline::polygon(&[low, DVec2::new(high.x, low.y), high, DVec2::new(low.x, high.y)])
}

fn circle(center: DVec2, radius: f64) -> Outline {
    Outline::Circle { center, radius }
}

fn prism(kind: FeatureKind, at: SketchPlane, outers: Vec<Outline>, holes: Vec<Outline>, depth: f64) -> Feature {
    let mut regions: Vec<Region> = outers.into_iter().map(|outer| Region { outer, holes: Vec::new() }).collect();
    regions[0].holes = holes;
    Feature { kind, plane: at, regions, sweep: Sweep::Extrude { depth } }
}

/// A rectangle with rounded corners.
fn rounded_rectangle(low: DVec2, high: DVec2, radius: f64) -> Outline {
    let bulge = radius * (1.0 - std::f64::consts::FRAC_1_SQRT_2);
    let v = DVec2::new;
    let edges = vec![
        PathEdge::Line { end: v(high.x - radius, low.y) },
        PathEdge::Arc { mid: v(high.x - bulge, low.y + bulge), end: v(high.x, low.y + radius) },
        PathEdge::Line { end: v(high.x, high.y - radius) },
        PathEdge::Arc { mid: v(high.x - bulge, high.y - bulge), end: v(high.x - radius, high.y) },
        PathEdge::Line { end: v(low.x + radius, high.y) },
        PathEdge::Arc { mid: v(low.x + bulge, high.y - bulge), end: v(low.x, high.y - radius) },
        PathEdge::Line { end: v(low.x, low.y + radius) },
        PathEdge::Arc { mid: v(low.x + bulge, low.y + bulge), end: v(low.x + radius, low.y) },
    ];
    Outline::Path { start: v(low.x + radius, low.y), edges }
}

/// A slot between two half circles.
fn slot(center: DVec2, length: f64, radius: f64) -> Outline {
    let (half, r) = (DVec2::new(length / 2.0, 0.0), DVec2::new(0.0, radius));
    let out = DVec2::new(length / 2.0 + radius, 0.0);
    let edges = vec![
        PathEdge::Line { end: center + half - r },
        PathEdge::Arc { mid: center + out, end: center + half + r },
        PathEdge::Line { end: center - half + r },
        PathEdge::Arc { mid: center - out, end: center - half - r },
    ];
    Outline::Path { start: center - half - r, edges }
}

/// A plate, or a part of other kinds, with bosses, pockets, holes and patterns of them.
fn some_part(dice: &mut Dice) -> Part {
    use FeatureKind::{Add, Cut};
    let size = DVec3::new(dice.between(60.0, 120.0), dice.between(50.0, 90.0), dice.between(5.0, 20.0));
    let corner = match dice.below(3) {
        0 => DVec3::ZERO,
        1 => DVec3::new(-size.x / 2.0, -size.y / 2.0, 0.0),
        _ => DVec3::new(dice.between(-50.0, 50.0), dice.between(-50.0, 50.0), dice.between(-50.0, 50.0)),
    };
    let (low, high) = (corner.truncate(), (corner + size).truncate());
    let middle = (low + high) / 2.0;
    let floor = SketchPlane::through(corner, DVec3::Z).at(DVec3::Z * corner.z);
    let top = floor.at(DVec3::Z * (corner.z + size.z));
    let radius = dice.between(2.0, 4.0);
    let pattern = match dice.below(4) {
        0 => {
            let inset = DVec2::splat(dice.between(6.0, 10.0));
            let (a, b) = (low + inset, high - inset);
            [a, DVec2::new(b.x, a.y), b, DVec2::new(a.x, b.y)].map(|p| circle(p, radius)).to_vec()
        }
        1 => {
            let n = 3 + dice.below(5);
            let across = dice.between(15.0, 20.0);
            let turn = |i: usize| std::f64::consts::TAU * i as f64 / n as f64 + 0.3;
            (0..n).map(|i| circle(middle + across * DVec2::from_angle(turn(i)), radius)).collect()
        }
        2 => (0..3).map(|i| circle(middle + DVec2::new(12.5 * (i as f64 - 1.0), 0.0), radius)).collect(),
        _ => vec![circle(middle + DVec2::new(dice.between(-20.0, 20.0), dice.between(-10.0, 10.0)), radius)],
    };
    let outer = match dice.below(3) {
        0 => rectangle(low, high),
        1 => rounded_rectangle(low, high, dice.between(2.0, 5.0)),
        _ => {
            let (x, y) = (low.x + dice.between(20.0, 30.0), low.y + dice.between(20.0, 24.0));
            let v = DVec2::new;
            // An L, wide enough for the pattern's places not to matter to it.
            let corners = [low, v(high.x, low.y), v(high.x, high.y), v(x, high.y), v(x, y), v(low.x, y)];
            Outline::polygon(&corners)
        }
    };
    let mut features = Vec::new();
    let is_rectangle = outer.as_rectangle(0.0).is_some();
    if is_rectangle && dice.below(2) == 0 {
        features.push(prism(Add, floor, vec![outer], pattern, size.z));
    } else {
        features.push(prism(Add, floor, vec![outer], Vec::new(), size.z));
        features.push(prism(Cut, floor, pattern, Vec::new(), size.z));
    }
    if dice.below(2) == 0 {
        let r = dice.between(5.0, 9.0);
        let height = dice.between(4.0, 30.0);
        features.push(prism(Add, top, vec![circle(middle, r)], Vec::new(), height));
        features.push(prism(Cut, floor, vec![circle(middle, r - 3.0)], Vec::new(), size.z + height));
    }
    if dice.below(2) == 0 {
        let depth = dice.between(1.0, size.z - 2.0);
        let bottom = floor.at(DVec3::Z * (corner.z + size.z - depth));
        let at = low + DVec2::new(dice.between(12.0, 16.0), dice.between(11.0, 14.0));
        let cut = match dice.below(2) {
            0 => rectangle(at, at + DVec2::new(9.3, 7.2)),
            _ => slot(at + DVec2::new(6.0, 3.0), 8.0, 2.5),
        };
        features.push(prism(Cut, bottom, vec![cut], Vec::new(), depth));
    }
    if dice.below(3) == 0 {
        // A hole from the side, and a wall on the plate.
        let side = SketchPlane::through(DVec3::ZERO, DVec3::X).at(DVec3::X * corner.x);
        let wall = rectangle(DVec2::new(low.y, corner.z), DVec2::new(high.y, corner.z + size.z + 25.0));
        let hole = circle(DVec2::new(middle.y, corner.z + size.z + 13.0), 4.0);
        features.push(prism(Add, side, vec![wall], vec![hole], 5.0));
    }
    Part { features }
}

fn turned_part(dice: &mut Dice) -> Part {
    let (bore, hub, rim) = (dice.between(3.0, 6.0), dice.between(9.0, 14.0), dice.between(25.0, 40.0));
    let (web, height) = (dice.between(4.0, 8.0), dice.between(15.0, 30.0));
    let v = DVec2::new;
    let corners = [v(bore, 0.0), v(rim, 0.0), v(rim, web), v(hub, web), v(hub, height), v(bore, height)];
    let plane =
        SketchPlane { origin: DVec3::new(dice.between(-5.0, 5.0), 2.0, 1.0), x: DVec3::X, normal: DVec3::NEG_Y };
    let region = Region { outer: Outline::polygon(&corners), holes: Vec::new() };
    let body = Feature { kind: FeatureKind::Add, plane, regions: vec![region], sweep: Sweep::Revolve };
    let n = 3 + dice.below(6);
    let center = DVec2::new(plane.origin.x, plane.origin.y);
    let across = 0.5 * (hub + rim);
    let turn = |i: usize| DVec2::from_angle(std::f64::consts::TAU * i as f64 / n as f64);
    let holes = (0..n).map(|i| circle(center + across * turn(i), 2.0)).collect();
    let floor = SketchPlane::through(DVec3::Z * plane.origin.z, DVec3::Z);
    Part { features: vec![body, prism(FeatureKind::Cut, floor, holes, Vec::new(), web)] }
}

fn properties(source: &str) -> Properties {
    match InProcess::default().execute(source, &Deadline::default()) {
        Ok(made) => made.properties,
        Err(fault) => unreachable!("{}\n{source}", fault.message),
    }
}

#[test]
fn parameters_change_nothing_and_can_be_changed() {
    let mut dice = Dice(7);
    let (mut edits, mut held, mut fewest) = (0, 0, usize::MAX);
    for round in 0..60 {
        let made = if round % 5 == 4 { turned_part(&mut dice) } else { some_part(&mut dice) };
        let precision = Precision::within(if round % 2 == 0 { 1e-3 } else { 1e-6 });
        let part = rounded(&made, precision);
        let rotation = match round % 4 {
            0 | 1 => DMat3::IDENTITY,
            2 => DMat3::from_cols(DVec3::Y, DVec3::Z, DVec3::X),
            _ => DMat3::from_axis_angle(DVec3::new(1.0, 2.0, 3.0).normalize(), 0.7),
        };
        let plain = program(&part, rotation, precision).source;
        let holes = if round % 2 == 0 { Holes::Drilled } else { Holes::Cut };
        let written =
            |patterns| parametric_program(&part, rotation, precision, Wording { patterns, holes }).unwrap_or_default();
        // A ring's places are irrational: where it cuts through edges, rounding shows in the volume.
        let named = written(if round % 3 == 0 { Patterns::Exact } else { Patterns::Rounded });
        let (a, b) = (properties(&plain), properties(&named));
        let exact = written(Patterns::Exact) == named;
        // Bare numbers of planes at an angle are rounded to nine decimals.
        let share = if round % 4 == 3 { 1e-8 } else { 1e-9 };
        let close = |x: f64, y: f64| (x - y).abs() <= if exact { share } else { 3e-6 } * y.abs();
        let reach = if round % 4 == 3 { 1e-6 } else { 1e-9 };
        let size = a.bounds[0].abs().max(a.bounds[1].abs()).max_element();
        assert!(close(a.volume, b.volume) && close(a.area, b.area), "{a:?} {b:?}\n{plain}\n{named}");
        assert!((0..2).all(|i| a.bounds[i].distance(b.bounds[i]) <= reach * size), "{a:?} {b:?}\n{plain}\n{named}");
        assert_eq!((a.solids, a.faces, a.valid), (b.solids, b.faces, b.valid), "{plain}\n{named}");
        if round % 4 == 0 {
            let edited = editability(&named, &InProcess::default(), &Deadline::default()).expect("it ran before");
            edits += edited.edits.len();
            held += edited.edits.iter().filter(|e| e.outcome == EditOutcome::Holds).count();
            fewest = fewest.min(edited.parameters);
        }
    }
    assert!(fewest >= 3, "every part has at least its three dimensions: {fewest}");
    assert!(held as f64 >= 0.97 * edits as f64, "{held} of {edits} edits hold");
}

#[test]
fn a_plate_reads_as_an_engineer_writes_it() {
    use FeatureKind::{Add, Cut};
    let v = DVec2::new;
    let floor = SketchPlane::through(DVec3::ZERO, DVec3::Z);
    let top = floor.at(DVec3::Z * 8.0);
    let corners = [v(-40.0, -20.0), v(40.0, -20.0), v(40.0, 20.0), v(-40.0, 20.0)].map(|p| circle(p, 3.25)).to_vec();
    let ring =
        (0..6).map(|i| circle(15.0 * DVec2::from_angle(std::f64::consts::TAU * f64::from(i) / 6.0), 2.0)).collect();
    let part = Part {
        features: vec![
            prism(Add, floor, vec![rectangle(v(-50.0, -30.0), v(50.0, 30.0))], corners, 8.0),
            prism(Add, top, vec![circle(v(0.0, 0.0), 20.0)], Vec::new(), 12.0),
            prism(Cut, floor, vec![circle(v(0.0, 0.0), 8.0)], Vec::new(), 20.0),
            prism(Cut, floor.at(DVec3::Z * 15.0), ring, Vec::new(), 5.0),
        ],
    };
    let precision = Precision::within(1e-4);
    let part = rounded(&part, precision);
    let wording = Wording { patterns: Patterns::Rounded, holes: Holes::Drilled };
    let found = parametric_program(&part, DMat3::IDENTITY, precision, wording).unwrap_or_default();
    let expected = "\
# Reconstructed from a scan: 100 x 60 x 20, in the scan's unit of length.
import cadquery as cq

length = 100  # along x
width = 60  # along y
hole_edge_distance = 10  # from the edges to the centres
hole_diameter = 6.5
thickness = 8  # along z
boss_diameter = 40
boss_height = 12  # along z
bore_diameter = 16
hole_circle_diameter = 30  # through the centres
hole_count = 6  # on the circle
hole_diameter_2 = 4
hole_depth = 5  # along z

# Base plate with 4 holes
r = (
    cq.Workplane(\"XY\")
    .rect(length, width)
    .rarray(length - 2 * hole_edge_distance, width - 2 * hole_edge_distance, 2, 2)
    .circle(hole_diameter / 2)
    .extrude(thickness)
)

# Boss
r = r.union(cq.Workplane(\"XY\", origin=(0, 0, thickness)).circle(boss_diameter / 2).extrude(boss_height))

# Bore through, along z
r = r.faces(\">Z\").workplane().hole(bore_diameter)

# 6 holes from the top
r = (
    r.faces(\">Z\").workplane()
    .polarArray(hole_circle_diameter / 2, 0, 360, hole_count)
    .hole(hole_diameter_2, hole_depth)
)
";
    assert_eq!(found, expected);
}
