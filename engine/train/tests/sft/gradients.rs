//! Every weight learns, and what is scored is the answer alone.

use candle_core::{DType, Device};
use partwright_cadrille::config::Config;
use partwright_cadrille::input::ProgramTokenizer;
use partwright_cadrille::network::{Autoregressive as _, log_probabilities};
use partwright_train::network::{Preset, Weights};
use partwright_train::sft::{Augmentation, Example, Inputs, Lesson, gradients, loss};
use partwright_train::tokenizer;
use partwright_train::{Sample, Views};

use crate::runs::parts;

struct Made {
    config: Config,
    weights: Weights,
    examples: Vec<Example>,
}

/// Points, pictures and words in all mixtures.
fn made() -> Made {
    let text = tokenizer::json(partwright_train::caption::CAPTION_WORDS);
    let tokenizer = ProgramTokenizer::from_json(&text).expect("a tokenizer");
    let json = Preset::Tiny.sizes().config_json(&serde_json::from_str(&text).expect("JSON")).expect("sizes");
    let config = Config::from_json(&json, &serde_json::Value::Null).expect("a configuration");
    let lesson = Lesson {
        tokenizer,
        num_points: config.num_points,
        num_far_points: 0,
        inputs: Inputs { points: 0.5, picture: 0.5, description: 0.5, edit: 0.0 },
        augmentation: Augmentation::default(),
        most_answer: 256,
        seed: 1,
    };
    let pixels = (0..268 * 268 * 3).map(|i| (i % 251) as u8).collect::<Vec<u8>>();
    let samples = parts(6).into_iter().map(|part| Sample { views: Views::Drawn(pixels.clone()), ..part });
    let examples = samples.zip(0..).filter_map(|(sample, number)| lesson.example(&sample, number).expect("an example"));
    let weights = Weights::random(&config, 1, &Device::Cpu).expect("weights");
    Made { examples: examples.collect(), config, weights }
}

fn pools(count: usize) -> Vec<rayon::ThreadPool> {
    let pool = |_| rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    (0..count).map(pool).collect()
}

#[test]
fn every_variable_gets_a_gradient_whatever_the_threads() {
    let Made { config, weights, examples } = made();
    assert!(examples.iter().any(|example| example.picture.is_some() && !example.points.is_empty()));
    let network = weights.network(&config, DType::F32).expect("a network");
    let (first, of_one) = gradients(&network, &weights, &examples, 500, &pools(1)).expect("gradients");
    let (second, of_three) = gradients(&network, &weights, &examples, 500, &pools(3)).expect("gradients");
    assert_eq!((first, &of_one), (second, &of_three));
    for (name, gradient) in weights.names().iter().zip(&of_one.0) {
        let moved = gradient.as_ref().is_some_and(|values| values.iter().any(|value| *value != 0.0));
        assert!(moved, "{name} gets no gradient");
    }
    // Larger parts add up to the same, but for rounding.
    let (third, of_whole) = gradients(&network, &weights, &examples, 100_000, &pools(2)).expect("gradients");
    assert!((third.total / first.total - 1.0).abs() < 1e-5);
    assert!((of_whole.norm() / of_one.norm() - 1.0).abs() < 1e-4);
}

#[test]
fn the_loss_is_that_of_the_answer_read_alone() {
    let Made { config, weights, examples } = made();
    let network = weights.network(&config, DType::F32).expect("a network");
    let all: Vec<&Example> = examples.iter().collect();
    let together = loss(&network, &all, &Device::Cpu).expect("a loss");
    assert_eq!(together.tokens, examples.iter().map(|example| example.answer.len()).sum::<usize>());
    // Each example for itself, without filler, scores of all places.
    let mut apart = 0.0;
    for example in &examples {
        let input = example.input(&Device::Cpu, true).expect("an input");
        let batch = network.embed(&[input]).expect("vectors");
        let hidden = network.hidden(&batch).expect("hidden states").squeeze(0).expect("one example");
        let scores = network.decoder().logits(&hidden).expect("scores");
        let from = example.prompt.len() - 1;
        let read = scores.narrow(0, from, example.answer.len()).expect("the answer's places");
        let found = log_probabilities(&read, &example.answer).expect("probabilities");
        apart -= f64::from(found.sum_all().expect("a sum").to_scalar::<f32>().expect("a number"));
    }
    assert!((together.total / apart - 1.0).abs() < 1e-5, "{} {apart}", together.total);
}

/// bf16 as GPUs compute it: the weights stay in f32, and the loss is about the same.
#[test]
fn mixed_precision_gives_about_the_same_gradients() {
    let Made { config, weights, examples } = made();
    let of = |dtype: DType| {
        let network = weights.network(&config, dtype).expect("a network");
        gradients(&network, &weights, &examples[..2], 500, &pools(1)).expect("gradients")
    };
    let ((exact, exact_gradients), (mixed, mixed_gradients)) = (of(DType::F32), of(DType::BF16));
    assert!((mixed.total / exact.total - 1.0).abs() < 0.02, "{} {}", mixed.total, exact.total);
    let (exact, mixed) = (exact_gradients.norm(), mixed_gradients.norm());
    assert!((mixed / exact - 1.0).abs() < 0.1, "{mixed} {exact}");
}
