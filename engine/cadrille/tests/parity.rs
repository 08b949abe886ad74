//! The network against the numbers of torch on a tiny random checkpoint: made by `make_fixtures.py` of the shared
//! fixtures with transformers 4.50.3, checked there against cadrille's official class.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use candle_core::{D, DType, Device, Tensor};
use partwright_cadrille::checkpoint::{Checkpoint, Precision};
use partwright_cadrille::network::{Autoregressive, Build, Cadrille, Embedded, Input, Picture};

/// Rounding of f32 in other orders of summation gives some 4e-5; a wrong bias or position gives tenths.
const TOLERANCE: f32 = 1e-4;

type Tensors = HashMap<String, Tensor>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cadrille-tiny")
}

fn fixture(name: &str) -> Tensors {
    candle_core::safetensors::load(folder().join(name).with_extension("safetensors"), &Device::Cpu).unwrap()
}

/// The CPU, or the GPU that `PARTWRIGHT_TEST_DEVICE` asks for, in a build that knows it.
fn device() -> Device {
    match std::env::var("PARTWRIGHT_TEST_DEVICE").as_deref() {
        Ok("cuda") => Device::new_cuda(0).unwrap(),
        Ok("metal") => Device::new_metal(0).unwrap(),
        Ok(other) => panic!("PARTWRIGHT_TEST_DEVICE is `{other}`, neither cuda nor metal"),
        Err(_) => Device::Cpu,
    }
}

fn network(build: Build) -> Cadrille {
    let checkpoint = Checkpoint::open(&folder().join("tiny_model")).unwrap();
    let go_on = |_: partwright_cadrille::checkpoint::Progress<'_>| ControlFlow::Continue(());
    let make = |vb: candle_nn::VarBuilder<'_>| Cadrille::load(checkpoint.config(), &vb, build);
    checkpoint.make(&device(), DType::F32, &go_on, make).unwrap()
}

fn largest_difference(a: &Tensor, b: &Tensor) -> f32 {
    let a = a.to_device(&Device::Cpu).unwrap();
    assert_eq!(a.dims(), b.dims());
    (a - b).unwrap().abs().unwrap().max_all().unwrap().to_scalar().unwrap()
}

fn close(what: &str, got: &Tensor, want: &Tensor) {
    let difference = largest_difference(got, want);
    eprintln!("{what}: largest difference {difference:e}");
    assert!(difference <= TOLERANCE, "{what} differs by {difference:e}");
}

/// Rows of whole numbers of a fixture's tensor.
fn rows(tensor: &Tensor) -> Vec<Vec<i64>> {
    tensor.to_vec2().unwrap()
}

fn ids(row: &[i64]) -> Vec<u32> {
    row.iter().map(|&id| id as u32).collect()
}

fn points_input(tensors: &Tensors) -> Input {
    let points = tensors["points"].squeeze(0).unwrap();
    Input { ids: ids(&rows(&tensors["input_ids"])[0]), points: Some(points), pictures: vec![] }
}

fn picture_input(tensors: &Tensors) -> Input {
    let grid = rows(&tensors["video_grid_thw"]).remove(0);
    let grid_thw = [grid[0] as usize, grid[1] as usize, grid[2] as usize];
    let picture = Picture { pixel_values: tensors["pixel_values_videos"].clone(), grid_thw };
    Input { ids: ids(&rows(&tensors["input_ids"])[0]), points: None, pictures: vec![picture] }
}

fn text_input(tensors: &Tensors) -> Input {
    Input { ids: ids(&rows(&tensors["input_ids"])[0]), points: None, pictures: vec![] }
}

/// Position ids (3, batch, len), and deltas as transformers gives them: next position less length, filler included.
fn check_positions(batch: &Embedded, tensors: &Tensors) {
    let want = tensors["position_ids"].to_vec3::<i64>().unwrap();
    let deltas = tensors["rope_deltas"].flatten_all().unwrap().to_vec1::<i64>().unwrap();
    for (i, positions) in batch.positions.iter().enumerate() {
        for axis in 0..3 {
            assert_eq!(positions[axis], want[axis][i], "sequence {i}, axis {axis}");
        }
        assert_eq!(batch.next[i] - positions[0].len() as i64, deltas[i]);
    }
}

