//! Where tensors lie: in files that are mapped into memory, or in the program itself.

use std::path::PathBuf;

use candle_core::safetensors::{Load as _, MmapedSafetensors, SliceSafetensors};
use candle_core::{Device, Result, Tensor};

use super::CheckpointError;

/// Tensors by their names.
pub(super) enum Tensors {
    /// In files.
    Mapped(MmapedSafetensors),
    /// In the program.
    Within(SliceSafetensors<'static>),
}

impl Tensors {
    /// Those of the files; a damaged one is named.
    pub(super) fn of_files(files: &[PathBuf]) -> std::result::Result<Self, CheckpointError> {
        for path in files {
            map(std::slice::from_ref(path))
                .map_err(|source| CheckpointError::FileDamaged { path: path.clone(), source })?;
        }
        Ok(Self::Mapped(map(files)?))
    }

    /// Those of the content of a file.
    pub(super) fn of_bytes(bytes: &'static [u8]) -> Result<Self> {
        SliceSafetensors::new(bytes).map(Self::Within)
    }

    /// Name, shape and bytes of each.
    pub(super) fn list(&self) -> Vec<(String, Vec<usize>, u64)> {
        let found = match self {
            Self::Mapped(tensors) => tensors.tensors(),
            Self::Within(tensors) => tensors.tensors(),
        };
        found.into_iter().map(|(name, view)| (name, view.shape().to_vec(), view.data().len() as u64)).collect()
    }

    /// One on a device, and its bytes here.
    pub(super) fn load(&self, name: &str, device: &Device) -> Result<(Tensor, u64)> {
        let view = match self {
            Self::Mapped(tensors) => tensors.get(name),
            Self::Within(tensors) => tensors.get(name),
        }?;
        Ok((view.load(device)?, view.data().len() as u64))
    }
}

#[expect(unsafe_code, reason = "a file of gigabytes is mapped, not copied; candle hands the mapping's risk on")]
fn map(files: &[PathBuf]) -> Result<MmapedSafetensors> {
    // SAFETY: the mapping is undefined behaviour if another process shortens or rewrites the file meanwhile. The store
    // replaces files atomically by renaming, which leaves a mapped one as it is.
    unsafe { MmapedSafetensors::multi(files) }
}
