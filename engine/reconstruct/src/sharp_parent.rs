//! Rounded and chamfered edges of the scan that a result has sharp.
//!
//! The kernel's programs have no operation for either, except where an outline draws them; a result without them is the
//! part's "sharp parent". That is no fault of the fit, but the user has to be told. A blend counts as lost only where its
//! own points lie away from the result while the faces on both of its sides lie on it.

use std::fmt;

use glam::DVec3;
use partwright_fit::Survey;
use partwright_fit::survey::{Blend, BlendKind};
use partwright_geometry::TriMesh;
use partwright_geometry::query::MeshQuery;

/// Edges of the scan, alike, that the result has sharp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LostBlends {
    /// What the scan has there.
    pub(crate) kind: BlendKind,
    /// Whether the edges are outer ones.
    pub(crate) convex: bool,
    /// How many there are.
    pub(crate) count: usize,
}

impl fmt::Display for LostBlends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (edges, are) = if self.count == 1 { ("edge", "is") } else { ("edges", "are") };
        let side = if self.convex { "" } else { "inner " };
        let count = self.count;
        match self.kind {
            BlendKind::Fillet { radius } => {
                write!(f, "{count} {side}{edges} of the scan {are} rounded (radius {})", brief(radius))?;
            }
            BlendKind::Chamfer { width, angle_rad } => {
                let angle = angle_rad.to_degrees();
                write!(
                    f,
                    "{count} {side}{edges} of the scan {are} chamfered (width {}, {angle:.0} degrees)",
                    brief(width)
                )?;
            }
        }
        write!(f, "; the program has {} sharp", if count == 1 { "it" } else { "them" })
    }
}

/// Three significant digits.
fn brief(value: f64) -> String {
    let decimals = (2 - value.abs().max(f64::MIN_POSITIVE).log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// How far the middle of a rounding of radius 1 lies from the faces that would meet, at a right angle: 1 - cos 45.
const RISE_OF_FILLET: f64 = 0.29;
/// The same for a chamfer of width 1 at 45 degrees, where its triangles' middles are: a third of it, aslant.
const RISE_OF_CHAMFER: f64 = 0.235;
/// The share of that rise above which a blend's points count as away from the result, and below which its neighbours' count
/// as on it.
const AWAY: f64 = 0.45;
/// Points looked at on each face.
const MOST_POINTS: usize = 200;

/// The blends of the scan that `result`, in the survey's coordinates, does not have.
pub(crate) fn lost_blends(survey: &Survey, result: &TriMesh) -> Vec<LostBlends> {
    let Ok(query) = MeshQuery::new(result) else { return Vec::new() };
    let lost = |blend: &Blend| is_lost(survey, blend, &query);
    survey
        .blend_groups
        .iter()
        .filter_map(|group| {
            let count = group.members.iter().filter(|k| lost(&survey.blends[**k])).count();
            (count > 0).then_some(LostBlends { kind: group.kind, convex: group.convex, count })
        })
        .collect()
}

fn is_lost(survey: &Survey, blend: &Blend, query: &MeshQuery) -> bool {
    let rise = match blend.kind {
        BlendKind::Fillet { radius } => RISE_OF_FILLET * radius,
        BlendKind::Chamfer { width, angle_rad } => {
            RISE_OF_CHAMFER * width * angle_rad.sin() / std::f64::consts::FRAC_1_SQRT_2
        }
    };
    // Noise alone carries points this far; a blend that does not rise above it cannot be told from a sharp edge.
    let away = (AWAY * rise).max(if survey.exact { 0.0 } else { 3.0 * survey.noise });
    let distances = |segment: usize| {
        let segment = &survey.segments[segment];
        let step = segment.members.len().div_ceil(MOST_POINTS).max(1);
        let own = segment.members.iter().step_by(step).map(|i| survey.elements[*i as usize]);
        // Middles of facets lie a little off their surface.
        let on = own.map(|p: DVec3| if survey.exact { segment.surface.closest(p) } else { p });
        let mut distances: Vec<f64> = on.map(|p| query.distance(p)).collect();
        distances.sort_unstable_by(f64::total_cmp);
        distances
    };
    let at = |distances: &[f64], share: f64| {
        distances.get(((distances.len() as f64 * share) as usize).min(distances.len().saturating_sub(1))).copied()
    };
    let own = distances(blend.segment);
    let far = at(&own, 0.85).is_some_and(|far| far > away);
    far && blend.between.iter().all(|side| at(&distances(*side), 0.5).is_some_and(|near| near < away))
}

#[cfg(test)]
mod tests {
    use partwright_geometry::{Geometry, PointCloud};

    use super::*;
    use crate::{Deadline, Executor as _, InProcess};

    fn check(kind: BlendKind, convex: bool, count: usize, expected: &str) {
        assert_eq!(LostBlends { kind, convex, count }.to_string(), expected);
    }

    /// A block whose four upright edges are rounded with radius 3.
    const ROUNDED: &str = "import cadquery as cq
r = (cq.Workplane('XY').moveTo(-17, -10).lineTo(17, -10).radiusArc((20, -7), -3).lineTo(20, 7).radiusArc((17, 10), -3)
     .lineTo(-17, 10).radiusArc((-20, 7), -3).lineTo(-20, -7).radiusArc((-17, -10), -3).close().extrude(8))";
    const SHARP: &str = "import cadquery as cq\nr = cq.Workplane('XY').rect(40, 20).extrude(8)";

    fn made(program: &str) -> TriMesh {
        let executor = InProcess { limits: partwright_cadquery::Limits::default() };
        executor.execute(program, &Deadline::default()).expect("the program is valid").mesh
    }

    fn check_lost(scan: &Geometry, result: &str, expected: usize) {
        let survey = Survey::of_geometry(scan, &Deadline::default()).expect("there is a part");
        let lost = lost_blends(&survey, &made(result));
        assert_eq!(lost.iter().map(|l| l.count).sum::<usize>(), expected, "{lost:?} of {:?}", survey.blend_groups);
    }

    #[test]
    fn roundings_are_lost_where_the_result_is_sharp() {
        let scan = made(ROUNDED);
        check_lost(&Geometry::Mesh(scan.clone()), SHARP, 4);
        check_lost(&Geometry::Mesh(scan.clone()), ROUNDED, 0);
        check_lost(&Geometry::Mesh(made(SHARP)), SHARP, 0);
        let samples = partwright_geometry::sample::surface(&scan, 16_000, 5);
        let cloud = PointCloud { positions: samples.positions, normals: Some(samples.normals), colors: None };
        check_lost(&Geometry::Cloud(cloud.clone()), SHARP, 4);
        check_lost(&Geometry::Cloud(cloud), ROUNDED, 0);
    }

    #[test]
    fn they_are_told_in_words() {
        check(
            BlendKind::Fillet { radius: 2.0 },
            true,
            8,
            "8 edges of the scan are rounded (radius 2); the program has them sharp",
        );
        check(
            BlendKind::Chamfer { width: 1.2345, angle_rad: std::f64::consts::FRAC_PI_4 },
            false,
            1,
            "1 inner edge of the scan is chamfered (width 1.23, 45 degrees); the program has it sharp",
        );
    }
}
