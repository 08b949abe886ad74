//! Surveys of shapes that are known: meshes made of facets here, and noisy points on surfaces.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use glam::{DMat3, DVec3};
use partwright_fit::survey::{BlendKind, Crease, Surface, SymmetryKind};
use partwright_fit::{CancelToken, Deadline, Survey};
use partwright_geometry::repair::weld_exact;
use partwright_geometry::{Geometry, PointCloud, TriMesh};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn survey(scan: &Geometry) -> Survey {
    Survey::of_geometry(scan, &Deadline::default()).expect("there is something")
}

fn kinds(survey: &Survey) -> [usize; 5] {
    ["plane", "cylinder", "cone", "sphere", "torus"]
        .map(|kind| survey.segments.iter().filter(|s| s.surface.kind() == kind).count())
}

/// The triangles of a polygon that its first corner sees all of.
fn fan(mesh: &mut TriMesh, corners: &[DVec3]) {
    let first = mesh.positions.len() as u32;
    mesh.positions.extend(corners);
    mesh.triangles.extend((1..corners.len() as u32 - 1).map(|k| [first, first + k, first + k + 1]));
}

/// The body that turning a profile of radii and heights, from the bottom up, makes in `n` facets.
fn turned(profile: &[[f64; 2]], n: u32) -> TriMesh {
    let mut mesh = TriMesh::default();
    let at = |[r, z]: [f64; 2], k: u32| {
        let angle = TAU * f64::from(k % n) / f64::from(n);
        DVec3::new(r * angle.cos(), r * angle.sin(), z)
    };
    for k in 0..n {
        for pair in profile.windows(2) {
            fan(&mut mesh, &[at(pair[0], k), at(pair[0], k + 1), at(pair[1], k + 1), at(pair[1], k)]);
        }
    }
    let ring = |p: [f64; 2]| (0..n).map(move |k| at(p, k)).collect::<Vec<_>>();
    fan(&mut mesh, &ring(profile[0]).into_iter().rev().collect::<Vec<_>>());
    fan(&mut mesh, &ring(profile[profile.len() - 1]));
    cleaned(&mesh)
}

/// Without triangles that have two corners at one place.
fn cleaned(mesh: &TriMesh) -> TriMesh {
    let mut mesh = weld_exact(mesh);
    mesh.triangles.retain(|t| t[0] != t[1] && t[1] != t[2] && t[2] != t[0]);
    mesh
}

/// A box with all edges rounded: a sphere drawn apart by eight octants.
fn rounded_box(half: DVec3, radius: f64, steps: u32) -> TriMesh {
    let core = half - DVec3::splat(radius);
    let place = |i: u32, j: u32| {
        // Octant borders are met twice, once from either side.
        let (row, column) = (i / (steps + 1), j / (steps + 1));
        let polar = FRAC_PI_2 * (f64::from(row) + f64::from(i % (steps + 1)) / f64::from(steps));
        let around = FRAC_PI_2 * (f64::from(column) + f64::from(j % (steps + 1)) / f64::from(steps));
        let sign = |column: u32| if column == 0 || column == 3 { 1.0 } else { -1.0 };
        let corner = DVec3::new(
            sign(column) * core.x,
            if column < 2 { core.y } else { -core.y },
            if row == 0 { core.z } else { -core.z },
        );
        // The sines of whole quarters are not exactly what they are meant to be.
        let exact = |x: f64| if x.abs() < 1e-12 { 0.0 } else { x };
        let (sin, cos) = (exact(polar.sin()), exact(polar.cos()));
        corner + radius * DVec3::new(sin * exact(around.cos()), sin * exact(around.sin()), cos)
    };
    let (rows, columns) = (2 * (steps + 1), 4 * (steps + 1));
    let mut mesh = TriMesh::default();
    for i in 0..rows - 1 {
        for j in 0..columns {
            let next = (j + 1) % columns;
            fan(&mut mesh, &[place(i, j), place(i + 1, j), place(i + 1, next), place(i, next)]);
        }
    }
    for (row, order) in [(0, [0, 1, 2, 3]), (rows - 1, [3, 2, 1, 0])] {
        let ring: Vec<DVec3> = order.iter().map(|quarter| place(row, quarter * (steps + 1))).collect();
        fan(&mut mesh, &ring);
    }
    cleaned(&mesh)
}

