//! The data sets that cadrille is trained and evaluated on, in the folders that its instructions make of them:
//!
//! ```text
//! data
//! ├── cad-recode-v1.5      train/batch_00/0.py ..., val/0.py ...        (0.stl beside each is not needed)
//! ├── text2cad             cadquery/00000001.py ..., train.pkl, val.pkl, test.pkl
//! ├── deepcad_test_mesh    00000001.stl ...
//! ├── fusion360_test_mesh  ...
//! └── cc3d_test_mesh       ...                                          (scans; whoever has CC3D puts them here)
//! ```
//!
//! Programs are executed here to see their parts, each once it is asked for: what does not execute is left out. They are
//! files the user chose, and run in this process, bounded in time and memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::{Bounds, TriMesh, sample};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::DatasetError;
use crate::data::Source;
use crate::reward::{Maker as _, OfThisProcess};
use crate::{Sample, Views};

/// A set of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramSet {
    /// CAD-Recode's random programs.
    CadRecode,
    /// `Text2CAD`'s descriptions of DeepCAD's parts, with programs of them.
    Text2cad,
}

/// A set of meshes or scans to be evaluated on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeshSet {
    /// DeepCAD's test parts.
    DeepCad,
    /// The test parts of Fusion 360's reconstruction set.
    Fusion360,
    /// CC3D's scans.
    Cc3d,
}

impl MeshSet {
    /// All of them, in the order of the paper's tables.
    pub const ALL: [Self; 3] = [Self::DeepCad, Self::Fusion360, Self::Cc3d];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeepCad => "DeepCAD",
            Self::Fusion360 => "Fusion360",
            Self::Cc3d => "CC3D",
        }
    }

    /// Whether its folder is there.
    pub fn is_below(self, root: &Path) -> bool {
        root.join(self.folder()).is_dir()
    }

    fn folder(self) -> &'static str {
        match self {
            Self::DeepCad => "deepcad_test_mesh",
            Self::Fusion360 => "fusion360_test_mesh",
            Self::Cc3d => "cc3d_test_mesh",
        }
    }
}

/// One program, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file of the program.
    pub program: PathBuf,
    /// A description of the part.
    pub description: Option<String>,
}

/// The meshes of a set in the order of their names.
///
/// # Errors
/// A folder that is not there or cannot be read, or holds none.
pub fn meshes(root: &Path, set: MeshSet) -> Result<Vec<PathBuf>, DatasetError> {
    let folder = root.join(set.folder());
    let found = mesh_files(&folder)?;
    if found.is_empty() { Err(DatasetError::damaged(&folder, "it holds no meshes")) } else { Ok(found) }
}

/// The files of a folder that are meshes by their names, in their order.
///
/// # Errors
/// A folder that is not there or cannot be read.
pub fn mesh_files(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let is_mesh = |path: &PathBuf| {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        matches!(extension.as_deref(), Some("stl" | "ply" | "obj" | "3mf"))
    };
    Ok(files(folder)?.into_iter().filter(is_mesh).collect())
}

/// The programs of a set's part: `train`, `val`, or `test`, which CAD-Recode has not.
///
/// # Errors
/// A folder that is not there or cannot be read, a list of descriptions that is none, no program at all.
pub fn programs(root: &Path, set: ProgramSet, part: &str) -> Result<Vec<Entry>, DatasetError> {
    let found = match set {
        ProgramSet::CadRecode => cad_recode(&root.join("cad-recode-v1.5").join(part))?,
        ProgramSet::Text2cad => text2cad(&root.join("text2cad"), part)?,
    };
    if found.is_empty() {
        return Err(DatasetError::damaged(root, format!("the part `{part}` holds no programs")));
    }
    Ok(found)
}

fn cad_recode(folder: &Path) -> Result<Vec<Entry>, DatasetError> {
    let mut found = Vec::new();
    for path in files(folder)? {
        let within = if path.is_dir() { files(&path)? } else { vec![path] };
        found.extend(within.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "py")));
    }
    Ok(found.into_iter().map(|program| Entry { program, description: None }).collect())
}

/// One line of `Text2CAD`'s lists.
#[derive(Deserialize)]
struct Described {
    uid: String,
    description: String,
}