/// 32 tokens of largest scores after each input, with the cache.
fn greedy(network: &Cadrille, inputs: &[Input]) -> (Vec<Vec<i64>>, Tensor) {
    let (mut state, mut scores) = network.prefill(inputs, 32).unwrap();
    let (mut written, mut all) = (vec![vec![]; inputs.len()], vec![]);
    for _ in 0..32 {
        all.push(scores.clone());
        let tokens: Vec<u32> = scores.argmax(D::Minus1).unwrap().to_vec1().unwrap();
        for (row, &token) in written.iter_mut().zip(&tokens) {
            row.push(i64::from(token));
        }
        scores = network.step(&tokens, &mut state).unwrap();
    }
    (written, Tensor::stack(&all, 1).unwrap())
}

/// Everything that one input's fixture holds.
fn check(build: Build, input: &Input, tensors: &Tensors) {
    let network = network(build);
    let batch = network.embed(std::slice::from_ref(input)).unwrap();
    check_positions(&batch, tensors);
    if let Some(embeds) = tensors.get("inputs_embeds") {
        close("embeddings", &batch.embeds, embeds);
    }
    let hidden = network.hidden(&batch).unwrap();
    close("hidden states", &hidden, &tensors["last_hidden"]);
    close("logits", &network.decoder().logits(&hidden).unwrap(), &tensors["logits"]);
    let (written, scores) = greedy(&network, std::slice::from_ref(input));
    assert_eq!(written, rows(&tensors["greedy_ids"]));
    close("scores of the written tokens", &scores, &tensors["greedy_logits"]);
}

#[test]
fn points() {
    let tensors = fixture("pc");
    check(Build::INFERENCE, &points_input(&tensors), &tensors);
}

#[test]
fn pictures() {
    let tensors = fixture("img");
    let input = picture_input(&tensors);
    let vision = network(Build::INFERENCE).visual().forward(&input.pictures[0]).unwrap();
    close("vision output", &vision, &tensors["vision_out"]);
    check(Build::INFERENCE, &input, &tensors);
}

#[test]
fn text() {
    let tensors = fixture("txt");
    check(Build::INFERENCE, &text_input(&tensors), &tensors);
}

/// The operations that training uses compute the same network.
#[test]
fn differentiable_operations() {
    for (name, input) in [("pc", points_input as fn(&Tensors) -> Input), ("img", picture_input)] {
        let tensors = fixture(name);
        check(Build::TRAINING, &input(&tensors), &tensors);
    }
}

/// Points and a short text in one batch, filled on the left.
#[test]
fn left_padded_batch() {
    let tensors = fixture("batch");
    let points = points_input(&fixture("pc"));
    let mask = rows(&tensors["attention_mask"]);
    let all = rows(&tensors["input_ids"]);
    let filler = mask[1].iter().filter(|&&seen| seen == 0).count();
    assert!(filler > 200, "the second sequence should be short, but has {filler} of filler");
    let text = Input { ids: ids(&all[1][filler..]), ..Input::default() };
    let inputs = [points, text];

    let network = network(Build::INFERENCE);
    let batch = network.embed(&inputs).unwrap();
    assert_eq!(batch.padding, [0, filler]);
    check_positions(&batch, &tensors);
    let (_, scores) = network.prefill(&inputs, 32).unwrap();
    close("logits of the last tokens", &scores, &tensors["last_logits"]);
    assert_eq!(greedy(&network, &inputs).0, rows(&tensors["greedy_ids"]));
}

/// Eight bits stay near: the same tokens are not promised, but the scores are.
#[test]
fn quantised_weights_stay_near() {
    let tensors = fixture("pc");
    let checkpoint = Checkpoint::open(&folder().join("tiny_model")).unwrap();
    let network = checkpoint.load(&Device::Cpu, Precision::Q8_0, &|_| ControlFlow::Continue(())).unwrap();
    let hidden = network.hidden(&network.embed(&[points_input(&tensors)]).unwrap()).unwrap();
    let logits = network.decoder().logits(&hidden).unwrap();
    let difference = largest_difference(&logits, &tensors["logits"]);
    let largest = tensors["logits"].abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
    assert!(difference > 0.0 && difference < 0.05 * largest, "{difference} of {largest}");
}
