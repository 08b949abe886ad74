//! The finished cases of a bench that is not finished: a JSON Lines file beside the results, removed at the end.
//!
//! The first line says what is run; a bench goes on from a ledger only when that is the very same. A last line cut short
//! by a crash is ignored.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::{Bench, CaseResult};

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    finished: Vec<CaseResult>,
}

impl Ledger {
    /// The ledger's place beside the results file.
    pub fn beside(results: &Path) -> PathBuf {
        let mut name = results.as_os_str().to_owned();
        name.push(".part");
        name.into()
    }

    /// Opens the ledger at `path`, taking over the finished cases of the same bench, or begins a new one.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn open(path: &Path, bench: &Bench) -> io::Result<Self> {
        let head = serde_json::to_string(bench)?;
        let finished = match File::open(path) {
            Ok(file) => read(file, &head)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        // Written anew, so that a line cut short does not spoil the next one.
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(path)?;
        writeln!(file, "{head}")?;
        for case in &finished {
            writeln!(file, "{}", serde_json::to_string(case)?)?;
        }
        file.flush()?;
        Ok(Self { path: path.to_owned(), file, finished })
    }

    /// The cases finished before.
    pub fn finished(&self) -> &[CaseResult] {
        &self.finished
    }

    /// Notes a finished case.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn note(&mut self, case: &CaseResult) -> io::Result<()> {
        let line = serde_json::to_string(case)?;
        writeln!(self.file, "{line}").and_then(|()| self.file.flush())
    }

    /// Removes the ledger: the results stand elsewhere now.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        drop(self.file);
        fs::remove_file(self.path)
    }
}

fn read(file: File, head: &str) -> io::Result<Vec<CaseResult>> {
    let mut lines = BufReader::new(file).lines();
    if lines.next().transpose()?.as_deref() != Some(head) {
        return Ok(Vec::new());
    }
    let mut finished = Vec::new();
    for line in lines {
        let Ok(case) = serde_json::from_str(&line?) else { break };
        finished.push(case);
    }
    Ok(finished)
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::case;
    use super::*;

    #[test]
    fn a_bench_goes_on_where_it_stopped() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = Ledger::beside(&folder.path().join("results.json"));
        let bench = Bench::default();
        let (first, second) = (case("A", true, Some(0.123_456_789_012_345_67), 1.0), case("B", false, None, 2.5));
        let mut ledger = Ledger::open(&path, &bench)?;
        ledger.note(&first)?;
        drop(ledger);
        // The process dies in the middle of a line.
        OpenOptions::new().append(true).open(&path)?.write_all(b"{\"id\": \"half")?;
        let mut ledger = Ledger::open(&path, &bench)?;
        assert_eq!(ledger.finished(), std::slice::from_ref(&first));
        ledger.note(&second)?;
        drop(ledger);
        assert_eq!(Ledger::open(&path, &bench)?.finished(), [first, second]);
        // Another bench begins anew.
        let other = Ledger::open(&path, &Bench { seed: 1, ..bench })?;
        assert!(other.finished().is_empty());
        other.remove()?;
        assert!(!path.exists());
        Ok(())
    }
}
