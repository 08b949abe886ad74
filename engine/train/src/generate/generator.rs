//! From a seed and an index to a sample.

use std::sync::Arc;

use partwright_brep::Body;
use partwright_geometry::sample::surface;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::draft::Draft;
use super::execute::{Demands, execute};
use super::program::Program;
use super::random::{chance, source};
use super::round::rounded;
use super::{GeneratorConfig, Style, cad_recode, deepcad, text};
use crate::caption::captions;
use crate::{Sample, Views};

/// A sample, and what it was made from.
#[derive(Clone, Debug)]
pub struct Generated {
    /// What a network learns from.
    pub sample: Sample,
    /// The program as a value.
    pub program: Program,
    /// The part, as its text makes it, in the program's frame.
    pub body: Arc<Body>,
    /// Attempts that were dropped before this one.
    pub dropped: u32,
}

/// Half of all attempts succeed, so that so many failures in a row do not happen.
const MOST_ATTEMPTS: u32 = 10_000;
/// Numbers of attempts from here on are for what is not the part itself.
const FOR_POINTS: u64 = 1 << 32;
const FOR_KIND: u64 = FOR_POINTS + 1;
const FOR_CAPTIONS: u64 = FOR_POINTS + 2;

/// The sample of an index: always the same for one configuration, and of any thread. Each index is tried with new numbers
/// until a program comes out that executes, fills the frame and is not too long.
///
/// `None` only when the configuration makes no sense (see [`GeneratorConfig::check`]).
pub fn generate(config: &GeneratorConfig, index: u64) -> Option<Generated> {
    (0..MOST_ATTEMPTS).find_map(|attempt| {
        let (program, source, made) = attempted(config, index, attempt)?;
        Some(finished(config, index, attempt, program, source, made))
    })
}

/// As [`generate`], without what the sample was made from.
pub fn sample(config: &GeneratorConfig, index: u64) -> Option<Sample> {
    generate(config, index).map(|generated| generated.sample)
}

fn attempted(config: &GeneratorConfig, index: u64, attempt: u32) -> Option<(Program, String, Arc<Body>)> {
    // The kind of part stays the same in all attempts, or else the shares would lean to what succeeds more often.
    let mut kind = source(config.seed, index, FOR_KIND);
    let simple = chance(&mut kind, config.simple_share);
    let style = match config.style {
        Style::Mixed if chance(&mut kind, config.deepcad_share) => Style::Deepcad,
        Style::Mixed => Style::CadRecode,
        style => style,
    };
    let mut random = source(config.seed, index, u64::from(attempt));
    let draft = drafted(&mut kind, &mut random, style, simple)?;
    let program = rounded(&draft)?;
    let source = text(&program);
    if source.len() > config.most_bytes {
        return None;
    }
    let demands = Demands { least_volume: config.least_volume, meant: style == Style::Deepcad };
    let made = execute(&source, demands)?;
    Some((program, source, made))
}

fn drafted(structure: &mut ChaCha8Rng, random: &mut ChaCha8Rng, style: Style, simple: bool) -> Option<Draft> {
    match style {
        Style::CadRecode | Style::Mixed => cad_recode::draft(structure, random, simple),
        Style::Deepcad => deepcad::draft(structure, random, simple),
    }
}

fn finished(
    config: &GeneratorConfig,
    index: u64,
    attempt: u32,
    program: Program,
    source_text: String,
    body: Arc<Body>,
) -> Generated {
    let seed = source(config.seed, index, FOR_POINTS).random();
    let captions = captions(&program, config.captions, &mut source(config.seed, index, FOR_CAPTIONS));
    let points = surface(&body.mesh, config.points, seed);
    let views = if config.views { Views::ToDraw(Arc::new(body.mesh.clone())) } else { Views::Absent };
    Generated {
        sample: Sample {
            program: source_text,
            points: points.positions.iter().map(|p| (*p / 100.0).as_vec3().to_array()).collect(),
            captions,
            views,
        },
        program,
        body,
        dropped: attempt,
    }
}
