//! Arguments of `partwright reconstruct`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::{UnitName, parse_positive, parse_seconds};

/// Arguments of `partwright reconstruct`.
#[derive(Debug, Args)]
pub(crate) struct ReconstructArguments {
    /// The scan: STL, PLY, OBJ, 3MF, XYZ, PTS or CSV, a mesh or a point cloud (`-` reads standard input); or one to four
    /// pictures of the part: PNG or JPEG
    #[arg(value_name = "INPUT", required_unless_present = "text")]
    pub(crate) input: Vec<PathBuf>,
    /// A description of the part, in place of other input or beside it, for the model that writes the program
    #[arg(long, value_name = "DESCRIPTION")]
    pub(crate) text: Option<String>,
    /// The model that writes programs beside what is fitted: its name, `none`, or `auto`, which asks the default one where
    /// the fit does not agree with the scan. A model named here is asked in any case
    #[arg(long, value_name = "NAME|none|auto", default_value = "auto")]
    pub(crate) model: ModelChoice,
    /// How many programs the model writes
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) samples: u32,
    /// Most rounds in which a model that can do so improves the best of its programs
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=64))]
    pub(crate) rounds: u32,
    /// Length of the part's longest side, for pictures and descriptions, which do not tell it
    #[arg(long, value_name = "LENGTH", value_parser = parse_positive)]
    pub(crate) size: Option<f64>,
    /// Write the solid as STEP (`-` for standard output)
    #[arg(long, short, value_name = "OUT.step")]
    pub(crate) output: Option<PathBuf>,
    /// Write the CadQuery program (`-` for standard output)
    #[arg(long, value_name = "OUT.py")]
    pub(crate) program: Option<PathBuf>,
    /// Write the solid's mesh: STL, PLY, OBJ or 3MF by extension
    #[arg(long, value_name = "OUT.stl")]
    pub(crate) mesh: Option<PathBuf>,
    /// Write a report as JSON (`-` for standard output)
    #[arg(long, value_name = "OUT.json")]
    pub(crate) report: Option<PathBuf>,
    /// How many ranked candidates to keep in the report
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) candidates: u32,
    /// Time budget of the whole command in seconds, reading and writing included [default: 20; 120 for pictures and
    /// descriptions, and where a model is named]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub(crate) time: Option<f64>,
    /// Length unit of the scan, where the file does not say; STEP and 3MF carry it
    #[arg(long, value_enum)]
    pub(crate) units: Option<UnitName>,
    /// Coordinates of the program: the scan's own, or centred integers with the longest side 200
    #[arg(long, value_enum, default_value_t = FrameName::Scan)]
    pub(crate) frame: FrameName,
    /// Seed of everything random; the same input and seed give the same output
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// The frame of a reconstructed program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FrameName {
    /// The scan's own units and pose
    Scan,
    /// Centred integers, the longest side 200
    Normalized,
}

/// Which model is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModelChoice {
    /// The default one, where it is needed.
    Auto,
    /// None.
    None,
    /// This one, in any case.
    Named(String),
}

impl FromStr for ModelChoice {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "auto" => Self::Auto,
            "none" => Self::None,
            name => Self::Named(name.to_owned()),
        })
    }
}
