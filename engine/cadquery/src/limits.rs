//! How much a program may use.

use std::time::Duration;

/// Bounds on one run of one program.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Wall-clock time of the whole run. In-process it stops Python; only the [worker](crate::worker) can stop the
    /// kernel and single long operations of the interpreter.
    pub time: Duration,
    /// Address space of a worker process beyond what it has when idle, in bytes (Unix only).
    pub memory_bytes: u64,
    /// Depth of Python calls.
    pub recursion: usize,
    /// Length of the source in bytes.
    pub source_bytes: usize,
    /// Depth of nested brackets and blocks in the source, chained calls and operators counted; the interpreter takes at
    /// most 200.
    pub nesting: usize,
    /// Calls and attribute reads that reach the API.
    pub calls: usize,
    /// Values in the arguments of one call, all levels counted.
    pub argument_values: usize,
    /// Bytes of text the program may print.
    pub printed_bytes: usize,
    /// Bytes a worker may send back.
    pub reply_bytes: usize,
}

impl Default for Limits {
    /// 2.5 s, so that a program that is killed has ended within the 3 s of the published evaluations (CADRILLE: "no valid
    /// mesh within 3 s"); the others are far above
    /// what any part needs: the longest of 1,637 programs of the dialect has 5 KiB and some hundred calls.
    fn default() -> Self {
        Self {
            time: Duration::from_millis(2500),
            memory_bytes: 512 << 20,
            recursion: 200,
            source_bytes: 256 << 10,
            nesting: 200,
            calls: 20_000,
            argument_values: 100_000,
            printed_bytes: 64 << 10,
            reply_bytes: 256 << 20,
        }
    }
}
