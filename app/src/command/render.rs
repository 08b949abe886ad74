//! `partwright render`: a picture of a scan or a part without a window.

mod four_views;

use std::path::Path;
use std::sync::Arc;

use glam::Vec3;
use partwright_cadquery::Limits;
use partwright_geometry::Geometry;
use partwright_reconstruct::CancelToken;

use crate::arguments::RenderArguments;
use crate::document::Part;
use crate::failure::Failure;
use crate::output::{Console, Destinations, FileKind};
use crate::picture::{self, Studio};
use crate::program::{self, Programs};
use crate::render::{Camera, Detail, Drawing, Gpu, Heat, NoGpu, Shape, ShapeData, View};
use crate::window::colors;
use crate::{job, scan};

/// Draws the picture and writes it.
pub(crate) fn execute(arguments: &RenderArguments, console: Console) -> Result<(), Failure> {
    if arguments.four_views {
        return four_views::execute(arguments, console);
    }
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
    let (center, radius) = picture::extent(shapes.iter().map(|(shape, _)| shape)).unwrap_or_default();
    let [width, height] = arguments.size;
    let mut camera = Camera::default();
    camera.look_from(arguments.view);
    camera.fit(Vec3::ZERO, radius as f32, picture::pane_width(width, shapes.len()) as f32 / height as f32);
    let view = View {
        camera,
        scene_origin: center,
        section: None,
        section_color: colors::cut(),
        background: colors::view(),
        pixels_per_point: (height as f32 / 600.0).max(1.0),
    };
    let panes: Vec<Vec<Drawing<'_>>> = shapes
        .iter()
        .map(|(shape, is_input)| {
            let heat = deviations.as_ref().map(|_| heat(arguments, radius));
            let look = if *is_input { colors::scan_look(heat) } else { colors::part_look() };
            vec![Drawing { shape, look, detail: Detail::Full }]
        })
        .collect();
    let picture = Studio::new(&gpu).picture([width, height], &view, &panes).map_err(|error| no_gpu(&error))?;
    output.write(&picture::png(&picture).map_err(Failure::failed)?)?;
    console.result(
        &serde_json::json!({ "picture": output.to_string(), "width": width, "height": height, "adapter": gpu.name }),
        || format!("wrote {output} ({width} x {height}) with {}\n", gpu.name),
    )
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
