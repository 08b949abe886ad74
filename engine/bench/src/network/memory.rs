//! The memory of this process, where the system tells.

use std::fs;

use serde::Serialize;

/// Resident memory in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At its highest since the process started.
    pub most: u64,
}

impl Memory {
    /// The memory now; `None` where there is no `/proc`.
    pub fn now() -> Option<Self> {
        Self::parse(&fs::read_to_string("/proc/self/status").ok()?)
    }

    fn parse(status: &str) -> Option<Self> {
        let bytes = |field: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(field))?;
            line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
        };
        Some(Self { resident: bytes("VmRSS:")?, most: bytes("VmHWM:")? })
    }
}

/// How many processes ran or waited to run in the last minute, this one among them.
pub(super) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_fields_are_found() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(Memory::parse(status), Some(Memory { resident: 1 << 20, most: 2 << 20 }));
        assert_eq!(Memory::parse("Name:\tx\n"), None);
    }
}
