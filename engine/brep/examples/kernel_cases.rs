//! Evaluates the kernel's cases and compares them with what CadQuery made of the same programs.
//!
//! `cargo run --release -p partwright-brep --example kernel_cases -- [FOLDER] [ID...]`; the folder holds `NNN.json`
//! (operations on extruded profiles) and `reference.json`. Prints every disagreement, then the table.
#![expect(clippy::print_stdout, reason = "printing a table is what this is for")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use glam::{DVec2, DVec3};
use partwright_brep::{Body, BooleanKind, BrepError, CallId, Frame, Loop, PathEdge, Primitive, Profile, Region, Shape};
use serde::Deserialize;

/// Timed evaluations per case.
const REPEATS: u32 = 10;

#[derive(Deserialize)]
struct Case {
    cat: String,
    ops: Vec<Op>,
}

#[derive(Deserialize)]
struct Op {
    #[serde(rename = "op")]
    kind: String,
    frame: Axes,
    faces: Vec<Face>,
    h: f64,
}

#[derive(Deserialize)]
struct Axes {
    o: [f64; 3],
    x: [f64; 3],
    y: [f64; 3],
    n: [f64; 3],
}

#[derive(Deserialize)]
struct Face {
    outer: Boundary,
    inners: Vec<Boundary>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Boundary {
    Circle { circle: [f64; 3] },
    Path { start: [f64; 2], edges: Vec<Edge> },
}

#[derive(Deserialize)]
struct Edge {
    m: Option<[f64; 2]>,
    p: [f64; 2],
}

#[derive(Deserialize)]
struct Reference {
    vol: f64,
    area: f64,
    bb: [f64; 6],
    nsolids: usize,
    nfaces: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/kernel-cases".into()));
    let chosen: Vec<String> = arguments.collect();
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return Ok(());
    }
    let text = std::fs::read_to_string(folder.join("reference.json"))?;
    let references: BTreeMap<String, Reference> = serde_json::from_str(&text)?;
    let mut table = Table::default();
    for (id, reference) in &references {
        if !chosen.is_empty() && !chosen.contains(id) {
            continue;
        }
        let case: Case = serde_json::from_str(&std::fs::read_to_string(folder.join(format!("{id}.json")))?)?;
        // The first evaluation warms the caches; the clock is coarse, so several more are timed.
        let outcome = shape(&case).body();
        let clock = CpuClock::start();
        for _ in 0..REPEATS {
            drop(shape(&case).body());
        }
        let millis = clock.millis() / f64::from(REPEATS);
        table.add(id, &case.cat, reference, &outcome, millis);
    }
    table.print();
    Ok(())
}

fn shape(case: &Case) -> Shape {
    let mut result: Option<Shape> = None;
    for (i, op) in case.ops.iter().enumerate() {
        let call = CallId(i as u32);
        let body = body(op, call);
        result = Some(match result {
            None => body,
            Some(left) => {
                let kind = match op.kind.as_str() {
                    "cut" => BooleanKind::Cut,
                    "intersect" => BooleanKind::Intersect,
                    _ => BooleanKind::Union,
                };
                left.boolean(kind, &body, true, call)
            }
        });
    }
    result.unwrap_or_else(|| Shape::new(partwright_brep::Node::Compound(Vec::new()), CallId(0)))
}

fn body(op: &Op, call: CallId) -> Shape {
    let vector = |v: [f64; 3]| DVec3::from(v);
    let frame =
        Frame { origin: vector(op.frame.o), x: vector(op.frame.x), y: vector(op.frame.y), z: vector(op.frame.n) };
    let regions = op.faces.iter().map(|face| {
        Profile::Region(Region { outer: boundary(&face.outer), holes: face.inners.iter().map(boundary).collect() })
    });
    let regions: Vec<Profile> = regions.collect();
    let profile = if regions.len() == 1 { regions[0].clone() } else { Profile::Union(regions) };
    let (from, to) = if op.h > 0.0 { (0.0, op.h) } else { (op.h, 0.0) };
    Shape::primitive(Primitive::Extrusion { frame, profile, from, to }, call)
}

