//! The command line as clap reads it.

mod generate;
mod model;
mod models;
mod network;
mod reconstruct;
mod train;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use partwright_bench::reconstruction::{Ablation, Extent, Scanner};
use partwright_geometry::LengthUnit;

pub(crate) use self::generate::GenerateArguments;
pub(crate) use self::model::{ModelAction, ModelArguments};
pub(crate) use self::models::ModelsBenchArguments;
pub(crate) use self::network::{DeviceName, NetworkBenchArguments, SizeName};
pub(crate) use self::reconstruct::{FrameName, ModelChoice, ReconstructArguments};
pub(crate) use self::train::{MethodArguments, TrainArguments, TrainMethod};
use crate::render::StandardView;

/// Turns scans of mechanical parts into editable CadQuery programs, exact solids and STEP files.
///
/// Without a command the window opens, with the files named.
#[derive(Debug, Parser)]
#[command(name = "partwright", version, propagate_version = true, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Files to open in the window: scans, programs, pictures
    #[arg(value_parser = parse_file)]
    pub(crate) files: Vec<PathBuf>,
}

/// How every command speaks.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct OutputArguments {
    /// Print one JSON object on standard output instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but errors (and what was asked for on standard output)
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Turn a scan, pictures or a description into a CadQuery program, an exact solid and a STEP file
    Reconstruct(ReconstructArguments),
    /// Execute a CadQuery program and write its shape
    Run(RunArguments),
    /// Scan a shape with a scanner that does not exist: views, noise, drop-outs, strays, errors of registration
    SimulateScan(SimulateScanArguments),
    /// Measure how far two shapes agree
    Compare(CompareArguments),
    /// Draw a picture of a scan, of a part, or of both beside each other
    Render(RenderArguments),
    /// Measure reconstruction on a data set, the kernel on its cases, or the window's frames and start
    Bench(Box<BenchArguments>),
    /// Say what a file holds and what is wrong with it
    Info(InfoArguments),
    /// List, download, check and remove the networks that write programs
    Model(ModelArguments),
    /// Make random parts with their programs, points, views and descriptions, for training
    Generate(GenerateArguments),
    /// Train a network that writes programs
    Train(TrainArguments),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
    /// Serve CadQuery programs over standard input and output
    #[command(hide = true)]
    Worker,
}

/// Arguments of `partwright simulate-scan`.
#[derive(Debug, Args)]
pub(crate) struct SimulateScanArguments {
    /// The shape: a mesh or a CadQuery program (`.py`)
    pub(crate) input: PathBuf,
    /// The scan to write (`-` for standard output)
    #[arg(long, short, value_name = "SCAN.ply")]
    pub(crate) output: PathBuf,
    /// How many points
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(16..=10_000_000))]
    pub(crate) points: u32,
    /// Write the surface between the points, one sheet per view, in place of the points
    #[arg(long, conflicts_with = "normals")]
    pub(crate) mesh: bool,
    #[command(flatten)]
    pub(crate) scanner: ScannerArguments,
    /// Seed of everything random; the same input and seed give the same scan
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// What a simulated scanner is like.
#[derive(Clone, Debug, Args)]
pub(crate) struct ScannerArguments {
    /// How many views, spread evenly around the shape
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) views: u32,
    /// Look from above only
    #[arg(long)]
    pub(crate) one_sided: bool,
    /// Standard deviation of the points about the surface: a length, or a share of the longest side as in 0.2%
    #[arg(long, value_name = "LENGTH|N%", default_value = "0", value_parser = parse_extent)]
    pub(crate) noise: Extent,
    /// The most by which a view lies wrong: a length, or a share of the longest side
    #[arg(long, value_name = "LENGTH|N%", default_value = "0", value_parser = parse_extent)]
    pub(crate) registration_error: Extent,
    /// Share of the points that is missing in patches, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = parse_share)]
    pub(crate) dropout: f64,
    /// Share of the points that lie where there is no surface, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = parse_share)]
    pub(crate) outliers: f64,
    /// Give the points normals
    #[arg(long)]
    pub(crate) normals: bool,
}

impl ScannerArguments {
    /// The scanner they describe.
    pub(crate) fn scanner(&self) -> Scanner {
        Scanner {
            views: self.views as usize,
            one_sided: self.one_sided,
            noise: self.noise,
            registration_error: self.registration_error,
            dropout: self.dropout,
            outliers: self.outliers,
            normals: self.normals,
        }
    }
}

