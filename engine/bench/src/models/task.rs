//! Parts to write programs for.

use std::path::Path;

use partwright_cadrille::input::{GRID_SIDE, PictureGrid};
use partwright_cadrille::writer::PartInput;
use partwright_geometry::view::{ViewConfig, four_views};
use partwright_geometry::{Geometry, LengthUnit, TriMesh, format, normalize};
use partwright_train::generate::{GeneratorConfig, generate};
use serde::{Deserialize, Serialize};

use crate::reconstruction::{Case, CaseInput, Manifest, ManifestError, Selection};

/// How a part is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// As points of its surface.
    Points,
    /// As four pictures.
    Pictures,
    /// As a description.
    Text,
}

impl Shown {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Points, Self::Pictures, Self::Text];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Pictures => "pictures",
            Self::Text => "text",
        }
    }
}

/// One part.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name in the set.
    pub id: String,
    /// Its surface, in the program's frame.
    pub mesh: TriMesh,
    /// A description, where there is one.
    pub description: Option<String>,
}

impl Task {
    /// What a network sees of it; `None` where it cannot be shown so.
    pub fn input(&self, shown: Shown, seed: u64) -> Option<PartInput> {
        match shown {
            Shown::Points => Some(PartInput::Scan(Box::new(Geometry::Mesh(self.mesh.clone())), seed)),
            Shown::Pictures => {
                let picture = four_views(&self.mesh, &ViewConfig::default())?;
                let side = GRID_SIDE;
                let image = image::RgbImage::from_raw(side, side, picture.into_rgb())?;
                PictureGrid::finished(image).ok().map(PartInput::Pictures)
            }
            Shown::Text => self.description.clone().map(PartInput::Description),
        }
    }
}

/// Numbers of the generator from which on nothing is learned.
const HELD_OUT: u64 = 1 << 41;

/// Random parts that no training sees, whatever its seed.
pub fn generated_tasks(config: &GeneratorConfig, count: usize) -> Vec<Task> {
    let config = GeneratorConfig { captions: config.captions.max(1), points: 16, views: false, ..config.clone() };
    let task = |index: u64| {
        let made = generate(&config, HELD_OUT + index)?;
        let description = made.sample.captions.first().cloned();
        Some(Task { id: format!("generated-{index}"), mesh: made.body.mesh.clone(), description })
    };
    (0..count as u64).filter_map(task).collect()
}

/// The meshes of a bench's manifest, brought to the program's frame; those that are clouds or cannot be read are left out.
///
/// # Errors
/// A manifest that cannot be read, or has no such class.
pub fn manifest_tasks(path: &Path, selection: &Selection) -> Result<Vec<Task>, ManifestError> {
    let cases = Manifest::read(path)?.select(selection)?;
    let task = |case: &Case| {
        let CaseInput::Mesh(path) = &case.input else { return None };
        let Ok(Geometry::Mesh(mesh)) = format::read(case.truth.as_ref().unwrap_or(path)).map(|scan| scan.geometry)
        else {
            return None;
        };
        let framed = normalize::in_program_frame(&Geometry::Mesh(mesh), LengthUnit::Unknown)?;
        let Geometry::Mesh(mesh) = framed.geometry else { return None };
        Some(Task { id: case.id.clone(), mesh, description: None })
    };
    Ok(cases.iter().filter_map(task).collect())
}
