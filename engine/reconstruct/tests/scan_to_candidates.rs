//! The pool from a scan to ranked candidates.

use std::sync::Mutex;

use glam::DVec3;
use partwright_geometry::{Geometry, PointCloud, TriMesh};
use partwright_reconstruct::{
    CancelToken, Executor as _, InProcess, LiveCandidate, ProgramFrame, Progress, ReconstructConfig, ReconstructError,
    Silent, Verdict, Watch, reconstruct,
};

fn cuboid(low: DVec3, high: DVec3) -> TriMesh {
    let positions = (0..8)
        .map(|i| {
            let pick = |bit: usize, l: f64, h: f64| if i >> bit & 1 == 1 { h } else { l };
            DVec3::new(pick(0, low.x, high.x), pick(1, low.y, high.y), pick(2, low.z, high.z))
        })
        .collect();
    let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles = quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect();
    TriMesh { positions, triangles }
}

#[test]
fn a_box_far_from_the_origin_is_good_in_its_own_pose() {
    let scan = Geometry::Mesh(cuboid(DVec3::new(300.0, 0.0, 0.0), DVec3::new(340.0, 20.0, 4.0)));
    let run = |config: &ReconstructConfig| {
        reconstruct(&scan, config, &InProcess::default(), &Silent, &CancelToken::default()).unwrap()
    };
    let found = run(&ReconstructConfig::default());
    let best = found.best().unwrap();
    assert_eq!(best.judgement.verdict, Verdict::Good, "{}", best.judgement.reason);
    assert!(best.score.as_ref().unwrap().iou.unwrap() > 0.999_999);
    let [low, high] = best.execution.as_ref().unwrap().properties.bounds;
    assert!(low.distance(DVec3::X * 300.0) < 1e-9 && high.distance(DVec3::new(340.0, 20.0, 4.0)) < 1e-9);
    assert!(best.source.contains("\nlength = 40  # along x\n"), "{}", best.source);
    assert!(found.complete);

    let normalized = ReconstructConfig { frame: ProgramFrame::Normalized, ..ReconstructConfig::default() };
    let found = run(&normalized);
    let best = found.best().unwrap();
    assert!(best.source.contains("box(200, 100, 20)"), "{}", best.source);
    let corner = found.scan_from_program.point(DVec3::new(100.0, 50.0, 10.0));
    assert!(corner.distance(DVec3::new(340.0, 20.0, 4.0)) < 1e-9);
}

#[test]
fn hopeless_scans_are_refused_in_words() {
    let run = |scan: Geometry, cancel: &CancelToken| {
        reconstruct(&scan, &ReconstructConfig::default(), &InProcess::default(), &Silent, cancel)
            .map(|r| r.candidates.len())
    };
    let none = CancelToken::default();
    assert_eq!(run(Geometry::Mesh(TriMesh::default()), &none), Err(ReconstructError::Empty));
    assert_eq!(run(Geometry::Cloud(PointCloud::default()), &none), Err(ReconstructError::Empty));
    let point = PointCloud { positions: vec![DVec3::ONE; 9], ..PointCloud::default() };
    assert_eq!(run(Geometry::Cloud(point), &none), Err(ReconstructError::Empty));
}

/// An executor that makes nothing, as if every program failed.
struct Failing;

impl partwright_reconstruct::Executor for Failing {
    fn execute(
        &self,
        _source: &str,
        _deadline: &partwright_reconstruct::Deadline,
    ) -> Result<partwright_reconstruct::Execution, Box<partwright_cadquery::Diagnostic>> {
        let kind = partwright_cadquery::DiagnosticKind::Time;
        Err(Box::new(partwright_cadquery::Diagnostic::new(kind, "never")))
    }
}

#[test]
fn the_box_is_what_is_left() {
    let scan = Geometry::Mesh(cuboid(DVec3::new(300.0, 0.0, 0.0), DVec3::new(340.0, 20.0, 4.0)));
    let run = |time: Option<std::time::Duration>, cancel: &CancelToken| {
        let config = ReconstructConfig { time, ..ReconstructConfig::default() };
        reconstruct(&scan, &config, &Failing, &Silent, cancel)
    };
    let none = CancelToken::default();
    let found = run(None, &none).unwrap();
    let best = found.best().unwrap();
    assert_eq!(best.source, "import cadquery as cq\n\nr = cq.Workplane(\"XY\", origin=(320, 10, 2)).box(40, 20, 4)\n");
    assert!(best.score.as_ref().unwrap().iou.unwrap() > 0.999_999);
    assert!((best.execution.as_ref().unwrap().properties.volume - 3200.0).abs() < 1e-9);

    let found = run(Some(std::time::Duration::ZERO), &none).unwrap();
    assert!(!found.complete);
    assert_eq!(found.best().unwrap().judgement.verdict, Verdict::Refused);

    none.cancel();
    assert_eq!(run(None, &none).map(|r| r.candidates.len()), Err(ReconstructError::Cancelled));
}