fn text2cad(folder: &Path, part: &str) -> Result<Vec<Entry>, DatasetError> {
    let list = folder.join(format!("{part}.pkl"));
    let bytes = fs::read(&list).map_err(|error| DatasetError::named(&list, &error))?;
    let lines: Vec<Described> = serde_pickle::from_slice(&bytes, serde_pickle::DeOptions::new())
        .map_err(|error| DatasetError::damaged(&list, format!("it is no list of `uid` and `description`: {error}")))?;
    // Some parts have no program.
    let entry = |line: Described| {
        // A name, not a path: whatever the list says, nothing outside of the folder is read.
        let name = Path::new(&line.uid).file_name()?.to_owned();
        let program = folder.join("cadquery").join(name).with_added_extension("py");
        program.is_file().then_some(Entry { program, description: Some(line.description) })
    };
    Ok(lines.into_iter().filter_map(entry).collect())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let named = |error: std::io::Error| DatasetError::named(folder, &error);
    let entries = fs::read_dir(folder).map_err(named)?;
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(named)?;
    // By number where names are numbers.
    found.sort_by_cached_key(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (path.file_stem().and_then(|stem| stem.to_string_lossy().parse::<u64>().ok()), name)
    });
    Ok(found)
}

/// Programs to learn from, each time round in another order, and others to be examined by.
#[derive(Debug)]
pub struct Published {
    learned: Vec<Entry>,
    held_out: Vec<Entry>,
    seed: u64,
    points: usize,
    views: bool,
    maker: OfThisProcess,
    /// The order of the round that was asked for last.
    order: Mutex<Option<(u64, Arc<Vec<u32>>)>>,
}

/// A part of less or more than this share of the frame's size is not in the frame that networks read.
const IN_FRAME: std::ops::RangeInclusive<f64> = 0.9..=1.05;

impl Published {
    /// The `train` parts of `sets` below `root`, examined by their `val` parts. `seed` decides the orders, `points` is how
    /// many are sampled on each part; `views` whether the views are drawn.
    ///
    /// # Errors
    /// As [`programs`].
    pub fn open(root: &Path, sets: &[ProgramSet], seed: u64, points: usize, views: bool) -> Result<Self, DatasetError> {
        let all = |part: &str| -> Result<Vec<Entry>, DatasetError> {
            let found = sets.iter().map(|set| programs(root, *set, part)).collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().flatten().collect())
        };
        Ok(Self {
            learned: all("train")?,
            held_out: all("val")?,
            seed,
            points,
            views,
            maker: OfThisProcess::default(),
            order: Mutex::default(),
        })
    }

    /// How many programs are learned from.
    pub fn len(&self) -> usize {
        self.learned.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.learned.is_empty()
    }

    fn place(&self, number: u64) -> Option<usize> {
        let (round, place) = (number.checked_div(self.len() as u64)?, number % self.len() as u64);
        let mut kept = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        let order = match &*kept {
            Some((of, order)) if *of == round => Arc::clone(order),
            _ => {
                let mut order: Vec<u32> = (0..self.len() as u32).collect();
                let mut random = ChaCha8Rng::seed_from_u64(self.seed);
                random.set_stream(round);
                order.shuffle(&mut random);
                let order = Arc::new(order);
                *kept = Some((round, Arc::clone(&order)));
                order
            }
        };
        order.get(place as usize).map(|place| *place as usize)
    }

    /// The sample of an entry; `None` where its program makes nothing in the frame.
    fn sample_of(&self, entry: &Entry, number: u64) -> Result<Option<Sample>, DatasetError> {
        let program =
            fs::read_to_string(&entry.program).map_err(|error| DatasetError::named(&entry.program, &error))?;
        let program = program.trim_end().to_owned();
        let Ok(mesh) = self.maker.make(&program) else { return Ok(None) };
        if !in_frame(&mesh) {
            return Ok(None);
        }
        let points = sample::surface(&mesh, self.points, number).positions;
        let scale = PROGRAM_FRAME_SIDE / 2.0;
        let views = if self.views { Views::ToDraw(Arc::new(mesh)) } else { Views::Absent };
        Ok(Some(Sample {
            program,
            points: points.iter().map(|p| (*p / scale).as_vec3().to_array()).collect(),
            captions: entry.description.iter().cloned().collect(),
            views,
        }))
    }
}

fn in_frame(mesh: &TriMesh) -> bool {
    Bounds::of_mesh(mesh).is_some_and(|bounds| {
        let reach = bounds.min.abs().max(bounds.max.abs()).max_element();
        IN_FRAME.contains(&(bounds.longest_side() / PROGRAM_FRAME_SIDE))
            && reach <= IN_FRAME.end() * PROGRAM_FRAME_SIDE / 2.0
    })
}

impl Source for Published {
    fn sample(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        match self.place(number) {
            Some(place) => self.sample_of(&self.learned[place], number),
            None => Ok(None),
        }
    }

    fn held_out(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        match self.held_out.get(number as usize) {
            Some(entry) => self.sample_of(entry, number),
            None => Ok(None),
        }
    }
}

