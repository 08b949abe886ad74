//! Roundings and chamfers: narrow faces that stand where two others would meet in an edge.
//!
//! A fillet is a strip of a cylinder or torus that goes on tangentially on both of its long sides; a chamfer is a narrow
//! plane or cone that meets both neighbours at blunt angles of the same side. Programs can draw some of them (corners of an
//! outline); whether one has is for whoever compares its solid with the scan.

use std::f64::consts::PI;

use super::{Crease, Edge, Segment, Surface};

/// What stands in place of an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BlendKind {
    /// A rounding, of this radius.
    Fillet {
        /// Its radius.
        radius: f64,
    },
    /// A flat or conical cut.
    Chamfer {
        /// How wide it is.
        width: f64,
        /// The angle to the neighbour that it is less inclined to, in radians: a quarter of a half turn where both are alike.
        angle_rad: f64,
    },
}

/// A rounded or chamfered edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend {
    /// The segment that stands there.
    pub segment: usize,
    /// What it is.
    pub kind: BlendKind,
    /// Whether the edge it replaces would be convex.
    pub convex: bool,
    /// The faces that would meet in the edge.
    pub between: [usize; 2],
    /// The length of the edge.
    pub length: f64,
}

/// Blends of one kind and size.
#[derive(Clone, Debug, PartialEq)]
pub struct BlendGroup {
    /// Kind and mean size.
    pub kind: BlendKind,
    /// Whether the edges would be convex.
    pub convex: bool,
    /// Its blends, by their index.
    pub members: Vec<usize>,
}

/// Radii and widths are at most this share of the part's size: larger ones are faces in their own right.
const LARGEST: f64 = 0.15;
/// A rounding turns by less than this: half a turn is a slot's end.
const MOST_TURN_RAD: f64 = 2.8;
/// The share of its two long sides along which a blend has to meet its neighbours.
const LEAST_SIDES: f64 = 0.6;
/// Angles of a chamfer to each of its neighbours (15 to 75 degrees), and to both together (120 degrees): beyond that these
/// are the sides of a rib.
const CHAMFER_RAD: [f64; 2] = [0.26, 1.31];
const CHAMFER_SUM_RAD: f64 = 2.09;
/// How many times as wide as a chamfer its neighbours are.
const WIDER: f64 = 1.5;
/// Sizes of one group agree to this share, or to three standard deviations.
const SAME: f64 = 0.01;

/// The blends among segments with their edges, of a part of `size`.
pub(super) fn blends(segments: &[Segment], edges: &[Edge], size: f64) -> Vec<Blend> {
    (0..segments.len())
        .filter_map(|i| fillet(i, segments, edges, size).or_else(|| chamfer(i, segments, edges, size)))
        .collect()
}

/// A segment's edges with the neighbour, longest first.
fn around(i: usize, edges: &[Edge]) -> Vec<(usize, Edge)> {
    let other = |e: &Edge| match e.between {
        [a, b] if a == i => Some((b, *e)),
        [a, b] if b == i => Some((a, *e)),
        _ => None,
    };
    let mut around: Vec<(usize, Edge)> = edges.iter().filter_map(other).collect();
    around.sort_by(|a, b| b.1.length.total_cmp(&a.1.length).then(a.0.cmp(&b.0)));
    around
}

fn fillet(i: usize, segments: &[Segment], edges: &[Edge], size: f64) -> Option<Blend> {
    let segment = &segments[i];
    let (radius, length) = match segment.surface {
        Surface::Cylinder { radius, .. } if segment.extent.turn_rad < MOST_TURN_RAD => (radius, segment.extent.length),
        // Its tube goes less than half round: across the tube it is no longer than a quarter's arc, mostly.
        Surface::Torus { major, minor, .. } if segment.area < 0.8 * PI * minor * segment.extent.turn_rad * major => {
            (minor, segment.extent.turn_rad * major)
        }
        _ => return None,
    };
    let smooth: Vec<(usize, Edge)> = around(i, edges).into_iter().filter(|(_, e)| e.crease == Crease::Smooth).collect();
    let [first, second] = [smooth.first()?, smooth.get(1)?];
    let long = smooth.iter().map(|(_, e)| e.length).sum::<f64>();
    // The strip is wider than the arc's neighbours are short: sides, not ends, are what is smooth.
    let fine =
        radius <= LARGEST * size && long >= LEAST_SIDES * 2.0 * length && first.1.length + second.1.length >= length;
    fine.then_some(Blend {
        segment: i,
        kind: BlendKind::Fillet { radius },
        convex: segment.hollow == Some(false),
        between: sorted(first.0, second.0),
        length,
    })
}

