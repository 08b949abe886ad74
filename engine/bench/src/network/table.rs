//! The network's speed for people.

use std::fmt::Write as _;

use super::{Memory, NetworkResults, NetworkSize, TorchResults};

/// The table.
pub fn table(results: &NetworkResults) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<26} {value}");
    };
    let NetworkSize { layers, hidden, vocabulary, vision_blocks, .. } = results.size;
    line("device", results.device.clone());
    let plural = if layers == 1 { "" } else { "s" };
    line(
        "network",
        format!("{layers} layer{plural} of {hidden}, {vocabulary} tokens, {vision_blocks} blocks for pictures"),
    );
    let origin = if results.is_random { "random weights made in" } else { "loaded in" };
    line(origin, format!("{:.1} s, as {}", results.load_s, results.precision));
    let memory = |memory: Option<Memory>| {
        memory.map_or_else(
            || "not told by this system".to_owned(),
            |Memory { resident, most }| format!("{} resident, {} at most", megabytes(resident), megabytes(most)),
        )
    };
    line("memory, loaded", memory(results.memory_loaded));
    line("memory, after the runs", memory(results.memory_end));
    if let Some(secs) = results.pictures_s {
        line("four pictures", format!("{secs:.2} s"));
    }
    line(
        "prompt",
        format!(
            "{:.3} s for {} tokens ({})",
            results.prefill_s,
            results.prompt,
            rate(results.prompt, results.prefill_s)
        ),
    );
    let bandwidth = results.bandwidth_bytes_per_s;
    for speed in &results.decode {
        let value = format!(
            "{:.1} tokens/s (best {:.1}), {:.1} GB/s, {:.0} % of the memory's",
            speed.tokens_per_s,
            speed.best_tokens_per_s,
            speed.bytes_per_s / 1e9,
            100.0 * speed.bytes_per_s / bandwidth,
        );
        line(&samples(speed.samples), value);
    }
    line("read for each step", megabytes(results.bytes_per_token as u64));
    line(
        "memory's bandwidth",
        format!("{:.1} GB/s: at most {:.1} steps/s", bandwidth / 1e9, bandwidth / results.bytes_per_token as f64),
    );
    if let [Some(before), Some(after)] = results.load {
        line("system's load", format!("{before:.1} before, {after:.1} after"));
    }
    for torch in &results.torch {
        let TorchResults { version, device, dtype, threads, prefill_s, decode, .. } = torch;
        let threads = if device == "CPU" { format!(", {threads} threads") } else { String::new() };
        line("PyTorch", format!("{version}, {dtype}, {device}{threads}"));
        line("  prompt", format!("{prefill_s:.3} s ({})", rate(results.prompt, *prefill_s)));
        for speed in decode {
            let value = format!("{:.1} tokens/s (best {:.1})", speed.tokens_per_s, speed.best_tokens_per_s);
            line(&format!("  {}", samples(speed.samples)), value);
        }
    }
    if let Some(note) = &results.torch_note {
        line("PyTorch", note.clone());
    }
    text
}

fn samples(count: usize) -> String {
    if count == 1 { "one sample".to_owned() } else { format!("{count} samples together") }
}

fn rate(tokens: usize, secs: f64) -> String {
    format!("{:.0} tokens/s", tokens as f64 / secs)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}
