//! The last step: a candidate's program with named dimensions, patterns and comments in place of bare numbers.
//!
//! Programs are tried and ranked with bare numbers, so that no name or comment has a price. What is offered is written
//! once more, and taken only if executing it makes the very same solid.

use partwright_fit::Deadline;
use partwright_fit::emit::{Holes, Patterns, Wording, parametric_program};

use crate::refinement::Drawn;
use crate::{Execution, Executor, Properties};

/// Volumes, areas and boxes that agree to this share are those of the same solid: what is left is the rounding of points
/// on arcs, of rings and of rotations, a tenth of a step of the coordinates' own grid.
const SAME: f64 = 1e-7;

/// The wordings in the order in which they are tried: the one that reads best first.
const ORDER: [(Holes, Patterns); 4] = [
    (Holes::Drilled, Patterns::Rounded),
    (Holes::Drilled, Patterns::Exact),
    (Holes::Cut, Patterns::Rounded),
    (Holes::Cut, Patterns::Exact),
];

/// The part as a program with parameters, and what executing it makes; `None` where that is not what `made` is.
pub(crate) fn reworded(
    drawn: &Drawn,
    made: &Execution,
    executor: &dyn Executor,
    deadline: &Deadline,
) -> Option<(String, Execution)> {
    let mut tried: Vec<String> = Vec::new();
    for (holes, patterns) in ORDER {
        let wording = Wording { patterns, holes };
        let source = parametric_program(&drawn.part, drawn.scan_from_part, drawn.precision, wording)?;
        if tried.contains(&source) || deadline.reached() {
            continue;
        }
        if let Ok(execution) = executor.execute(&source, deadline)
            && is_same(&execution.properties, &made.properties)
        {
            return Some((source, execution));
        }
        tried.push(source);
    }
    None
}

fn is_same(a: &Properties, b: &Properties) -> bool {
    let size = (b.bounds[1] - b.bounds[0]).length();
    let reach = size + b.bounds[0].length();
    let close = |x: f64, y: f64, scale: f64| (x - y).abs() <= SAME * scale;
    a.solids == b.solids
        && a.faces == b.faces
        && a.valid >= b.valid
        && close(a.volume, b.volume, b.volume.abs().max(size.powi(3) * 1e-3))
        && close(a.area, b.area, b.area.abs())
        && (0..2).all(|i| a.bounds[i].distance(b.bounds[i]) <= SAME * reach)
}