#[test]
fn facets_of_one_cylinder_are_one_cylinder() {
    for n in [12, 32, 90] {
        let found = survey(&Geometry::Mesh(turned(&[[8.0, 0.0], [8.0, 5.0]], n)));
        assert_eq!(kinds(&found), [2, 1, 0, 0, 0], "{n} facets");
        let wall = found.segments.iter().find(|s| s.surface.kind() == "cylinder").unwrap();
        let radius = wall.surface.radius().unwrap();
        assert!((radius - 8.0).abs() < 1e-5, "the circle goes through the vertices: {radius}");
        assert!(wall.is_full_turn() && wall.hollow == Some(false) && (wall.extent.length - 5.0).abs() < 1e-5);
        assert!(found.explained > 0.9999 && found.exact && found.complete);
    }
}

#[test]
fn eight_sides_are_eight_planes() {
    let found = survey(&Geometry::Mesh(turned(&[[8.0, 0.0], [8.0, 5.0]], 8)));
    assert_eq!(kinds(&found), [10, 0, 0, 0, 0]);
    let order = |s: &partwright_fit::survey::Symmetry| match s.kind {
        SymmetryKind::Rotation { order } if s.direction.dot(DVec3::Z).abs() > 0.999 => Some(order),
        _ => None,
    };
    assert_eq!(found.symmetries.iter().find_map(order), Some(8));
}

#[test]
fn a_turned_part_is_told_by_its_faces() {
    // A foot, a cone, a neck, and a half ring's profile on top.
    let mut profile = vec![[9.0, 0.0], [9.0, 2.0], [5.0, 6.0], [5.0, 9.0]];
    profile.extend((1..=12).map(|k| {
        let angle = FRAC_PI_2 * f64::from(k) / 12.0;
        [3.0 + 2.0 * angle.cos(), 9.0 + 2.0 * angle.sin()]
    }));
    let turn = DMat3::from_rotation_x(0.4) * DMat3::from_rotation_y(0.9);
    let mut mesh = turned(&profile, 48);
    mesh.positions.iter_mut().for_each(|p| *p = turn * *p + DVec3::new(30.0, -4.0, 7.0));
    let found = survey(&Geometry::Mesh(mesh));
    assert_eq!(kinds(&found), [2, 2, 1, 0, 1], "{:?}", found.segments.iter().map(|s| s.surface).collect::<Vec<_>>());
    for segment in &found.segments {
        let (_, axis) = segment.surface.axis().unwrap_or((DVec3::ZERO, segment.surface.normal(DVec3::ZERO)));
        assert!(axis.cross(turn * DVec3::Z).length() < 1e-4, "{segment:?}");
        match segment.surface {
            Surface::Cone { half_angle_rad, .. } => assert!((half_angle_rad - PI / 4.0).abs() < 1e-4),
            Surface::Torus { major, minor, .. } => assert!((major - 3.0).abs() < 1e-3 && (minor - 2.0).abs() < 1e-3),
            _ => {}
        }
    }
    assert!(found.is_turned(), "{:?}", found.symmetries);
}

#[test]
fn a_box_with_rounded_edges_has_twelve_blends() {
    let found = survey(&Geometry::Mesh(rounded_box(DVec3::new(20.0, 15.0, 10.0), 2.0, 6)));
    assert_eq!(kinds(&found), [6, 12, 0, 8, 0]);
    let [group] = found.blend_groups.as_slice() else { panic!("{:?}", found.blend_groups) };
    assert!(group.convex && group.members.len() == 12, "{group:?}");
    assert!(matches!(group.kind, BlendKind::Fillet { radius } if (radius - 2.0).abs() < 1e-4), "{group:?}");
    assert!(found.edges.iter().all(|e| e.crease == Crease::Smooth));
    let mirrors = found.symmetries.iter().filter(|s| s.kind == SymmetryKind::Mirror);
    assert_eq!(mirrors.count(), 3);
}

#[test]
fn a_chamfered_shaft_has_two_chamfers() {
    let found = survey(&Geometry::Mesh(turned(&[[7.0, 0.0], [8.0, 1.0], [8.0, 30.0], [7.0, 31.0]], 64)));
    assert_eq!(kinds(&found), [2, 1, 2, 0, 0]);
    let [group] = found.blend_groups.as_slice() else { panic!("{:?}", found.blend_groups) };
    assert_eq!(group.members.len(), 2);
    let BlendKind::Chamfer { width, angle_rad } = group.kind else { panic!("{group:?}") };
    assert!((width - 2f64.sqrt()).abs() < 1e-3 && (angle_rad - PI / 4.0).abs() < 1e-3);
}

