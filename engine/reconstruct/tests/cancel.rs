//! Stopping a reconstruction at any moment: it comes back soon, with what it has or with an error that says so.

use std::time::{Duration, Instant};

use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{
    CancelToken, Deadline, Executor as _, InProcess, ReconstructConfig, ReconstructError, Silent, reconstruct,
};

/// A hundred milliseconds is what is wanted, and what it takes where the cores are free; this is for machines that are not.
const HANGS: Duration = Duration::from_secs(10);

fn part() -> TriMesh {
    let source = "import cadquery as cq
r = cq.Workplane('XY').box(60, 40, 10).faces('>Z').workplane().pushPoints([(-22, 0), (22, 0)]).hole(5)
r = r.union(cq.Workplane('XY').circle(15).extrude(20)).cut(cq.Workplane('XY').circle(9).extrude(30))
";
    InProcess::default().execute(source, &Deadline::default()).expect("the part is a valid program").mesh
}

/// Stops at `after` and gives how long it took to come back; `None` when the work had ended before.
fn stopped(scan: &Geometry, after: Duration) -> Option<Duration> {
    let cancel = CancelToken::default();
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    std::thread::scope(|scope| {
        let token = cancel.clone();
        let stopper = scope.spawn(move || {
            std::thread::sleep(after);
            token.cancel();
            Instant::now()
        });
        let found = reconstruct(scan, &config, &InProcess::default(), &Silent, &cancel);
        let back = Instant::now();
        let asked = stopper.join().expect("the stopper does not fail");
        match &found {
            Ok(found) if found.complete => return None,
            Ok(found) => assert!(found.notes.iter().any(|note| note.contains("stopped")), "{:?}", found.notes),
            Err(error) => assert_eq!(*error, ReconstructError::Cancelled),
        }
        Some(back.saturating_duration_since(asked))
    })
}

fn check(scan: &Geometry) {
    let config = ReconstructConfig { time: None, ..ReconstructConfig::default() };
    let started = Instant::now();
    reconstruct(scan, &config, &InProcess::default(), &Silent, &CancelToken::default()).expect("a part is found");
    let whole = started.elapsed();
    let mut heard = 0;
    // Moments spread over the whole work by the golden section: no stage is left out.
    for i in 0..6u32 {
        let share = (0.05 + 0.618_034 * f64::from(i)).fract();
        if let Some(took) = stopped(scan, whole.mul_f64(share)) {
            heard += 1;
            assert!(took < HANGS, "stopped at {share:.2} of the work, back after {took:?}");
        }
    }
    assert!(heard > 0, "no run was stopped in time");
}

#[test]
fn a_mesh_can_be_given_up_at_any_moment() {
    check(&Geometry::Mesh(part()));
}

#[test]
fn a_cloud_can_be_given_up_at_any_moment() {
    let positions = sample::surface(&part(), 20_000, 1).positions;
    check(&Geometry::Cloud(PointCloud { positions, ..PointCloud::default() }));
}