fn chamfer(i: usize, segments: &[Segment], edges: &[Edge], size: f64) -> Option<Blend> {
    let segment = &segments[i];
    let (width, length) = match segment.surface {
        Surface::Plane { .. } => (segment.extent.width, segment.extent.length),
        Surface::Cone { radius, half_angle_rad, .. } if segment.is_full_turn() => {
            (segment.extent.length / half_angle_rad.cos(), 2.0 * PI * radius)
        }
        _ => return None,
    };
    let sharp: Vec<(usize, Edge)> = around(i, edges)
        .into_iter()
        .filter(|(_, e)| e.crease != Crease::Smooth && e.angle_rad > CHAMFER_RAD[0] && e.angle_rad < CHAMFER_RAD[1])
        .collect();
    let [first, second] = [sharp.first()?, sharp.get(1)?];
    let across = |other: usize| match segments[other].surface {
        Surface::Plane { .. } => segments[other].extent.width,
        _ => segments[other].extent.length,
    };
    let fine = width <= LARGEST * size
        && width < 0.5 * length
        && first.1.crease == second.1.crease
        && first.1.angle_rad + second.1.angle_rad <= CHAMFER_SUM_RAD
        && [first, second].iter().all(|(other, e)| e.length >= LEAST_SIDES * length && across(*other) > WIDER * width);
    fine.then_some(Blend {
        segment: i,
        kind: BlendKind::Chamfer { width, angle_rad: first.1.angle_rad.min(second.1.angle_rad) },
        convex: first.1.crease == Crease::Convex,
        between: sorted(first.0, second.0),
        length,
    })
}

fn sorted(a: usize, b: usize) -> [usize; 2] {
    [a.min(b), a.max(b)]
}

/// Blends by kind, side and size, those with most edges first.
pub(super) fn groups(blends: &[Blend], segments: &[Segment]) -> Vec<BlendGroup> {
    let mut groups: Vec<BlendGroup> = Vec::new();
    for (k, blend) in blends.iter().enumerate() {
        let slack = 3.0 * segments[blend.segment].covariance.radius().unwrap_or(0.0);
        let same = |group: &&mut BlendGroup| {
            group.convex == blend.convex
                && match (group.kind, blend.kind) {
                    (BlendKind::Fillet { radius: a }, BlendKind::Fillet { radius: b }) => {
                        (a - b).abs() <= slack.max(SAME * b)
                    }
                    (BlendKind::Chamfer { width: a, angle_rad: x }, BlendKind::Chamfer { width: b, angle_rad: y }) => {
                        (a - b).abs() <= (3.0 * SAME * b).max(slack) && (x - y).abs() < 0.03
                    }
                    _ => false,
                }
        };
        match groups.iter_mut().find(same) {
            Some(group) => {
                let n = group.members.len() as f64;
                let mean = |a: f64, b: f64| (n * a + b) / (n + 1.0);
                group.kind = match (group.kind, blend.kind) {
                    (BlendKind::Fillet { radius: a }, BlendKind::Fillet { radius: b }) => {
                        BlendKind::Fillet { radius: mean(a, b) }
                    }
                    (BlendKind::Chamfer { width: a, angle_rad: x }, BlendKind::Chamfer { width: b, angle_rad: y }) => {
                        BlendKind::Chamfer { width: mean(a, b), angle_rad: mean(x, y) }
                    }
                    (kind, _) => kind,
                };
                group.members.push(k);
            }
            None => groups.push(BlendGroup { kind: blend.kind, convex: blend.convex, members: vec![k] }),
        }
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.members.len()));
    groups
}
