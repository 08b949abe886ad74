//! What `partwright reconstruct` was given: a scan, pictures, or a description.

use std::path::Path;

use partwright_cadrille::writer::PartInput;
use partwright_geometry::format::ScanFile;
use partwright_geometry::{Geometry, LengthUnit};
use serde_json::{Value, json};

use crate::arguments::ReconstructArguments;
use crate::command::info::unit_name;
use crate::document::{MOST_PICTURES, Picture, grid};
use crate::failure::Failure;
use crate::job;
use crate::output::Console;
use crate::program::{part_name, place};
use crate::scan;

/// What was given, read.
pub(super) enum Given {
    /// A mesh or a cloud.
    Scan(Box<ScanFile>),
    /// Views or photos.
    Pictures(Vec<Picture>),
    /// A text.
    Description(String),
}

impl Given {
    /// Reads what the arguments name.
    pub(super) fn read(arguments: &ReconstructArguments) -> Result<Self, Failure> {
        if let Some(text) = &arguments.text {
            if text.trim().is_empty() {
                return Err(Failure::usage("the description is empty").help("say what the part looks like"));
            }
            if arguments.input.is_empty() {
                return Ok(Self::Description(text.clone()));
            }
        }
        let files = &arguments.input;
        let pictures = files.iter().filter(|path| job::is_picture(path)).count();
        match (pictures, files.as_slice()) {
            (0, [scan]) => {
                if arguments.size.is_some() {
                    return Err(Failure::usage(
                        "--size is for pictures and descriptions; a scan has a size of its own",
                    ));
                }
                Ok(Self::Scan(Box::new(scan::read(scan)?)))
            }
            (0, _) => Err(Failure::usage("one scan is reconstructed at a time")
                .help("run the command once for each scan; several files may only be pictures of one part")),
            (n, _) if n < files.len() => Err(Failure::usage("pictures and scans cannot be mixed")
                .help("a scan tells more than pictures of the same part: leave the pictures out")),
            (n, _) if n > MOST_PICTURES => Err(Failure::usage(format!(
                "{n} pictures were given; at most {MOST_PICTURES} are read, in their order"
            ))),
            _ => {
                for path in files {
                    scan::must_be_a_file(path)?;
                }
                files
                    .iter()
                    .map(|path| job::read_picture(path).map_err(Failure::failed))
                    .collect::<Result<_, _>>()
                    .map(Self::Pictures)
            }
        }
    }

    /// How messages name it.
    pub(super) fn place(&self, arguments: &ReconstructArguments) -> String {
        match self {
            Self::Scan(_) => arguments.input.first().map_or_else(String::new, |path| place(path)),
            Self::Pictures(pictures) if pictures.len() == 1 => "the picture".to_owned(),
            Self::Pictures(_) => "the pictures".to_owned(),
            Self::Description(_) => "the description".to_owned(),
        }
    }

    /// The name of the part in written files.
    pub(super) fn part_name(arguments: &ReconstructArguments) -> String {
        arguments
            .input
            .first()
            .map_or_else(|| "part".to_owned(), |path: &std::path::PathBuf| part_name(Path::new(path)))
    }

    /// What a network sees where there is no scan; `said` is what is said of the part beside.
    pub(super) fn for_network(&self, said: Option<&str>) -> Option<PartInput> {
        match (self, said) {
            (Self::Scan(_), _) => None,
            (Self::Pictures(pictures), None) => Some(PartInput::Pictures(grid(pictures))),
            (Self::Pictures(pictures), Some(text)) => Some(PartInput::Together(vec![
                PartInput::Pictures(grid(pictures)),
                PartInput::Description(text.to_owned()),
            ])),
            (Self::Description(text), _) => Some(PartInput::Description(text.clone())),
        }
    }

    /// What the user should know of it.
    pub(super) fn notes(&self) -> Vec<String> {
        match self {
            Self::Scan(scan) => scan.notes.clone(),
            Self::Pictures(pictures) => {
                let of = |picture: &Picture| format!("{}: {}", picture.name(), picture.changes.join(", "));
                let mut notes: Vec<String> = pictures.iter().filter(|p| !p.changes.is_empty()).map(of).collect();
                if pictures.len() < MOST_PICTURES {
                    notes.push(format!(
                        "{} of {MOST_PICTURES} views are missing; they stay white",
                        MOST_PICTURES - pictures.len()
                    ));
                }
                notes
            }
            Self::Description(_) => Vec::new(),
        }
    }

    /// Its part of the report.
    pub(super) fn object(&self, arguments: &ReconstructArguments) -> Value {
        match self {
            Self::Scan(scan) => json!({
                "file": arguments.input.first().map(|path| path.to_string_lossy()),
                "format": scan.format.to_string(),
                "kind": match &scan.geometry { Geometry::Mesh(_) => "mesh", Geometry::Cloud(_) => "cloud" },
                "notes": scan.notes,
                "text": arguments.text,
            }),
            Self::Pictures(pictures) => json!({
                "files": pictures.iter().map(|picture| picture.path.to_string_lossy()).collect::<Vec<_>>(),
                "kind": "pictures",
                "notes": self.notes(),
                "text": arguments.text,
            }),
            Self::Description(text) => json!({ "text": text, "kind": "description" }),
        }
    }

    /// The unit of the coordinates: what the user says, else what the file says.
    pub(super) fn unit(&self, arguments: &ReconstructArguments, console: Console) -> LengthUnit {
        let said = arguments.units.map(LengthUnit::from);
        let declared = match self {
            Self::Scan(scan) => scan.unit,
            _ if arguments.size.is_none() => return said.unwrap_or(LengthUnit::Unknown),
            _ => LengthUnit::Unknown,
        };
        match (said, declared) {
            (Some(said), LengthUnit::Unknown) => said,
            (Some(said), declared) => {
                if said != declared {
                    console.note(format!(
                        "the file declares {}, --units says {}",
                        unit_name(declared),
                        unit_name(said)
                    ));
                }
                said
            }
            (None, LengthUnit::Unknown) => {
                let what =
                    if matches!(self, Self::Scan(_)) { "the file names no length unit" } else { "no unit is named" };
                console.note(format!("{what}; millimetres are taken, --units changes that"));
                LengthUnit::Unknown
            }
            (None, declared) => declared,
        }
    }
}