/// Arguments of `partwright run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The CadQuery program; `-` reads standard input
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) program: Option<PathBuf>,
    /// Write the shape: STEP, STL, PLY, OBJ or 3MF by extension; may be given several times (`-` writes STEP to
    /// standard output)
    #[arg(long, short, value_name = "FILE", conflicts_with = "batch")]
    pub(crate) output: Vec<PathBuf>,
    /// Execute every program of a JSON Lines file (fields `id` and `code`, perhaps `ref` with known values) and print one
    /// JSON object per line; a program that fails is a result, not a failure of the batch
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) batch: Option<PathBuf>,
    /// Largest distance between a written mesh and the exact solid; 1/2000 of its size when not given
    #[arg(long, value_name = "LENGTH", value_parser = parse_positive)]
    pub(crate) tolerance: Option<f64>,
    /// Time limit per program in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = partwright_cadquery::Limits::default().time.as_secs_f64(), value_parser = parse_seconds)]
    pub(crate) time: f64,
}

/// Arguments of `partwright compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The first shape: a mesh, a point cloud or a CadQuery program (`.py`)
    pub(crate) a: PathBuf,
    /// The second shape
    pub(crate) b: PathBuf,
    /// Centre both shapes and scale them to unit size first, as the benchmark does
    #[arg(long)]
    pub(crate) normalize: bool,
    /// Seed of the sampled points
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// Arguments of `partwright render`.
#[derive(Debug, Args)]
pub(crate) struct RenderArguments {
    /// The scan or the CadQuery program (`.py`)
    pub(crate) input: PathBuf,
    /// The picture to write
    #[arg(long, short, value_name = "VIEW.png")]
    pub(crate) output: PathBuf,
    /// A program whose part is shown beside the scan
    #[arg(long, value_name = "P.py")]
    pub(crate) program: Option<PathBuf>,
    /// Draw the four views that networks are shown in place of one, 128 pixels wide and high each: VIEW-1.png to VIEW-4.png
    #[arg(long, conflicts_with_all = ["program", "view", "heat", "tolerance", "size"])]
    pub(crate) four_views: bool,
    /// Where to look from
    #[arg(long, value_enum, default_value_t = StandardView::Isometric)]
    pub(crate) view: StandardView,
    /// Colour the scan by its distance from the part
    #[arg(long)]
    pub(crate) heat: bool,
    /// Deviations up to this are coloured as good; 1/500 of the size when not given
    #[arg(long, value_name = "LENGTH", value_parser = parse_positive)]
    pub(crate) tolerance: Option<f64>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1280x720", value_parser = parse_size)]
    pub(crate) size: [u32; 2],
}

impl ValueEnum for StandardView {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Isometric => "From above, right and front",
            Self::Front => "From the front, along +y",
            Self::Back => "From the back, along -y",
            Self::Left => "From the left, along +x",
            Self::Right => "From the right, along -x",
            Self::Top => "From above",
            Self::Bottom => "From below",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

/// Arguments of `partwright bench`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct BenchArguments {
    #[command(subcommand)]
    pub(crate) table: Option<BenchTable>,
    #[command(flatten)]
    pub(crate) reconstruction: ReconstructionBenchArguments,
}

/// Other things to measure than reconstruction.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchTable {
    /// Measure the kernel: volumes, areas, boxes, faces, time and meshes of the kernel cases
    Kernel(KernelBenchArguments),
    /// Measure the network: tokens a second, the prompt, memory, beside the memory's bandwidth and torch
    Network(NetworkBenchArguments),
    /// Measure how well models write programs of parts that they are shown as points, pictures and text
    Models(ModelsBenchArguments),
    /// Measure the frames of the window's 3D view without a window, still and while orbiting
    Window(WindowBenchArguments),
    /// Measure the time from the start of the program to the window's first frame; it needs a display
    Start(StartBenchArguments),
    /// Open the window and close it after the first frame
    #[command(hide = true)]
    FirstFrame,
    /// Reconstruct and score one case given as JSON on standard input
    #[command(hide = true)]
    Case,
}

/// Arguments of `partwright bench start`.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct StartBenchArguments {
    /// How often
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,
}

