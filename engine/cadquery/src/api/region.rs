//! From wires to profiles: loops in a plane, their nesting, and profiles moved in their plane.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use partwright_brep::{Frame, Isometry, Loop, PathEdge, Profile, Region};

use super::crossing::{Meeting, meeting};
use super::edge::{CONFUSION, Edge, EdgeCurve, arc_circle};
use super::error::Fault;
use super::wire::{SKETCH_JOIN, Wire};

/// How far points of one outline may lie out of its plane, relative to its size (and at least this much absolutely).
const FLATNESS: f64 = 1e-6;

/// A profile and its height along the frame's z.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedProfile {
    pub(crate) profile: Profile,
    pub(crate) height: f64,
}

/// The regions that `wires` bound in the plane of `frame` (or a plane parallel to it), as `Face.makeFromWires` builds
/// them: a loop inside another is its hole, loops side by side or crossing are regions of their own.
///
/// # Errors
/// Open wires, wires out of the plane, curves that cannot bound a profile.
pub(crate) fn profile_of_wires(frame: &Frame, wires: &[Wire]) -> Result<PlacedProfile, Fault> {
    let mut loops = Vec::with_capacity(wires.len());
    let mut heights = Heights::default();
    for wire in wires {
        loops.push(loop_of_wire(frame, wire, &mut heights)?);
    }
    let height = heights.common()?;
    Ok(PlacedProfile { profile: nest(loops), height })
}

/// Lowest and highest point met, and the greatest coordinate (for the relative tolerance).
#[derive(Default)]
struct Heights {
    range: Option<(f64, f64)>,
    size: f64,
}

impl Heights {
    fn see(&mut self, p: DVec3) -> DVec2 {
        let (low, high) = self.range.unwrap_or((p.z, p.z));
        self.range = Some((low.min(p.z), high.max(p.z)));
        self.size = self.size.max(p.abs().max_element());
        p.truncate()
    }

    fn common(&self) -> Result<f64, Fault> {
        let (low, high) = self.range.unwrap_or_default();
        if high - low > FLATNESS * self.size.max(1.0) { Err(Fault::NotCoplanar) } else { Ok(low.midpoint(high)) }
    }
}

fn loop_of_wire(frame: &Frame, wire: &Wire, heights: &mut Heights) -> Result<Loop, Fault> {
    let gap = wire.gap();
    if gap > SKETCH_JOIN {
        return Err(Fault::OpenOutline { gap });
    }
    let mut flat = |p: DVec3| heights.see(frame.local_from_world(p));
    if let [Edge { curve: EdgeCurve::Circle { frame: circle, radius }, .. }] = wire.edges.as_slice() {
        let center = flat(circle.origin);
        flat(circle.origin + circle.x * *radius);
        flat(circle.origin + circle.y * *radius);
        return Ok(Loop::Circle { center, radius: *radius });
    }
    let start = flat(wire.start());
    let last = wire.edges.len().saturating_sub(1);
    let mut edges = Vec::with_capacity(wire.edges.len());
    for (index, edge) in wire.edges.iter().enumerate() {
        // The last edge ends exactly where the first began, whatever the rounding.
        let end = if index == last { start } else { flat(edge.end()) };
        match edge.curve {
            EdgeCurve::Line { .. } => edges.push(PathEdge::Line { end }),
            EdgeCurve::Arc { mid, .. } => edges.push(PathEdge::Arc { mid: flat(mid), end }),
            EdgeCurve::Circle { .. } => return Err(Fault::Rule("a full circle cannot be part of a longer outline")),
            EdgeCurve::Other { kind, .. } => {
                return Err(Fault::not_supported(format!("an outline with a curve of type {kind}")));
            }
        }
    }
    let outline = without_spikes(start, edges).ok_or(Fault::Rule("the outline encloses no area"))?;
    match meeting(&outline) {
        Some(Meeting::Crosses(at)) => return Err(Fault::CrossingOutline { x: at.x, y: at.y }),
        Some(Meeting::Repeats(at)) => return Err(Fault::RepeatedOutline { x: at.x, y: at.y }),
        None => {}
    }
    Ok(outline)
}

