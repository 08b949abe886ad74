//! Speed and memory of cadrille at its true size on the CPU, with random weights: no checkpoint is needed.
//!
//! ```text
//! cargo run --release -p partwright-cadrille --example speed -- [q8_0|q4_k|f32] [tokens] [samples]
//! ```
//!
//! One decoded token reads every weight of the layers and the head once, so that the memory's bandwidth bounds the
//! speed; both are printed. The prompt is 256 points and 44 tokens, and 100 picture tokens for the vision tower.

#![expect(clippy::print_stdout, reason = "it is a program that prints a table")]

use std::ops::ControlFlow;
use std::time::Instant;

use candle_core::{DType, Device, Tensor};
use partwright_cadrille::checkpoint::{Precision, RandomWeights};
use partwright_cadrille::config::Config;
use partwright_cadrille::network::{Autoregressive as _, Cadrille, Input, Picture};
use partwright_cadrille::sampling::{Settings, Strategy, generate};

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let precision: Precision = arguments.next().map_or(Ok(Precision::Q8_0), |text| text.parse())?;
    let max_new_tokens: usize = arguments.next().map_or(Ok(48), |text| text.parse())?;
    let samples: usize = arguments.next().map_or(Ok(4), |text| text.parse())?;
    let load = || std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load before       {}", load().trim());
    let bandwidth = read_bandwidth();
    println!("memory bandwidth  {:.1} GB/s, read by all threads", bandwidth / 1e9);

    let start = Instant::now();
    // No token ends a sample, so that every run writes the same number.
    let config = Config { eos_token_ids: vec![], ..qwen2_vl_2b()? };
    let weights = RandomWeights { seed: 1, spread: 1.0, has_head: false };
    let network = Cadrille::load(&config, &weights.builder(DType::F32, &Device::Cpu), precision.build())?;
    println!("made in           {:.1} s as {precision}", start.elapsed().as_secs_f64());
    print_memory("after loading");

    let picture =
        Picture { pixel_values: Tensor::zeros((400, 1176), DType::F32, &Device::Cpu)?, grid_thw: [1, 20, 20] };
    let start = Instant::now();
    network.visual().forward(&picture)?;
    println!("vision tower      {:.2} s for 400 patches", start.elapsed().as_secs_f64());

    let points = Tensor::rand(-1f32, 1.0, (256, 3), &Device::Cpu)?;
    let input = Input { ids: vec![100; 300], points: Some(points), pictures: vec![] };
    let start = Instant::now();
    network.prefill(std::slice::from_ref(&input), 1)?;
    println!("prefill           {:.2} s for 300 tokens", start.elapsed().as_secs_f64());

    let bytes = network.decoder().bytes_per_token();
    for samples in [1, samples] {
        let strategy = Strategy::Random { temperature: 1.0, top_k: None, top_p: None };
        let settings = Settings { strategy, samples, max_new_tokens, ..Settings::default() };
        let mut times = vec![];
        generate(&network, &input, &settings, None, &mut |token| {
            if token.sample == 0 {
                times.push(Instant::now());
            }
            ControlFlow::Continue(())
        })?;
        let mut steps: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect();
        steps.sort_by(f64::total_cmp);
        let (best, median) = (steps[0], steps[steps.len() / 2]);
        println!(
            "decode x {samples:<3}      {:.1} tokens/s (median), {:.1} (best); {:.0} MB a step, {:.1} GB/s, ceiling {:.1} steps/s",
            samples as f64 / median,
            samples as f64 / best,
            bytes as f64 / 1e6,
            bytes as f64 / median / 1e9,
            bandwidth / bytes as f64,
        );
    }
    print_memory("at the end");
    println!("load after        {}", load().trim());
    Ok(())
}

/// `config.json` of Qwen/Qwen2-VL-2B-Instruct, as far as it is read.
fn qwen2_vl_2b() -> Result<Config, Box<dyn std::error::Error>> {
    let json = serde_json::json!({
        "model_type": "qwen2_vl", "hidden_size": 1536, "intermediate_size": 8960, "num_hidden_layers": 28,
        "num_attention_heads": 12, "num_key_value_heads": 2, "vocab_size": 151_936, "rms_norm_eps": 1e-6,
        "rope_theta": 1e6, "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
        "max_position_embeddings": 32_768, "tie_word_embeddings": true,
        "bos_token_id": 151_643, "eos_token_id": 151_645, "video_token_id": 151_656, "image_token_id": 151_655,
        "vision_config": {"depth": 32, "embed_dim": 1280, "hidden_size": 1536, "num_heads": 16, "mlp_ratio": 4,
            "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2},
    });
    Ok(Config::from_json(&json, &serde_json::Value::Null)?)
}

/// Bytes a second that all threads together read from a gigabyte; the best of five.
fn read_bandwidth() -> f64 {
    let values: Vec<u64> = (0..125_000_000).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut best = 0f64;
    for _ in 0..5 {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for part in values.chunks(values.len().div_ceil(threads)) {
                scope.spawn(|| {
                    // Sixteen sums apart, so that no addition waits for another.
                    let mut sums = [0u64; 16];
                    for chunk in part.chunks_exact(16) {
                        for (sum, value) in sums.iter_mut().zip(chunk) {
                            *sum = sum.wrapping_add(*value);
                        }
                    }
                    std::hint::black_box(sums);
                });
            }
        });
        best = best.max((values.len() * 8) as f64 / start.elapsed().as_secs_f64());
    }
    best
}

/// Resident memory now and at its highest, where the system tells.
fn print_memory(when: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |field: &str| {
        let line = status.lines().find(|line| line.starts_with(field))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb * 1024.0 / 1e6)
    };
    if let (Some(now), Some(most)) = (megabytes("VmRSS:"), megabytes("VmHWM:")) {
        println!("memory            {now:.0} MB {when}, {most:.0} MB at most");
    }
}
