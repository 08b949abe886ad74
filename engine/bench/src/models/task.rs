//! Parts to write programs for.

use std::path::Path;

use partwright_cadrille::input::{GRID_SIDE, PictureGrid};
use partwright_cadrille::writer::PartInput;
use partwright_geometry::view::{ViewConfig, four_views};
use partwright_geometry::{Geometry, LengthUnit, TriMesh, format, normalize};
use partwright_train::dataset::{DatasetError, Entry, MeshSet, ProgramSet, meshes, programs};
use partwright_train::generate::{GeneratorConfig, generate};
use partwright_train::reward::{Maker as _, OfThisProcess};
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
    /// As all of these at once.
    Together,
}

impl Shown {
    /// Each kind alone, in the order of the table.
    pub const ALONE: [Self; 3] = [Self::Points, Self::Pictures, Self::Text];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Pictures => "pictures",
            Self::Text => "text",
            Self::Together => "all three",
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
            Shown::Together => {
                let all: Option<Vec<PartInput>> =
                    Shown::ALONE.map(|shown| self.input(shown, seed)).into_iter().collect();
                all.map(PartInput::Together)
            }
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
        of_file(case.id.clone(), case.truth.as_ref().unwrap_or(path))
    };
    Ok(cases.iter().filter_map(task).collect())
}

/// The sets that cadrille is evaluated on, of those that are below a folder: the test meshes of DeepCAD, Fusion 360 and CC3D,
/// and `Text2CAD`'s test descriptions. Only every `every`-th part of each; what cannot be read is left out.
///
/// # Errors
/// A folder that cannot be read, or a list of descriptions that is none.
pub fn published_tasks(root: &Path, every: usize) -> Result<Vec<(String, Vec<Task>)>, DatasetError> {
    let every = every.max(1);
    let mut sets = Vec::new();
    for set in MeshSet::ALL.into_iter().filter(|set| set.is_below(root)) {
        let id = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let paths = meshes(root, set)?;
        let tasks = paths.iter().step_by(every).filter_map(|path| of_file(id(path), path)).collect();
        sets.push((set.name().to_owned(), tasks));
    }
    if root.join("text2cad/test.pkl").is_file() {
        let maker = OfThisProcess::default();
        let task = |entry: &Entry| {
            let mesh = maker.make(&std::fs::read_to_string(&entry.program).ok()?).ok()?;
            let id = entry.program.file_stem()?.to_string_lossy().into_owned();
            Some(Task { id, mesh, description: entry.description.clone() })
        };
        let entries = programs(root, ProgramSet::Text2cad, "test")?;
        sets.push(("Text2CAD".to_owned(), entries.iter().step_by(every).filter_map(task).collect()));
    }
    Ok(sets)
}

/// A mesh of a file, brought to the program's frame.
fn of_file(id: String, path: &Path) -> Option<Task> {
    let Ok(Geometry::Mesh(mesh)) = format::read(path).map(|scan| scan.geometry) else { return None };
    let framed = normalize::in_program_frame(&Geometry::Mesh(mesh), LengthUnit::Unknown)?;
    let Geometry::Mesh(mesh) = framed.geometry else { return None };
    Some(Task { id, mesh, description: None })
}