/// Arguments of `partwright bench MANIFEST.json`.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReconstructionBenchArguments {
    /// The data set's manifest
    #[arg(value_name = "MANIFEST.json", required = true)]
    pub(crate) manifest: Option<PathBuf>,
    /// Only cases of this class; may be given several times
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Vec<String>,
    /// What the reconstruction sees of a case that has a mesh: the mesh, points sampled on it, or a simulated scan of it
    #[arg(long, value_enum, default_value_t = InputName::Mesh)]
    pub(crate) input: InputName,
    /// How many points there are with --input points and --input scan
    #[arg(long, value_name = "N", default_value_t = partwright_bench::reconstruction::SAMPLED_POINTS as u32, value_parser = clap::value_parser!(u32).range(16..=10_000_000))]
    pub(crate) points: u32,
    #[command(flatten)]
    pub(crate) scanner: ScannerArguments,
    /// Leave a part of the reconstruction out, to see what it brings; may be given several times
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) without: Vec<AblationName>,
    /// Only every Nth of the cases
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) every: u32,
    /// Begin with the case of this index: with --every 2, 0 and 1 split the cases in halves
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
    /// Only the first N cases of what is left
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Time budget per case in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0, value_parser = parse_seconds)]
    pub(crate) time: f64,
    /// Write all results as JSON; an interrupted bench goes on from where it stopped
    #[arg(long, value_name = "RESULTS.json")]
    pub(crate) out: Option<PathBuf>,
    /// Draw the twenty worst cases, scan beside part
    #[arg(long, value_name = "SHEET.png")]
    pub(crate) sheet: Option<PathBuf>,
    /// How many cases run at a time; as many as there are cores when not given
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Seed of every case
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// Arguments of `partwright bench kernel`.
#[derive(Debug, Args)]
pub(crate) struct KernelBenchArguments {
    /// The folder of cases: NNN.py and reference.json
    #[arg(default_value = "tests/kernel")]
    pub(crate) folder: PathBuf,
    /// Write the results as JSON
    #[arg(long, value_name = "RESULTS.json")]
    pub(crate) out: Option<PathBuf>,
    /// Write the STEP file of every case into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) step: Option<PathBuf>,
}

/// Arguments of `partwright bench window`.
#[derive(Debug, Args)]
pub(crate) struct WindowBenchArguments {
    /// How many triangles the shape has; may be given several times
    #[arg(long, value_name = "N", default_values_t = [20_000, 500_000, 5_000_000], value_parser = clap::value_parser!(u32).range(100..=20_000_000))]
    pub(crate) triangles: Vec<u32>,
    /// Width and height of the view in pixels
    #[arg(long, value_name = "WxH", default_value = "960x720", value_parser = parse_size)]
    pub(crate) size: [u32; 2],
    /// Frames per measurement
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) frames: u32,
}

/// Arguments of `partwright info`.
#[derive(Debug, Args)]
pub(crate) struct InfoArguments {
    /// A mesh, a point cloud or a CadQuery program; `-` reads a mesh or a cloud from standard input
    pub(crate) file: PathBuf,
    /// Survey the scan as well: its faces with radii and their standard deviations, roundings and chamfers, symmetries,
    /// patterns of equal features, noise, density, and what was not seen
    #[arg(long)]
    pub(crate) features: bool,
    /// Time limit of the survey in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0, value_parser = parse_seconds, requires = "features")]
    pub(crate) time: f64,
}

/// Arguments of `partwright completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// A length unit by its short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnitName {
    /// Millimetres
    Mm,
    /// Centimetres
    Cm,
    /// Metres
    M,
    /// Inches
    Inch,
}

impl From<UnitName> for LengthUnit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::Mm => Self::Millimetre,
            UnitName::Cm => Self::Centimetre,
            UnitName::M => Self::Metre,
            UnitName::Inch => Self::Inch,
        }
    }
}

/// What a bench hands to the reconstruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputName {
    /// The mesh itself
    Mesh,
    /// Points sampled on it
    Points,
    /// A simulated scan of it; --views, --noise and the others of `simulate-scan` say what the scanner is like
    Scan,
}

/// What a bench can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AblationName {
    /// Improving the constants of the best programs
    Refine,
    /// Rounding constants and relating them to each other
    Snapping,
    /// The price of a program's length
    Price,
}

impl From<AblationName> for Ablation {
    fn from(name: AblationName) -> Self {
        match name {
            AblationName::Refine => Self::Refine,
            AblationName::Snapping => Self::Snapping,
            AblationName::Price => Self::Price,
        }
    }
}

/// A file that is there: a word that is neither a command nor a file is a mistyped command.
fn parse_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() { Ok(path) } else { Err("there is neither a command nor a file of this name".into()) }
}

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    const MOST: u32 = 8192;
    let (width, height) = text.split_once(['x', 'X']).ok_or("must be a width and a height, as in 1280x720")?;
    let side = |text: &str| match text.trim().parse::<u32>() {
        Ok(side) if (16..=MOST).contains(&side) => Ok(side),
        Ok(_) => Err(format!("a side must be from 16 to {MOST} pixels")),
        Err(_) => Err(format!("'{text}' is not a number of pixels")),
    };
    Ok([side(width)?, side(height)?])
}

