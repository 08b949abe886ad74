//! What was proposed for an input, and how the list grows while a reconstruction goes on.

use std::sync::Arc;

use partwright_geometry::TriMesh;
use partwright_reconstruct::{LiveCandidate, Scored};

use super::{BeingWritten, Item};

/// A program proposed for an input, measured.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// All that the pool knows of it.
    pub scored: Arc<Scored>,
    /// The facets it was measured with, for its small picture; `None` when it made nothing.
    pub mesh: Option<Arc<TriMesh>>,
    /// Volume shared with the input over volume covered; `None` where one of them has no volume.
    pub iou: Option<f64>,
    /// 95 % of the input lie within this distance of it, in the input's unit; `None` when that was not measured.
    pub p95: Option<f64>,
    /// Its place while others are still to come: the greater the better. `None` at the end.
    rank: Option<f64>,
}

impl Proposal {
    /// A proposal of the pool, measured to the end.
    pub fn new(scored: Scored) -> Self {
        let score = scored.score.as_ref();
        let (iou, p95) = (score.and_then(|score| score.iou), score.map(|score| score.deviation.p95));
        Self { mesh: mesh(&scored), iou, p95, rank: None, scored: Arc::new(scored) }
    }

    /// A proposal of a pool that is still at work.
    pub fn live(candidate: &LiveCandidate<'_>) -> Self {
        Self {
            mesh: mesh(candidate.scored),
            iou: candidate.iou,
            p95: candidate.deviation.map(|deviation| deviation.p95),
            rank: Some(candidate.rank),
            scored: Arc::new(candidate.scored.clone()),
        }
    }

    /// The program.
    pub fn source(&self) -> &str {
        &self.scored.source
    }

    /// Whether others may still come before it.
    pub fn is_provisional(&self) -> bool {
        self.rank.is_some()
    }
}

fn mesh(scored: &Scored) -> Option<Arc<TriMesh>> {
    scored.execution.as_ref().ok().map(|execution| Arc::new(execution.mesh.clone()))
}

/// A reconstruction that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ongoing {
    /// The revision of the program that it left: as long as nobody changed the program since, the best proposal is shown.
    /// `None` when the user chose one.
    follows: Option<u64>,
    /// Whether something was proposed, so that the proposals are its own.
    proposed: bool,
}

impl Item {
    /// The place of the proposal whose program was taken over last.
    pub fn chosen_proposal(&self) -> Option<usize> {
        let chosen = self.chosen.as_deref()?;
        self.proposals.iter().position(|proposal| proposal.source() == chosen)
    }

    /// A reconstruction begins: from now on the best proposal is shown until the user decides otherwise.
    pub fn begin_reconstruction(&mut self) {
        self.ongoing = Some(Ongoing { follows: Some(self.program.revision), proposed: false });
    }

    /// Whether the program is the best proposal of a reconstruction that goes on.
    pub fn is_following(&self) -> bool {
        self.ongoing.is_some_and(|ongoing| ongoing.follows == Some(self.program.revision))
    }

    /// Takes note of what a network has written so far.
    pub fn write(&mut self, written: BeingWritten) {
        if self.ongoing.is_some() {
            self.being_written = Some(written);
        }
    }

    /// Takes note of a proposal of the reconstruction that goes on, at its place. Whether another one is the best now and is
    /// to be shown.
    pub fn propose(&mut self, proposal: Proposal) -> bool {
        let Some(ongoing) = &mut self.ongoing else { return false };
        self.being_written = None;
        if !std::mem::replace(&mut ongoing.proposed, true) {
            self.proposals.clear();
        }
        self.proposals.retain(|other| other.source() != proposal.source());
        let before = |other: &Proposal| other.rank.unwrap_or(f64::INFINITY) >= proposal.rank.unwrap_or(f64::INFINITY);
        let place = self.proposals.partition_point(before);
        self.proposals.insert(place, proposal);
        self.is_following() && self.best().is_some_and(|best| best.source() != self.program.text)
    }

    /// The best proposal that made something.
    pub fn best(&self) -> Option<&Proposal> {
        self.proposals.first().filter(|best| best.mesh.is_some())
    }

    /// Takes over the program of the best proposal, going on with following.
    pub fn follow(&mut self) {
        let Some(source) = self.best().map(|best| best.source().to_owned()) else { return };
        self.chosen = Some(source.as_str().into());
        self.program.set_text(source);
        if let Some(ongoing) = &mut self.ongoing {
            ongoing.follows = Some(self.program.revision);
        }
    }

    /// Takes over the program of a proposal; the best one is not followed any more.
    pub fn choose(&mut self, index: usize) {
        let Some(source) = self.proposals.get(index).map(|proposal| proposal.source().to_owned()) else { return };
        self.chosen = Some(source.as_str().into());
        self.program.set_text(source);
        if let Some(ongoing) = &mut self.ongoing {
            ongoing.follows = None;
        }
    }