fn boundary(boundary: &Boundary) -> Loop {
    match boundary {
        Boundary::Circle { circle: [x, y, radius] } => Loop::Circle { center: DVec2::new(*x, *y), radius: *radius },
        Boundary::Path { start, edges } => {
            let edges = edges.iter().map(|edge| match edge.m {
                None => PathEdge::Line { end: edge.p.into() },
                Some(mid) => PathEdge::Arc { mid: mid.into(), end: edge.p.into() },
            });
            Loop::Path { start: (*start).into(), edges: edges.collect() }
        }
    }
}

/// Time this thread spent computing, so that a busy machine does not count.
struct CpuClock {
    wall: Instant,
    cpu_nanos: Option<u64>,
}

impl CpuClock {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu_nanos: cpu_nanos() }
    }

    fn millis(&self) -> f64 {
        match (self.cpu_nanos, cpu_nanos()) {
            (Some(from), Some(to)) => (to - from) as f64 * 1e-6,
            _ => self.wall.elapsed().as_secs_f64() * 1e3,
        }
    }
}

/// What Linux has counted for this thread.
fn cpu_nanos() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

#[derive(Default)]
struct Table {
    total: usize,
    errors: usize,
    wrong: BTreeMap<&'static str, usize>,
    watertight: usize,
    millis: Vec<f64>,
}

impl Table {
    fn add(
        &mut self,
        id: &str,
        category: &str,
        reference: &Reference,
        outcome: &Result<std::sync::Arc<Body>, BrepError>,
        millis: f64,
    ) {
        self.total += 1;
        self.millis.push(millis);
        let body = match outcome {
            Ok(body) => body,
            Err(error) => {
                self.errors += 1;
                println!("{id} {category}: {error}");
                return;
            }
        };
        self.watertight += usize::from(watertight(body));
        let relative = |a: f64, b: f64| (a - b).abs() / b.abs();
        let [low, high] = body.bounds;
        let bounds = low.to_array().into_iter().chain(high.to_array());
        let off = bounds.zip(reference.bb).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let checks = [
            ("volume", relative(body.volume, reference.vol) > 1e-3, body.volume, reference.vol),
            ("area", relative(body.area, reference.area) > 1e-3, body.area, reference.area),
            ("box", off > 0.01, off, 0.0),
            ("solids", body.solids.len() != reference.nsolids, body.solids.len() as f64, reference.nsolids as f64),
            ("faces", body.faces.len() != reference.nfaces, body.faces.len() as f64, reference.nfaces as f64),
        ];
        for (what, wrong, ours, theirs) in checks {
            if wrong {
                *self.wrong.entry(what).or_default() += 1;
                println!("{id} {category}: {what} {ours} instead of {theirs}");
            }
        }
    }

    fn print(&mut self) {
        let right = |what: &str| self.total - self.errors - self.wrong.get(what).copied().unwrap_or(0);
        println!("cases      {}", self.total);
        println!("errors     {}", self.errors);
        for what in ["volume", "area", "box", "solids", "faces"] {
            println!("{what:<10} {} of {} agree", right(what), self.total);
        }
        println!("watertight {} of {}", self.watertight, self.total);
        self.millis.sort_by(f64::total_cmp);
        let share = |p: f64| self.millis.get(((self.millis.len() as f64 - 1.0) * p) as usize).copied().unwrap_or(0.0);
        println!("median     {:.2} ms", share(0.5));
        println!("p95        {:.2} ms", share(0.95));
    }
}

/// Whether every edge of the facets is used once in each direction.
fn watertight(body: &Body) -> bool {
    let mut sides: BTreeMap<(u32, u32), i32> = BTreeMap::new();
    for t in &body.mesh.triangles {
        for k in 0..3 {
            let (a, b) = (t[k], t[(k + 1) % 3]);
            *sides.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
    }
    sides.values().all(|s| *s == 0)
}
