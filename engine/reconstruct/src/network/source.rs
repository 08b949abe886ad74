//! A network as a source of candidates for a scan.

use partwright_cadquery::Diagnostic;
use partwright_cadquery::rewrite::whole_calls;
use partwright_cadrille::writer::{EditInput, PartInput, WrittenProgram};
use partwright_fit::Deadline;
use partwright_geometry::{Geometry, LengthUnit, Similarity, TriMesh, normalize};

use super::brought_back::brought_back;
use super::stray_bodies::without_stray_bodies;
use super::{Author, AuthorError, WritingOrder, Written};
use crate::generate::Candidate;
use crate::{Execution, Executor, Origin, ProgramFrame, ReconstructConfig, Watch};

/// When a network is asked for programs of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenAsked {
    /// Only where what was fitted does not agree with the scan already.
    #[default]
    WhereFitFails,
    /// In any case.
    Always,
}

/// A network that may be asked.
#[derive(Clone, Copy)]
pub struct NetworkSource<'a> {
    /// Who writes.
    pub author: &'a dyn Author,
    /// How many programs, in each round.
    pub samples: usize,
    /// Most rounds in which a network that can do so improves the best of its programs; the first that gains nothing is the
    /// last.
    pub rounds: usize,
    /// When.
    pub when: WhenAsked,
    /// What is said of the part, which the network is shown beside its points.
    pub description: Option<&'a str>,
}

impl std::fmt::Debug for NetworkSource<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { author, samples, rounds, when, description } = self;
        let mut facts = f.debug_struct("NetworkSource");
        facts.field("author", &author.name()).field("samples", samples).field("rounds", rounds);
        facts.field("when", when).field("description", description).finish()
    }
}

/// A program that was executed in the scan's frame, or failed on the way there.
pub(crate) struct Prepared {
    pub(crate) candidate: Candidate,
    pub(crate) execution: Result<Execution, Box<Diagnostic>>,
    /// As the network wrote it, and what that makes in the network's frame: what it can be asked to improve.
    pub(crate) own: Option<Own>,
}

/// A program in the network's frame, and the surface of what it makes.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) source: String,
    pub(crate) mesh: TriMesh,
}

/// A scan as a network is shown it.
pub(crate) struct Showing {
    seen: Geometry,
    scan_from_program: Similarity,
    seed: u64,
}

impl Showing {
    /// The showing of `scan`, which is in the programs' frame already; `None` where it has no extent.
    pub(crate) fn new(scan: &Geometry, config: &ReconstructConfig) -> Option<Self> {
        let (seen, scan_from_program) = match config.frame {
            ProgramFrame::Normalized => (scan.clone(), Similarity::IDENTITY),
            ProgramFrame::Scan => {
                let normalized = normalize::in_program_frame(scan, LengthUnit::Unknown)?;
                (normalized.geometry, normalized.input_from_normalized)
            }
        };
        Some(Self { seen, scan_from_program, seed: config.seed })
    }

    /// Programs that a network writes of it, executed in the scan's frame: from the scan alone, or improved from `before` in a
    /// round of that number.
    pub(crate) fn programs(
        &self,
        network: &NetworkSource<'_>,
        before: Option<(&Own, usize)>,
        executor: &dyn Executor,
        deadline: &Deadline,
        watch: &dyn Watch,
    ) -> Result<Vec<Prepared>, AuthorError> {
        let (part, round) = match before {
            None => {
                let scan = PartInput::Scan(Box::new(self.seen.clone()), self.seed);
                match network.description {
                    None => (scan, 0),
                    Some(text) => (PartInput::Together(vec![scan, PartInput::Description(text.to_owned())]), 0),
                }
            }
            Some((Own { source, mesh }, round)) => {
                // Other points each time: a network that is shown the same again writes the same again.
                let seed = self.seed.wrapping_add(round as u64);
                let (scan, program, part) = (self.seen.clone(), source.trim_end().to_owned(), mesh.clone());
                (PartInput::Edit(Box::new(EditInput { scan, seed, program, part })), round)
            }
        };
        let order = WritingOrder { samples: network.samples, seed: self.seed };
        let written = network.author.write(&part, &order, deadline, watch)?;
        let programs = distinct(network.author.name(), part.kind(), written);
        let total = programs.len();
        let all = programs.into_iter().enumerate().flat_map(|(i, (source, written))| {
            watch.report("executing what the network wrote", i as f64 / total as f64);
            prepared(source, Written { round, ..written }, &self.scan_from_program, executor, deadline)
        });
        Ok(all.collect())
    }
}

