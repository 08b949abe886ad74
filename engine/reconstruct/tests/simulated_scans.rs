//! Noisy, partly seen clouds of parts that are known: what comes out is compared with the part itself.

use glam::DVec3;
use partwright_cadquery::Limits;
use partwright_geometry::metric::{CompareConfig, PreparedReference};
use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{CancelToken, Deadline, Executor as _, InProcess, ReconstructConfig, Silent, reconstruct};

/// The facets of a program's body.
fn facets(program: &str) -> TriMesh {
    let source = format!("import cadquery as cq\n{program}\n");
    InProcess { limits: Limits::default() }
        .execute(&source, &Deadline::default())
        .expect("the truth is a valid program")
        .mesh
}

/// A fixed pseudo-random number of about normal distribution, from the sum of a hash's bytes.
fn scatter(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let sum: f64 = (z ^ (z >> 31)).to_le_bytes().iter().map(|b| f64::from(*b)).sum();
    // Eight bytes of mean 127.5 and variance 5461.25 each.
    (sum - 8.0 * 127.5) / (8.0f64 * 5461.25).sqrt()
}

/// Points on the part, moved by noise; faces that look along `hidden` are not seen.
fn scan(part: &TriMesh, count: usize, noise: f64, hidden: DVec3, normals: bool) -> Geometry {
    let samples = sample::surface(part, count, 3);
    let seen: Vec<usize> = (0..count).filter(|&i| samples.normals[i].dot(hidden) < 0.5).collect();
    let moved = |i: usize| {
        let k = 3 * i as u64;
        samples.positions[i] + noise * DVec3::new(scatter(k), scatter(k + 1), scatter(k + 2))
    };
    Geometry::Cloud(PointCloud {
        positions: seen.iter().map(|&i| moved(i)).collect(),
        normals: normals.then(|| seen.iter().map(|&i| samples.normals[i]).collect()),
        colors: None,
    })
}

fn check(program: &str, noise: f64, hidden: DVec3, normals: bool, least: f64) {
    let truth = facets(program);
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let cloud = scan(&truth, 9000, noise, hidden, normals);
    let found = reconstruct(&cloud, &config, &InProcess::default(), &Silent, &CancelToken::default())
        .expect("a scan of a part gives candidates");
    let best = found.best().expect("one of them can be executed");
    let made = &best.execution.as_ref().expect("the best was").mesh;
    let iou = PreparedReference::new(&truth, CompareConfig::default()).overlap(made).iou.expect("the truth is a solid");
    assert!(iou > least, "{iou} of\n{program}\nby\n{}", best.source);
}

const BRACKET: &str =
    "r = cq.Workplane('XY').box(60, 40, 6).union(cq.Workplane('XY').box(6, 40, 40).translate((-27, 0, 17)))
r = r.union(cq.Workplane('XY').moveTo(10, 0).circle(9).extrude(14))
r = r.cut(cq.Workplane('XY').moveTo(10, 0).circle(4).extrude(40, both=True))
r = r.cut(cq.Workplane('YZ').workplane(offset=-40).moveTo(0, 22).circle(6).extrude(20))";
const FLANGE: &str = "r = cq.Workplane('XY').circle(40).extrude(9).union(cq.Workplane('XY').circle(20).extrude(26))
r = r.cut(cq.Workplane('XY').circle(12).extrude(26))";
const POCKET: &str =
    "r = cq.Workplane('XY').box(80, 55, 30).cut(cq.Workplane('XY').workplane(offset=-7).rect(64, 39).extrude(30))";

#[test]
fn bracket_with_boss_and_holes() {
    check(BRACKET, 0.1, DVec3::ZERO, true, 0.96);
}

#[test]
fn flange_seen_from_above() {
    check(FLANGE, 0.15, DVec3::NEG_Z, true, 0.95);
}

#[test]
fn pocket_seen_from_above_without_normals() {
    check(POCKET, 0.2, DVec3::NEG_Z, false, 0.95);
}

#[test]
fn stepped_profile_without_normals() {
    let profile = "(0, 0), (80, 0), (80, 12), (55, 12), (55, 26), (28, 26), (28, 40), (0, 40)";
    check(&format!("r = cq.Workplane('XZ').polyline([{profile}]).close().extrude(45)"), 0.3, DVec3::ZERO, false, 0.95);
}
