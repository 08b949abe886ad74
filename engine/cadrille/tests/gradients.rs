//! The network that runs is the one that trains: every variable gets a gradient through differentiable operations.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use candle_nn::{VarBuilder, VarMap};
use partwright_cadrille::config::Config;
use partwright_cadrille::network::{Autoregressive, Build, CadRecode, Cadrille, Input, Picture};

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cadrille-tiny/tiny_model")
}

fn config() -> Config {
    Config::from_folder(&tiny()).unwrap()
}

fn points() -> Tensor {
    let values: Vec<f32> = (0..15).map(|i| (i as f32 / 7.0).sin()).collect();
    Tensor::from_vec(values, (5, 3), &Device::Cpu).unwrap()
}

/// Points and a picture in one batch, so that every part of the network is used.
fn inputs() -> Vec<Input> {
    let values: Vec<f32> = (0..16 * 1176).map(|i| (i as f32 / 50.0).cos()).collect();
    let pixel_values = Tensor::from_vec(values, (16, 1176), &Device::Cpu).unwrap();
    let picture = Picture { pixel_values, grid_thw: [1, 4, 4] };
    vec![
        Input { ids: vec![400, 400, 400, 400, 400, 7, 8], points: Some(points()), pictures: vec![] },
        Input { ids: vec![3, 413, 413, 413, 413, 9], points: None, pictures: vec![picture] },
    ]
}

/// The names of variables without a gradient of the scores' squares.
fn without_gradient(variables: &VarMap, network: &dyn Autoregressive, inputs: &[Input]) -> Vec<String> {
    let hidden = network.hidden(&network.embed(inputs).unwrap()).unwrap();
    let loss = network.decoder().logits(&hidden).unwrap().sqr().unwrap().mean_all().unwrap();
    let gradients = loss.backward().unwrap();
    let data = variables.data().lock().unwrap();
    let moved = |name: &str| {
        let gradient = gradients.get(&data[name])?.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        (gradient > 0.0).then_some(())
    };
    let mut names: Vec<String> = data.keys().filter(|name| moved(name).is_none()).cloned().collect();
    names.sort();
    names
}

#[test]
fn every_variable_of_cadrille_gets_a_gradient() {
    let variables = VarMap::new();
    let vb = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    let network = Cadrille::load(&config(), &vb, Build::TRAINING).unwrap();
    let in_file = candle_core::safetensors::load(tiny().join("model.safetensors"), &Device::Cpu).unwrap();
    assert_eq!(variables.all_vars().len(), in_file.len());
    assert_eq!(without_gradient(&variables, &network, &inputs()), Vec::<String>::new());
}

#[test]
fn every_variable_of_cad_recode_gets_a_gradient() {
    let variables = VarMap::new();
    let vb = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    let network = CadRecode::load(&config(), &vb, Build::TRAINING).unwrap();
    assert_eq!(without_gradient(&variables, &network, &inputs()[..1]), Vec::<String>::new());
}

/// The reason there are two kinds of operations: through the fused ones most variables get nothing.
#[test]
fn fused_operations_train_almost_nothing() {
    let variables = VarMap::new();
    let vb = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    let network = Cadrille::load(&config(), &vb, Build::INFERENCE).unwrap();
    let missing = without_gradient(&variables, &network, &inputs());
    assert!(missing.len() > variables.all_vars().len() / 2, "{missing:?}");
}