#[test]
fn an_open_mesh_has_rims() {
    let mut mesh = turned(&[[8.0, 0.0], [8.0, 5.0]], 32);
    let open = |mesh: &TriMesh, t: &[u32; 3]| t.iter().all(|v| mesh.positions[*v as usize].z > 4.0);
    mesh.triangles = mesh.triangles.iter().filter(|t| !open(&mesh, t)).copied().collect();
    let found = survey(&Geometry::Mesh(mesh));
    assert_eq!(found.missing.rims, 1);
    let ring = 32.0 * 16.0 * (PI / 32.0).sin();
    assert!((found.missing.rim_length - ring).abs() < 1e-6);
}

/// A number of about standard normal distribution.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// Points with noise on a drum of radius 10 and height 16; without those whose angle (0 to 1) is in `hidden`.
fn drum(noise: f64, hidden: std::ops::Range<f64>) -> Geometry {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let mut positions = Vec::new();
    while positions.len() < 9000 {
        let turn = random.random::<f64>();
        let (r, z) = match random.random_range(0..26) {
            0..5 => (10.0 * random.random::<f64>().sqrt(), 0.0),
            5..10 => (10.0 * random.random::<f64>().sqrt(), 16.0),
            _ => (10.0, 16.0 * random.random::<f64>()),
        };
        if r > 9.99 && hidden.contains(&turn) {
            continue;
        }
        let p = DVec3::new(r * (TAU * turn).cos(), r * (TAU * turn).sin(), z);
        positions.push(p + noise * DVec3::new(normal(&mut random), normal(&mut random), normal(&mut random)));
    }
    Geometry::Cloud(PointCloud { positions, normals: None, colors: None })
}

#[test]
fn a_noisy_cylinder_is_known_as_well_as_it_says() {
    let found = survey(&drum(0.05, 2.0..2.0));
    assert_eq!(kinds(&found), [2, 1, 0, 0, 0]);
    let wall = found.segments.iter().find(|s| s.surface.kind() == "cylinder").unwrap();
    let (radius, deviation) = (wall.surface.radius().unwrap(), wall.covariance.radius().unwrap());
    assert!((radius - 10.0).abs() < 4.0 * deviation && deviation < 0.003, "{radius} within {deviation}");
    assert!(wall.is_full_turn() && found.is_turned());
    assert!(found.missing.unseen_share < 0.02, "{:?}", found.missing);
    let rims: Vec<f64> = found.edges.iter().filter(|e| e.crease == Crease::Convex).map(|e| e.length).collect();
    assert!(rims.len() == 2 && rims.iter().all(|l| (l / (20.0 * PI) - 1.0).abs() < 0.2), "{:?}", found.edges);
}

#[test]
fn a_wall_seen_in_part_is_missing_in_part() {
    let found = survey(&drum(0.05, 0.1..0.4));
    let wall = found.segments.iter().find(|s| s.surface.kind() == "cylinder").unwrap();
    assert!((wall.extent.turn_rad / TAU - 0.7).abs() < 0.03, "{}", wall.extent.turn_rad);
    let hidden = 0.3 * TAU * 10.0 * 16.0;
    assert!((found.missing.unseen_area / hidden - 1.0).abs() < 0.3, "{:?} for {hidden}", found.missing);
    assert!(!found.is_turned(), "{:?}", found.symmetries);
}

#[test]
fn the_same_scan_has_the_same_survey() {
    assert_eq!(survey(&drum(0.05, 0.1..0.4)), survey(&drum(0.05, 0.1..0.4)));
}

#[test]
fn what_is_stopped_says_that_it_is_not_complete() {
    let cancel = CancelToken::default();
    cancel.cancel();
    for scan in [drum(0.05, 2.0..2.0), Geometry::Mesh(turned(&[[8.0, 0.0], [8.0, 5.0]], 32))] {
        let found = Survey::of_geometry(&scan, &Deadline::new(cancel.clone(), None)).unwrap();
        assert!(!found.complete && found.segments.iter().all(|s| s.surface.kind() == "plane"));
    }
}
