//! Prints how long sampling, furthest points, nearest neighbours, queries and comparisons take on meshes made here.
//!
//!     cargo run --release -p partwright-geometry --example timings
//!
//! Each figure is the shortest of several runs: what the work costs when nothing else disturbs it.

use std::{
    f64::consts::TAU,
    hint::black_box,
    io::{self, Write as _},
    time::Instant,
};

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

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let gear = gear(500);
    let moved = Similarity::from_translation(DVec3::new(0.01, 0.02, 0.0)).mesh(&gear);
    let points = sample::surface(&gear, 8192, 0).positions;
    let tree = NearestPoints::new(&points);
    let query = MeshQuery::new(&gear).map_err(io::Error::other)?;
    let reference = PreparedReference::new(&gear, CompareConfig::default());
    writeln!(out, "mesh of {} triangles", gear.triangles.len())?;
    let rows: [(&str, &dyn Fn()); 12] = [
        ("sample 8192 points", &|| drop(black_box(sample::surface(&gear, 8192, 0)))),
        ("furthest points, 8192 -> 256", &|| drop(black_box(furthest_points(&points, 256, 0)))),
        ("k-d tree of 8192 points", &|| drop(black_box(NearestPoints::new(&points)))),
        ("nearest, 8192 queries", &|| points.iter().for_each(|p| _ = black_box(tree.nearest(*p * 1.01)))),
        ("mesh query, building", &|| drop(black_box(MeshQuery::new(&gear)))),
        ("closest, 8192 queries", &|| points.iter().for_each(|p| _ = black_box(query.closest(*p * 1.01)))),
        ("inside, 8192 queries", &|| points.iter().for_each(|p| _ = black_box(query.contains(*p * 0.99)))),
        ("normals of 8192 points", &|| drop(black_box(estimate_normals(&points, 16)))),
        ("read as a solid", &|| drop(black_box(Solid::new(&gear)))),
        ("IoU with a prepared reference", &|| drop(black_box(reference.overlap(&moved)))),
        ("Chamfer with a prepared reference", &|| _ = black_box(reference.chamfer(&moved))),
        ("everything with a prepared reference", &|| drop(black_box(reference.compare(&moved)))),
    ];
    for (name, work) in rows {
        let shortest = (0..15).map(|_| milliseconds(work)).fold(f64::INFINITY, f64::min);
        writeln!(out, "{name:<40} {shortest:>8.2} ms")?;
    }
    Ok(())
}

fn milliseconds(work: &dyn Fn()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1e3
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
