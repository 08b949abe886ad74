//! Whether a program can be edited: each of its named numbers is changed a little, and the program run again.
//!
//! An edit holds where the program still makes as many solids as before and all of them pass the checks. Nothing is said
//! about whether the changed part is a sensible one.

use partwright_cadquery::Diagnostic;
use partwright_cadquery::constants::constants;
use partwright_fit::Deadline;

use crate::Executor;

/// How much lengths are changed, either way.
const CHANGE: f64 = 0.05;

/// One change of one parameter, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The parameter's name.
    pub parameter: String,
    /// Its value in the program.
    pub from: f64,
    /// The value it was given.
    pub to: f64,
    /// What the changed program made.
    pub outcome: EditOutcome,
}

/// What a changed program made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditOutcome {
    /// As many solids as before, all valid.
    Holds,
    /// Another number of solids.
    OtherSolids {
        /// Of the program as it was.
        before: usize,
        /// Of the changed one.
        after: usize,
    },
    /// As many solids, but they do not pass all checks.
    Invalid,
    /// No body, and why.
    Refused(String),
}

/// What all edits of a program came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Editability {
    /// Named numbers of the program.
    pub parameters: usize,
    /// Two edits for each.
    pub edits: Vec<Edit>,
}

impl Editability {
    /// Edits that hold.
    pub fn held(&self) -> usize {
        self.edits.iter().filter(|e| e.outcome == EditOutcome::Holds).count()
    }

    /// The share of edits that hold; `None` where there is nothing to edit.
    pub fn share(&self) -> Option<f64> {
        (!self.edits.is_empty()).then(|| self.held() as f64 / self.edits.len() as f64)
    }
}

/// Changes every parameter of `source` by 5 % either way, counts by one, and runs what results. A reached deadline ends it
/// with the edits made so far.
///
/// # Errors
/// When the unchanged program cannot be executed.
pub fn editability(source: &str, executor: &dyn Executor, deadline: &Deadline) -> Result<Editability, Box<Diagnostic>> {
    let before = executor.execute(source, deadline)?.properties;
    let parameters = constants(source);
    let mut found = Editability { parameters: parameters.len(), edits: Vec::new() };
    for parameter in parameters {
        for direction in [1.0, -1.0] {
            if deadline.reached() {
                return Ok(found);
            }
            let to = if is_count(&parameter.name) {
                parameter.value + direction
            } else {
                parameter.value * (1.0 + direction * CHANGE)
            };
            let mut changed = source.to_owned();
            changed.replace_range(parameter.range.clone(), &to.to_string());
            let outcome = match executor.execute(&changed, deadline) {
                Err(fault) => EditOutcome::Refused(fault.message.clone()),
                Ok(made) if made.properties.solids != before.solids => {
                    EditOutcome::OtherSolids { before: before.solids, after: made.properties.solids }
                }
                Ok(made) if !made.properties.valid => EditOutcome::Invalid,
                Ok(_) => EditOutcome::Holds,
            };
            found.edits.push(Edit { parameter: parameter.name.clone(), from: parameter.value, to, outcome });
        }
    }
    Ok(found)
}

/// Whether a named number counts something.
fn is_count(name: &str) -> bool {
    name == "count" || name.ends_with("_count")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InProcess;

    #[test]
    fn what_falls_apart_is_told() {
        let run = |source: &str| editability(source, &InProcess::default(), &Deadline::default());
        let source = "import cadquery as cq\n\
                      height = 10\n\
                      gap = 10\n\
                      r = cq.Workplane().box(20, 20, height, centered=False)\n\
                      r = r.union(cq.Workplane(origin=(0, 0, gap)).box(5, 5, 5, centered=False))\n";
        let found = run(source).unwrap();
        assert_eq!((found.parameters, found.edits.len(), found.held()), (2, 4, 2), "{:?}", found.edits);
        let apart = EditOutcome::OtherSolids { before: 1, after: 2 };
        assert_eq!(found.edits[1].outcome, apart, "the plate is too low for the block");
        assert_eq!(found.edits[2].outcome, apart, "the block is too high for the plate");
        assert_eq!(found.share(), Some(0.5));
        assert!(run("r = nothing").is_err());
        assert_eq!(run("import cadquery as cq\nr = cq.Workplane().box(1, 1, 1)\n").unwrap().share(), None);
    }
}
