//! Arguments of `partwright generate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use partwright_train::generate::{GeneratorConfig, Style};

use super::parse_share;

/// Arguments of `partwright generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// How many parts
    #[arg(value_name = "N")]
    pub(crate) count: u64,
    /// Write them into a folder, in shards: what is there already is kept, and a data set may grow
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Print them as JSON lines on standard output, without points and views
    #[arg(long, conflicts_with_all = ["out", "report"])]
    pub(crate) stream: bool,
    /// Print statistics of the programs
    #[arg(long)]
    pub(crate) report: bool,
    /// With --report: the statistics of other programs beside them, JSON lines with `code` or `program`
    #[arg(long, value_name = "PROGRAMS.jsonl", requires = "report")]
    pub(crate) beside: Option<PathBuf>,
    /// Draw a sheet of the first of them (48 at most)
    #[arg(long, value_name = "SHEET.png")]
    pub(crate) sheet: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) kind: KindArguments,
    /// Parts per shard; 4096, and 512 with views, when not given
    #[arg(long, value_name = "N", requires = "out", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) shard_size: Option<u64>,
}

/// Which parts.
#[derive(Debug, Args)]
pub(crate) struct KindArguments {
    /// Seed of everything random; the same seed gives the same parts
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The manner of the programs
    #[arg(long, value_enum, default_value_t = StyleName::CadRecode)]
    style: StyleName,
    /// Share of plain parts, from 0 to 1: one or two bodies of circles and rectangles
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = parse_share)]
    simple: f64,
    /// Points on the surface of each part
    #[arg(long, value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    points: u32,
    /// Draw the four views of each part, as the networks see them
    #[arg(long)]
    views: bool,
    /// Descriptions of each part
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=12))]
    captions: u32,
    /// Drop longer programs
    #[arg(long, value_name = "N", default_value_t = 700, value_parser = clap::value_parser!(u32).range(160..=10_000))]
    most_bytes: u32,
}

/// A manner of programs by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StyleName {
    /// Sketches of circles and turned rectangles, extruded and united
    CadRecode,
    /// Bases with cuts and bosses, symmetric extrusions, turned parts
    Deepcad,
    /// Seven of ten in the first manner, the others in the second
    Mixed,
}

impl KindArguments {
    /// The configuration that they say.
    pub(crate) fn config(&self) -> GeneratorConfig {
        GeneratorConfig {
            seed: self.seed,
            style: match self.style {
                StyleName::CadRecode => Style::CadRecode,
                StyleName::Deepcad => Style::Deepcad,
                StyleName::Mixed => Style::Mixed,
            },
            simple_share: self.simple,
            points: self.points as usize,
            views: self.views,
            captions: self.captions as usize,
            most_bytes: self.most_bytes as usize,
            ..GeneratorConfig::default()
        }
    }
}
