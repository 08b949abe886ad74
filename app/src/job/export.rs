//! Writing files.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use partwright_cadquery::Limits;
use partwright_geometry::{LengthUnit, save};
use partwright_reconstruct::CancelToken;

use super::run::with_flag;
use super::{Export, JobId, JobKind, Jobs, Outcome};
use crate::document::Item;
use crate::output::FileKind;
use crate::picture::Shot;
use crate::program::{Files, Programs};
use crate::render::Gpu;
use crate::report;

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
    /// The views as a picture.
    Picture,
    /// Pictures, numbers and program on a page.
    Report,
}

impl ExportKind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Step, Self::Stl, Self::Obj, Self::Ply, Self::ThreeMf, Self::Program, Self::Picture, Self::Report];

    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Stl => "stl",
            Self::Obj => "obj",
            Self::Ply => "ply",
            Self::ThreeMf => "3mf",
            Self::Program => "py",
            Self::Picture => "png",
            Self::Report => "html",
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
            Self::Picture => "Picture",
            Self::Report => "Report",
        }
    }
}

/// What a file is made from.
pub(crate) enum Content {
    /// The shape that a program makes.
    Shape {
        /// The format.
        kind: FileKind,
        /// The program.
        source: String,
        /// The name of the part.
        name: String,
        /// The program's length unit.
        unit: LengthUnit,
    },
    /// Text as it is.
    Text(String),
    /// A picture of the views.
    Picture(Box<Shot>),
    /// The report of an item, whose scan is green up to a tolerance.
    Report(Box<Item>, Gpu, Option<f64>),
}

/// Writes `content` to `path`, whole or not at all.
pub(crate) fn export(jobs: &mut Jobs, programs: &Arc<Programs>, content: Content, path: PathBuf) -> JobId {
    let programs = Arc::clone(programs);
    let subject = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    jobs.start(JobKind::Export, None, subject, move |_, cancel| {
        let written = bytes(&programs, content, cancel).and_then(|bytes| {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            save::atomically(&path, |file| file.write_all(&bytes))
                .map_err(|error: std::io::Error| error.to_string())?;
            Ok(Some(Export { bytes: bytes.len() as u64, path }))
        });
        match written {
            Ok(Some(export)) => Outcome::Exported(Ok(export)),
            _ if cancel.is_cancelled() => Outcome::Nothing(None),
            Ok(None) => Outcome::Nothing(None),
            Err(why) => Outcome::Exported(Err(why)),
        }
    })
}

fn bytes(programs: &Programs, content: Content, cancel: &CancelToken) -> Result<Vec<u8>, String> {
    match content {
        Content::Text(text) => Ok(text.into_bytes()),
        Content::Picture(shot) => shot.png(),
        Content::Report(item, gpu, tolerance) => Ok(report::html(&item, &gpu, tolerance)?.into_bytes()),
        Content::Shape { kind, source, name, unit } => {
            let files = Files { kinds: vec![kind], tolerance: None, name, unit };
            let limits = Limits { time: LONGEST, ..Limits::default() };
            let made = with_flag(cancel, |flag| programs.make(&source, &files, &limits, flag));
            let (_, bytes) = made.map_err(|failure| failure.to_string())?;
            bytes.into_iter().next().ok_or_else(|| "nothing came back".to_owned())
        }
    }
}
