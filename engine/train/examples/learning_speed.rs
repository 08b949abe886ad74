//! Samples a second that a network of a preset learns from, with random programs.
//!
//! ```text
//! cargo run --release -p partwright-train --example learning_speed -- [nano|small] [threads] [most tokens of a part] [examples]
//! ```

#![expect(clippy::print_stdout, reason = "it is a program that prints a table")]

use std::time::Instant;

use candle_core::{DType, Device};
use partwright_cadrille::config::Config;
use partwright_cadrille::input::{Kinds, ProgramTokenizer, Prompt};
use partwright_train::generate::{GeneratorConfig, sample};
use partwright_train::network::{Preset, Weights};
use partwright_train::optimize::{AdamW, AdamWConfig, Gradients};
use partwright_train::sft::{Example, gradients};
use partwright_train::tokenizer;

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise: usize| arguments.get(i).map_or(Ok(otherwise), |text| text.parse());
    let preset = if arguments.first().is_some_and(|name| name == "small") { Preset::Small } else { Preset::Nano };
    let (threads, most_tokens, count) = (number(1, 2)?, number(2, 1600)?, number(3, 64)?);
    let text = tokenizer::json(&["box", "cylinder", "hole"]);
    let tokenizer = ProgramTokenizer::from_json(&text)?;
    let config = preset.sizes().config_json(&serde_json::from_str(&text)?)?;
    let config = Config::from_json(&config, &serde_json::Value::Null)?;
    let start = Instant::now();
    let generator = GeneratorConfig::default();
    let points = config.num_points;
    let mut examples = Vec::new();
    for sample in (0..count as u64).filter_map(|index| sample(&generator, index)) {
        let mut answer = tokenizer.encode(&sample.program)?;
        answer.push(tokenizer.im_end());
        let prompt = Prompt::mixed(&tokenizer, Kinds { points, ..Kinds::default() })?;
        examples.push(Example { prompt: prompt.ids, points: sample.points[..points].to_vec(), picture: None, answer });
    }
    let tokens: usize = examples.iter().map(Example::len).sum();
    let answers: usize = examples.iter().map(|example| example.answer.len()).sum();
    println!(
        "{count} programs in {:.2} s on one thread; {:.1} tokens of answer, {:.1} in all",
        start.elapsed().as_secs_f64(),
        answers as f64 / count as f64,
        tokens as f64 / count as f64
    );
    let weights = Weights::random(&config, 1, &Device::Cpu)?;
    let mut optimizer = AdamW::new(AdamWConfig::default(), weights.variables())?;
    let network = weights.network(&config, DType::F32)?;
    println!("{} parameters, vocabulary {}", weights.parameters(), config.text.vocab_size);
    let pools =
        (0..threads).map(|_| rayon::ThreadPoolBuilder::new().num_threads(1).build()).collect::<Result<Vec<_>, _>>()?;
    for step in 0..6 {
        let start = Instant::now();
        let (loss, gradients) = gradients(&network, &weights, &examples, most_tokens, &pools)?;
        let found = start.elapsed().as_secs_f64();
        let norm = gradients.norm();
        optimizer.step(weights.variables(), &gradients, 1e-3, Gradients::clipping(norm, 1.0))?;
        let all = start.elapsed().as_secs_f64();
        println!(
            "step {step}: loss {:.3}, norm {norm:.3}, {found:.3} s + {:.3} s: {:.1} samples/s, {:.0} tokens/s",
            loss.mean(),
            all - found,
            count as f64 / all,
            tokens as f64 / all
        );
    }
    Ok(())
}
