//! Prints programs as JSON lines, and the speed: `try_generate COUNT [FIRST]`.

use std::time::Instant;

use partwright_train::generate::{GeneratorConfig, generate};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse::<u64>().expect("a number"));
    let count = arguments.next().unwrap_or(1000);
    let first = arguments.next().unwrap_or(0);
    let config = GeneratorConfig::default();
    let start = Instant::now();
    let mut dropped = 0;
    let mut lines = String::new();
    for index in first..first + count {
        let Some(made) = generate(&config, index) else { continue };
        dropped += made.dropped;
        let b = made.bounds;
        lines += &serde_json::json!({"code": made.sample.program, "origin": "generated", "ref": {"ok": true, "faces": 0,
            "volume": made.volume, "solids": 0, "valid": true, "bbox": [b.min.x, b.min.y, b.min.z, b.max.x, b.max.y, b.max.z]}})
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
