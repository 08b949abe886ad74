//! Making the network, reading a prompt, writing tokens.

use std::ops::ControlFlow;
use std::time::Instant;

use candle_core::{DType, Device, Result as TensorResult, Tensor};
use partwright_cadrille::checkpoint::{Checkpoint, CheckpointError, Precision, RandomWeights};
use partwright_cadrille::device::Choice;
use partwright_cadrille::network::{Autoregressive, Input, NetworkError, Picture};
use partwright_cadrille::sampling::{self, Constraint, SamplingError, Strategy, generate};
use serde::Serialize;

use super::bandwidth::bandwidth;
use super::memory::{Memory, load};
use super::{NetworkSize, SizeError, TorchResults};
use crate::statistics::median;

/// Points at the head of a prompt, as cadrille reads them.
const POINTS: usize = 256;
/// Rows and columns of patches of the four pictures cadrille reads.
const PATCHES: usize = 20;

/// Where the weights come from.
#[derive(Clone, Copy)]
pub enum Weights<'a> {
    /// Made up.
    Random(NetworkSize),
    /// A checkpoint's.
    Checkpoint(&'a Checkpoint),
}

/// What is measured, and how often.
#[derive(Clone, Debug)]
pub struct NetworkSettings {
    /// Device, precision and why.
    pub choice: Choice,
    /// Samples that are written side by side, after one alone.
    pub samples: usize,
    /// Tokens of each sample; at least 2, for the first is the prompt's.
    pub tokens: usize,
    /// Tokens of the prompt.
    pub prompt: usize,
    /// How often all is repeated.
    pub runs: usize,
}

/// A network that cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum NetworkBenchError {
    /// The size.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// The weights, or their precision on the device.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The prompt.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The writing.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
    /// The caller broke off.
    #[error("stopped")]
    Cancelled,
    /// candle refused: memory, the device.
    #[error("the device refused: {0}")]
    Device(#[from] candle_core::Error),
}

/// Speed of writing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecodeSpeed {
    /// Samples side by side.
    pub samples: usize,
    /// Tokens a second of all samples together, by the median step.
    pub tokens_per_s: f64,
    /// By the fastest step.
    pub best_tokens_per_s: f64,
    /// Bytes of weights that are read a second, by the median step.
    pub bytes_per_s: f64,
}

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct NetworkResults {
    /// What runs where, and why nothing faster does.
    pub device: String,
    /// Type of the weights.
    pub precision: String,
    /// Sizes of the network.
    pub size: NetworkSize,
    /// Seconds to load the checkpoint, or to make random weights and bring them to the precision.
    pub load_s: f64,
    /// Whether the weights are random.
    pub is_random: bool,
    /// Memory with the network loaded.
    pub memory_loaded: Option<Memory>,
    /// Memory after the last run.
    pub memory_end: Option<Memory>,
    /// Tokens of the prompt.
    pub prompt: usize,
    /// Tokens of each sample.
    pub tokens: usize,
    /// Repetitions.
    pub runs: usize,
    /// Seconds to read four pictures (400 patches); `None` where the network reads none.
    pub pictures_s: Option<f64>,
    /// Seconds to read the prompt.
    pub prefill_s: f64,
    /// One sample, then as many as were asked for.
    pub decode: Vec<DecodeSpeed>,
    /// Bytes of weights that a written token reads.
    pub bytes_per_token: usize,
    /// Bytes the device's memory gives a second.
    pub bandwidth_bytes_per_s: f64,
    /// The system's load before and after.
    pub load: [Option<f64>; 2],
    /// The same sizes in torch, one entry for each type.
    pub torch: Vec<TorchResults>,
    /// Why torch is not there.
    pub torch_note: Option<String>,
}