/// How many entries a set has in each of its parts: for a report on what is there.
pub fn counts(root: &Path) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (set, name) in [(ProgramSet::CadRecode, "cad-recode-v1.5"), (ProgramSet::Text2cad, "text2cad")] {
        for part in ["train", "val", "test"] {
            if let Ok(entries) = programs(root, set, part) {
                found.insert(format!("{name} {part}"), entries.len());
            }
        }
    }
    for set in [MeshSet::DeepCad, MeshSet::Fusion360, MeshSet::Cc3d] {
        if let Ok(paths) = meshes(root, set) {
            found.insert(set.folder().to_owned(), paths.len());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `pickle.dumps([{'uid': '00000001', 'description': 'A plate.'}, {'uid': '00000002', 'description': 'A rod.'}], 4)`.
    const LIST: &[u8] = b"\x80\x04\x95O\x00\x00\x00\x00\x00\x00\x00]\x94(}\x94(\x8c\x03uid\x94\x8c\x0800000001\x94\x8c\x0bdescription\x94\x8c\x08A plate.\x94u}\x94(h\x02\x8c\x0800000002\x94h\x04\x8c\x06A rod.\x94ue.";

    fn program(body: &str) -> String {
        format!("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr={body}\n")
    }

    /// A folder in that layout.
    fn data() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &[u8]| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for i in 0..11 {
            let text = program(&format!("w0.box(200,{},50)", 50 + i));
            write(&format!("cad-recode-v1.5/train/batch_{:02}/{i}.py", i / 6), text.as_bytes());
        }
        write("cad-recode-v1.5/train/batch_00/0.stl", b"not looked at");
        write("cad-recode-v1.5/val/0.py", program("w0.cylinder(200,20)").as_bytes());
        write("cad-recode-v1.5/val/1.py", program("w0.box(20,20,20)").as_bytes());
        write("cad-recode-v1.5/val/2.py", b"r=1");
        for name in ["train", "val"] {
            write(&format!("text2cad/{name}.pkl"), LIST);
        }
        write("text2cad/cadquery/00000002.py", program("w0.cylinder(200,5)").as_bytes());
        write("text2cad/test.pkl", b"no pickle");
        for name in ["10.stl", "9.stl", "notes.txt"] {
            write(&format!("deepcad_test_mesh/{name}"), b"");
        }
        folder
    }

    #[test]
    fn sets_are_found_in_their_layout() {
        let data = data();
        let found = programs(data.path(), ProgramSet::CadRecode, "train").unwrap();
        assert_eq!(found.len(), 11);
        assert!(found[10].program.ends_with("train/batch_01/10.py"));
        let described = programs(data.path(), ProgramSet::Text2cad, "train").unwrap();
        assert_eq!(described.len(), 1, "one of the two has no program");
        assert_eq!(described[0].description.as_deref(), Some("A rod."));
        let names = meshes(data.path(), MeshSet::DeepCad).unwrap();
        assert!(names.len() == 2 && names[0].ends_with("9.stl"), "{names:?}");
        let counts = counts(data.path());
        assert_eq!((counts["cad-recode-v1.5 train"], counts["deepcad_test_mesh"], counts.len()), (11, 2, 5));
    }

    #[test]
    fn what_is_missing_or_damaged_is_named() {
        let data = data();
        let check = |error: DatasetError, part: &str| assert!(error.to_string().contains(part), "{error}");
        check(meshes(data.path(), MeshSet::Fusion360).unwrap_err(), "fusion360_test_mesh");
        check(programs(data.path(), ProgramSet::Text2cad, "test").unwrap_err(), "test.pkl");
        check(programs(data.path(), ProgramSet::CadRecode, "test").unwrap_err(), "cad-recode-v1.5");
    }

    #[test]
    fn samples_go_round_and_others_are_held_out() {
        let data = data();
        let sets = [ProgramSet::CadRecode, ProgramSet::Text2cad];
        let source = Published::open(data.path(), &sets, 3, 64, false).unwrap();
        let round = |first: u64| -> Vec<String> {
            (first..first + 12).map(|number| source.sample(number).unwrap().unwrap().program).collect()
        };
        let (first, second) = (round(0), round(12));
        assert_ne!(first, second);
        let sorted = |mut programs: Vec<String>| {
            programs.sort();
            programs
        };
        assert_eq!(sorted(first.clone()), sorted(second));
        assert_eq!(first, round(0));
        let held = |number: u64| source.held_out(number).unwrap();
        let rod = held(0).unwrap();
        assert!(rod.points.len() == 64 && rod.captions.is_empty() && rod.views.are_absent());
        assert!(held(1).is_none() && held(2).is_none(), "out of the frame; no program");
        assert_eq!(held(3).unwrap().captions, ["A rod."]);
        assert!(held(4).is_none());
    }
}
