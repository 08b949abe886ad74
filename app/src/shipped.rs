//! The network that comes with the program, in the program: points, pictures and descriptions work without anything installed.

use partwright_cadrille::checkpoint::Embedded;

/// The name by which it is asked for; a model that the user installs under the same name goes first.
pub(crate) const NAME: &str = "partwright-nano";

/// What it is, in a few words.
pub(crate) const ABOUT: &str = "comes with the program; points, pictures and descriptions of plain parts";

/// Its files.
pub(crate) const MODEL: Embedded = Embedded {
    config: include_str!("../../assets/models/partwright-nano/config.json"),
    tokenizer: include_str!("../../assets/models/partwright-nano/tokenizer.json"),
    tensors: include_bytes!("../../assets/models/partwright-nano/model.safetensors"),
};
