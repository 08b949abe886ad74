//! How long the hot paths take: sampling, furthest points, nearest neighbours, queries, inside tests and comparisons.
//!
//!     cargo bench --ignore-rust-version -p partwright-geometry
//!
//! On a mesh made here, 4000 triangles of which most are slivers, as tessellated CAD parts have them, and on a slab with
//! waves, 2000 triangles of even shape.

use std::{f64::consts::TAU, hint::black_box};

use criterion::{Criterion, criterion_group, criterion_main};
use glam::DVec3;
use partwright_geometry::{
    Similarity, TriMesh,
    cloud::estimate_normals,
    furthest::furthest_points,
    metric::{CompareConfig, PreparedReference, Solid},
    nearest::NearestPoints,
    query::MeshQuery,
    sample,
};

/// Points of a cloud, as many as cadrille samples.
const POINTS: usize = 8192;

fn points(criterion: &mut Criterion) {
    let gear = gear(500);
    let points = sample::surface(&gear, POINTS, 0).positions;
    let tree = NearestPoints::new(&points);
    let mut group = criterion.benchmark_group("points");
    group.bench_function("sample 8192", |b| b.iter(|| sample::surface(black_box(&gear), POINTS, 0)));
    group.bench_function("furthest 8192 to 256", |b| b.iter(|| furthest_points(black_box(&points), 256, 0)));
    group.bench_function("tree of 8192", |b| b.iter(|| NearestPoints::new(black_box(&points))));
    let mut asked = points.iter().cycle().map(|p| *p * 1.01);
    group.bench_function("nearest, each", |b| b.iter(|| tree.nearest(black_box(asked.next().unwrap_or_default()))));
    group.sample_size(20);
    group.bench_function("normals of 8192", |b| b.iter(|| estimate_normals(black_box(&points), 16)));
    group.finish();
}

fn queries(criterion: &mut Criterion) {
    for (name, mesh) in [("gear", gear(500)), ("slab", slab(22))] {
        let Ok(query) = MeshQuery::new(&mesh) else { continue };
        let points = sample::surface(&mesh, POINTS, 0).positions;
        let mut open = mesh.clone();
        open.triangles.pop();
        let Ok(open) = MeshQuery::new(&open) else { continue };
        let mut group = criterion.benchmark_group(format!("queries, {name} of {} triangles", mesh.triangles.len()));
        group.bench_function("building", |b| b.iter(|| MeshQuery::new(black_box(&mesh))));
        let mut asked = points.iter().cycle().map(|p| *p * 1.01);
        let mut next = || black_box(asked.next().unwrap_or_default());
        group.bench_function("closest, each", |b| b.iter(|| query.closest(next())));
        group.bench_function("inside, each", |b| b.iter(|| query.contains(next())));
        group.bench_function("inside an open mesh, each", |b| b.iter(|| open.contains(next())));
        group.finish();
    }
}

fn comparisons(criterion: &mut Criterion) {
    for (name, mesh) in [("gear", gear(500)), ("slab", slab(22))] {
        let moved = Similarity::from_translation(DVec3::new(0.01, 0.02, 0.0)).mesh(&mesh);
        let reference = PreparedReference::new(&mesh, CompareConfig::default());
        let mut group = criterion.benchmark_group(format!("comparisons, {name} of {} triangles", mesh.triangles.len()));
        group.sample_size(20);
        group.bench_function("read as a solid", |b| b.iter(|| Solid::new(black_box(&mesh))));
        group.bench_function("IoU", |b| b.iter(|| reference.overlap(black_box(&moved))));
        group.bench_function("Chamfer", |b| b.iter(|| reference.chamfer(black_box(&moved))));
        group.bench_function("everything", |b| b.iter(|| reference.compare(black_box(&moved))));
        group.finish();
    }
}

/// A square slab whose upper and lower sides are waves, of `4 * steps * (steps + 2)` even triangles.
fn slab(steps: u32) -> TriMesh {
    let row = steps + 1;
    let at = |side: u32, i: u32, j: u32| side * row * row + j * row + i;
    let positions = (0..2u32)
        .flat_map(|side| (0..row).flat_map(move |j| (0..row).map(move |i| (side, i, j))))
        .map(|(side, i, j)| {
            let (x, y) = (f64::from(i) / f64::from(steps), f64::from(j) / f64::from(steps));
            DVec3::new(x, y, 0.3 * f64::from(side) + 0.05 * (TAU * x).sin() * (TAU * y).cos())
        })
        .collect();
    let mut triangles = Vec::new();
    let mut quad = |[a, b, c, d]: [u32; 4]| triangles.extend([[a, b, c], [a, c, d]]);
    for (j, i) in (0..steps).flat_map(|j| (0..steps).map(move |i| (j, i))) {
        quad([at(1, i, j), at(1, i + 1, j), at(1, i + 1, j + 1), at(1, i, j + 1)]);
        quad([at(0, i, j), at(0, i, j + 1), at(0, i + 1, j + 1), at(0, i + 1, j)]);
    }
    for i in 0..steps {
        quad([at(0, i, 0), at(0, i + 1, 0), at(1, i + 1, 0), at(1, i, 0)]);
        quad([at(0, i + 1, steps), at(0, i, steps), at(1, i, steps), at(1, i + 1, steps)]);
        quad([at(0, 0, i + 1), at(0, 0, i), at(1, 0, i), at(1, 0, i + 1)]);
        quad([at(0, steps, i), at(0, steps, i + 1), at(1, steps, i + 1), at(1, steps, i)]);
    }
    TriMesh { positions, triangles }
}

/// A disc with a wavy rim and a round bore, of four triangles per step around.
fn gear(around: u32) -> TriMesh {
    let rings = [(1.0, 0.0), (1.0, 0.3), (0.4, 0.3), (0.4, 0.0)];
    let positions = (0..around)
        .flat_map(|i| {
            let angle = TAU * f64::from(i) / f64::from(around);
            rings.map(|(radius, z)| {
                let radius = if radius > 0.5 { radius + 0.06 * (24.0 * angle).sin() } else { radius };
                DVec3::new(radius * angle.cos(), radius * angle.sin(), z)
            })
        })
        .collect();
    let triangles = (0..around)
        .flat_map(|i| {
            let (here, next) = (4 * i, 4 * ((i + 1) % around));
            (0..4).flat_map(move |ring| {
                let other = (ring + 1) % 4;
                [[here + ring, next + ring, next + other], [here + ring, next + other, here + other]]
            })
        })
        .collect();
    TriMesh { positions, triangles }
}

criterion_group!(hot_paths, points, queries, comparisons);
criterion_main!(hot_paths);
