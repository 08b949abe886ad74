//! Writing a data set, or what is missing of one.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use partwright_reconstruct::CancelToken;
use sha2::{Digest as _, Sha256};

use super::DatasetError;
use super::manifest::{Manifest, shard_path};
use super::shard_file::{self, ShardFile};
use crate::generate::{GeneratorConfig, records};

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteJob {
    /// How the programs are made.
    pub config: GeneratorConfig,
    /// How many indices, from 0 on.
    pub count: u64,
    /// Indices per shard, at least 1. All of a shard is in memory while it is made.
    pub shard_size: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Samples that are in the folder.
    pub samples: usize,
    /// Those of them that were there before.
    pub found: usize,
    /// Indices left out because their program occurred before.
    pub duplicates: usize,
    /// Attempts dropped on the way, those of shards that were there before not counted.
    pub dropped: u64,
    /// Whether it was stopped before all was done.
    pub cancelled: bool,
}

/// Writes the shards that are missing in `folder`, which is created if need be. Stopped, it leaves the shards that are whole;
/// the next call goes on after them. The same job gives the same files, however often it was stopped. `progress` is told
/// how many indices are done.
///
/// # Errors
/// A configuration without sense, a folder of something else, files that cannot be written.
pub fn write(
    job: &WriteJob,
    folder: &Path,
    cancel: &CancelToken,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Written, DatasetError> {
    job.config.check()?;
    let shard_size = job.shard_size.max(1);
    Manifest::new(&job.config, shard_size).claim(folder)?;
    let mut written = Written::default();
    let mut known: HashSet<[u8; 16]> = HashSet::new();
    for shard in 0..job.count.div_ceil(shard_size) {
        let indices = shard * shard_size..((shard + 1) * shard_size).min(job.count);
        let path = shard_path(folder, shard);
        // One that is damaged, or ends before what is wanted now, is written again.
        if let Some(whole) = ShardFile::open(&path).ok().filter(|whole| whole.indices == indices)
            && let Ok(lines) = whole.lines()
        {
            known.extend(lines.iter().map(|line| fingerprint(&line.program)));
            written.found += lines.len();
            written.samples += lines.len();
            written.duplicates += (indices.end - indices.start) as usize - lines.len();
            progress(indices.end);
            continue;
        }
        let done = AtomicUsize::new(0);
        let step = || progress(indices.start + done.fetch_add(1, Ordering::Relaxed) as u64 + 1);
        let Some(mut made) = records(&job.config, indices.clone(), cancel, &step) else {
            written.cancelled = true;
            break;
        };
        written.dropped += made.iter().map(|record| u64::from(record.dropped)).sum::<u64>();
        let before = made.len();
        made.retain(|record| known.insert(fingerprint(&record.sample.program)));
        written.duplicates += before - made.len();
        written.samples += made.len();
        shard_file::write(&path, &made, indices)?;
    }
    Ok(written)
}

/// What tells programs apart.
fn fingerprint(program: &str) -> [u8; 16] {
    let digest = Sha256::digest(program.as_bytes());
    std::array::from_fn(|k| digest[k])
}
