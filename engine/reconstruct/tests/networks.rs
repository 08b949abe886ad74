//! Programs of networks in the pool: brought back to the scan's frame, ranked beside the fit, and ranked among themselves where
//! there is nothing to measure.

#![expect(clippy::unwrap_used, reason = "what cannot be made for a test is its failure")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;

use glam::DVec3;
use partwright_cadrille::input::PictureGrid;
use partwright_cadrille::sampling::End;
use partwright_cadrille::writer::{PartInput, ProgramWriter, WrittenProgram};
use partwright_geometry::{Geometry, Similarity, TriMesh};
use partwright_reconstruct::{
    Author, AuthorError, CancelToken, Criterion, Deadline, Executor as _, InProcess, NamedWriter, NetworkSource,
    Origin, Progress, ReconstructConfig, ReconstructError, Silent, UnmeasuredConfig, Verdict, Watch, WhenAsked,
    WritingOrder, Written, reconstruct_unmeasured, reconstruct_with,
};

/// An author whose programs are known.
struct Known {
    programs: Vec<&'static str>,
    end: End,
    asked: Mutex<usize>,
}

impl Known {
    fn new(programs: &[&'static str]) -> Self {
        Self { programs: programs.to_vec(), end: End::Token(0), asked: Mutex::new(0) }
    }
}

impl Author for Known {
    fn name(&self) -> &'static str {
        "known"
    }

    fn write(
        &self,
        _: &PartInput,
        order: &WritingOrder,
        _: &Deadline,
        watch: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError> {
        *self.asked.lock().unwrap() += 1;
        let program = |(i, source): (usize, &&str)| {
            watch.writing(i, source);
            WrittenProgram {
                source: (*source).to_owned(),
                sample: i as u64,
                tokens: 9,
                log_probability: -f64::from(i as u32),
                end: self.end,
            }
        };
        Ok(self.programs.iter().take(order.samples).enumerate().map(program).collect())
    }
}

/// An L of 200 x 100 x 40 with a bore, in the network's frame: the numbers of a trained network's output.
const ELL: &str = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-20))\nr=w0.sketch().segment((-100,-50),(100,-50))\
    .segment((100,0)).segment((0,0)).segment((0,50)).segment((-100,50)).close().assemble().push([(-50,0)])\
    .circle(20,mode='s').finalize().extrude(40)";
const BOX: &str = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(200,100,40)";

fn mesh_of(source: &str) -> TriMesh {
    InProcess::default().execute(source, &Deadline::default()).unwrap().mesh
}

/// The L as a scan of a tenth of the size, away from the origin.
fn scan() -> (Geometry, Similarity) {
    let scan_from_program =
        Similarity { scale: 0.1, translation: DVec3::new(300.0, -20.0, 5.0), ..Similarity::IDENTITY };
    (scan_from_program.geometry(&Geometry::Mesh(mesh_of(ELL))), scan_from_program)
}

fn of_network(origin: &Origin) -> Option<&Written> {
    match origin {
        Origin::Network(written) => Some(written),
        _ => None,
    }
}

#[test]
fn a_networks_program_comes_back_to_the_scans_frame_and_is_ranked_beside_the_fit() {
    let (scan, _) = scan();
    let author = Known::new(&[ELL, BOX, "import os\nr=os", ELL]);
    let network = NetworkSource { author: &author, samples: 4, rounds: 0, when: WhenAsked::Always, description: None };
    let config = ReconstructConfig { candidates: 20, ..ReconstructConfig::default() };
    let found =
        reconstruct_with(&scan, Some(&network), &config, &InProcess::default(), &Silent, &CancelToken::default())
            .unwrap();
    assert_eq!((found.criterion, found.complete), (Criterion::Measured, true));
    let written: Vec<_> = found.candidates.iter().filter(|c| of_network(&c.origin).is_some()).collect();
    assert_eq!(written.len(), 3, "the same program twice is one candidate");
    let ell = written[0];
    let iou = ell.score.as_ref().unwrap().iou.unwrap();
    // The scan was faceted in the network's frame, the result in its own.
    assert!(iou > 0.999, "{iou}");
    assert_eq!((ell.judgement.verdict, of_network(&ell.origin).unwrap().times), (Verdict::Good, 2));
    assert!(ell.source.contains("origin=(300,-20,3)") && ell.source.contains("extrude(4)"), "{}", ell.source);
    let last = found.candidates.last().unwrap();
    assert!(last.execution.is_err() && last.source.contains("import os"), "what cannot be executed comes last");
    let fitted = found.candidates.iter().find(|c| of_network(&c.origin).is_none()).unwrap();
    assert!(fitted.score.as_ref().unwrap().iou.unwrap() > 0.999, "the fit is there, too");
}

