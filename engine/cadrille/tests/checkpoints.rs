//! Folders of checkpoints, whole and damaged.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use candle_core::{DType, Device, Tensor};
use partwright_cadrille::checkpoint::{Audit, Checkpoint, CheckpointError, Precision, Progress};
use partwright_cadrille::network::{Autoregressive, Input};

type Tensors = HashMap<String, Tensor>;

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cadrille-tiny/tiny_model")
}

fn tensors() -> Tensors {
    candle_core::safetensors::load(tiny().join("model.safetensors"), &Device::Cpu).unwrap()
}

/// A folder with the tiny configuration, changed by `edit`, and no tensors yet.
fn folder(edit: impl FnOnce(&mut serde_json::Value)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut config = serde_json::from_slice(&std::fs::read(tiny().join("config.json")).unwrap()).unwrap();
    edit(&mut config);
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    folder
}

fn save(tensors: &Tensors, folder: &tempfile::TempDir, name: &str) {
    candle_core::safetensors::save(tensors, folder.path().join(name)).unwrap();
}

fn load(folder: &Path) -> Result<Box<dyn Autoregressive + Send + Sync>, CheckpointError> {
    Checkpoint::open(folder)?.load(&Device::Cpu, Precision::F32, &|_| ControlFlow::Continue(()))
}

fn error(folder: &Path) -> CheckpointError {
    Checkpoint::open(folder).err().expect("the folder is damaged")
}

