//! Whole runs of reinforcement learning on a problem of two answers: a right one and a wrong one.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use candle_core::{DType, Device};
use partwright_cadrille::config::Config;
use partwright_cadrille::input::ProgramTokenizer;
use partwright_train::caption::CAPTION_WORDS;
use partwright_train::network::{Preset, Weights};
use partwright_train::optimize::{AdamW, AdamWConfig};
use partwright_train::reward::{Maker as _, OfThisProcess, Rewarder};
use partwright_train::rl::{
    CppoConfig, DpoConfig, HARD, Meshes, MineConfig, RlConfig, RlEvent, RlRow, hard_parts, run_cppo, run_dpo, run_mine,
};
use partwright_train::run_folder::RunFolder;
use partwright_train::sft::{Augmentation, Example, Inputs, Lesson, gradients};
use partwright_train::{Sample, Views, tokenizer};
use serde_json::Value;

const RIGHT: &str = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(200,100,50)";
const WRONG: &str = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.cylinder(200,20)";

/// The one part: a box. Meshes alone are known, no programs.
fn parts() -> Meshes {
    let mesh = OfThisProcess::default().make(RIGHT).unwrap();
    Meshes { meshes: vec![Arc::new(mesh)], points: 256, views: false }
}

/// A tiny network that has learned to write both answers for the box, in a folder.
fn model(folder: &Path) -> RunFolder {
    let device = Device::Cpu;
    let text = tokenizer::json(CAPTION_WORDS);
    let json = Preset::Tiny.sizes().config_json(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    let config = Config::from_json(&json, &Value::Null).unwrap();
    let weights = Weights::random(&config, 3, &device).unwrap();
    let network = weights.network(&config, DType::F32).unwrap();
    let lesson = Lesson {
        tokenizer: ProgramTokenizer::from_json(&text).unwrap(),
        num_points: config.num_points,
        num_far_points: 0,
        inputs: Inputs::default(),
        augmentation: Augmentation::default(),
        most_answer: 256,
        seed: 0,
    };
    let points = partwright_train::rl::Parts::part(&parts(), 0).unwrap().0.points;
    let example = |program: &str, number: u64| -> Example {
        let sample =
            Sample { program: program.to_owned(), points: points.clone(), captions: vec![], views: Views::Absent };
        lesson.example(&sample, number).unwrap().unwrap()
    };
    let pools = [rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap()];
    let mut optimizer = AdamW::new(AdamWConfig::default(), weights.variables()).unwrap();
    for step in 0..600 {
        let batch: Vec<Example> = (0..4).map(|i| example([RIGHT, WRONG][i % 2], step * 4 + i as u64)).collect();
        let (_, found) = gradients(&network, &weights, &batch, 4000, &pools).unwrap();
        optimizer.step(weights.variables(), &found, 3e-3, 1.0).unwrap();
    }
    let folder = RunFolder::new(folder);
    std::fs::create_dir_all(folder.path()).unwrap();
    folder.save_model(&json, &text, &weights).unwrap();
    folder
}

fn config<M: partwright_train::rl::Method>(model: &RunFolder, training: &str) -> RlConfig<M> {
    let text = format!(
        "model = '{}'\n[parts]\nmeshes = \"one\"\n[inputs]\npoints = 1.0\ndescription = 0.0\n[evaluation]\nevery = 0\n\
         samples = 2\n[training]\nmost_tokens = 60\n{training}\n",
        model.path().join("model").display()
    );
    RlConfig::parse(&text).unwrap()
}

const CPPO: &str = "batch = 1\nrate = 3e-4\nseed = 5\nthreads = 2";

fn cppo(model: &RunFolder, out: &Path, steps: u64, stop_after: u64) -> Vec<RlRow> {
    let maker = OfThisProcess::default();
    let config: RlConfig<CppoConfig> = config(model, &format!("steps = {steps}\n{CPPO}"));
    let mut rows = Vec::new();
    let mut watch = |event: &RlEvent| {
        if let RlEvent::Step(row, _) = event {
            rows.push(*row);
        }
        if rows.len() as u64 >= stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let folder = RunFolder::new(out);
    run_cppo(&config, &parts(), &Device::Cpu, &folder, &Rewarder::new(&maker), &mut watch).unwrap();
    rows
}

#[test]
fn all_methods_learn_which_answer_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(&folder.path().join("sft"));

    let rows = cppo(&model, &folder.path().join("cppo"), 20, 99);
    let mean = |rows: &[RlRow]| rows.iter().map(|row| row.worth.reward).sum::<f64>() / rows.len() as f64;
    let (first, last) = (mean(&rows[..3]), mean(&rows[rows.len() - 3..]));
    let rewards: Vec<f64> = rows.iter().map(|row| row.worth.reward).collect();
    assert!(first < 8.0, "both answers are written at first: {rewards:?}");
    assert!(last > 9.0 && last > first + 1.0, "{rewards:?}");
    let table = std::fs::read_to_string(folder.path().join("cppo/rewards.csv")).unwrap();
    assert_eq!(table.lines().count(), 21);
    assert!(folder.path().join("cppo/curves.html").exists() && folder.path().join("cppo/model/config.json").exists());

    let maker = OfThisProcess::default();
    let training = "parts = 12\nepochs = 12\nreference_every = 8\nbatch = 4\nrate = 1e-4\nseed = 2";
    let dpo: RlConfig<DpoConfig> = config(&model, training);
    let out = RunFolder::new(folder.path().join("dpo"));
    let (mut losses, mut tried) = (Vec::new(), 0);
    let outcome = run_dpo(&dpo, &parts(), &Device::Cpu, &out, &Rewarder::new(&maker), &mut |event| {
        match event {
            RlEvent::Step(row, _) => losses.push(row.loss),
            RlEvent::Tried { done, .. } => tried = *done,
            _ => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(tried, 12);
    assert!((losses[0] - 2f64.ln()).abs() < 0.02, "nothing is preferred at first: {}", losses[0]);
    let swap = losses.len() * 8 / 12;
    assert!(losses[swap - 1] < losses[0] - 0.1, "what is better is preferred: {losses:?}");
    assert!((losses[swap] - 2f64.ln()).abs() < 0.02, "a new reference: {losses:?}");
    assert!(outcome.finished && outcome.last.unwrap().reward > 9.0, "{outcome:?}");

    // The network that wrote both finds the part hard, those that have learned do not.
    let hard = |model: &RunFolder, name: &str| {
        let out = RunFolder::new(folder.path().join(name));
        let config: RlConfig<MineConfig> = config(model, "parts = 6\nbatch = 4\nsamples = 6");
        let mut go_on = |_: &RlEvent| ControlFlow::Continue(());
        let found = run_mine(&config, &parts(), &Device::Cpu, &out, &Rewarder::new(&maker), &mut go_on).unwrap();
        assert!(found.finished && found.steps_done == 6);
        hard_parts(&out.read(HARD).unwrap().unwrap()).unwrap().len()
    };
    let (before, after) = (hard(&model, "before"), hard(&out, "after"));
    assert!(before >= after + 3, "{before} of 6 before, {after} after");
}

#[test]
fn a_run_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(&folder.path().join("sft"));
    let whole = cppo(&model, &folder.path().join("whole"), 4, 99);
    let broken = folder.path().join("broken");
    let mut parts = cppo(&model, &broken, 4, 2);
    parts.extend(cppo(&model, &broken, 4, 99));
    let facts = |rows: &[RlRow]| rows.iter().map(|row| (row.step, row.worth, row.kept, row.loss)).collect::<Vec<_>>();
    assert_eq!(facts(&parts), facts(&whole));
    let state = |path: &Path| std::fs::read(path.join("model/model.safetensors")).unwrap();
    assert_eq!(state(&broken), state(&folder.path().join("whole")));
}
