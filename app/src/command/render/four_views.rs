//! The four views that networks are shown, as pictures.

use image::RgbImage;
use image::imageops::crop_imm;
use partwright_geometry::view::{ViewConfig, four_views};
use partwright_geometry::{Geometry, TriMesh};

use super::read;
use crate::arguments::RenderArguments;
use crate::failure::Failure;
use crate::output::{Console, Destination, Destinations, FileKind};
use crate::picture;

/// Views in a row and in a column of the picture that networks are shown.
const ACROSS: u32 = 2;

/// Draws the views and writes each into a file of its own, in the order in which networks are shown them.
pub(super) fn execute(arguments: &RenderArguments, console: Console) -> Result<(), Failure> {
    let mut places = Destinations::new([arguments.input.as_path()], console.json());
    let stem = arguments.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = arguments.output.extension().unwrap_or_default();
    let mut outputs: Vec<Destination> = Vec::new();
    for number in 1..=ACROSS * ACROSS {
        let path = arguments.output.with_file_name(format!("{stem}-{number}")).with_added_extension(extension);
        outputs.push(places.accept(&path, &[FileKind::Png])?);
    }
    let mesh = match read(arguments)? {
        (_, Some(part)) => TriMesh::clone(&part.facets),
        (Some(Geometry::Mesh(mesh)), None) => mesh,
        _ => {
            return Err(Failure::failed(format!(
                "{} is a cloud, which has no surface to draw",
                arguments.input.display()
            ))
            .help("views can be drawn of meshes and programs"));
        }
    };
    let config = ViewConfig::default();
    let nothing = || Failure::failed(format!("{} has nothing to draw", arguments.input.display()));
    let grid = four_views(&mesh, &config).ok_or_else(nothing)?;
    let (cell, border, side) = (grid.side_px() / ACROSS, config.border_px, config.view_px);
    let grid = RgbImage::from_raw(grid.side_px(), grid.side_px(), grid.into_rgb()).ok_or_else(nothing)?;
    for (place, output) in (0..).zip(&outputs) {
        let (column, row) = (place % ACROSS, place / ACROSS);
        let view = crop_imm(&grid, column * cell + border, row * cell + border, side, side).to_image();
        let view = image::DynamicImage::ImageRgb8(view).into_rgba8();
        output.write(&picture::png(&view).map_err(Failure::failed)?)?;
    }
    let names: Vec<String> = outputs.iter().map(ToString::to_string).collect();
    console.result(&serde_json::json!({ "pictures": names, "width": side, "height": side }), || {
        format!("wrote {}\n", names.join(", "))
    })
}