/// Keeps what it hears: the program, its rank, whether it made something and was measured.
#[derive(Default)]
struct Heard(Mutex<Vec<(String, f64, bool)>>);

impl Progress for Heard {
    fn report(&self, _stage: &str, _fraction: f64) {}
}

impl Watch for Heard {
    fn listens(&self) -> bool {
        true
    }

    fn candidate(&self, candidate: &LiveCandidate<'_>) {
        assert!(candidate.scored.score.is_none(), "the full measurement comes at the end");
        let measured = candidate.iou.is_some() && candidate.deviation.is_some();
        assert_eq!(measured, candidate.scored.execution.is_ok());
        assert_eq!(candidate.rank.is_finite(), candidate.scored.execution.is_ok());
        let heard = (candidate.scored.source.clone(), candidate.rank, measured);
        self.0.lock().expect("nobody panicked with it").push(heard);
    }
}

#[test]
fn candidates_are_heard_of_while_they_come_and_listening_changes_nothing() {
    let scan = Geometry::Mesh(cuboid(DVec3::ZERO, DVec3::new(40.0, 20.0, 4.0)));
    let heard = Heard::default();
    let config = ReconstructConfig { time: None, candidates: 2, ..ReconstructConfig::default() };
    let none = CancelToken::default();
    let watched = reconstruct(&scan, &config, &InProcess::default(), &heard, &none).unwrap();
    let silent = reconstruct(&scan, &config, &InProcess::default(), &Silent, &none).unwrap();
    let sources = |found: &partwright_reconstruct::Reconstruction| -> Vec<String> {
        found.candidates.iter().map(|candidate| candidate.source.clone()).collect()
    };
    assert_eq!(sources(&watched), sources(&silent));
    let mut heard = heard.0.into_inner().unwrap();
    assert!(heard.iter().any(|(_, _, measured)| *measured));
    heard.sort_by(|a, b| b.1.total_cmp(&a.1));
    // What is offered in the end is written with names; the bodies are the same.
    let volume = |source: &str| {
        let made = InProcess::default().execute(source, &partwright_reconstruct::Deadline::default());
        made.unwrap().properties.volume
    };
    let ranked: Vec<f64> = heard.iter().map(|(source, ..)| volume(source)).take(2).collect();
    let offered: Vec<f64> = sources(&watched).iter().map(|source| volume(source)).collect();
    assert_eq!(ranked, offered, "the ranks that were told are those of the result");

    let failing = Heard::default();
    let found = reconstruct(&scan, &config, &Failing, &failing, &none).unwrap();
    assert!(failing.0.into_inner().unwrap().iter().all(|(_, rank, _)| rank.is_infinite()));
    assert!(found.best().is_some(), "the box was not executed and is not heard of");
}

/// An executor that makes a small box of every program: what comes of it is no approximation of anything.
struct Dwarfing;

impl partwright_reconstruct::Executor for Dwarfing {
    fn execute(
        &self,
        _source: &str,
        deadline: &partwright_reconstruct::Deadline,
    ) -> Result<partwright_reconstruct::Execution, Box<partwright_cadquery::Diagnostic>> {
        InProcess::default().execute("import cadquery as cq\nr = cq.Workplane().box(1, 1, 1)\n", deadline)
    }
}

#[test]
fn nothing_worse_than_the_box_is_offered_first() {
    let scan = Geometry::Mesh(cuboid(DVec3::ZERO, DVec3::new(40.0, 20.0, 4.0)));
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let found = reconstruct(&scan, &config, &Dwarfing, &Silent, &CancelToken::default()).unwrap();
    let best = found.best().unwrap();
    assert!(best.score.as_ref().unwrap().iou.unwrap() > 0.999_999, "{}", best.source);
    assert!(found.candidates.len() > 1, "what was made instead is still there");
}