/// The loop without places where a line runs straight back along the one before it: they bound nothing, and
/// `OpenCASCADE` drops them too. `None` where no area is left.
fn without_spikes(start: DVec2, edges: Vec<PathEdge>) -> Option<Loop> {
    // Starts and edges; a removed spike can bring the edges at its foot together into another, so the walk steps back.
    let mut path: Vec<(DVec2, PathEdge)> = Vec::with_capacity(edges.len());
    let mut from = start;
    for edge in edges {
        path.push((from, edge));
        from = end_of(&edge);
    }
    let mut at = 0;
    while at < path.len() && path.len() > 1 {
        let next = (at + 1) % path.len();
        let ((foot, first), (tip, second)) = (path[at], path[next]);
        if let (PathEdge::Line { .. }, PathEdge::Line { end }) = (first, second)
            && is_spike(tip - foot, end - tip)
        {
            path[at] = (foot, PathEdge::Line { end });
            path.remove(next);
            at = at.min(path.len() - 1);
            if foot.distance(end) <= CONFUSION {
                path.remove(at);
            }
            at = at.saturating_sub(1);
        } else {
            at += 1;
        }
    }
    let only_lines = path.iter().all(|(_, edge)| matches!(edge, PathEdge::Line { .. }));
    let (start, _) = *path.first()?;
    (path.len() >= if only_lines { 3 } else { 2 })
        .then(|| Loop::Path { start, edges: path.into_iter().map(|(_, edge)| edge).collect() })
}

fn end_of(edge: &PathEdge) -> DVec2 {
    match *edge {
        PathEdge::Line { end } | PathEdge::Arc { end, .. } => end,
    }
}

fn is_spike(there: DVec2, back: DVec2) -> bool {
    there.dot(back) < 0.0 && there.perp_dot(back).abs() <= 1e-9 * there.length() * back.length()
}

/// Loops sorted into regions by which lies inside which.
pub(crate) fn nest(mut loops: Vec<Loop>) -> Profile {
    if loops.len() == 1 {
        return Profile::Region(Region { outer: loops.remove(0), holes: Vec::new() });
    }
    let outlines: Vec<Outline> = loops.iter().map(Outline::of).collect();
    let inside = |inner: usize, outer: usize| inner != outer && outlines[outer].contains(&outlines[inner]);
    let parents: Vec<Vec<usize>> =
        (0..loops.len()).map(|inner| (0..loops.len()).filter(|&outer| inside(inner, outer)).collect()).collect();
    let mut regions = Vec::new();
    for outer in (0..loops.len()).filter(|&index| parents[index].len().is_multiple_of(2)) {
        let holes = (0..loops.len())
            .filter(|&hole| parents[hole].contains(&outer) && parents[hole].len() == parents[outer].len() + 1)
            .map(|hole| loops[hole].clone())
            .collect();
        regions.push(Profile::Region(Region { outer: loops[outer].clone(), holes }));
    }
    if regions.len() == 1 { regions.remove(0) } else { Profile::Union(regions) }
}

/// A loop prepared for questions of nesting, exact in its arcs.
struct Outline {
    pieces: Vec<Piece>,
    /// Points on the loop: corners, middles, and several on every arc.
    samples: Vec<DVec2>,
    low: DVec2,
    high: DVec2,
    area: f64,
}

/// One edge of an outline.
enum Piece {
    Line { start: DVec2, end: DVec2 },
    Arc { start: DVec2, end: DVec2, center: DVec2, radius: f64, mid: DVec2 },
    Circle { center: DVec2, radius: f64 },
}

impl Outline {
    fn of(of: &Loop) -> Self {
        let mut outline =
            Self { pieces: Vec::new(), samples: Vec::new(), low: DVec2::MAX, high: DVec2::MIN, area: 0.0 };
        match of {
            Loop::Circle { center, radius } => {
                outline.pieces.push(Piece::Circle { center: *center, radius: *radius });
                let turn = |k: usize| DVec2::from_angle(TAU * k as f64 / ARC_SAMPLES as f64);
                outline.samples.extend((0..ARC_SAMPLES).map(|k| *center + turn(k) * *radius));
                outline.area = TAU / 2.0 * radius * radius;
            }
            Loop::Path { start, edges } => {
                let mut from = *start;
                for edge in edges {
                    from = outline.add(from, edge);
                }
                outline.area = outline.area.abs();
            }
        }
        for &p in &outline.samples {
            (outline.low, outline.high) = (outline.low.min(p), outline.high.max(p));
        }
        outline
    }

