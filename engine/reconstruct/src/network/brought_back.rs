//! From the network's frame to the scan's.

use partwright_cadquery::rewrite::reframed;
use partwright_cadquery::{Diagnostic, DiagnosticKind};
use partwright_fit::{Deadline, Precision};
use partwright_geometry::Similarity;

use crate::{Execution, Executor};

/// Volumes that agree to this share after rounding to the scan's own grid are the same part's.
const SAME_VOLUME: f64 = 0.01;
/// New numbers are rounded to this share of the network's own unit, which is a two-hundredth of the size.
const STEP: f64 = 0.005;

/// `source`, which makes `made`, in the frame that `scan_from_program` leads to, and what it makes there. A frame that is the
/// program's own changes nothing.
///
/// # Errors
/// A program whose numbers cannot be told from each other, or that makes something else with other numbers.
pub(super) fn brought_back(
    source: &str,
    made: &Execution,
    scan_from_program: &Similarity,
    executor: &dyn Executor,
    deadline: &Deadline,
) -> Result<(String, Execution), Box<Diagnostic>> {
    if *scan_from_program == Similarity::IDENTITY {
        return Ok((source.to_owned(), made.clone()));
    }
    let Similarity { scale, translation, .. } = *scan_from_program;
    let decimals = Precision::within(STEP * scale).decimals;
    let failed = |message: String| Box::new(Diagnostic::new(DiagnosticKind::Value, message));
    let text = reframed(source, scale, translation, decimals)
        .map_err(|reason| failed(format!("the program cannot be brought to the scan's units: {reason}")))?;
    let execution = executor.execute(&text, deadline)?;
    let (volume, expected) = (execution.properties.volume, made.properties.volume * scale.powi(3));
    if (volume - expected).abs() > SAME_VOLUME * expected.abs() {
        return Err(failed("the program makes something else in the scan's units".to_owned()));
    }
    Ok((text, execution))
}
