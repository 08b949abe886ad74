//! The place of a session on disk, and whether the one before ended in order.
//!
//! A place is a file with the session and a lock beside it. The system takes the lock from a process that ends in whatever
//! way, so a lock that can be taken belongs to nobody that lives. The lock file names the process whose session is not
//! ended and is empty otherwise: taken and not empty, that process was killed or crashed. Windows that are open at the
//! same time have places of their own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Recovery, SavedSession};

/// Most places: nobody has more windows open.
const MOST: u32 = 16;

/// A place taken.
#[derive(Debug)]
pub struct Slot {
    lock: File,
    session: PathBuf,
}

/// What was found when a place was taken.
#[derive(Debug, Default)]
pub struct Found {
    /// The session kept there, if it has anything in it.
    pub session: Option<SavedSession>,
    /// Whether that session was not ended: a crash, a kill.
    pub crashed: bool,
    /// Sessions that cannot be read. Their files are left alone.
    pub faults: Vec<Recovery>,
}

impl Slot {
    /// Takes a place in `folder`: one with a session that was not ended, before any other.
    ///
    /// # Errors
    /// When the system refuses, or when all places are taken.
    pub fn take(folder: &Path) -> io::Result<(Self, Found)> {
        std::fs::create_dir_all(folder)?;
        let mut faults = Vec::new();
        let mut free: Option<(Self, Found)> = None;
        for number in 1..=MOST {
            let name = if number == 1 { "session".to_owned() } else { format!("session-{number}") };
            let lock_path = folder.join(format!("{name}.lock"));
            let is_last = !lock_path.exists();
            let mut lock = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(lock_path)?;
            // Where the system knows no locks (some network folders) one window at a time is assumed.
            if let Err(TryLockError::WouldBlock) = lock.try_lock() {
                continue;
            }
            let session = folder.join(format!("{name}.json"));
            match SavedSession::read(&session) {
                Err(fault) => faults.push(fault),
                Ok(read) => {
                    let mut owner = String::new();
                    let is_open = lock.read_to_string(&mut owner).is_ok() && !owner.is_empty();
                    let read = read.filter(|session| !session.items.is_empty());
                    let found = Found { crashed: is_open && read.is_some(), session: read, faults: Vec::new() };
                    if found.crashed || free.is_none() {
                        let crashed = found.crashed;
                        free = Some((Self { lock, session }, found));
                        if crashed {
                            break;
                        }
                    }
                }
            }
            if is_last && free.is_some() {
                break;
            }
        }
        let (slot, mut found) = free.ok_or_else(|| io::Error::other("all places of sessions are taken"))?;
        found.faults = faults;
        Ok((slot, found))
    }

    /// Writes the session, which is not ended from now on.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn write(&mut self, session: &SavedSession) -> io::Result<()> {
        session.write(&self.session)?;
        self.lock.set_len(0)?;
        self.lock.rewind()?;
        write!(self.lock, "{}", std::process::id())
    }

    /// Ends the session in order.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn end(&mut self) -> io::Result<()> {
        self.lock.set_len(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SavedItem;

    fn session(name: &str) -> SavedSession {
        SavedSession {
            items: vec![SavedItem { name: name.to_owned(), ..SavedItem::default() }],
            ..SavedSession::default()
        }
    }

    fn take(folder: &Path) -> (Slot, Found) {
        Slot::take(folder).expect("a place is free")
    }

    fn name(found: &Found) -> Option<&str> {
        found.session.as_ref().map(|session| session.items[0].name.as_str())
    }

    #[test]
    fn a_session_that_was_not_ended_is_told_from_one_that_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut slot, found) = take(folder.path());
        assert!(!found.crashed && found.session.is_none());
        slot.write(&session("a")).expect("can be written");
        drop(slot);
        let (mut slot, found) = take(folder.path());
        assert_eq!((found.crashed, name(&found)), (true, Some("a")));
        slot.end().expect("can be written");
        drop(slot);
        let (_slot, found) = take(folder.path());
        assert_eq!((found.crashed, name(&found)), (false, Some("a")));
    }

    #[test]
    fn windows_at_the_same_time_have_places_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut first, _) = take(folder.path());
        first.write(&session("first")).expect("can be written");
        let (mut second, found) = take(folder.path());
        assert!(found.session.is_none(), "the first one lives");
        second.write(&session("second")).expect("can be written");
        first.end().expect("can be written");
        drop((first, second));
        // The second one crashed: it comes before the first place, which is free as well.
        let (mut slot, found) = take(folder.path());
        assert_eq!((found.crashed, name(&found)), (true, Some("second")));
        slot.end().expect("can be written");
        drop(slot);
        let (_slot, found) = take(folder.path());
        assert_eq!((found.crashed, name(&found)), (false, Some("first")));
    }

    #[test]
    fn a_damaged_session_is_reported_and_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let damaged = folder.path().join("session.json");
        std::fs::write(&damaged, "{").expect("can be written");
        let (mut slot, found) = take(folder.path());
        assert!(matches!(found.faults[..], [Recovery::Damaged { .. }]) && !found.crashed);
        slot.write(&session("a")).expect("can be written");
        assert_eq!(std::fs::read_to_string(damaged).expect("it is there"), "{");
    }
}