    fn add(&mut self, start: DVec2, edge: &PathEdge) -> DVec2 {
        self.samples.push(start);
        match *edge {
            PathEdge::Line { end } => {
                self.samples.push((start + end) / 2.0);
                self.area += start.perp_dot(end) / 2.0;
                self.pieces.push(Piece::Line { start, end });
                end
            }
            PathEdge::Arc { mid, end } => {
                self.area += start.perp_dot(end) / 2.0;
                if let Some(arc) = arc_circle(start.extend(0.0), mid.extend(0.0), end.extend(0.0)) {
                    let at = |k: usize| DVec2::from_angle(arc.sweep_rad * k as f64 / ARC_SAMPLES as f64) * arc.radius;
                    self.samples.extend((1..ARC_SAMPLES).map(|k| arc.frame.world_from_plane(at(k)).truncate()));
                    let segment = arc.radius * arc.radius / 2.0 * (arc.sweep_rad - arc.sweep_rad.sin());
                    self.area += segment * arc.frame.z.z.signum();
                    let center = arc.frame.origin.truncate();
                    self.pieces.push(Piece::Arc { start, end, center, radius: arc.radius, mid });
                } else {
                    self.pieces.push(Piece::Line { start, end });
                }
                end
            }
        }
    }

    /// Whether `other` lies inside: every sample of it that is clearly off this loop is inside, and there is one.
    fn contains(&self, other: &Self) -> bool {
        let slack = 1e-7 * (self.high - self.low).length();
        let outside = (other.low + slack).cmplt(self.low).any() || (other.high - slack).cmpgt(self.high).any();
        if other.area >= self.area || outside {
            return false;
        }
        let mut off = other.samples.iter().copied().filter(|&p| self.distance(p) > slack).peekable();
        off.peek().is_some() && off.all(|p| self.surrounds(p))
    }

    fn distance(&self, p: DVec2) -> f64 {
        let to_piece = |piece: &Piece| match *piece {
            Piece::Line { start, end } => {
                let along = end - start;
                let t = (p - start).dot(along) / along.length_squared().max(f64::MIN_POSITIVE);
                p.distance(start + along * t.clamp(0.0, 1.0))
            }
            Piece::Circle { center, radius } => (p.distance(center) - radius).abs(),
            Piece::Arc { start, end, center, radius, mid } => {
                let foot = center + (p - center).normalize_or(DVec2::X) * radius;
                if same_side(start, end, mid, foot) {
                    (p.distance(center) - radius).abs()
                } else {
                    p.distance(start).min(p.distance(end))
                }
            }
        };
        self.pieces.iter().map(to_piece).fold(f64::MAX, f64::min)
    }

    /// By parity: the polygon of the chords, corrected by the segments between chords and arcs.
    fn surrounds(&self, p: DVec2) -> bool {
        let toggles = |piece: &Piece| match *piece {
            Piece::Line { start, end } => ray_crosses(p, start, end),
            Piece::Circle { center, radius } => p.distance(center) < radius,
            Piece::Arc { start, end, center, radius, mid } => {
                ray_crosses(p, start, end) != (p.distance(center) < radius && same_side(start, end, mid, p))
            }
        };
        self.pieces.iter().filter(|piece| toggles(piece)).count() % 2 == 1
    }
}

/// Samples on every arc where nesting is decided.
const ARC_SAMPLES: usize = 12;

fn ray_crosses(p: DVec2, a: DVec2, b: DVec2) -> bool {
    (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)
}

fn same_side(a: DVec2, b: DVec2, p: DVec2, q: DVec2) -> bool {
    let side = |of: DVec2| (b - a).perp_dot(of - a);
    (side(p) > 0.0) == (side(q) > 0.0)
}

