//! Small bodies that a network wrote beside the part: recognised, and left out.

use partwright_cadquery::rewrite::without_one_body;
use partwright_fit::Deadline;
use partwright_geometry::metric::{shells, signed_volume};
use partwright_geometry::query::MeshQuery;
use partwright_geometry::{Bounds, TriMesh};

use crate::{Execution, Executor};

/// A body of at most this share of the largest one's volume is small.
const SMALL: f64 = 0.1;
/// A body nowhere nearer to the largest one than this share of the size is beside it.
const BESIDE: f64 = 0.02;
/// Programs tried to leave bodies out.
const MOST_TRIED: usize = 24;

/// The program without its stray bodies, what it makes, and how many were left out; `None` where there is none, or none can
/// be left out by leaving a union out.
pub(super) fn without_stray_bodies(
    source: &str,
    made: &Execution,
    executor: &dyn Executor,
    deadline: &Deadline,
) -> Option<(String, Execution, usize)> {
    let (mut source, mut made, mut left_out, mut tried) = (source.to_owned(), made.clone(), 0, 0);
    while let Some(stray) = stray_volumes(&made.mesh) {
        let fewer = without_one_body(&source).into_iter().find_map(|shorter| {
            tried += 1;
            if tried > MOST_TRIED || deadline.reached() {
                return None;
            }
            let execution = executor.execute(&shorter, deadline).ok()?;
            let gone = made.properties.volume - execution.properties.volume;
            let solids = made.properties.solids.checked_sub(execution.properties.solids)?;
            let is_stray = solids == 1 && stray.iter().any(|volume| (gone - volume).abs() <= 1e-3 * volume);
            is_stray.then_some((shorter, execution))
        });
        let Some((shorter, execution)) = fewer else { break };
        (source, made, left_out) = (shorter, execution, left_out + 1);
    }
    (left_out > 0).then_some((source, made, left_out))
}

/// The volumes of the stray bodies of a mesh; `None` where there is none.
fn stray_volumes(mesh: &TriMesh) -> Option<Vec<f64>> {
    let bodies = shells(mesh);
    let volumes: Vec<f64> = bodies.iter().map(signed_volume).collect();
    let main = (0..bodies.len()).max_by(|a, b| volumes[*a].total_cmp(&volumes[*b]))?;
    let size = Bounds::of_mesh(&bodies[main])?.longest_side();
    let query = MeshQuery::new(&bodies[main]).ok()?;
    let beside = |body: &TriMesh| body.positions.iter().all(|p| query.distance(*p) > BESIDE * size);
    let stray: Vec<f64> = (0..bodies.len())
        .filter(|i| *i != main && volumes[*i] > 0.0 && volumes[*i] <= SMALL * volumes[main] && beside(&bodies[*i]))
        .map(|i| volumes[i])
        .collect();
    (!stray.is_empty()).then_some(stray)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InProcess;

    #[test]
    fn stray_bodies_are_left_out_and_others_stay() {
        let check = |source: &str, expected: Option<(&str, usize)>| {
            let executor = InProcess::default();
            let made = executor.execute(source, &Deadline::default()).unwrap();
            let found = without_stray_bodies(source, &made, &executor, &Deadline::default());
            let found = found.as_ref().map(|(source, execution, n)| {
                assert_eq!(execution.properties.solids, 1);
                (source.as_str(), *n)
            });
            assert_eq!(found, expected, "{source}");
        };
        let start = "import cadquery as cq\nw0=cq.Workplane('XY')\nr=";
        let program = |rest: &str| format!("{start}{rest}");
        let plate = "w0.box(100,100,10)";
        check(&program(plate), None);
        let stray = ".union(w0.workplane(offset=50).box(5,5,5))";
        check(&program(&format!("{plate}{stray}")), Some((&program(plate), 1)));
        let second = ".union(w0.workplane(offset=-60).box(4,4,4))";
        check(&program(&format!("{plate}{stray}{second}")), Some((&program(plate), 2)));
        // Written first.
        check(&program(&format!("w0.workplane(offset=50).box(5,5,5).union({plate})")), Some((&program(plate), 1)));
        // Large, or near.
        check(&program(&format!("{plate}.union(w0.workplane(offset=50).box(50,50,50))")), None);
        check(&program(&format!("{plate}.union(w0.workplane(offset=9).box(5,5,5))")), None);
    }
}
