//! Clouds without noise and without normals: thin sheets, multi-sided parts, turned parts; turned in space, sparse, large,
//! and among outliers. What comes out is compared with the part the points were taken from.

use glam::{DMat3, DVec3};
use partwright_cadquery::Limits;
use partwright_geometry::metric::{CompareConfig, PreparedReference};
use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{CancelToken, Deadline, Executor as _, InProcess, ReconstructConfig, Silent, reconstruct};

/// A bracket with bosses and holes along two directions.
const BRACKET: &str =
    "r = cq.Workplane('XY').box(60, 40, 6).union(cq.Workplane('XY').box(6, 40, 40).translate((-27, 0, 17)))
r = r.union(cq.Workplane('XY').moveTo(10, 0).circle(9).extrude(14))
r = r.cut(cq.Workplane('XY').moveTo(10, 0).circle(4).extrude(40, both=True))
r = r.cut(cq.Workplane('YZ').workplane(offset=-40).moveTo(0, 22).circle(6).extrude(20))";
/// A sheet a quarter as thick as points are apart, with holes.
const SHEET: &str = "r = cq.Workplane('XY').rect(100, 60).extrude(0.3)
r = r.cut(cq.Workplane('XY').pushPoints([(-30, 0), (25, 10)]).circle(12).extrude(0.3))";
/// A box open above whose walls are thinner than points are apart.
const CUP: &str = "r = cq.Workplane('XY').box(50, 40, 30)
r = r.cut(cq.Workplane('XY').workplane(offset=-14.6).rect(49.2, 39.2).extrude(40))";
/// A turned part with a cone, a groove and a bore.
const TURNED: &str = "r = cq.Workplane('XZ').polyline([(4, 0), (20, 0), (20, 10), (12, 22), (12, 30), (9, 30), (9, 34), (12, 34), \
                      (12, 50), (4, 50)]).close().revolve(360, (0, 0, 0), (0, 1, 0))";

fn facets(program: &str) -> TriMesh {
    let source = format!("import cadquery as cq\n{program}\n");
    InProcess { limits: Limits::default() }
        .execute(&source, &Deadline::default())
        .expect("the truth is a valid program")
        .mesh
}

/// How a part is seen.
struct Seen {
    count: usize,
    turned: DMat3,
    /// One of so many points lies anywhere.
    stray: Option<usize>,
}

const PLAIN: Seen = Seen { count: 8192, turned: DMat3::IDENTITY, stray: None };

fn check(program: &str, seen: &Seen, least: f64) {
    let mut truth = facets(program);
    for p in &mut truth.positions {
        *p = seen.turned * *p;
    }
    let mut positions = sample::surface(&truth, seen.count, 3).positions;
    if let Some(every) = seen.stray {
        let low = positions.iter().copied().fold(DVec3::INFINITY, DVec3::min);
        let size = positions.iter().copied().fold(DVec3::NEG_INFINITY, DVec3::max) - low;
        for (i, p) in positions.iter_mut().enumerate().step_by(every) {
            // Multiples of irrational numbers spread evenly.
            let k = i as f64;
            *p = low + size * DVec3::new((k * 0.618_034).fract(), (k * 0.754_877).fract(), (k * 0.569_840).fract());
        }
    }
    let cloud = Geometry::Cloud(PointCloud { positions, ..PointCloud::default() });
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let found = reconstruct(&cloud, &config, &InProcess::default(), &Silent, &CancelToken::default())
        .expect("a cloud of a part gives candidates");
    let best = found.best().expect("one of them can be executed");
    let made = &best.execution.as_ref().expect("the best was").mesh;
    let iou = PreparedReference::new(&truth, CompareConfig::default()).overlap(made).iou.expect("the truth is a solid");
    let tried: Vec<String> =
        found.candidates.iter().map(|c| format!("{} ({} operations)", c.origin, c.operations)).collect();
    assert!(iou > least, "{iou} of\n{program}\nby\n{}\namong {tried:?}", best.source);
}

#[test]
fn sheets_and_walls_thinner_than_the_points_lie_apart() {
    check(CUP, &PLAIN, 0.97);
    check(SHEET, &PLAIN, 0.97);
}

#[test]
fn parts_of_several_directions_and_turned_parts() {
    check(BRACKET, &PLAIN, 0.985);
    check(TURNED, &PLAIN, 0.97);
}

#[test]
fn however_they_lie_in_space() {
    let turned = DMat3::from_axis_angle(DVec3::new(0.3, 1.0, -0.6).normalize(), 1.1);
    check(BRACKET, &Seen { turned, ..PLAIN }, 0.97);
    check(CUP, &Seen { turned, ..PLAIN }, 0.96);
}

#[test]
fn few_points() {
    // So few do not show all of the part's faces exactly; a rough model has to come out all the same.
    check(BRACKET, &Seen { count: 2000, ..PLAIN }, 0.8);
}

#[test]
fn many_points() {
    check(BRACKET, &Seen { count: 300_000, ..PLAIN }, 0.985);
}

#[test]
fn points_among_some_that_belong_to_nothing() {
    check(CUP, &Seen { stray: Some(20), ..PLAIN }, 0.95);
}
