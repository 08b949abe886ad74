//! How long a reconstruction takes to come back when it is stopped: `cancel_times MANIFEST.json CLASSES [--points N]
//! [--every N]`. Each case is done once, and then stopped at four moments of that time; median, 95th percentile and longest
//! are printed in milliseconds.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::Path;
use std::time::{Duration, Instant};

use partwright_bench::reconstruction::{Bench, InputKind, Manifest, SAMPLED_POINTS, Selection};
use partwright_bench::statistics::{median, percentile};
use partwright_geometry::Geometry;
use partwright_reconstruct::{CancelToken, InProcess, ReconstructConfig, Silent, reconstruct};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, classes, rest @ ..] = &arguments[..] else {
        return Err("usage: cancel_times MANIFEST.json CLASSES [--points N] [--every N]".into());
    };
    let after = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let points: Option<usize> = after("--points").map(|n| n.parse()).transpose()?;
    let selection = Selection {
        classes: classes.split(',').map(str::to_owned).collect(),
        every: after("--every").map_or(Ok(1), |n| n.parse())?,
        ..Selection::default()
    };
    let bench = Bench {
        input: if points.is_some() { InputKind::Points } else { InputKind::Mesh },
        points: points.unwrap_or(SAMPLED_POINTS),
        ..Bench::default()
    };
    let mut took_ms = Vec::new();
    for case in Manifest::read(Path::new(manifest))?.select(&selection)? {
        let scan = bench.job(&case).scan()?;
        let whole = timed(&scan, None);
        for share in [0.15, 0.4, 0.65, 0.9] {
            let stop = whole.mul_f64(share);
            // What ended by itself before it was stopped says nothing.
            if let Some(late) = timed(&scan, Some(stop)).checked_sub(stop) {
                took_ms.push(1e3 * late.as_secs_f64());
            }
        }
    }
    println!(
        "n {}  median {:.0} ms  p95 {:.0} ms  max {:.0} ms",
        took_ms.len(),
        median(&took_ms).unwrap_or_default(),
        percentile(&took_ms, 95.0).unwrap_or_default(),
        percentile(&took_ms, 100.0).unwrap_or_default()
    );
    Ok(())
}

/// How long the reconstruction took, stopped after `stop`.
fn timed(scan: &Geometry, stop: Option<Duration>) -> Duration {
    let cancel = CancelToken::default();
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let started = Instant::now();
    if let Some(stop) = stop {
        let token = cancel.clone();
        std::thread::spawn(move || {
            std::thread::sleep(stop);
            token.cancel();
        });
    }
    // The result does not matter, only that it is there.
    let _ = reconstruct(scan, &config, &InProcess::default(), &Silent, &cancel);
    started.elapsed()
}
