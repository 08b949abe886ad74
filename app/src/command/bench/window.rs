//! `partwright bench window`: how long the frames of the 3D view take, without a window.

use std::fmt::Write as _;
use std::time::Instant;

use glam::{DVec3, Vec2, Vec3};
use partwright_geometry::TriMesh;
use serde::Serialize;

use crate::arguments::WindowBenchArguments;
use crate::failure::Failure;
use crate::output::Console;
use crate::render::{Camera, Detail, Drawing, Gpu, NoGpu, Pace, Renderer, Shape, ShapeData, Target, View};
use crate::window::colors;

/// Times of one shape.
#[derive(Debug, Serialize)]
struct Row {
    triangles: usize,
    /// To make what is drawn, on a thread of its own in the window.
    prepare_ms: f64,
    /// To hand it to the adapter.
    upload_ms: f64,
    still: Frames,
    moving: Frames,
    /// Triangles the moving pictures came to rest at.
    moving_triangles: usize,
    /// Whether they have half the pixels each way.
    is_halved: bool,
}

#[derive(Debug, Serialize)]
struct Frames {
    median_ms: f64,
    worst_ms: f64,
}

/// Moving pictures drawn before they are measured: as many as detail takes to settle.
const SETTLING: u32 = 60;

/// Draws and prints the table.
pub(crate) fn execute(arguments: &WindowBenchArguments, console: Console) -> Result<(), Failure> {
    let gpu = Gpu::without_window().map_err(|error| no_gpu(&error))?;
    let renderer = Renderer::new(&gpu);
    let progress = console.progress("shapes");
    let mut rows = Vec::new();
    for (index, &triangles) in arguments.triangles.iter().enumerate() {
        rows.push(measure(&gpu, &renderer, arguments, triangles)?);
        progress.count(index + 1, arguments.triangles.len(), "shapes");
    }
    drop(progress);
    let [width, height] = arguments.size;
    let object = serde_json::json!({
        "adapter": gpu.name, "is_software": gpu.is_software, "width": width, "height": height, "rows": rows,
    });
    console.result(&object, || {
        let mut text = format!("{} at {width} x {height}; median (worst) milliseconds\n", gpu.name);
        text += "triangles   prepare   upload    still             moving            moving triangles\n";
        for row in &rows {
            let frames = |f: &Frames| format!("{:.1} ({:.1})", f.median_ms, f.worst_ms);
            let _ = writeln!(
                text,
                "{:<11} {:<9.0} {:<9.0} {:<17} {:<17} {}",
                row.triangles,
                row.prepare_ms,
                row.upload_ms,
                frames(&row.still),
                frames(&row.moving),
                format_args!("{}{}", row.moving_triangles, if row.is_halved { " (half size)" } else { "" }),
            );
        }
        text
    })
}

fn measure(gpu: &Gpu, renderer: &Renderer, arguments: &WindowBenchArguments, triangles: u32) -> Result<Row, Failure> {
    let mesh = knob(triangles);
    let start = Instant::now();
    let mut data = ShapeData::of_mesh(&mesh, None);
    data.is_closed = true;
    if gpu.is_software {
        data = data.with_coarse_detail();
    }
    let prepare_ms = ms(start);
    let start = Instant::now();
    let shape = Shape::new(gpu, &data);
    wait(gpu)?;
    let upload_ms = ms(start);
    let [width, height] = arguments.size;
    let mut camera = Camera::default();
    camera.fit(Vec3::ZERO, shape.radius() as f32, width as f32 / height as f32);
    let mut frame = |target: &Target, detail: Detail, pixels_per_point: f32| -> Result<f64, Failure> {
        camera.orbit(Vec2::new(0.05, 0.01));
        let view = View {
            camera,
            scene_origin: shape.origin(),
            section: None,
            section_color: colors::cut(),
            background: colors::view(),
            pixels_per_point,
        };
        let start = Instant::now();
        renderer.draw(gpu, target, &view, &[Drawing { shape: &shape, look: colors::scan_look(None), detail }]);
        wait(gpu)?;
        Ok(ms(start))
    };
    let smooth = Target::new(gpu, arguments.size, 4);
    // The first frame makes the pipelines.
    frame(&smooth, Detail::Full, 1.0)?;
    let still = (0..arguments.frames).map(|_| frame(&smooth, Detail::Full, 1.0)).collect::<Result<_, _>>()?;
    let plain = Target::new(gpu, arguments.size, 1);
    let half = Target::new(gpu, arguments.size.map(|side| side.div_ceil(2)), 1);
    let mut pace = Pace::default();
    let mut moving = Vec::new();
    for number in 0..SETTLING + arguments.frames {
        let took_ms = if !gpu.is_software {
            frame(&smooth, Detail::Full, 1.0)?
        } else if pace.is_halved() {
            frame(&half, pace.detail(), 0.5)?
        } else {
            frame(&plain, pace.detail(), 1.0)?
        };
        pace.note(took_ms);
        if number >= SETTLING {
            moving.push(took_ms);
        }
    }
    let moving_detail = if gpu.is_software { pace.detail() } else { Detail::Full };
    Ok(Row {
        triangles: data.triangles.len() / 3,
        prepare_ms,
        upload_ms,
        still: Frames::of(still),
        moving: Frames::of(moving),
        moving_triangles: shape.triangles_at(moving_detail) as usize,
        is_halved: gpu.is_software && pace.is_halved(),
    })
}

impl Frames {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self {
            median_ms: times.get(times.len() / 2).copied().unwrap_or(0.0),
            worst_ms: times.last().copied().unwrap_or(0.0),
        }
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn wait(gpu: &Gpu) -> Result<(), Failure> {
    let waited = gpu.device.poll(wgpu::PollType::wait_indefinitely());
    waited.map(|_| ()).map_err(|error| Failure::failed(format!("the graphics adapter stopped: {error}")))
}

/// A closed knob with waves, of about so many triangles.
fn knob(triangles: u32) -> TriMesh {
    let rows = ((f64::from(triangles) / 4.0).sqrt() as u32).max(3);
    let columns = rows * 2;
    let point = |row: u32, column: u32| {
        let latitude = (f64::from(row) / f64::from(rows) - 0.5) * std::f64::consts::PI * 0.999;
        let longitude = f64::from(column) / f64::from(columns) * std::f64::consts::TAU;
        let radius = 40.0 + 2.0 * (12.0 * longitude).sin() * (9.0 * latitude).cos();
        let (sin_lat, cos_lat) = latitude.sin_cos();
        DVec3::new(cos_lat * longitude.cos(), cos_lat * longitude.sin(), sin_lat) * radius
    };
    let positions = (0..=rows).flat_map(|row| (0..columns).map(move |column| point(row, column))).collect();
    let index = |row: u32, column: u32| row * columns + column % columns;
    let cell = |row: u32, column: u32| {
        let (a, b) = (index(row, column), index(row, column + 1));
        let (c, d) = (index(row + 1, column + 1), index(row + 1, column));
        [[a, b, c], [a, c, d]]
    };
    let cells = (0..rows).flat_map(|row| (0..columns).flat_map(move |column| cell(row, column)));
    TriMesh { positions, triangles: cells.collect() }
}

fn no_gpu(error: &NoGpu) -> Failure {
    Failure::failed(error.to_string())
}
