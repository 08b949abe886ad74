//! Executing a program that was made here: what counts is the part that its text makes, not the one it was made from.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use partwright_brep::evaluate::facet_mesh;
use partwright_brep::{Body, Node, Shape, checks};
use partwright_cadquery::api::Session;
use partwright_cadquery::{History, HistoryCall, Limits, run_in_process};
use partwright_geometry::TriMesh;
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;

/// Rounding may make a part so much longer or shorter than 200, and move its middle by so much.
const SLACK: f64 = 1.0;
/// Programs made here take some milliseconds.
const TIME: Duration = Duration::from_secs(2);

/// What is asked of a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demands {
    /// See [`super::GeneratorConfig::least_volume`].
    pub(super) least_volume: f64,
    /// Whether it is one solid, and every union and cut changes it.
    pub(super) meant: bool,
}

/// A union or cut changes the volume by this share at least, or it is not seen.
const LEAST_CHANGE: f64 = 0.002;

/// The part that a program makes; `None` where it makes none that fills the frame, passes all checks and meets the demands.
pub(super) fn execute(source: &str, demands: Demands) -> Option<Arc<Body>> {
    let limits = Limits { time: TIME, ..Limits::default() };
    // The kernel is not known to panic; if it does, this program is as useless as others that are dropped.
    let body = catch_unwind(AssertUnwindSafe(|| {
        let run = run_in_process(source, &limits, &mut Session::new());
        let body = run.shape?.body().ok()?;
        (!demands.meant || (body.solids.len() == 1 && all_change(&run.history, &body))).then_some(body)
    }))
    .ok()??;
    let [low, high] = body.bounds;
    let longest = (high - low).max_element();
    let off = (0.5 * (low + high)).abs().max_element();
    let fills = (longest - PROGRAM_FRAME_SIDE).abs() <= SLACK && off <= SLACK;
    (fills && body.volume >= demands.least_volume && checks::check(&body.solids).is_empty()).then_some(body)
}

/// Whether each union and cut of a chain changes what was there before.
fn all_change(history: &History, whole: &Body) -> bool {
    let joins = |call: &&HistoryCall| matches!(call.name.as_str(), "Workplane.union" | "Workplane.cut");
    let joined: Vec<&Shape> = history.calls.iter().filter(joins).filter_map(|call| call.shape.as_ref()).collect();
    let Some(Node::Boolean { left, .. }) = joined.first().map(|shape| shape.node()) else { return true };
    // The facets are off by more than the least change, but all alike.
    let measured = |shape: &Shape| {
        let mesh = facet_mesh(shape).ok()?;
        Some(volume(&mesh))
    };
    let volumes: Option<Vec<f64>> = std::iter::once(left).chain(joined.iter().copied()).map(measured).collect();
    let changes = |pair: &[f64]| (pair[1] - pair[0]).abs() >= LEAST_CHANGE * whole.volume;
    volumes.is_some_and(|volumes| volumes.windows(2).all(changes))
}

/// Volume of a closed mesh.
fn volume(mesh: &TriMesh) -> f64 {
    let corners = mesh.triangles.iter().filter_map(|triangle| mesh.corners(*triangle));
    corners.map(|[a, b, c]| a.dot(b.cross(c))).sum::<f64>() / 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_do_not_fill_the_frame_are_none() {
        let check = |body: &str, expected: Option<f64>| {
            let source = format!("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr={body}");
            let demands = Demands { least_volume: 2000.0, meant: true };
            let volume = execute(&source, demands).map(|body| body.volume.round());
            assert_eq!(volume, expected, "{body}");
        };
        check("w0.box(200,100,50)", Some(1e6));
        check("w0.box(200,100,50).cut(w0.box(20,20,200))", Some(980_000.0));
        check("w0.box(200,100,50).cut(w0.moveTo(0,80).box(20,20,20))", None);
        check("w0.box(200,100,50).union(w0.box(20,20,20))", None);
        check("w0.box(200,100,50).cut(w0.box(20,200,200))", None);
        check("w0.box(190,100,50)", None);
        check("w0.moveTo(9,0).box(200,100,50)", None);
        check("w0.box(200,3,3)", None);
        check("w0.box(200,100,0)", None);
        check("w0.sketch().rect(200,10).finalize().extrude(", None);
    }
}