/// Scores after a short text: equal scores mean equal networks.
fn scores(network: &dyn Autoregressive) -> Vec<f32> {
    let input = Input { ids: vec![1, 2, 3, 4], ..Input::default() };
    network.prefill(&[input], 1).unwrap().1.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn both_naming_schemes_give_the_same_network() {
    let rename = |name: &str| match name.split_once('.') {
        Some(("model", rest)) => format!("model.language_model.{rest}"),
        Some(("visual", rest)) => format!("model.visual.{rest}"),
        _ => name.to_owned(),
    };
    let folder = folder(|_| {});
    let renamed = tensors().into_iter().map(|(name, tensor)| (rename(&name), tensor)).collect();
    save(&renamed, &folder, "model.safetensors");
    assert_eq!(scores(&*load(folder.path()).unwrap()), scores(&*load(&tiny()).unwrap()));
}

#[test]
fn shards_give_the_same_network() {
    let folder = folder(|_| {});
    let (visual, rest): (Tensors, Tensors) = tensors().into_iter().partition(|(name, _)| name.starts_with("visual"));
    let mut map = serde_json::Map::new();
    for (file, part) in [("model-00001-of-00002.safetensors", &visual), ("model-00002-of-00002.safetensors", &rest)] {
        save(part, &folder, file);
        map.extend(part.keys().map(|name| (name.clone(), file.into())));
    }
    let index = serde_json::json!({"metadata": {}, "weight_map": map});
    std::fs::write(folder.path().join("model.safetensors.index.json"), index.to_string()).unwrap();
    assert_eq!(scores(&*load(folder.path()).unwrap()), scores(&*load(&tiny()).unwrap()));

    std::fs::remove_file(folder.path().join("model-00001-of-00002.safetensors")).unwrap();
    let message = error(folder.path()).to_string();
    assert!(message.contains("`model-00001-of-00002.safetensors`"), "{message}");
}

/// A head of its own is used; a tied one that stands in the file too is left.
#[test]
fn the_head_is_tied_or_separate() {
    let mut with_head = tensors();
    let head = (&with_head["model.embed_tokens.weight"] * 2.0).unwrap();
    with_head.insert("lm_head.weight".to_owned(), head);
    let tied = scores(&*load(&tiny()).unwrap());
    for (tie, factor) in [(Some(false), 2.0), (None, 2.0), (Some(true), 1.0)] {
        let folder = folder(|config| config["tie_word_embeddings"] = tie.into());
        save(&with_head, &folder, "model.safetensors");
        let got = scores(&*load(folder.path()).unwrap());
        let close = got.iter().zip(&tied).all(|(got, tied)| (got - factor * tied).abs() < 1e-4);
        assert!(close, "tie_word_embeddings {tie:?}");
    }
}

#[test]
fn every_difference_is_listed_at_once() {
    let mut damaged = tensors();
    damaged.remove("model.norm.weight");
    damaged.remove("point_encoder.projection.bias");
    damaged.insert(
        "model.layers.0.self_attn.q_norm.weight".to_owned(),
        Tensor::zeros(16, DType::F32, &Device::Cpu).unwrap(),
    );
    damaged.insert("visual.merger.ln_q.bias".to_owned(), Tensor::zeros(31, DType::F32, &Device::Cpu).unwrap());
    let folder = folder(|_| {});
    save(&damaged, &folder, "model.safetensors");
    let error = error(folder.path());
    let CheckpointError::TensorsDiffer(Audit { missing, extra, misshapen }) = &error else { panic!("{error}") };
    assert_eq!(missing[..], ["model.norm.weight", "point_encoder.projection.bias"]);
    assert_eq!(extra[..], ["model.layers.0.self_attn.q_norm.weight"]);
    assert_eq!((misshapen[0].found.as_slice(), misshapen[0].expected.as_slice()), ([31].as_slice(), [32].as_slice()));
    let message = error.to_string();
    for name in [
        "model.norm.weight",
        "point_encoder.projection.bias",
        "q_norm.weight",
        "visual.merger.ln_q.bias ([31], not [32])",
    ] {
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn a_folder_without_tensors_or_with_damaged_ones_says_so() {
    let folder = folder(|_| {});
    assert!(matches!(error(folder.path()), CheckpointError::NoTensors { .. }));
    std::fs::write(folder.path().join("model.safetensors"), b"not tensors at all").unwrap();
    assert!(matches!(error(folder.path()), CheckpointError::FileDamaged { .. }));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(error(empty.path()), CheckpointError::Config(_)));
}

#[test]
fn loading_tells_how_far_it_is_and_can_be_broken_off() {
    let checkpoint = Checkpoint::open(&tiny()).unwrap();
    let told = Mutex::new(vec![]);
    let watch = |progress: Progress<'_>| {
        told.lock().unwrap().push((progress.done_bytes, progress.total_bytes));
        ControlFlow::Continue(())
    };
    checkpoint.load(&Device::Cpu, Precision::F32, &watch).map(|_| ()).unwrap();
    let told = told.into_inner().unwrap();
    assert_eq!(told.len(), tensors().len());
    assert!(told.is_sorted() && told[0].0 == 0);
    assert!(told.iter().all(|(done, total)| done < total));

    let stop = |progress: Progress<'_>| {
        if progress.done_bytes > 200_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let error = checkpoint.load(&Device::Cpu, Precision::F32, &stop).err().unwrap();
    assert!(matches!(error, CheckpointError::Cancelled), "{error}");
}

#[test]
fn bf16_is_refused_on_the_cpu() {
    let checkpoint = Checkpoint::open(&tiny()).unwrap();
    let error = checkpoint.load(&Device::Cpu, Precision::Bf16, &|_| ControlFlow::Continue(())).err().unwrap();
    assert!(matches!(error, CheckpointError::PrecisionUnfit { .. }), "{error}");
}

/// CAD-Recode is the same without a vision tower and with one position.
#[test]
fn cad_recode_loads_and_reads_points_but_no_pictures() {
    let folder = folder(|config| {
        config["model_type"] = "qwen2".into();
        config.as_object_mut().unwrap().remove("vision_config");
    });
    let kept: Tensors = tensors().into_iter().filter(|(name, _)| !name.starts_with("visual")).collect();
    save(&kept, &folder, "model.safetensors");
    let network = load(folder.path()).unwrap();
    // For text and points all three positions are one, so that cadrille's own weights must give the same.
    assert_eq!(scores(&*network), scores(&*load(&tiny()).unwrap()));
    let points = Tensor::zeros((3, 3), DType::F32, &Device::Cpu).unwrap();
    let input = Input { ids: vec![0, 0, 0, 7], points: Some(points), pictures: vec![] };
    assert_eq!(network.prefill(&[input], 1).unwrap().1.dims(), [1, 448]);
}
