//! Executing a program that was made here: what counts is the part that its text makes, not the one it was made from.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use partwright_brep::evaluate::facet_mesh;
use partwright_cadquery::api::Session;
use partwright_cadquery::{Limits, run_in_process};
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::{Bounds, TriMesh};

/// What a part's text makes.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// Its watertight facets.
    pub(super) mesh: Arc<TriMesh>,
    pub(super) bounds: Bounds,
    pub(super) volume: f64,
}

/// Rounding may make a part so much longer or shorter than 200, and move its middle by so much.
const SLACK: f64 = 1.0;
/// Programs made here take some milliseconds.
const TIME: Duration = Duration::from_secs(2);

/// Runs a program; `None` where it makes no part that fills the frame. `least_volume`: see
/// [`super::GeneratorConfig::least_volume`].
pub(super) fn execute(source: &str, least_volume: f64) -> Option<Made> {
    let limits = Limits { time: TIME, ..Limits::default() };
    // The kernel is not known to panic; if it does, this program is as useless as others that are dropped.
    let mesh = catch_unwind(AssertUnwindSafe(|| {
        let run = run_in_process(source, &limits, &mut Session::new());
        facet_mesh(&run.shape?).ok()
    }))
    .ok()??;
    let bounds = Bounds::of_mesh(&mesh)?;
    let volume = volume(&mesh);
    let fills =
        (bounds.longest_side() - PROGRAM_FRAME_SIDE).abs() <= SLACK && bounds.center().abs().max_element() <= SLACK;
    (fills && volume >= least_volume).then_some(Made { mesh, bounds, volume })
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
            let volume = execute(&source, 2000.0).map(|made| made.volume.round());
            assert_eq!(volume, expected, "{body}");
        };
        check("w0.box(200,100,50)", Some(1e6));
        check("w0.box(190,100,50)", None);
        check("w0.moveTo(9,0).box(200,100,50)", None);
        check("w0.box(200,3,3)", None);
        check("w0.box(200,100,0)", None);
        check("w0.sketch().rect(200,10).finalize().extrude(", None);
    }
}