/// The profile moved by a motion that keeps its plane (a turn about z, a shift in the plane).
///
/// # Errors
/// A motion that tilts the plane or leaves it.
pub(crate) fn moved(profile: &Profile, motion: &Isometry) -> Result<Profile, Fault> {
    if motion.linear.z_axis.distance(DVec3::Z) > 1e-9 || motion.translation.z.abs() > CLEARLY_OUT_OF_PLANE {
        return Err(Fault::not_supported("sketch faces moved out of the sketch's plane"));
    }
    Ok(map_points(profile, &|p| motion.point(p.extend(0.0)).truncate()))
}

/// Motions within a sketch keep z to rounding.
const CLEARLY_OUT_OF_PLANE: f64 = 1e-9;

fn map_points(profile: &Profile, map: &impl Fn(DVec2) -> DVec2) -> Profile {
    let both = |a: &Profile, b: &Profile| (Box::new(map_points(a, map)), Box::new(map_points(b, map)));
    match profile {
        Profile::Region(region) => Profile::Region(Region {
            outer: map_loop(&region.outer, map),
            holes: region.holes.iter().map(|hole| map_loop(hole, map)).collect(),
        }),
        Profile::Union(parts) => Profile::Union(parts.iter().map(|part| map_points(part, map)).collect()),
        Profile::Difference(a, b) => {
            let (a, b) = both(a, b);
            Profile::Difference(a, b)
        }
        Profile::Intersection(a, b) => {
            let (a, b) = both(a, b);
            Profile::Intersection(a, b)
        }
    }
}

fn map_loop(of: &Loop, map: &impl Fn(DVec2) -> DVec2) -> Loop {
    match of {
        Loop::Circle { center, radius } => Loop::Circle { center: map(*center), radius: *radius },
        Loop::Path { start, edges } => Loop::Path {
            start: map(*start),
            edges: edges
                .iter()
                .map(|edge| match *edge {
                    PathEdge::Line { end } => PathEdge::Line { end: map(end) },
                    PathEdge::Arc { mid, end } => PathEdge::Arc { mid: map(mid), end: map(end) },
                })
                .collect(),
        },
    }
}

