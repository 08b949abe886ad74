//! The device a network runs on, chosen by itself, with the reason in plain words.
//!
//! CUDA and Metal are features of the build: a build with CUDA starts only where the CUDA libraries are, so that the
//! ordinary one has neither.

pub use candle_core::Device;

use crate::checkpoint::Precision;

/// A device, the type that is right on it, and why not a better one.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Where the network runs.
    pub device: Device,
    /// The type of its weights there.
    pub precision: Precision,
    /// For the user: what runs, and why nothing faster does.
    pub reason: String,
}

/// The fastest device there is: CUDA, then Metal, then the CPU.
pub fn choose() -> Choice {
    let mut tried = vec![];
    for (name, open) in GPUS {
        match open() {
            Ok(device) => {
                // Cards before Ampere know no bf16; f16 is as fast there.
                let precision = if device.supports_bf16() { Precision::Bf16 } else { Precision::F16 };
                let reason = format!("runs on {name}");
                return Choice { device, precision, reason };
            }
            Err(why) => tried.push(format!("{name}: {why}")),
        }
    }
    let reason = format!("runs on the CPU ({})", tried.join("; "));
    Choice { device: Device::Cpu, precision: Precision::Q8_0, reason }
}

/// A network of fewer parameters is computed in f32 on the CPU: it fits there as it is, and rounding would cost more than it
/// saves.
const SMALL_PARAMETERS: u64 = 150_000_000;

/// The fastest device for a network of so many parameters.
pub fn choose_for(parameters: u64) -> Choice {
    let choice = choose();
    if !choice.device.is_cpu() || parameters > SMALL_PARAMETERS {
        return choice;
    }
    Choice { precision: Precision::F32, ..choice }
}

/// The CPU, whatever else there is.
pub fn cpu() -> Choice {
    let precision = Precision::Q8_0;
    Choice { device: Device::Cpu, precision, reason: "runs on the CPU, as was asked".to_owned() }
}

/// Opens a device, or says why not.
type Open = fn() -> Result<Device, String>;

const GPUS: [(&str, Open); 2] = [("CUDA", cuda), ("Metal", metal)];

fn cuda() -> Result<Device, String> {
    if !candle_core::utils::cuda_is_available() {
        return Err("this build is without it; the CUDA build of the program is a separate one".to_owned());
    }
    Device::new_cuda(0).map_err(|e| format!("no device answers ({}); is the driver installed?", first_line(&e)))
}

fn metal() -> Result<Device, String> {
    if !candle_core::utils::metal_is_available() {
        return Err("this build is without it; Macs have a build of their own".to_owned());
    }
    Device::new_metal(0).map_err(|e| format!("no device answers ({})", first_line(&e)))
}

/// What candle says, without the backtrace that it adds where `RUST_BACKTRACE` is set.
fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever machine runs this, the choice is usable and says why.
    #[test]
    fn the_choice_fits_its_device() {
        let Choice { device, precision, reason } = choose();
        assert!(precision.check(&device).is_ok());
        assert!(reason.starts_with("runs on "));
        if cfg!(not(any(feature = "cuda", feature = "metal"))) {
            assert!(device.is_cpu());
            assert!(reason.contains("CUDA: this build is without it"), "{reason}");
            let small = choose_for(5_000_000);
            assert_eq!((small.precision, choose_for(2_000_000_000).precision), (Precision::F32, Precision::Q8_0));
        }
    }
}
