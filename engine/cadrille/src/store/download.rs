//! One file of a hub, brought to the disk: taken up where it broke off, checked, and only then given its name.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use ureq::Body;
use ureq::http::{HeaderMap, Response};

use super::StoreError;
use super::digest::{self, PIECE_BYTES};
use super::hub::{Hub, Troubles};
use super::index::FileRecord;
use super::offer::Wanted;
use super::progress::{Stage, Teller};
use super::request::Trouble;

/// The name of a file that has not all arrived.
pub(super) fn part_name(name: &str) -> String {
    format!("{name}.part")
}

/// Brings the file into `folder`.
///
/// A file whose digest the hub names is taken up across runs: one that is there and right is left, a `.part` goes on. For
/// the others (small ones) nothing proves that an old piece belongs to the present version, so they begin anew.
pub(super) fn download(
    hub: &Hub,
    wanted: &Wanted,
    folder: &Path,
    teller: &mut Teller<'_, '_>,
) -> Result<FileRecord, StoreError> {
    let target = folder.join(&wanted.name);
    let part = folder.join(part_name(&wanted.name));
    if let Some(record) = already_there(wanted, &target, teller)? {
        return Ok(record);
    }
    if wanted.sha256.is_none() {
        remove_if_there(&part)?;
    }
    loop {
        let mut arriving = Arriving::open(wanted, &part, teller)?;
        let taken_up = arriving.done > 0;
        arriving.receive(hub, wanted, teller)?;
        arriving.file.sync_all().map_err(StoreError::at(&part))?;
        let record = FileRecord { bytes: arriving.done, sha256: digest::hex(arriving.hasher) };
        drop(arriving.file);
        match &wanted.sha256 {
            Some(expected) if *expected != record.sha256 => {
                remove_if_there(&part)?;
                // An old piece may be of an older version: only what came in one go is the server's fault.
                if !taken_up {
                    let (file, expected) = (wanted.name.clone(), expected.clone());
                    return Err(StoreError::HashWrong { file, expected, received: record.sha256 });
                }
            }
            _ => {
                fs::rename(&part, &target).map_err(StoreError::at(&target))?;
                return Ok(record);
            }
        }
    }
}

/// The record of a file that is there already and is what the hub's list says.
fn already_there(
    wanted: &Wanted,
    target: &Path,
    teller: &mut Teller<'_, '_>,
) -> Result<Option<FileRecord>, StoreError> {
    let (Some(expected), Ok(found)) = (&wanted.sha256, fs::metadata(target)) else { return Ok(None) };
    if !found.is_file() || wanted.bytes.is_some_and(|bytes| bytes != found.len()) {
        return Ok(None);
    }
    let (bytes, sha256) = digest::of_file(target, found.len(), teller)?;
    Ok((sha256 == *expected).then_some(FileRecord { bytes, sha256 }))
}

/// Removes a file; none is as good.
pub(super) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::at(path)(error)),
        _ => Ok(()),
    }
}

/// A `.part` that grows.
struct Arriving<'a> {
    path: &'a Path,
    file: File,
    /// Over the bytes that are there.
    hasher: Sha256,
    /// How many are there.
    done: u64,
    /// How many there will be, once known.
    expected: Option<u64>,
}

impl<'a> Arriving<'a> {
    /// Opens a `.part`, new or begun.
    fn open(wanted: &Wanted, path: &'a Path, teller: &mut Teller<'_, '_>) -> Result<Self, StoreError> {
        let file = File::options().create(true).append(true).open(path).map_err(StoreError::at(path))?;
        let mut this = Self { path, file, hasher: Sha256::new(), done: 0, expected: wanted.bytes };
        let there = this.file.metadata().map_err(StoreError::at(path))?.len();
        if wanted.bytes.is_some_and(|bytes| there > bytes) {
            this.begin_anew()?;
        } else if there > 0 {
            this.done = digest::feed(&mut this.hasher, path, wanted.bytes.unwrap_or(there), teller)?;
        }
        Ok(this)
    }

    fn begin_anew(&mut self) -> Result<(), StoreError> {
        self.file.set_len(0).map_err(StoreError::at(self.path))?;
        self.hasher = Sha256::new();
        self.done = 0;
        Ok(())
    }

