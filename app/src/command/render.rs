//! `partwright render`: a picture of a scan or a part without a window.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use glam::{DVec3, Vec3};
use image::{ImageFormat, RgbaImage, imageops};
use partwright_cadquery::Limits;
use partwright_geometry::Geometry;
use partwright_reconstruct::CancelToken;

use crate::arguments::RenderArguments;
use crate::document::Part;
use crate::failure::Failure;
use crate::output::{Console, Destinations, FileKind};
use crate::program::{self, Programs};
use crate::render::{Camera, Detail, Drawing, Gpu, Heat, Look, NoGpu, Renderer, Shape, ShapeData, Target, View};
use crate::window::colors;
use crate::{job, scan};

/// Draws the picture and writes it.
pub(crate) fn execute(arguments: &RenderArguments, console: Console) -> Result<(), Failure> {
    let mut places = Destinations::new([arguments.input.as_path()], console.json());
    let output = places.accept(&arguments.output, &[FileKind::Png])?;
    let (input, part) = read(arguments)?;
    let deviations = match (&input, &part) {
        (Some(geometry), Some(part)) if arguments.heat => job::deviations(geometry, part),
        _ => None,
    };
    if arguments.heat && deviations.is_none() {
        return Err(
            Failure::usage("--heat needs a scan and a program to measure it against").help("add --program P.py")
        );
    }
    let gpu = Gpu::without_window().map_err(|error| no_gpu(&error))?;
    let mut shapes = Vec::new();
    if let Some(geometry) = &input {
        shapes.push((Shape::new(&gpu, &ShapeData::of_geometry(geometry, deviations.as_deref())), true));
    }
    if let Some(part) = &part {
        shapes.push((Shape::new(&gpu, &ShapeData::of_part(part)), false));
    }
    let center = shapes.iter().map(|(s, _)| s.origin()).sum::<DVec3>() / shapes.len() as f64;
    let radius = shapes.iter().map(|(s, _)| s.origin().distance(center) + s.radius()).fold(0.0, f64::max);
    let mut camera = Camera::default();
    camera.look_from(arguments.view);
    let [width, height] = arguments.size;
    let share = (width / shapes.len() as u32).max(1);
    camera.fit(Vec3::ZERO, radius as f32, share as f32 / height as f32);
    let renderer = Renderer::new(&gpu);
    let mut picture = RgbaImage::new(width, height);
    let view = View {
        camera,
        scene_origin: center,
        section: None,
        section_color: colors::cut(),
        background: colors::view(),
        pixels_per_point: (height as f32 / 600.0).max(1.0),
    };
    for (index, (shape, is_input)) in shapes.iter().enumerate() {
        let own = if index + 1 == shapes.len() { width - share * index as u32 } else { share };
        let target = Target::new(&gpu, [own, height], 4);
        let heat = deviations.as_ref().filter(|_| *is_input).map(|_| heat(arguments, radius));
        let look = if *is_input { colors::scan_look(heat) } else { colors::part_look() };
        draw(&renderer, &gpu, &target, &view, shape, look);
        let half = target.read(&gpu).map_err(|error| no_gpu(&error))?;
        imageops::replace(&mut picture, &half, i64::from(share * index as u32), 0);
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| Failure::failed(error.to_string()))?;
    output.write(bytes.get_ref())?;
    console.result(
        &serde_json::json!({ "picture": output.to_string(), "width": width, "height": height, "adapter": gpu.name }),
        || format!("wrote {output} ({width} x {height}) with {}\n", gpu.name),
    )
}

fn draw(renderer: &Renderer, gpu: &Gpu, target: &Target, view: &View, shape: &Shape, look: Look) {
    renderer.draw(gpu, target, view, &[Drawing { shape, look, detail: Detail::Full }]);
}

/// The tolerance asked for, or 1/500 of the size, and three times it at the end of the scale.
fn heat(arguments: &RenderArguments, radius: f64) -> Heat {
    let tolerance = arguments.tolerance.unwrap_or(radius / 250.0) as f32;
    Heat { scale: 3.0 * tolerance, tolerance }
}

/// The scan and the part to be shown; at least one of them.
fn read(arguments: &RenderArguments) -> Result<(Option<Geometry>, Option<Part>), Failure> {
    if scan::is_program(&arguments.input) {
        if arguments.program.is_some() {
            return Err(Failure::usage("the input is a program already; --program goes with a scan"));
        }
        return Ok((None, Some(part(&arguments.input)?)));
    }
    let input = scan::read(&arguments.input)?.geometry;
    let part = arguments.program.as_deref().map(part).transpose()?;
    Ok((Some(input), part))
}

fn part(path: &Path) -> Result<Part, Failure> {
    let source: Arc<str> = program::read(path)?.into();
    let programs = Programs::new(1)?;
    job::part(&programs, &source, &Limits::default(), None, &CancelToken::default())
        .map_err(|diagnostic| Failure::failed(format!("{}: {diagnostic}", path.display())))
}

fn no_gpu(error: &NoGpu) -> Failure {
    Failure::failed(error.to_string())
}
