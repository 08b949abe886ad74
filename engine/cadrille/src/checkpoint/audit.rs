//! What a network asks for against what a checkpoint holds, told all at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{DType, Device, Result, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};

use super::names::may_be_left;

/// A tensor of another shape than the network's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misshapen {
    /// Its name.
    pub name: String,
    /// The shape the configuration gives it.
    pub expected: Vec<usize>,
    /// The shape in the file.
    pub found: Vec<usize>,
}

/// All differences, each list in the order of names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Asked for and not there.
    pub missing: Vec<String>,
    /// There and not asked for.
    pub extra: Vec<String>,
    /// There with another shape.
    pub misshapen: Vec<Misshapen>,
}

impl Audit {
    /// Compares; names are canonical.
    pub(crate) fn new(
        expected: &BTreeMap<String, Vec<usize>>,
        found: &BTreeMap<String, Vec<usize>>,
        tied: bool,
    ) -> Self {
        let missing = expected.keys().filter(|name| !found.contains_key(*name)).cloned().collect();
        let extra = found.keys().filter(|name| !expected.contains_key(*name) && !may_be_left(name, tied));
        let misshapen = expected.iter().filter_map(|(name, shape)| {
            let other = found.get(name).filter(|other| *other != shape)?;
            Some(Misshapen { name: name.clone(), expected: shape.clone(), found: other.clone() })
        });
        Self { missing, extra: extra.cloned().collect(), misshapen: misshapen.collect() }
    }

    /// Whether there is no difference.
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.misshapen.is_empty()
    }
}

impl std::fmt::Display for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let misshapen = self.misshapen.iter().map(|m| format!("{} ({:?}, not {:?})", m.name, m.found, m.expected));
        let misshapen: Vec<String> = misshapen.collect();
        let lists = [("missing", &self.missing), ("extra", &self.extra), ("of another shape", &misshapen)];
        let texts = lists.iter().filter(|(_, list)| !list.is_empty());
        let texts: Vec<String> =
            texts.map(|(what, list)| format!("{} {what}: {}", list.len(), list.join(", "))).collect();
        f.write_str(&texts.join("; "))
    }
}

/// What a network asks for, found out by making it from tensors that take no memory: so that what is checked is what
/// is loaded, not a second list.
pub(crate) fn expected_tensors<T>(
    has_head: bool,
    make: impl FnOnce(VarBuilder<'_>) -> Result<T>,
) -> Result<BTreeMap<String, Vec<usize>>> {
    let asked = Arc::new(Mutex::new(BTreeMap::new()));
    let recorder = Recorder { asked: asked.clone(), has_head };
    make(VarBuilder::from_backend(Box::new(recorder), DType::F32, Device::Cpu))?;
    let names = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(names)
}

/// Answers every question with one zero, seen under the shape that is asked for.
struct Recorder {
    asked: Arc<Mutex<BTreeMap<String, Vec<usize>>>>,
    has_head: bool,
}

impl SimpleBackend for Recorder {
    fn get(&self, shape: Shape, name: &str, _: Init, dtype: DType, device: &Device) -> Result<Tensor> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(name.to_owned(), shape.dims().to_vec());
        Tensor::zeros(1, dtype, device)?.broadcast_as(shape)
    }

    fn get_unchecked(&self, name: &str, _: DType, _: &Device) -> Result<Tensor> {
        candle_core::bail!("{name} is asked for without a shape, so that the file could not be checked");
    }

    /// The one question a network asks is whether it has a head of its own.
    fn contains_tensor(&self, name: &str) -> bool {
        self.has_head && name == "lm_head.weight"
    }
}