    /// The reconstruction is over with these proposals, best first; without any, those that came stay. What the user chose
    /// meanwhile stays in the list. Whether the best one is to be shown.
    pub fn finish_reconstruction(&mut self, proposals: Vec<Proposal>) -> bool {
        let follows = self.is_following();
        (self.ongoing, self.being_written) = (None, None);
        if !proposals.is_empty() {
            let chosen = self.chosen_proposal().filter(|_| !follows).map(|index| self.proposals.swap_remove(index));
            self.proposals = proposals;
            if self.chosen_proposal().is_none() {
                self.proposals.extend(chosen);
            }
        }
        for proposal in &mut self.proposals {
            proposal.rank = None;
        }
        follows
    }
}

#[cfg(test)]
mod tests {
    use partwright_reconstruct::{Execution, Judgement, Origin, Properties, Verdict};

    use super::*;
    use crate::document::{Document, Input, ItemId, Program};

    fn scored(source: &str) -> Scored {
        let properties = Properties {
            volume: 1.0,
            area: 6.0,
            bounds: [glam::DVec3::ZERO, glam::DVec3::ONE],
            valid: true,
            solids: 1,
            faces: 6,
        };
        Scored {
            source: source.to_owned(),
            origin: Origin::Box,
            operations: 1,
            refinement: None,
            execution: Ok(Execution {
                mesh: TriMesh::default(),
                properties,
                faces: Vec::new(),
                face_of: Vec::new(),
                shape: None,
            }),
            score: None,
            judgement: Judgement { verdict: Verdict::Check, reason: String::new() },
        }
    }

    fn live(source: &str, rank: f64) -> Proposal {
        Proposal::live(&LiveCandidate { scored: &scored(source), rank, iou: Some(rank), deviation: None })
    }

    fn document() -> (Document, ItemId) {
        let mut document = Document::default();
        let id = document.add("a", None, Input::Program, Program::new("before"));
        (document, id)
    }

    fn sources(item: &Item) -> Vec<&str> {
        item.proposals.iter().map(Proposal::source).collect()
    }

    #[test]
    fn the_best_so_far_is_followed() {
        let (mut document, id) = document();
        let item = document.item_mut(id).expect("it is open");
        assert!(!item.propose(live("early", 0.1)), "nothing goes on");
        item.proposals = vec![Proposal::new(scored("old"))];
        item.begin_reconstruction();
        assert_eq!(sources(item), ["old"], "what there was stays until there is something");
        assert!(item.propose(live("b", 0.5)));
        item.follow();
        assert!(!item.propose(live("c", 0.2)), "the best one is shown already");
        assert!(item.propose(live("a", 0.9)));
        item.follow();
        assert!(!item.propose(live("d", f64::NEG_INFINITY)));
        assert_eq!(sources(item), ["a", "b", "c", "d"]);
        assert_eq!((item.program.text.as_str(), item.chosen_proposal()), ("a", Some(0)));
        let finals = ["b", "a"].map(|source| Proposal::new(scored(source))).into();
        assert!(item.finish_reconstruction(finals));
        item.follow();
        assert_eq!((sources(item), item.program.text.as_str()), (vec!["b", "a"], "b"));
        assert!(!item.is_following() && !item.proposals.iter().any(Proposal::is_provisional));
    }

    #[test]
    fn what_is_being_written_is_seen_until_there_is_a_program() {
        let (mut document, id) = document();
        let item = document.item_mut(id).expect("it is open");
        let written = BeingWritten { sample: 1, text: "r=".to_owned() };
        item.write(written.clone());
        assert_eq!(item.being_written, None, "nothing goes on");
        item.begin_reconstruction();
        item.write(written.clone());
        assert_eq!(item.being_written, Some(written.clone()));
        item.propose(live("b", 0.5));
        assert_eq!(item.being_written, None);
        item.write(written);
        item.finish_reconstruction(Vec::new());
        assert_eq!(item.being_written, None);
    }

    #[test]
    fn what_the_user_decides_meanwhile_stays() {
        let (mut document, id) = document();
        let item = document.item_mut(id).expect("it is open");
        item.begin_reconstruction();
        item.propose(live("b", 0.5));
        item.propose(live("c", 0.2));
        item.choose(1);
        assert!(!item.propose(live("a", 0.9)));
        assert_eq!(item.chosen_proposal(), Some(2), "it is the same one at another place");
        assert!(!item.finish_reconstruction(["a", "b"].map(|source| Proposal::new(scored(source))).into()));
        assert_eq!((sources(item), item.program.text.as_str()), (vec!["a", "b", "c"], "c"));

        item.begin_reconstruction();
        item.program.set_text("typed");
        assert!(!item.propose(live("x", 0.5)));
        assert!(!item.finish_reconstruction(Vec::new()));
        assert_eq!((sources(item), item.program.text.as_str()), (vec!["x"], "typed"));
    }
}
