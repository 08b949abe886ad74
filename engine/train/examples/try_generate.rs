//! Prints programs as JSON lines, and the speed: `try_generate COUNT [FIRST [deepcad]]`.

use std::time::Instant;

use partwright_train::generate::{GeneratorConfig, Style, generate};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, usual: u64| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let (count, first) = (number(0, 1000), number(1, 0));
    let style = if words.iter().any(|word| word == "deepcad") { Style::Deepcad } else { Style::CadRecode };
    let config = GeneratorConfig { style, ..GeneratorConfig::default() };
    let start = Instant::now();
    let mut dropped = 0;
    let mut lines = String::new();
    for index in first..first + count {
        let Some(made) = generate(&config, index) else { continue };
        dropped += made.dropped;
        let [min, max] = made.body.bounds;
        lines += &serde_json::json!({"code": made.sample.program, "origin": "generated", "captions": made.sample.captions, "ref": {"ok": true, "faces": made.body.faces.len(),
            "volume": made.body.volume, "solids": made.body.solids.len(), "valid": true, "bbox": [min.x, min.y, min.z, max.x, max.y, max.z]}})
        .to_string();
        lines.push('\n');
    }
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::print_stdout, reason = "it is what this example is for")]
    {
        print!("{lines}");
    }
    #[expect(clippy::print_stderr, reason = "it is what this example is for")]
    {
        eprintln!("{count} in {seconds:.2} s, {:.1} a second, {dropped} dropped", count as f64 / seconds);
    }
}
