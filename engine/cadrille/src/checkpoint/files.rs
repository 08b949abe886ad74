//! The files of tensors in a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::CheckpointError;

/// The one file, or the shards in the order of their names.
///
/// Where both layouts stand, the single file counts, as in transformers.
pub(crate) fn tensor_files(folder: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
    let single = folder.join("model.safetensors");
    if single.is_file() {
        return Ok(vec![single]);
    }
    let index = folder.join("model.safetensors.index.json");
    if !index.is_file() {
        return Err(CheckpointError::NoTensors { folder: folder.to_owned() });
    }
    let unreadable = |what: String| CheckpointError::IndexUnreadable { path: index.clone(), what };
    let bytes = std::fs::read(&index).map_err(|e| unreadable(e.to_string()))?;
    let list: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| unreadable(e.to_string()))?;
    let map = list["weight_map"].as_object().ok_or_else(|| unreadable("it has no `weight_map`".to_owned()))?;
    let shards: BTreeSet<&str> = map.values().filter_map(serde_json::Value::as_str).collect();
    if shards.is_empty() {
        return Err(unreadable("its `weight_map` names no file".to_owned()));
    }
    let mut files = vec![];
    for shard in shards {
        // A list from the net must not lead out of the folder.
        let plain = Path::new(shard).file_name().is_some_and(|name| name == shard);
        let path = folder.join(shard);
        if !plain || !path.is_file() {
            return Err(CheckpointError::ShardMissing { index, shard: shard.to_owned() });
        }
        files.push(path);
    }
    Ok(files)
}
