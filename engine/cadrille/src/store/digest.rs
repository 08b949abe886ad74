//! SHA-256 of files, as the hub writes it: 64 hexadecimal digits in small letters.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::StoreError;
use super::progress::{Stage, Teller};

/// Large enough that reading is not the slow part, small enough that stopping is prompt.
pub(super) const PIECE_BYTES: usize = 1 << 18;

/// Feeds a whole file to the hasher; returns its length in bytes.
pub(super) fn feed(
    hasher: &mut Sha256,
    path: &Path,
    expected: u64,
    teller: &mut Teller<'_, '_>,
) -> Result<u64, StoreError> {
    let mut file = File::open(path).map_err(StoreError::at(path))?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut done = 0;
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok(done),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(StoreError::at(path)(error)),
        };
        hasher.update(&piece[..read]);
        done += read as u64;
        teller.tell(Stage::Checking, done, expected)?;
    }
}

/// Length in bytes and digest of a file.
pub(super) fn of_file(path: &Path, expected: u64, teller: &mut Teller<'_, '_>) -> Result<(u64, String), StoreError> {
    let mut hasher = Sha256::new();
    let bytes = feed(&mut hasher, path, expected, teller)?;
    Ok((bytes, hex(hasher)))
}

/// The digest in hexadecimal digits.
pub(super) fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4, example of one block.
        let hasher = Sha256::new().chain_update("abc");
        assert_eq!(hex(hasher), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
