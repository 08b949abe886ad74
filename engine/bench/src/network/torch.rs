//! torch on the same sizes, where a Python has it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use candle_core::Device;
use partwright_cadrille::checkpoint::Precision;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{NetworkResults, NetworkSettings};

/// The decoder in torch.
const SCRIPT: &str = include_str!("../../../../packaging/torch/decoder.py");

/// A Python that can import torch.
#[derive(Clone, Debug, PartialEq)]
pub struct Torch {
    python: PathBuf,
    /// Its version.
    pub version: String,
}

/// Why torch was not measured.
#[derive(Debug, thiserror::Error)]
pub enum TorchError {
    /// There is no such program, or it does not start.
    #[error("'{}' does not start: {reason}", python.display())]
    NoPython {
        /// The program.
        python: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// Python runs, but has no torch.
    #[error("'{}' cannot import torch: {reason}", python.display())]
    NoTorch {
        /// The program.
        python: PathBuf,
        /// The last thing Python said.
        reason: String,
    },
    /// The measurement failed.
    #[error("PyTorch failed: {reason}")]
    Failed {
        /// The last thing Python said.
        reason: String,
    },
}

/// What torch made of the same sizes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TorchResults {
    /// Version of torch.
    pub version: String,
    /// The GPU's name, or `CPU`.
    pub device: String,
    /// Type of weights and activations.
    pub dtype: String,
    /// Threads on the CPU.
    pub threads: usize,
    /// Seconds to make the weights.
    pub made_s: f64,
    /// Weights of the decoder.
    pub parameters: u64,
    /// Seconds to read the prompt.
    pub prefill_s: f64,
    /// One sample, then as many as were asked for.
    pub decode: Vec<TorchSpeed>,
}

/// Speed of writing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TorchSpeed {
    /// Samples side by side.
    pub samples: usize,
    /// Tokens a second of all samples together, by the median step.
    pub tokens_per_s: f64,
    /// By the fastest step.
    pub best_tokens_per_s: f64,
}

impl Torch {
    /// Asks a Python for its torch.
    ///
    /// # Errors
    /// [`TorchError::NoPython`] or [`TorchError::NoTorch`].
    pub fn find(python: &Path) -> Result<Self, TorchError> {
        let output = run(python, &["-c", "import torch; print(torch.__version__)"])?;
        match output {
            Ok(text) => Ok(Self { python: python.to_owned(), version: text.trim().to_owned() }),
            Err(reason) => Err(TorchError::NoTorch { python: python.to_owned(), reason }),
        }
    }

    /// The types to measure beside ours: the same one on a GPU; on a CPU both that are used there, for torch has no
    /// counterpart of blocks of 8 or 4 bits that comes without another package.
    pub fn types(settings: &NetworkSettings) -> &'static [&'static str] {
        match (&settings.choice.device, settings.choice.precision) {
            (Device::Cpu, _) => &["float32", "bfloat16"],
            (_, Precision::F32) => &["float32"],
            (_, Precision::F16) => &["float16"],
            _ => &["bfloat16"],
        }
    }

    /// Measures the sizes of `beside` in `dtype`.
    ///
    /// # Errors
    /// [`TorchError::Failed`]: too little memory, for one.
    pub fn measure(
        &self,
        beside: &NetworkResults,
        settings: &NetworkSettings,
        dtype: &str,
    ) -> Result<TorchResults, TorchError> {
        let samples: Vec<usize> = beside.decode.iter().map(|speed| speed.samples).collect();
        // On a Mac the GPU is Metal's here and the CPU there: its PyTorch is asked for nothing else.
        let device = if settings.choice.device.is_cuda() { "cuda" } else { "cpu" };
        let settings = json!({
            "device": device, "dtype": dtype, "size": beside.size, "samples": samples, "tokens": settings.tokens,
            "prompt": settings.prompt, "runs": settings.runs,
        });
        let failed = |reason: String| TorchError::Failed { reason };
        let text = run(&self.python, &["-c", SCRIPT, &settings.to_string()])?.map_err(failed)?;
        serde_json::from_str(text.trim()).map_err(|error| failed(format!("{error} in its answer")))
    }
}

/// Standard output of Python, or the last line it complained with.
fn run(python: &Path, arguments: &[&str]) -> Result<Result<String, String>, TorchError> {
    let output = Command::new(python).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|reason| TorchError::NoPython { python: python.to_owned(), reason })?;
    if output.status.success() {
        return Ok(Ok(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = complaint.lines().rev().map(str::trim).find(|line| !line.is_empty());
    Ok(Err(last.map_or_else(|| format!("it ended with {}", output.status), str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let error = Torch::find(Path::new("/no/such/python")).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("'/no/such/python' does not start")));
    }
}
