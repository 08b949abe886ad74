//! Writing files of a part.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use partwright_cadquery::Limits;
use partwright_geometry::{LengthUnit, save};

use super::{Export, JobId, JobKind, Jobs, Outcome};
use crate::output::FileKind;
use crate::program::{Files, Programs};

/// Writing may take this long: a fine mesh of a large part.
const LONGEST: Duration = Duration::from_mins(2);

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportKind {
    /// The exact solid.
    Step,
    /// A mesh as STL.
    Stl,
    /// A mesh as OBJ.
    Obj,
    /// A mesh as PLY.
    Ply,
    /// A mesh as 3MF.
    ThreeMf,
    /// The program's text.
    Program,
}

impl ExportKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Step, Self::Stl, Self::Obj, Self::Ply, Self::ThreeMf, Self::Program];

    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Stl => "stl",
            Self::Obj => "obj",
            Self::Ply => "ply",
            Self::ThreeMf => "3mf",
            Self::Program => "py",
        }
    }

    /// As a user reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "STEP",
            Self::Stl => "STL",
            Self::Obj => "OBJ",
            Self::Ply => "PLY",
            Self::ThreeMf => "3MF",
            Self::Program => "Program",
        }
    }

    fn file_kind(self) -> Option<FileKind> {
        match self {
            Self::Step => Some(FileKind::Step),
            Self::Stl => Some(FileKind::Stl),
            Self::Obj => Some(FileKind::Obj),
            Self::Ply => Some(FileKind::Ply),
            Self::ThreeMf => Some(FileKind::ThreeMf),
            Self::Program => None,
        }
    }
}

/// Writes the shape that `source` makes, or the text itself, to `path`, whole or not at all.
pub(crate) fn export(
    jobs: &mut Jobs,
    programs: &Arc<Programs>,
    source: &str,
    name: &str,
    unit: LengthUnit,
    kind: ExportKind,
    path: PathBuf,
) -> JobId {
    let (source, programs, part_name) = (source.to_owned(), Arc::clone(programs), name.to_owned());
    let subject = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    jobs.start(JobKind::Export, None, subject, move |_, _| {
        Outcome::Exported(bytes(&programs, source, part_name, unit, kind).and_then(|bytes| {
            save::atomically(&path, |file| file.write_all(&bytes))
                .map_err(|error: std::io::Error| error.to_string())?;
            Ok(Export { bytes: bytes.len() as u64, path })
        }))
    })
}

fn bytes(
    programs: &Programs,
    source: String,
    name: String,
    unit: LengthUnit,
    kind: ExportKind,
) -> Result<Vec<u8>, String> {
    let Some(file_kind) = kind.file_kind() else { return Ok(source.into_bytes()) };
    let files = Files { kinds: vec![file_kind], tolerance: None, name, unit };
    let limits = Limits { time: LONGEST, ..Limits::default() };
    let (_, bytes) = programs.make(&source, &files, &limits).map_err(|failure| failure.to_string())?;
    bytes.into_iter().next().ok_or_else(|| "nothing came back".to_owned())
}
