//! Samples of the tiny checkpoint.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::ops::ControlFlow;
use std::path::Path;

use candle_core::Device;
use partwright_cadrille::checkpoint::{Checkpoint, Precision};
use partwright_cadrille::network::{Autoregressive, Input};
use partwright_cadrille::sampling::{Constraint, End, Sample, Settings, Strategy, Token, generate};

fn network() -> Box<dyn Autoregressive + Send + Sync> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cadrille-tiny/tiny_model");
    let checkpoint = Checkpoint::open(&folder).unwrap();
    checkpoint.load(&Device::Cpu, Precision::F32, &|_| ControlFlow::Continue(())).unwrap()
}

fn input() -> Input {
    Input { ids: vec![401, 10, 20, 30, 402, 401, 40], ..Input::default() }
}

fn random() -> Settings {
    let strategy = Strategy::Random { temperature: 1.5, top_k: Some(100), top_p: Some(0.98) };
    Settings { strategy, samples: 6, seed: 11, max_new_tokens: 60, ..Settings::default() }
}

fn write(network: &dyn Autoregressive, settings: &Settings) -> Vec<Sample> {
    generate(network, &input(), settings, None, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_tokens_and_another_gives_others() {
    let network = network();
    let first = write(&*network, &random());
    assert_eq!(first, write(&*network, &random()));
    assert_ne!(first, write(&*network, &Settings { seed: 12, ..random() }));
    assert!(first.windows(2).all(|pair| pair[0].tokens != pair[1].tokens), "samples of one seed should differ");
}

/// Samples that share the reading and the batch are those of single runs, though samples leave the batch as they end.
#[test]
fn samples_together_are_samples_alone() {
    let network = network();
    let together = write(&*network, &random());
    for (i, sample) in together.iter().enumerate() {
        let alone = write(&*network, &Settings { samples: 1, first_sample: i as u64, ..random() }).remove(0);
        assert_eq!((&sample.tokens, sample.end), (&alone.tokens, alone.end), "sample {i}");
        assert!((sample.log_probability - alone.log_probability).abs() < 1e-3);
    }
    let lengths: Vec<usize> = together.iter().map(|sample| sample.tokens.len()).collect();
    assert!(lengths.iter().any(|&n| n < 60), "no sample ends early, so that nothing leaves the batch: {lengths:?}");
}

/// The sum over tokens is that of reading the whole sample at once, without a cache.
#[test]
fn log_probabilities_are_those_of_one_reading() {
    let network = network();
    for sample in write(&*network, &random()) {
        let mut written = sample.tokens.clone();
        if let End::Token(id) = sample.end {
            written.push(id);
        }
        let prompt = input().ids;
        let whole = Input { ids: [&prompt[..], &written].concat(), ..Input::default() };
        let hidden = network.hidden(&network.embed(&[whole]).unwrap()).unwrap();
        let logits = network.decoder().logits(&hidden).unwrap().squeeze(0).unwrap();
        let logs = candle_nn::ops::log_softmax(&logits, candle_core::D::Minus1).unwrap().to_vec2::<f32>().unwrap();
        let sum: f64 =
            written.iter().enumerate().map(|(i, &id)| f64::from(logs[prompt.len() - 1 + i][id as usize])).sum();
        assert!((sum - sample.log_probability).abs() < 1e-3, "{sum} {}", sample.log_probability);
    }
}

#[test]
fn tokens_are_told_as_they_come() {
    let network = network();
    let mut told = vec![vec![]; 6];
    let mut on_token = |token: Token| {
        told[token.sample].push(token.id);
        ControlFlow::Continue(())
    };
    let samples = generate(&*network, &input(), &random(), None, &mut on_token).unwrap();
    for (told, sample) in told.iter().zip(&samples) {
        let end = if let End::Token(id) = sample.end { vec![id] } else { vec![] };
        assert_eq!(*told, [&sample.tokens[..], &end].concat());
    }
}

#[test]
fn breaking_off_gives_what_was_written() {
    let network = network();
    let whole = write(&*network, &random());
    let mut n = 0;
    let mut on_token = |_: Token| {
        n += 1;
        if n == 15 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let samples = generate(&*network, &input(), &random(), None, &mut on_token).unwrap();
    assert!(samples.iter().any(|sample| sample.end == End::Cancelled));
    for (sample, whole) in samples.iter().zip(&whole) {
        assert!(whole.tokens.starts_with(&sample.tokens));
        assert!(sample.end == End::Cancelled || sample == whole);
    }
}

#[test]
fn the_longest_sample_is_the_limit() {
    let network = network();
    for max_new_tokens in [0, 1, 3] {
        let settings = Settings { max_new_tokens, ..Settings::default() };
        let sample = write(&*network, &settings).remove(0);
        assert!(sample.tokens.len() <= max_new_tokens);
        assert!(sample.end == End::Limit || matches!(sample.end, End::Token(_)));
    }
}

/// Allows even tokens, at most five.
struct Even;

impl Constraint for Even {
    fn restrict(&mut self, _: usize, tokens: &[u32], scores: &mut [f32]) {
        for (id, score) in scores.iter_mut().enumerate() {
            if id % 2 == 1 || id >= 400 || tokens.len() == 5 {
                *score = f32::NEG_INFINITY;
            }
        }
    }
}

#[test]
fn a_constraint_is_obeyed_and_may_end_a_sample() {
    let network = network();
    let mut even = Even;
    let go_on = &mut |_: Token| ControlFlow::Continue(());
    for sample in generate(&*network, &input(), &random(), Some(&mut even), go_on).unwrap() {
        assert_eq!((sample.tokens.len(), sample.end), (5, End::NothingAllowed));
        assert!(sample.tokens.iter().all(|id| id % 2 == 0));
        assert!(sample.log_probability < 0.0);
    }
}

/// The first sample may be the likely one among random ones, and nothing else changes.
#[test]
fn the_first_sample_may_be_greedy() {
    let network = network();
    let mixed = write(&*network, &Settings { greedy_first: true, ..random() });
    let greedy = write(&*network, &Settings { samples: 1, strategy: Strategy::Greedy, ..random() });
    assert_eq!(mixed[0].tokens, greedy[0].tokens);
    // Sums over a batch of another size round differently, so that tokens are compared.
    let tokens = |samples: &[Sample]| samples[1..].iter().map(|sample| sample.tokens.clone()).collect::<Vec<_>>();
    assert_eq!(tokens(&mixed), tokens(&write(&*network, &random())));
}
