//! The kernel's results for people.

use std::fmt::Write as _;

use super::KernelResults;

/// Every disagreement, then the table.
pub fn table(results: &KernelResults) -> String {
    let mut text = String::new();
    for case in &results.cases {
        for words in case.error.iter().chain(&case.disagreements) {
            let _ = writeln!(text, "{} ({}): {words}", case.id, case.category);
        }
    }
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<28} {value}");
    };
    let of = |count: usize| format!("{count} of {}", results.n);
    line("volume within 0.1 %", of(results.volume));
    line("area within 0.1 %", of(results.area));
    line("box within 0.01", of(results.bounds));
    line("same number of solids", of(results.solids));
    line("same number of faces", of(results.faces));
    line("watertight facet mesh", of(results.watertight));
    line("errors", of(results.errors));
    line("silently wrong", of(results.silently_wrong));
    let millis = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2} ms"));
    line("processor time, median", millis(results.median_cpu_ms));
    line("processor time, p95", millis(results.p95_cpu_ms));
    text
}
