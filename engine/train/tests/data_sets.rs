//! Data sets: what is written is read, and a break changes nothing.

use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use partwright_reconstruct::CancelToken;
use partwright_train::Sample;
use partwright_train::dataset::{DatasetError, Shards, WriteJob, Written, write};
use partwright_train::generate::{GeneratorConfig, Style, sample};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn job(count: u64) -> WriteJob {
    // Plain programs, so that some occur twice.
    let config =
        GeneratorConfig { seed: 7, style: Style::Mixed, simple_share: 1.0, points: 32, ..GeneratorConfig::default() };
    WriteJob { config, count, shard_size: 16 }
}

fn written(job: &WriteJob, folder: &Path) -> Result<Written, DatasetError> {
    write(job, folder, &CancelToken::default(), &|_| {})
}

/// Every file's name and what its content hashes to.
fn content(folder: &Path) -> std::io::Result<Vec<(String, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let mut hasher = DefaultHasher::new();
        fs::read(&path)?.hash(&mut hasher);
        files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), hasher.finish()));
    }
    files.sort();
    Ok(files)
}

#[test]
fn what_is_written_is_read_by_index() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut job = job(20);
    job.config.views = true;
    let done = written(&job, folder.path())?;
    let shards = Shards::open(folder.path())?;
    assert_eq!((done.samples, done.samples + done.duplicates), (shards.len(), 20));
    assert_eq!(shards.config(), &job.config);
    for place in shards.shuffled(1, 0) {
        let (read, line) = (shards.sample(place)?, shards.line(place)?);
        let made = sample(&job.config, line.index).map(|made| Sample { views: made.views.drawn(), ..made });
        assert_eq!(Some(&read), made.as_ref());
        assert_eq!(read.views.rgb().map(|bytes| bytes.len()), Some(268 * 268 * 3));
        assert!(line.facts.volume > 0.0 && line.program == read.program);
    }
    assert_ne!(shards.shuffled(1, 0), shards.shuffled(1, 1));
    assert_eq!(shards.shuffled(1, 1), shards.shuffled(1, 1));
    assert!(matches!(shards.sample(99), Err(DatasetError::OutOfRange { .. })));
    let lines = shards.lines().collect::<Result<Vec<_>, _>>()?.concat();
    assert!(lines.is_sorted_by_key(|line| line.index) && lines.len() == shards.len());
    Ok(())
}

#[test]
fn a_break_changes_nothing() -> Outcome {
    let (whole, broken) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let job = job(60);
    let expected = written(&job, whole.path())?;
    // Stopped within the third shard.
    let cancel = CancelToken::default();
    let seen = AtomicU64::new(0);
    let stopped = write(&job, broken.path(), &cancel, &|done| {
        seen.fetch_max(done, Ordering::Relaxed);
        if done > 40 {
            cancel.cancel();
        }
    })?;
    assert!(stopped.cancelled && stopped.samples > 16 && stopped.samples <= 32, "{stopped:?}");
    // A file that is cut off, and one that is gone.
    let tensors = OpenOptions::new().write(true).open(broken.path().join("shard-000001.safetensors"))?;
    tensors.set_len(tensors.metadata()?.len() - 5)?;
    drop(tensors);
    assert!(matches!(Shards::open(broken.path()), Err(DatasetError::Damaged { .. })));
    fs::remove_file(broken.path().join("shard-000000.jsonl"))?;
    let resumed = written(&job, broken.path())?;
    assert_eq!((resumed.samples, resumed.found), (expected.samples, 0));
    assert_eq!(content(broken.path())?, content(whole.path())?);
    assert_eq!(written(&job, broken.path())?.found, expected.samples);
    Ok(())
}

#[test]
fn a_data_set_grows() -> Outcome {
    let (whole, grown) = (tempfile::tempdir()?, tempfile::tempdir()?);
    written(&job(40), whole.path())?;
    written(&job(21), grown.path())?;
    let done = written(&job(40), grown.path())?;
    assert!(done.found > 0 && done.found <= 16, "{done:?}");
    assert_eq!(content(grown.path())?, content(whole.path())?);
    Ok(())
}

#[test]
fn folders_of_something_else_are_left_alone() -> Outcome {
    let folder = tempfile::tempdir()?;
    assert!(matches!(Shards::open(folder.path()), Err(DatasetError::NoDataset(_))));
    File::create(folder.path().join("thesis.txt"))?;
    assert!(matches!(written(&job(1), folder.path()), Err(DatasetError::NotEmpty(_))));
    let own = folder.path().join("new/one");
    written(&job(1), &own)?;
    let mut other = job(1);
    (other.config.seed, other.shard_size) = (8, 17);
    let error = written(&other, &own).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("seed is 7 there, 8 here") && error.contains("shard_size is 16 there, 17 here"), "{error}");
    other.config.simple_share = 2.0;
    assert!(matches!(written(&other, &own), Err(DatasetError::Config(_))));
    Ok(())
}
