//! Arguments of `partwright bench models`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum, value_parser};
use partwright_bench::models::Shown;

use super::parse_seconds;

/// Arguments of `partwright bench models`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("given").multiple(true).args(["manifest", "published"])))]
pub(crate) struct ModelsBenchArguments {
    /// A model: its label in the table and its folder, or the name of an installed one; may be given several times
    #[arg(long, value_name = "LABEL=FOLDER|NAME", required = true)]
    pub(crate) model: Vec<String>,
    /// How parts are shown; may be given several times; each of the three kinds alone when not given
    #[arg(long, value_enum, value_name = "WAY")]
    pub(crate) shown: Vec<ShownName>,
    /// How many random parts, of the generator's both styles, that no training sees
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u32).range(0..=100_000))]
    pub(crate) generated: u32,
    /// Share of plain parts among them
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = super::parse_share)]
    pub(crate) simple_share: f64,
    /// A data set's manifest; its meshes are shown as points and pictures
    #[arg(long, value_name = "MANIFEST.json")]
    pub(crate) manifest: Option<PathBuf>,
    /// Only cases of this class; may be given several times
    #[arg(long, value_name = "CLASS", requires = "manifest")]
    pub(crate) class: Vec<String>,
    /// A folder with the published sets laid out as cadrille has them: the test meshes of DeepCAD, Fusion360 and CC3D are shown
    /// as points and pictures, the test parts of text2cad as text, too; those that are not there are left out
    #[arg(long, value_name = "FOLDER")]
    pub(crate) published: Option<PathBuf>,
    /// Only every Nth of the manifest's cases and of the published parts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    pub(crate) every: u32,
    /// Programs for each part: the likeliest one, and others that are drawn
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(u32).range(1..=256))]
    pub(crate) samples: u32,
    /// Rounds in which models that can do so improve the best of their programs of points, beside as many rounds of new programs
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u32).range(0..=64))]
    pub(crate) rounds: u32,
    /// Divides the scores that the others are drawn by
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = super::parse_positive)]
    pub(crate) temperature: f64,
    /// Hold the models to programs of the dialect, as `reconstruct` does; the paper's write freely
    #[arg(long)]
    pub(crate) constrained: bool,
    /// Reconstruct the manifest's parts with fit and model together, too, with so much time for each
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, requires = "given")]
    pub(crate) pool: Option<f64>,
    /// Write the table and what it was made with, as Markdown
    #[arg(long, value_name = "REPORT.md")]
    pub(crate) report: Option<PathBuf>,
    /// Write every outcome as JSON
    #[arg(long, value_name = "RESULTS.json")]
    pub(crate) out: Option<PathBuf>,
    /// Seed of points and draws
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// A way of showing a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShownName {
    /// As points of its surface
    Points,
    /// As four pictures
    Pictures,
    /// As a description
    Text,
    /// As all three at once
    Together,
}

impl From<ShownName> for Shown {
    fn from(name: ShownName) -> Self {
        match name {
            ShownName::Points => Self::Points,
            ShownName::Pictures => Self::Pictures,
            ShownName::Text => Self::Text,
            ShownName::Together => Self::Together,
        }
    }
}
