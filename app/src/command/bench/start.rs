//! `partwright bench start`: how long the window takes to show its first frame.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::arguments::StartBenchArguments;
use crate::failure::Failure;
use crate::output::Console;
use crate::window::{self, Options};

/// What the child says when its first frame is on the screen.
const SAID: &str = "first frame";

/// Opens windows one after the other and prints the times.
pub(crate) fn execute(arguments: StartBenchArguments, console: Console) -> Result<(), Failure> {
    let executable = std::env::current_exe()
        .map_err(|error| Failure::failed(format!("this program cannot find its own file: {error}")))?;
    let mut times_ms = Vec::new();
    let progress = console.progress("starts");
    for run in 0..arguments.runs {
        let failed = |why: String| Failure::failed(format!("the window cannot be opened: {why}"));
        let start = Instant::now();
        let child = Command::new(&executable).args(["bench", "first-frame"]).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| failed(error.to_string()))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut line);
        }
        let time_ms = start.elapsed().as_secs_f64() * 1e3;
        let status = child.wait().map_err(|error| failed(error.to_string()))?;
        if line.trim() != SAID {
            return Err(failed(format!("the program ended with {status}")));
        }
        times_ms.push(time_ms);
        progress.count(run as usize + 1, arguments.runs as usize, "starts");
    }
    drop(progress);
    times_ms.sort_by(f64::total_cmp);
    let (median, worst) = (times_ms[times_ms.len() / 2], times_ms[times_ms.len() - 1]);
    console.result(&serde_json::json!({ "median_ms": median, "worst_ms": worst, "times_ms": times_ms }), || {
        format!("start to first frame, {} starts: median {median:.0} ms, worst {worst:.0} ms\n", times_ms.len())
    })
}

/// The window, until its first frame was shown.
pub(crate) fn first_frame() -> Result<(), Failure> {
    let say = || {
        let mut output = std::io::stdout().lock();
        let _ = writeln!(output, "{SAID}").and_then(|()| output.flush());
    };
    window::run(Options { first_frame: Some(say), ..Options::default() })
}