    /// Asks for what is missing until nothing is.
    fn receive(&mut self, hub: &Hub, wanted: &Wanted, teller: &mut Teller<'_, '_>) -> Result<(), StoreError> {
        /// A try that brought so much counts as none: a long download may break often.
        const ENOUGH_BYTES: u64 = 1 << 20;
        let url = hub.file_url(&wanted.repository, &wanted.name);
        let mut troubles = Troubles::new(hub.patience());
        while self.expected != Some(self.done) {
            let before = self.done;
            match self.receive_some(hub, wanted, &url, teller) {
                Ok(()) => return Ok(()),
                Err(trouble) => {
                    if self.done >= before + ENOUGH_BYTES {
                        troubles.forget();
                    }
                    let wait = troubles.next(&url, &hub.requester().host(), trouble)?;
                    teller.wait(wait, self.done, self.expected.unwrap_or(0))?;
                }
            }
        }
        Ok(())
    }

    /// One request and its answer, to the end.
    fn receive_some(
        &mut self,
        hub: &Hub,
        wanted: &Wanted,
        url: &str,
        teller: &mut Teller<'_, '_>,
    ) -> Result<(), Trouble> {
        let response = hub.requester().get(url, self.done, &wanted.repository.to_string(), &wanted.name)?;
        self.begin(wanted, url, &response)?;
        let mut body = response.into_body().into_reader();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Trouble::of_read(&error)),
            };
            let after = self.done + read as u64;
            if let Some(expected) = self.expected.filter(|expected| after > *expected) {
                return Err(self.wrong_length(wanted, expected, after)?);
            }
            self.file.write_all(&piece[..read]).map_err(StoreError::at(self.path))?;
            self.hasher.update(&piece[..read]);
            self.done = after;
            teller.tell(Stage::Downloading, self.done, self.expected.unwrap_or(0))?;
        }
        match self.expected {
            Some(expected) if self.done < expected => Err(Trouble::Passing {
                reason: format!("the connection ended after {} of {expected} bytes", self.done),
                wait: None,
            }),
            _ => Ok(()),
        }
    }

    /// Looks at what an answer says of itself before its bytes are taken.
    fn begin(&mut self, wanted: &Wanted, url: &str, response: &Response<Body>) -> Result<(), Trouble> {
        let strange = |reason: String| StoreError::AnswerNotUnderstood { url: url.to_owned(), reason };
        let total = match response.status().as_u16() {
            206 => {
                let Some((start, total)) = content_range(response.headers()) else {
                    return Err(strange("its Content-Range cannot be read".to_owned()).into());
                };
                if start != self.done {
                    return Err(strange(format!("it begins at byte {start} instead of {}", self.done)).into());
                }
                total
            }
            416 => {
                // Nothing lies behind the bytes that are there, so they are not those of this file.
                self.begin_anew()?;
                return Err(Trouble::Passing { reason: "the server has no such bytes".to_owned(), wait: None });
            }
            _ => {
                // The whole file, whether a part of it was asked for or not.
                self.begin_anew()?;
                response.body().content_length()
            }
        };
        match (self.expected, total) {
            (Some(expected), Some(total)) if expected != total => Err(self.wrong_length(wanted, expected, total)?),
            (None, Some(total)) => {
                self.expected = Some(total);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The bytes that are there are of another file than the list speaks of: they go.
    fn wrong_length(&mut self, wanted: &Wanted, expected: u64, received: u64) -> Result<Trouble, StoreError> {
        self.begin_anew()?;
        Ok(StoreError::LengthWrong { file: wanted.name.clone(), expected, received }.into())
    }
}

/// First byte and whole length of `bytes 5-9/10`; the length may be `*`.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get("content-range")?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let start = range.split_once('-')?.0.trim().parse().ok()?;
    let total = if total.trim() == "*" { None } else { Some(total.trim().parse().ok()?) };
    Some((start, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_or_refused() {
        let check = |text: &str, expected| {
            let headers = HeaderMap::from_iter([(ureq::http::header::CONTENT_RANGE, text.parse().unwrap())]);
            assert_eq!(content_range(&headers), expected, "{text}");
        };
        check("bytes 5-9/10", Some((5, Some(10))));
        check("bytes 0-0/*", Some((0, None)));
        check("bytes */10", None);
        check("5-9/10", None);
        check("bytes 5-9/ten", None);
        assert_eq!(content_range(&HeaderMap::new()), None);
    }
}
