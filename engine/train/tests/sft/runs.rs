//! What the tests share: configurations and parts to learn.

use std::ops::ControlFlow;
use std::sync::Arc;

use candle_core::Device;
use partwright_reconstruct::InProcess;
use partwright_train::Sample;
use partwright_train::data::{Fixed, Source};
use partwright_train::generate::{GeneratorConfig, sample};
use partwright_train::run_folder::RunFolder;
use partwright_train::sft::{Event, Outcome, SftConfig, run};

/// A configuration for the tiny network; `more` are further lines, of `[training]` first.
pub(crate) fn config(more: &str) -> SftConfig {
    let text = format!(
        "[network]\npreset = \"tiny\"\nseed = 5\n[data]\ngenerator = {{}}\nthreads = 2\n[training]\nbatch = 8\n{more}"
    );
    SftConfig::parse(&text).expect("a configuration")
}

/// Plain parts with points and descriptions.
pub(crate) fn parts(count: u64) -> Vec<Sample> {
    let config = GeneratorConfig { simple_share: 1.0, points: 256, captions: 2, ..GeneratorConfig::default() };
    (0..count).map(|index| sample(&config, index).expect("the generator finds a part")).collect()
}

/// Learns from parts, round and round.
pub(crate) fn learned(
    config: SftConfig,
    parts: Vec<Sample>,
    folder: &RunFolder,
    watch: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Outcome {
    let source: Arc<dyn Source> = Arc::new(Fixed(parts));
    run(config, source, &Device::Cpu, folder, &InProcess::default(), watch).expect("a run")
}

/// The losses of a run, step by step.
pub(crate) fn losses(folder: &RunFolder) -> Vec<f64> {
    folder.rows().expect("a table").iter().map(|row| row.loss).collect()
}