/// Measures. `progress` is told what is done how often of how often, and may break off.
///
/// # Errors
/// [`NetworkBenchError`], by cause.
pub fn measure(
    weights: Weights<'_>,
    settings: &NetworkSettings,
    progress: &(dyn Fn(&str, usize, usize) -> ControlFlow<()> + Sync),
) -> Result<NetworkResults, NetworkBenchError> {
    let Choice { device, precision, reason } = &settings.choice;
    let check = |what: &str, done: usize, of: usize| match progress(what, done, of) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(NetworkBenchError::Cancelled),
    };
    let load_before = load();
    let start = Instant::now();
    let network = make(weights, device, *precision, progress)?;
    device.synchronize()?;
    let load_s = start.elapsed().as_secs_f64();
    let memory_loaded = Memory::now();

    let input = prompt(settings.prompt, network.config().text.vocab_size, device)?;
    let batches = if settings.samples > 1 { vec![1, settings.samples] } else { vec![1] };
    let mut pictures = vec![];
    let mut prefills = vec![];
    let mut steps: Vec<Vec<f64>> = vec![vec![]; batches.len()];
    let total = settings.runs * batches.len();
    for run in 0..settings.runs {
        if network.config().vision.is_some() {
            pictures.push(read_pictures(&*network, device)?);
        }
        for (i, (&samples, steps)) in batches.iter().zip(&mut steps).enumerate() {
            check("runs", run * batches.len() + i, total)?;
            let (prefill, times) = write(&*network, &input, samples, settings.tokens, &mut || {
                progress("runs", run * batches.len() + i, total)
            })?;
            prefills.push(prefill);
            steps.extend(times);
        }
    }
    let memory_end = Memory::now();
    let bytes_per_token = network.decoder().bytes_per_token();
    let size = NetworkSize::of(network.config());
    drop(network);
    check("memory", 0, 1)?;
    let decode = batches.iter().zip(&steps).map(|(&samples, steps)| speed(samples, steps, bytes_per_token)).collect();
    Ok(NetworkResults {
        device: reason.clone(),
        precision: precision.to_string(),
        size,
        load_s,
        is_random: matches!(weights, Weights::Random(_)),
        memory_loaded,
        memory_end,
        prompt: settings.prompt,
        tokens: settings.tokens,
        runs: settings.runs,
        pictures_s: median(&pictures),
        prefill_s: median(&prefills).unwrap_or_default(),
        decode,
        bytes_per_token,
        bandwidth_bytes_per_s: bandwidth(device)?,
        load: [load_before, load()],
        torch: vec![],
        torch_note: None,
    })
}

fn make(
    weights: Weights<'_>,
    device: &Device,
    precision: Precision,
    progress: &(dyn Fn(&str, usize, usize) -> ControlFlow<()> + Sync),
) -> Result<Box<dyn Autoregressive + Send + Sync>, NetworkBenchError> {
    match weights {
        Weights::Random(size) => {
            let _ = progress("random weights", 0, 1);
            // With a deviation of 1 the scores differ as little as at the start of a training; nothing reads them.
            let weights = RandomWeights { seed: 1, spread: 1.0, has_head: false };
            Ok(weights.load(&size.config()?, device, precision)?)
        }
        Weights::Checkpoint(checkpoint) => {
            let megabytes = |bytes: u64| (bytes / 1_000_000) as usize;
            let network = checkpoint
                .load(device, precision, &|now| progress("MB", megabytes(now.done_bytes), megabytes(now.total_bytes)));
            network.map_err(|error| match error {
                CheckpointError::Cancelled => NetworkBenchError::Cancelled,
                error => error.into(),
            })
        }
    }
}

/// Points, as many as fit, and text after them.
fn prompt(tokens: usize, vocabulary: usize, device: &Device) -> TensorResult<Input> {
    let points = Tensor::rand(-1f32, 1.0, (POINTS.min(tokens), 3), device)?;
    // Any token will do that stands for no picture; those are the last ones.
    let ids = (0..tokens).map(|i| (i % (vocabulary / 2).max(1)) as u32).collect();
    Ok(Input { ids, points: Some(points), pictures: vec![] })
}

/// Seconds to bring four pictures in one to vectors.
fn read_pictures(network: &dyn Autoregressive, device: &Device) -> Result<f64, NetworkBenchError> {
    let (Some(vision), Some(token)) = (&network.config().vision, network.config().video_token_id) else {
        return Ok(0.0);
    };
    let pixel_values = Tensor::zeros((PATCHES * PATCHES, vision.patch_values()), DType::F32, device)?;
    let picture = Picture { pixel_values, grid_thw: [1, PATCHES, PATCHES] };
    let merged = PATCHES * PATCHES / (vision.spatial_merge_size * vision.spatial_merge_size);
    let input = Input { ids: vec![token; merged], points: None, pictures: vec![picture] };
    let start = Instant::now();
    network.embed(&[input])?;
    device.synchronize()?;
    Ok(start.elapsed().as_secs_f64())
}

