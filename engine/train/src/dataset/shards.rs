//! Reading a data set by index.

use std::path::Path;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::manifest::{Manifest, shard_path};
use super::shard_file::ShardFile;
use super::{DatasetError, Line};
use crate::Sample;
use crate::generate::GeneratorConfig;

/// An open data set. Only places are in memory; samples are read when they are asked for, by any thread.
#[derive(Clone, Debug)]
pub struct Shards {
    config: GeneratorConfig,
    files: Vec<ShardFile>,
    /// Samples before each shard, and all of them last.
    before: Vec<usize>,
}

impl Shards {
    /// Opens a folder.
    ///
    /// # Errors
    /// A folder without a data set, or a shard that is damaged.
    pub fn open(folder: &Path) -> Result<Self, DatasetError> {
        let manifest = Manifest::read(folder)?.ok_or_else(|| DatasetError::NoDataset(folder.to_owned()))?;
        let (mut files, mut before) = (Vec::new(), vec![0]);
        while let path = shard_path(folder, files.len() as u64)
            && path.with_extension("jsonl").exists()
        {
            let shard = ShardFile::open(&path)?;
            before.push(before.last().copied().unwrap_or_default() + shard.len());
            files.push(shard);
        }
        Ok(Self { config: manifest.config, files, before })
    }

    /// What it was made with.
    pub fn config(&self) -> &GeneratorConfig {
        &self.config
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.before.last().copied().unwrap_or_default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sample of a place, from 0 on.
    ///
    /// # Errors
    /// A place beyond the end, or a file that cannot be read.
    pub fn sample(&self, place: usize) -> Result<Sample, DatasetError> {
        let (shard, row) = self.found(place)?;
        shard.sample(row)
    }

    /// A sample's line, without its points and views.
    ///
    /// # Errors
    /// As for [`Shards::sample`].
    pub fn line(&self, place: usize) -> Result<Line, DatasetError> {
        let (shard, row) = self.found(place)?;
        shard.line(row)
    }

    /// All lines, shard by shard.
    pub fn lines(&self) -> impl Iterator<Item = Result<Vec<Line>, DatasetError>> {
        self.files.iter().map(ShardFile::lines)
    }

    /// All places in a random order, another one for every `epoch`.
    pub fn shuffled(&self, seed: u64, epoch: u64) -> Vec<usize> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(epoch);
        let mut places: Vec<usize> = (0..self.len()).collect();
        places.shuffle(&mut random);
        places
    }

    fn found(&self, place: usize) -> Result<(&ShardFile, usize), DatasetError> {
        let shard = self.before.partition_point(|before| *before <= place).wrapping_sub(1);
        let found = self.files.get(shard).zip(self.before.get(shard));
        found
            .map(|(file, before)| (file, place - before))
            .ok_or(DatasetError::OutOfRange { index: place, len: self.len() })
    }
}
