//! Surveys of parts that programs make, as exact meshes and as clouds.

use glam::{DMat3, DVec3};
use partwright_cadquery::Limits;
use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::survey::{Arrangement, BlendKind, SymmetryKind};
use partwright_reconstruct::{
    CancelToken, Deadline, Executor as _, InProcess, ReconstructConfig, Silent, Survey, reconstruct,
};

fn facets(program: &str) -> TriMesh {
    let source = format!("import cadquery as cq\n{program}\n");
    InProcess { limits: Limits::default() }.execute(&source, &Deadline::default()).expect("a valid program").mesh
}

/// The part turned and moved away from the origin.
fn posed(mesh: &TriMesh) -> TriMesh {
    let turn = DMat3::from_rotation_z(0.5) * DMat3::from_rotation_x(0.8) * DMat3::from_rotation_y(-0.3);
    let positions = mesh.positions.iter().map(|p| turn * *p + DVec3::new(12.0, -40.0, 5.0)).collect();
    TriMesh { positions, triangles: mesh.triangles.clone() }
}

/// Points on the part with normals, without noise: what is measured is told by the tests of single stages.
fn cloud(mesh: &TriMesh) -> Geometry {
    let samples = sample::surface(mesh, 16_000, 1);
    Geometry::Cloud(PointCloud { positions: samples.positions, normals: Some(samples.normals), colors: None })
}

fn surveyed(scan: &Geometry) -> Survey {
    Survey::of_geometry(scan, &Deadline::default()).expect("there is a part")
}

const FLANGE: &str = "import math
r = cq.Workplane('XY').circle(30).extrude(6).union(cq.Workplane('XY').circle(12).extrude(20))
r = r.cut(cq.Workplane('XY').circle(6).extrude(20))
for k in range(6):
    r = r.cut(cq.Workplane('XY').center(20 * math.cos(k * math.pi / 3), 20 * math.sin(k * math.pi / 3)).circle(2.5).extrude(6))";
const PLATE: &str = "r = cq.Workplane('XY').rect(80, 50).extrude(5)
for x in (-30, -10, 10, 30):
    for y in (-15, 15):
        r = r.cut(cq.Workplane('XY').center(x, y).circle(3).extrude(5))";
const BAR: &str = "r = cq.Workplane('XY').rect(90, 20).extrude(8)
for x in (-36, -20, -4, 12, 28):
    r = r.cut(cq.Workplane('XY').center(x, 0).circle(4).extrude(8))";

fn check(program: &str, count: usize, is_it: impl Fn(&Arrangement, f64) -> bool) {
    let mesh = posed(&facets(program));
    for (scan, slack) in [(Geometry::Mesh(mesh.clone()), 1e-3), (cloud(&mesh), 0.15)] {
        let found = surveyed(&scan);
        let first = found.patterns.first().unwrap_or_else(|| {
            panic!(
                "no pattern (slack {slack}) in {:?}",
                found.segments.iter().map(|s| (s.surface, s.extent.turn_rad, s.hollow)).collect::<Vec<_>>()
            )
        });
        assert_eq!((found.patterns.len(), first.members.len()), (1, count), "{:?}", found.patterns);
        assert!(is_it(&first.arrangement, slack), "{first:?}");
        assert!(first.residual < slack);
    }
}

#[test]
fn six_holes_on_a_circle_are_a_polar_pattern() {
    check(
        FLANGE,
        6,
        |found, slack| matches!(found, Arrangement::Polar { radius, .. } if (radius - 20.0).abs() < slack),
    );
}

#[test]
fn four_by_two_holes_are_a_grid() {
    check(PLATE, 8, |found, slack| {
        let Arrangement::Grid { step, across, counts } = found else { return false };
        let mut sides = [(counts[0], step.length()), (counts[1], across.length())];
        sides.sort_by_key(|s| s.0);
        sides[0].0 == 2 && sides[1].0 == 4 && (sides[0].1 - 30.0).abs() < slack && (sides[1].1 - 20.0).abs() < slack
    });
}

#[test]
fn five_holes_in_a_line_are_a_row() {
    check(BAR, 5, |found, slack| matches!(found, Arrangement::Row { step } if (step.length() - 16.0).abs() < slack));
}

#[test]
fn symmetries_are_those_of_the_part() {
    let orders = |scan: &Geometry| {
        let found = surveyed(scan).symmetries;
        let order = |s: &partwright_reconstruct::survey::Symmetry| match s.kind {
            SymmetryKind::Rotation { order } => Some(order),
            _ => None,
        };
        let mirrors = found.iter().filter(|s| s.kind == SymmetryKind::Mirror).count();
        let mut orders: Vec<u32> = found.iter().filter_map(order).collect();
        orders.sort_unstable();
        (mirrors, orders)
    };
    // The bar's holes are not about its middle: one mirror plane along it, one through half its height.
    for (program, mirrors, expected) in [(BAR, 2, vec![2]), (PLATE, 3, vec![2, 2, 2])] {
        let mesh = posed(&facets(program));
        assert_eq!(orders(&Geometry::Mesh(mesh.clone())), (mirrors, expected.clone()), "mesh of\n{program}");
        assert_eq!(orders(&cloud(&mesh)), (mirrors, expected), "cloud of\n{program}");
    }
    let flange = orders(&Geometry::Mesh(posed(&facets(FLANGE))));
    assert_eq!(flange.1, [6]);
}

#[test]
fn what_the_program_has_sharp_is_told() {
    // A cube's corner cut off along one edge only at its ends: no outline along an axis draws all of it.
    let block = "r = cq.Workplane('XY').rect(40, 30).extrude(20)
for s in (-1, 1):
    e = cq.Workplane('XZ').workplane(offset=-20).moveTo(s * 20, 20).lineTo(s * 18.5, 20).lineTo(s * 20, 18.5).close().extrude(40)
    r = r.cut(e)";
    let scan = Geometry::Mesh(facets(block));
    let found = surveyed(&scan);
    let [group] = found.blend_groups.as_slice() else { panic!("{:?}", found.blend_groups) };
    assert!(matches!(group.kind, BlendKind::Chamfer { width, .. } if (width - 1.5 * 2f64.sqrt()).abs() < 1e-3));
    let config = ReconstructConfig::default();
    let result = reconstruct(&scan, &config, &InProcess::default(), &Silent, &CancelToken::default()).unwrap();
    assert_eq!(result.survey.as_ref(), Some(&found), "the report holds the survey");
    // The outline along y draws both chamfers, and then nothing is told.
    let iou = result.best().unwrap().score.as_ref().unwrap().iou.unwrap();
    let told = result.notes.iter().any(|note| note.contains("chamfered"));
    assert_eq!(told, iou < 0.999, "{:?} at {iou}", result.notes);
}