/// The programs that differ, in the order of their samples, those that broke off cut back to what is whole.
pub(super) fn distinct(model: &str, shown: &'static str, written: Vec<WrittenProgram>) -> Vec<(String, Written)> {
    let mut found: Vec<(String, Written)> = Vec::new();
    for program in written {
        let origin = Written::new(model, shown, &program);
        let source = match whole_calls(&program.source).filter(|_| origin.cut_short) {
            Some(whole) => whole,
            None => program.source,
        };
        match found.iter_mut().find(|(other, _)| *other == source) {
            Some((_, same)) => same.times += 1,
            None => found.push((source, origin)),
        }
    }
    found
}

/// A program executed in the frame that `scan_from_program` leads to, as it was written and without its stray bodies.
pub(super) fn prepared(
    source: String,
    written: Written,
    scan_from_program: &Similarity,
    executor: &dyn Executor,
    deadline: &Deadline,
) -> Vec<Prepared> {
    let failed = |source: String, written: Written, fault: Box<Diagnostic>| Prepared {
        candidate: candidate(source, written),
        execution: Err(fault),
        own: None,
    };
    let made = match executor.execute(&source, deadline) {
        Ok(made) => made,
        Err(fault) => return vec![failed(source, written, fault)],
    };
    let mut all = Vec::new();
    if let Some((without, execution, left_out)) = without_stray_bodies(&source, &made, executor, deadline) {
        all.push((without, execution, Written { without_bodies: left_out, ..written.clone() }));
    }
    all.push((source, made, written));
    all.into_iter()
        .map(|(source, made, written)| match brought_back(&source, &made, scan_from_program, executor, deadline) {
            Ok((brought, execution)) => Prepared {
                candidate: candidate(brought, written),
                execution: Ok(execution),
                own: Some(Own { source, mesh: made.mesh }),
            },
            Err(fault) => failed(source, written, fault),
        })
        .collect()
}

fn candidate(source: String, written: Written) -> Candidate {
    let operations = operations(&source);
    Candidate {
        source,
        origin: Origin::Network(Box::new(written)),
        operations,
        estimate: 0.0,
        drawn: None,
        plainer: None,
    }
}

/// Calls that make or change a body.
const OPERATIONS: [&str; 10] = [
    ".extrude(",
    ".revolve(",
    ".box(",
    ".cylinder(",
    ".sphere(",
    ".cut(",
    ".intersect(",
    ".cutBlind(",
    ".cutThruAll(",
    ".hole(",
];

fn operations(source: &str) -> usize {
    OPERATIONS.iter().map(|call| source.matches(call).count()).sum()
}

#[cfg(test)]
mod tests {
    use partwright_cadrille::sampling::End;

    use super::*;

    #[test]
    fn equal_programs_are_one_and_broken_ones_are_cut_back() {
        let program = |source: &str, sample: u64, end: End| WrittenProgram {
            source: source.to_owned(),
            sample,
            tokens: 9,
            log_probability: -1.0,
            end,
        };
        let written = vec![
            program("r=a.box(1,2,3)", 0, End::Token(1)),
            program("r=a.box(1,2,3)", 1, End::Token(1)),
            program("r=a.box(1,2,3).union(b.bo", 2, End::Limit),
        ];
        let found = distinct("net", "points", written);
        let facts: Vec<_> = found.iter().map(|(s, w)| (s.as_str(), w.sample, w.times, w.cut_short)).collect();
        assert_eq!(facts, [("r=a.box(1,2,3)", 0, 2, false), ("r=a.box(1,2,3)\n", 2, 1, true)]);
        assert_eq!(found[0].1.to_string(), "written by net: sample 1 from points, 2 times");
        assert_eq!(operations("r=a.box(1,2,3).union(b.sketch().rect(1,1).finalize().extrude(2))"), 2);
    }
}