#[test]
fn a_network_is_asked_only_where_it_is_needed() {
    let (scan, _) = scan();
    let check = |when: WhenAsked, expected: usize| {
        let author = Known::new(&[BOX]);
        let network = NetworkSource { author: &author, samples: 1, rounds: 0, when, description: None };
        let (config, cancel) = (ReconstructConfig::default(), CancelToken::default());
        reconstruct_with(&scan, Some(&network), &config, &InProcess::default(), &Silent, &cancel).unwrap();
        assert_eq!(*author.asked.lock().unwrap(), expected, "{when:?}");
    };
    check(WhenAsked::WhereFitFails, 0);
    check(WhenAsked::Always, 1);
}

/// Hears what is written.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Progress for Heard {
    fn report(&self, _: &str, _: f64) {}
}

impl Watch for Heard {
    fn writing(&self, _: usize, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

fn unmeasured(author: &dyn Author, part: &PartInput, samples: usize) -> partwright_reconstruct::Reconstruction {
    let config = UnmeasuredConfig { candidates: 20, samples, ..UnmeasuredConfig::default() };
    let heard = Heard::default();
    let found =
        reconstruct_unmeasured(author, part, &config, &InProcess::default(), &heard, &CancelToken::default()).unwrap();
    assert!(!heard.0.lock().unwrap().is_empty(), "what is written is told");
    assert_eq!(found.criterion, Criterion::Agreement);
    found
}

#[test]
fn without_a_scan_agreement_decides() {
    // Two that nearly agree, one that differs and is the likeliest, one that makes nothing.
    let nearly = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(200,100,42)";
    let other = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.sphere(100)";
    let author = Known::new(&[other, BOX, nearly, "r=1"]);
    let found = unmeasured(&author, &PartInput::Description("a plate".to_owned()), 4);
    let order: Vec<u64> = found.candidates.iter().map(|c| of_network(&c.origin).unwrap().sample).collect();
    assert_eq!(order[2..], [0, 3], "{order:?}");
    let agreement = |i: usize| of_network(&found.candidates[i].origin).unwrap().agreement;
    assert!(agreement(0).unwrap() > agreement(2).unwrap() && agreement(3).is_none());
    let best = &found.candidates[0].judgement;
    assert_eq!(best.verdict, Verdict::Check);
    assert!(best.reason.contains("nothing to measure it against"), "{}", best.reason);
    assert!(found.candidates.iter().all(|c| c.judgement.verdict != Verdict::Good && c.score.is_none()));
}

#[test]
fn samples_that_share_nothing_are_a_guess() {
    let rod = "import cadquery as cq\nr=cq.Workplane('XY').box(200,4,4)";
    let ball = "import cadquery as cq\nr=cq.Workplane('XY').sphere(100)";
    let found = unmeasured(&Known::new(&[ELL, rod, ball]), &PartInput::Description("?".to_owned()), 3);
    assert!(found.candidates.iter().all(|c| c.judgement.verdict == Verdict::Refused), "{found:?}");
    assert!(found.candidates[0].judgement.reason.contains("guessing"));
}

#[test]
fn stray_bodies_and_broken_programs_are_set_right() {
    let stray = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\n\
        r=w0.box(200,100,20).union(w0.workplane(offset=80).box(3,3,3))";
    let found = unmeasured(&Known::new(&[stray]), &PartInput::Description("a plate".to_owned()), 1);
    let facts: Vec<_> = found
        .candidates
        .iter()
        .map(|c| (of_network(&c.origin).unwrap().without_bodies, c.execution.as_ref().unwrap().properties.solids))
        .collect();
    assert_eq!(facts, [(1, 1), (0, 2)]);

    let broken = "import cadquery as cq\nw0=cq.Workplane('XY')\nr=w0.box(200,100,20).union(w0.sketch().cir";
    let author = Known { end: End::Limit, ..Known::new(&[broken]) };
    let found = unmeasured(&author, &PartInput::Description("a plate".to_owned()), 1);
    let best = &found.candidates[0];
    assert!(best.execution.is_ok() && of_network(&best.origin).unwrap().cut_short, "{best:?}");
    assert!(best.origin.to_string().contains("broke off"));
}

#[test]
fn the_size_that_is_known_is_given_to_the_part() {
    let config = UnmeasuredConfig { longest_side: Some(50.0), ..UnmeasuredConfig::default() };
    let (author, part) = (Known::new(&[BOX]), PartInput::Description("a plate".to_owned()));
    let cancel = CancelToken::default();
    let found = reconstruct_unmeasured(&author, &part, &config, &InProcess::default(), &Silent, &cancel).unwrap();
    let [low, high] = found.candidates[0].execution.as_ref().unwrap().properties.bounds;
    assert!((high - low).abs_diff_eq(DVec3::new(50.0, 25.0, 10.0), 1e-9), "{low} {high}");
}

/// An author that writes a poor program and makes it better when it is shown where it is wrong.
struct Improving {
    shown: Mutex<Vec<(String, usize)>>,
    last: usize,
}

impl Author for Improving {
    fn name(&self) -> &'static str {
        "improving"
    }

    fn edits(&self) -> bool {
        true
    }

    fn write(
        &self,
        part: &PartInput,
        _: &WritingOrder,
        _: &Deadline,
        _: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError> {
        let program = |height: usize| {
            let source =
                format!("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(200,100,{height})");
            WrittenProgram { source, sample: 0, tokens: 9, log_probability: -1.0, end: End::Token(0) }
        };
        let height = match part {
            PartInput::Edit(edit) => {
                let mut shown = self.shown.lock().unwrap();
                let far = partwright_cadrille::input::disagreement(&edit.scan, &edit.part, 16, edit.seed).unwrap();
                shown.push((edit.program.clone(), far.len()));
                (20 + 10 * shown.len()).min(self.last)
            }
            _ => 20,
        };
        Ok(vec![program(height)])
    }
}

#[test]
fn programs_are_improved_until_nothing_is_gained() {
    let scan = Geometry::Mesh(mesh_of("import cadquery as cq\nr=cq.Workplane('XY').box(200,100,60)"));
    let check = |rounds: usize, last: usize, asked: usize, best: &str| {
        let author = Improving { shown: Mutex::default(), last };
        let network = NetworkSource { author: &author, samples: 1, rounds, when: WhenAsked::Always, description: None };
        let config = ReconstructConfig { candidates: 20, refine: false, ..ReconstructConfig::default() };
        let cancel = CancelToken::default();
        let found = reconstruct_with(&scan, Some(&network), &config, &InProcess::default(), &Silent, &cancel).unwrap();
        let shown = author.shown.lock().unwrap();
        assert_eq!(shown.len(), asked, "{shown:?}");
        assert!(shown.iter().all(|(program, far)| program.contains("box(200,100,") && *far == 16));
        let written: Vec<_> = found.candidates.iter().filter(|c| of_network(&c.origin).is_some()).collect();
        assert!(written[0].source.contains(best), "{}", written[0].source);
        let mut rounds: Vec<usize> = written.iter().map(|c| of_network(&c.origin).unwrap().round).collect();
        rounds.sort_unstable();
        assert_eq!(rounds, (0..=asked).collect::<Vec<_>>(), "each round's program is a candidate");
    };
    check(0, 60, 0, "20)");
    check(2, 60, 2, "40)");
    // The fourth reaches the part; the next one writes the same again.
    check(9, 60, 5, "60)");
    check(9, 30, 2, "30)");
}

/// An author that fails.
struct Failing;

impl Author for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn write(
        &self,
        _: &PartInput,
        _: &WritingOrder,
        _: &Deadline,
        _: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError> {
        Err(AuthorError::NotLoaded { reason: "its file is gone".to_owned() })
    }
}

#[test]
fn a_network_that_fails_is_noted_and_costs_nothing_else() {
    let (scan, _) = scan();
    let network = NetworkSource { author: &Failing, samples: 1, rounds: 0, when: WhenAsked::Always, description: None };
    let (config, cancel) = (ReconstructConfig::default(), CancelToken::default());
    let found = reconstruct_with(&scan, Some(&network), &config, &InProcess::default(), &Silent, &cancel).unwrap();
    assert!(found.best().is_some() && found.notes.iter().any(|note| note.contains("its file is gone")), "{found:?}");
    let part = PartInput::Description("a plate".to_owned());
    let failed =
        reconstruct_unmeasured(&Failing, &part, &UnmeasuredConfig::default(), &InProcess::default(), &Silent, &cancel);
    assert!(matches!(failed, Err(ReconstructError::NetworkWroteNothing { .. })));
}

/// A random checkpoint goes all the way with points, pictures and text: what it writes is of the dialect, and executed or
/// refused.
#[test]
fn a_tiny_checkpoint_writes_from_every_kind_of_input() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cadrille/tests/fixtures/cadrille-tiny/tiny_model");
    let writer = ProgramWriter::load(&folder, None, &|_| ControlFlow::Continue(())).unwrap();
    let author = NamedWriter { name: "tiny".to_owned(), writer };
    let views = [image::RgbImage::from_pixel(64, 64, image::Rgb([200, 180, 90]))];
    let inputs = [
        PartInput::Pictures(PictureGrid::of_views(&views).unwrap()),
        PartInput::Description("a round plate with a hole".to_owned()),
    ];
    for part in &inputs {
        let found = unmeasured(&author, part, 3);
        for candidate in &found.candidates {
            assert!(candidate.execution.is_ok() || candidate.judgement.verdict == Verdict::Refused, "{candidate:?}");
            assert!("import cadquery as cq\n".starts_with(candidate.source.get(..22).unwrap_or(&candidate.source)));
        }
    }
    let (scan, _) = scan();
    let network = NetworkSource { author: &author, samples: 3, rounds: 0, when: WhenAsked::Always, description: None };
    let config = ReconstructConfig { candidates: 20, ..ReconstructConfig::default() };
    let cancel = CancelToken::default();
    let found = reconstruct_with(&scan, Some(&network), &config, &InProcess::default(), &Silent, &cancel).unwrap();
    assert!(found.candidates.iter().any(|c| of_network(&c.origin).is_some()), "{:?}", found.notes);
    assert!(of_network(&found.best().unwrap().origin).is_none(), "a random network does not win");
}
