//! One change of the store at a time, also among processes.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StoreError;

/// Held while the store is changed; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct StoreLock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl StoreLock {
    /// Takes the lock of the store at `root`, a folder that exists.
    pub(super) fn take(root: &Path) -> Result<Self, StoreError> {
        let path = root.join(".lock");
        let file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(StoreError::at(&path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { root: root.to_owned() }),
            // Some network disks know no locks; the store works there, without this protection.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self(file)),
        }
    }
}
