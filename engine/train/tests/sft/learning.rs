//! Loss falls, and what was learned is a checkpoint that writes the programs.

use std::ops::ControlFlow;

use candle_core::Device;
use partwright_cadrille::checkpoint::{Checkpoint, Precision};
use partwright_cadrille::constrain::{Dialect, Writing};
use partwright_cadrille::input::{Kinds, ProgramTokenizer, Prompt};
use partwright_cadrille::network::Input;
use partwright_cadrille::sampling::{Settings, generate};
use partwright_train::run_folder::RunFolder;
use tempfile::tempdir;

use crate::runs::{config, learned, losses, parts};

/// From points alone, chosen anew each time.
const FROM_POINTS: &str = "steps = 250\nrate = 5e-3\nwarm_up = 20\nmean_decay = 0.95\nweight_decay = 0.0\n[inputs]\n\
                           points = 1.0\ndescription = 0.0\n[augmentation]\nnoise_share = 0.0\nmissing_share = \
                           0.0\nframe_share = 0.0\n[evaluation]\nsamples = 8\nevery = 0\n";

#[test]
fn a_network_learns_eight_programs_by_heart() {
    let folder = tempdir().expect("a temporary folder");
    let run = RunFolder::new(folder.path().join("run"));
    let parts = parts(8);
    let outcome = learned(config(FROM_POINTS), parts.clone(), &run, &mut |_| ControlFlow::Continue(()));
    let losses = losses(&run);
    let (first, last) = (losses[0], losses[losses.len() - 1]);
    assert!(outcome.finished && first > 5.0 && last < 0.1, "{first} {last}");
    let found = outcome.last.expect("the run ends with an examination");
    assert!(found.exact >= 0.99 && found.iou > 0.999 && found.invalid_ratio == 0.0, "{found:?}");

    // The model is read like any other, and writes within the dialect.
    let model = run.path().join("model");
    let checkpoint = Checkpoint::open(&model).expect("a checkpoint");
    let tokenizer = ProgramTokenizer::from_file(&model.join("tokenizer.json")).expect("a tokenizer");
    let network =
        checkpoint.load(&Device::Cpu, Precision::F32, &|_| ControlFlow::Continue(())).expect("the network of the file");
    let count = checkpoint.config().num_points;
    let points: Vec<f32> = parts[3].points[..count].iter().flatten().copied().collect();
    let points = candle_core::Tensor::from_vec(points, (count, 3), &Device::Cpu).expect("points");
    let prompt = Prompt::mixed(&tokenizer, Kinds { points: count, ..Kinds::default() }).expect("a prompt");
    let input = Input { ids: prompt.ids, points: Some(points), pictures: vec![] };
    let mut dialect = Dialect::new(Writing::new(tokenizer.pieces(), &[tokenizer.im_end()]));
    let settings = Settings { max_new_tokens: 256, ..Settings::default() };
    let written = generate(network.as_ref(), &input, &settings, Some(&mut dialect), &mut |_| ControlFlow::Continue(()))
        .expect("a sample");
    let program = tokenizer.decode(&written[0].tokens).expect("a program");
    assert_eq!(program, parts[3].program);
}