fn parse_positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        Ok(_) => Err("must be a positive number".into()),
        Err(_) => Err("not a number".into()),
    }
}

fn parse_extent(text: &str) -> Result<Extent, String> {
    let number = |text: &str| match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        Ok(_) => Err("must not be negative".to_owned()),
        Err(_) => Err("must be a length, or a share as in 0.2%".to_owned()),
    };
    match text.strip_suffix('%') {
        Some(share) => number(share).map(|percent| Extent::Share(percent / 100.0)),
        None => number(text).map(Extent::Length),
    }
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("must be a number from 0 to 1".into()),
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    // A day is longer than anybody waits and far below what `Duration` can hold.
    const LONGEST_SECS: f64 = 86_400.0;
    parse_positive(text)
        .and_then(|secs| if secs <= LONGEST_SECS { Ok(secs) } else { Err("must be at most 86400 (a day)".into()) })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn check(line: &str, fits: bool) {
        let words = std::iter::once("partwright").chain(line.split_whitespace());
        let read = Arguments::try_parse_from(words);
        assert_eq!(read.is_ok(), fits, "{line}: {read:?}");
    }

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn lines_are_accepted_or_refused() {
        check("reconstruct scan.stl", true);
        check("reconstruct scan.stl -o a.step --program a.py --mesh a.stl --report a.json --candidates 3", true);
        check("reconstruct - --time 2.5 --units inch --frame normalized --seed 7 --json", true);
        check("reconstruct", false);
        check("reconstruct a.png b.png c.png d.jpg --samples 8 --model cadrille --size 120", true);
        check("reconstruct --text plate", true);
        check("reconstruct scan.stl --text plate", true);
        check("reconstruct scan.stl --samples 0", false);
        check("reconstruct scan.stl --size -1", false);
        check("reconstruct a.stl --units furlong", false);
        check("reconstruct a.stl --time 0", false);
        check("reconstruct a.stl --time nan", false);
        check("reconstruct a.stl --time 1e300", false);
        check("reconstruct a.stl --candidates 0", false);
        check("simulate-scan part.py -o scan.ply --views 4 --noise 0.2% --registration-error 0.05 --one-sided", true);
        check("simulate-scan part.stl -o scan.ply --dropout 0.2 --outliers 0.01 --points 5000 --seed 3 --mesh", true);
        check("simulate-scan part.stl", false);
        check("simulate-scan part.stl -o scan.ply --noise -1", false);
        check("simulate-scan part.stl -o scan.ply --dropout 1.5", false);
        check("bench manifest.json --input scan --noise 0.3% --views 4 --points 6000 --sheet worst.png", true);
        check("run part.py -o a.step -o a.stl", true);
        check("run --batch all.jsonl", true);
        check("run part.py --batch all.jsonl", false);
        check("run", false);
        check("compare a.stl b.py --json", true);
        check("compare a.stl", false);
        check("bench manifest.json --class A --class B --input points --limit 5 --out r.json", true);
        check("bench manifest.json --without refine --without price --every 2 --offset 1 --points 4096", true);
        check("bench manifest.json --without luck", false);
        check("bench manifest.json --every 0", false);
        check("bench models --model a=x --model b --shown points --generated 20 --samples 1", true);
        check("bench models --model a=x --pool 20", false);
        check("bench models", false);
        check("bench kernel", true);
        check("bench kernel cases --step out", true);
        check("bench network", true);
        check("bench network --precision q4_k --samples 8 --tokens 300 --prompt 280 --runs 5 --torch python3", true);
        check("bench network --size tiny --layers 3 --device cpu --no-torch", true);
        check("bench network --precision q5", false);
        check("bench network --tokens 1", false);
        check("bench network --model mine --layers 3", false);
        check("bench network --torch python3 --no-torch", false);
        check("bench window --triangles 1000 --size 640x480", true);
        check("bench window --triangles 0", false);
        check("bench", false);
        check("info scan.ply", true);
        check("info scan.ply --features --time 3", true);
        check("info scan.ply --time 3", false);
        check("model list --json", true);
        check("model pull cadrille --accept-license", true);
        check("model pull", false);
        check("model add folder --name mine --license MIT", true);
        check("model verify", true);
        check("model verify a b", true);
        check("model remove", false);
        check("model default", true);
        check("model", false);
        check("completions bash", true);
        check("completions tcsh", false);
        check("worker", true);
        check("fly", false);
    }
}
