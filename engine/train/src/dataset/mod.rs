//! Data sets on disk: random parts in numbered shards, written so that a break loses one shard at most, and read by index.
//!
//! A folder holds
//!
//! - `dataset.json`: the configuration it was made with;
//! - `shard-000000.safetensors`: `points`, f32 `[n, points, 3]`, and `views`, u8 `[n, 268, 268, 3]` where they were drawn;
//! - `shard-000000.jsonl`: `n` lines, each an object with `index`, `program`, `captions` and `facts`.
//!
//! Shard `k` has what came of the indices from `k * shard_size` on; the row of a tensor is the number of the line. A
//! program that occurred at a smaller index already is left out.
//!
//! Sets that others have published are read where they are ([`Published`]).

mod error;
mod line;
mod manifest;
mod published;
mod shard_file;

mod shards;
mod write;

pub use error::DatasetError;
pub use line::{FactsLine, Line};
pub use published::{Entry, MeshSet, ProgramSet, Published, counts, mesh_files, meshes, programs};
pub use shards::Shards;
pub use write::{WriteJob, Written, write};