/// Whether nothing can be in the profile by its form alone (no geometry is computed).
pub(crate) fn is_plainly_empty(profile: &Profile) -> bool {
    match profile {
        Profile::Region(_) => false,
        Profile::Union(parts) => parts.iter().all(is_plainly_empty),
        Profile::Difference(a, _) => is_plainly_empty(a),
        Profile::Intersection(a, b) => is_plainly_empty(a) || is_plainly_empty(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(center: (f64, f64), w: f64, h: f64) -> Loop {
        let c = DVec2::from(center);
        let corner = |x: f64, y: f64| c + DVec2::new(x * w / 2.0, y * h / 2.0);
        let edges = [corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)];
        Loop::Path { start: corner(-1.0, -1.0), edges: edges.map(|end| PathEdge::Line { end }).to_vec() }
    }

    fn circle(center: (f64, f64), radius: f64) -> Loop {
        Loop::Circle { center: center.into(), radius }
    }

    /// The upper half of a disc, lowered by nothing: its chord runs through the origin.
    fn half_disc(r: f64) -> Loop {
        let start = DVec2::new(-r, 0.0);
        let edges = vec![PathEdge::Line { end: -start }, PathEdge::Arc { mid: DVec2::new(0.0, r), end: start }];
        Loop::Path { start, edges }
    }

    /// Holes of every region, in order.
    fn check(loops: Vec<Loop>, expected: &[usize]) {
        let shown = format!("{loops:?}");
        let found: Vec<usize> = match nest(loops) {
            Profile::Region(region) => vec![region.holes.len()],
            Profile::Union(parts) => parts
                .iter()
                .map(|part| match part {
                    Profile::Region(region) => region.holes.len(),
                    other => panic!("{other:?}"),
                })
                .collect(),
            other => panic!("{other:?}"),
        };
        assert_eq!(found, expected, "{shown}");
    }

    #[test]
    fn nesting_decides_what_is_a_hole() {
        check(vec![rect((0.0, 0.0), 2.0, 2.0)], &[0]);
        check(vec![rect((0.0, 0.0), 10.0, 10.0), rect((0.0, 0.0), 6.0, 6.0)], &[1]);
        check(vec![rect((0.0, 0.0), 6.0, 6.0), rect((0.0, 0.0), 10.0, 10.0)], &[1]);
        check(vec![rect((0.0, 0.0), 2.0, 2.0), rect((5.0, 0.0), 2.0, 2.0)], &[0, 0]);
        check(vec![rect((0.0, 0.0), 2.0, 2.0), rect((1.0, 0.0), 2.0, 2.0)], &[0, 0]);
        check(vec![rect((0.0, 0.0), 2.0, 6.0), rect((0.0, 0.0), 6.0, 2.0)], &[0, 0]);
        check(vec![rect((0.0, 0.0), 10.0, 10.0), circle((2.0, 2.0), 1.0), circle((-2.0, 2.0), 1.0)], &[2]);
        check(vec![circle((0.0, 0.0), 2.0), circle((1.0, 0.0), 1.0)], &[1]);
        check(vec![circle((0.0, 0.0), 5.0), circle((0.0, 0.0), 4.9999)], &[1]);
        check(vec![half_disc(5.0), half_disc(4.9999)], &[1]);
        check(vec![half_disc(5.0), circle((0.0, 2.0), 1.9)], &[1]);
        check(vec![half_disc(5.0), circle((0.0, 2.0), 2.1)], &[0, 0]);
        check(vec![half_disc(5.0), circle((0.0, -2.0), 1.0)], &[0, 0]);
        let three = vec![rect((0.0, 0.0), 10.0, 10.0), rect((0.0, 0.0), 6.0, 6.0), rect((0.0, 0.0), 2.0, 2.0)];
        check(three, &[1, 0]);
    }

    #[test]
    fn spikes_are_dropped() {
        let check = |corners: &[(f64, f64)], expected: Option<&[(f64, f64)]>| {
            let points: Vec<DVec2> = corners.iter().map(|corner| DVec2::from(*corner)).collect();
            let edges = points[1..].iter().chain(&points[..1]).map(|end| PathEdge::Line { end: *end }).collect();
            let found = without_spikes(points[0], edges);
            let found: Option<Vec<(f64, f64)>> = found.map(|of| match of {
                Loop::Path { edges, .. } => edges.iter().map(|edge| end_of(edge).into()).collect(),
                Loop::Circle { .. } => Vec::new(),
            });
            assert_eq!(found.as_deref(), expected, "{corners:?}");
        };
        let triangle = [(4.0, 0.0), (4.0, 3.0), (0.0, 0.0)];
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 3.0)], Some(&triangle));
        check(&[(0.0, 0.0), (6.0, 0.0), (4.0, 0.0), (4.0, 3.0)], Some(&triangle));
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 5.0), (4.0, 3.0)], Some(&triangle));
        // The spike at the very start, and one that grows out of another.
        check(&[(-2.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 0.0)], Some(&[(4.0, 3.0), (0.0, 0.0), (4.0, 0.0)]));
        check(&[(0.0, 0.0), (6.0, 0.0), (6.0, 1.0), (6.0, 0.0), (4.0, 0.0), (4.0, 3.0)], Some(&triangle));
        check(&[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0)], None);
    }

    #[test]
    fn moving_a_profile_turns_and_shifts_it() {
        let motion = Isometry::rotation(DVec3::ZERO, DVec3::Z, std::f64::consts::FRAC_PI_2);
        let profile = nest(vec![circle((2.0, 0.0), 1.0)]);
        let Ok(Profile::Region(Region { outer: Loop::Circle { center, radius }, .. })) = moved(&profile, &motion)
        else {
            panic!("a circle stays a circle")
        };
        assert!(center.distance(DVec2::new(0.0, 2.0)) < 1e-12 && (radius - 1.0).abs() < 1e-12);
        assert!(moved(&profile, &Isometry::rotation(DVec3::ZERO, DVec3::X, 1.0)).is_err());
    }
}