/// No token may end a sample, so that all runs write equally many.
struct NoEnd<'a>(&'a [u32]);

impl Constraint for NoEnd<'_> {
    fn restrict(&mut self, _: usize, _: &[u32], scores: &mut [f32]) {
        for &id in self.0 {
            if let Some(score) = scores.get_mut(id as usize) {
                *score = f32::NEG_INFINITY;
            }
        }
    }
}

/// Seconds from the prompt to its first token, and of each step after it.
fn write(
    network: &dyn Autoregressive,
    input: &Input,
    samples: usize,
    tokens: usize,
    watch: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<(f64, Vec<f64>), NetworkBenchError> {
    // Samples at temperature 1 go apart, as they do when programs are written.
    let strategy =
        if samples > 1 { Strategy::Random { temperature: 1.0, top_k: None, top_p: None } } else { Strategy::Greedy };
    let settings = sampling::Settings { strategy, samples, max_new_tokens: tokens, ..sampling::Settings::default() };
    let ends = &network.config().eos_token_ids;
    let mut no_end = NoEnd(ends);
    let constraint: Option<&mut dyn Constraint> = if ends.is_empty() { None } else { Some(&mut no_end) };
    let start = Instant::now();
    let mut times = vec![];
    let mut stopped = false;
    generate(network, input, &settings, constraint, &mut |token| {
        if token.sample == 0 {
            times.push(start.elapsed().as_secs_f64());
            stopped |= watch().is_break();
        }
        if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if stopped {
        return Err(NetworkBenchError::Cancelled);
    }
    let prefill = times.first().copied().unwrap_or_default();
    Ok((prefill, times.windows(2).map(|pair| pair[1] - pair[0]).collect()))
}

fn speed(samples: usize, steps: &[f64], bytes_per_token: usize) -> DecodeSpeed {
    let step = median(steps).unwrap_or(f64::INFINITY);
    let fastest = steps.iter().copied().fold(f64::INFINITY, f64::min);
    DecodeSpeed {
        samples,
        tokens_per_s: samples as f64 / step,
        best_tokens_per_s: samples as f64 / fastest,
        bytes_per_s: bytes_per_token as f64 / step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(precision: Precision) -> NetworkSettings {
        let choice = Choice { device: Device::Cpu, precision, reason: "runs on the CPU".to_owned() };
        NetworkSettings { choice, samples: 2, tokens: 3, prompt: 20, runs: 2 }
    }

    fn tiny(settings: &NetworkSettings, flow: ControlFlow<()>) -> Result<NetworkResults, NetworkBenchError> {
        measure(Weights::Random(NetworkSize::TINY), settings, &|_, _, _| flow)
    }

    #[test]
    fn a_tiny_network_is_measured() -> Result<(), NetworkBenchError> {
        let results = tiny(&settings(Precision::Q8_0), ControlFlow::Continue(()))?;
        let samples: Vec<usize> = results.decode.iter().map(|speed| speed.samples).collect();
        assert_eq!(samples, [1, 2]);
        assert!(results.decode.iter().all(|speed| speed.tokens_per_s > 0.0 && speed.tokens_per_s.is_finite()));
        assert!(results.prefill_s > 0.0 && results.pictures_s > Some(0.0) && results.bandwidth_bytes_per_s > 1e6);
        // 8.5 bits a weight, f32 biases, and one row more in the table, which is the head.
        let layer = 2 * (256 * 256 + 256 * 128 + 256 * 512) + 256 * 512;
        let (bits, biases) = (8.5 / 8.0, 4 * (256 + 128 + 128));
        let expected = (2 * layer + 1025 * 256) as f64 * bits + (2 * biases) as f64;
        assert!((results.bytes_per_token as f64 - expected).abs() < 1.0, "{} {expected}", results.bytes_per_token);
        Ok(())
    }

    #[test]
    fn a_measurement_can_be_broken_off() {
        let stopped = tiny(&settings(Precision::F32), ControlFlow::Break(()));
        assert!(matches!(stopped, Err(NetworkBenchError::Cancelled)));
    }

    #[test]
    fn what_does_not_run_on_the_device_is_refused() {
        let refused = tiny(&settings(Precision::Bf16), ControlFlow::Continue(()));
        assert!(matches!(refused, Err(NetworkBenchError::Checkpoint(CheckpointError::PrecisionUnfit { .. }))));
    }
}
