//! Reading the reference values.

use std::fs;
use std::path::{Path, PathBuf};

use partwright_cadrille::input::ProgramTokenizer;
use safetensors::{Dtype, SafeTensors};

/// A file of the fixtures.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cadrille-tiny").join(name)
}

/// The tokenizer of the tiny model.
pub(crate) fn tokenizer() -> ProgramTokenizer {
    ProgramTokenizer::from_file(&path("tiny_model/tokenizer.json")).expect("the fixture's tokenizer")
}

/// One file of tensors.
pub(crate) struct Tensors(Vec<u8>);

impl Tensors {
    pub(crate) fn read(name: &str) -> Self {
        Self(fs::read(path(name)).expect("a file of the fixtures"))
    }

    fn bytes(&self, tensor: &str, dtype: Dtype) -> Vec<u8> {
        let tensors = SafeTensors::deserialize(&self.0).expect("a file of tensors");
        let view = tensors.tensor(tensor).expect("a tensor of the fixtures");
        assert_eq!(view.dtype(), dtype);
        view.data().to_vec()
    }

    pub(crate) fn u8(&self, tensor: &str) -> Vec<u8> {
        self.bytes(tensor, Dtype::U8)
    }

    pub(crate) fn f32(&self, tensor: &str) -> Vec<f32> {
        let bytes = self.bytes(tensor, Dtype::F32);
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
    }

    pub(crate) fn i64(&self, tensor: &str) -> Vec<i64> {
        let bytes = self.bytes(tensor, Dtype::I64);
        bytes.chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().expect("eight bytes"))).collect()
    }
}
