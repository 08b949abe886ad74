//! A profile's loops as checked outlines of straight and circular segments.

use std::f64::consts::{PI, TAU};

use glam::DVec2;

use crate::{BrepCause, Loop, PathEdge, Region};

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SegmentKind {
    /// Straight.
    Line,
    /// Circular.
    Arc {
        /// Centre.
        center: DVec2,
        /// Radius, positive.
        radius: f64,
        /// Angle turned, positive counter-clockwise, within [-2 pi, 2 pi].
        sweep: f64,
    },
}

/// A piece of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    /// First point.
    pub(crate) start: DVec2,
    /// Last point.
    pub(crate) end: DVec2,
    /// The curve between.
    pub(crate) kind: SegmentKind,
}

/// A closed chain of segments; a full circle is one segment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    /// The segments, each starting where the one before ended.
    pub(crate) segments: Vec<Segment>,
}

/// A bounded area: its outer outline runs counter-clockwise and comes first, the holes run clockwise.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Area {
    /// Outer outline, then holes.
    pub(crate) outlines: Vec<Outline>,
}

impl Segment {
    fn reversed(self) -> Self {
        let kind = match self.kind {
            SegmentKind::Line => SegmentKind::Line,
            SegmentKind::Arc { center, radius, sweep } => SegmentKind::Arc { center, radius, sweep: -sweep },
        };
        Self { start: self.end, end: self.start, kind }
    }

    /// The parts before and after a point on it.
    pub(crate) fn split(self, p: DVec2) -> [Self; 2] {
        let (before, after) = match self.kind {
            SegmentKind::Line => (SegmentKind::Line, SegmentKind::Line),
            SegmentKind::Arc { center, radius, sweep } => {
                let from = (self.start - center).to_angle();
                let turned = ((p - center).to_angle() - from) * sweep.signum();
                let turned = turned.rem_euclid(TAU).min(sweep.abs()) * sweep.signum();
                let part = |sweep: f64| SegmentKind::Arc { center, radius, sweep };
                (part(turned), part(sweep - turned))
            }
        };
        [Self { end: p, kind: before, ..self }, Self { start: p, kind: after, ..self }]
    }

    /// The image under a map of the plane that keeps lengths; `mirrored` when it turns the plane over.
    fn mapped(self, map: impl Fn(DVec2) -> DVec2, mirrored: bool) -> Self {
        let kind = match self.kind {
            SegmentKind::Line => SegmentKind::Line,
            SegmentKind::Arc { center, radius, sweep } => {
                SegmentKind::Arc { center: map(center), radius, sweep: if mirrored { -sweep } else { sweep } }
            }
        };
        Self { start: map(self.start), end: map(self.end), kind }
    }

    /// Twice the signed area between the segment and the origin.
    fn double_area(&self) -> f64 {
        let chord = self.start.perp_dot(self.end);
        match self.kind {
            SegmentKind::Line => chord,
            SegmentKind::Arc { radius, sweep, .. } => chord + radius * radius * (sweep - sweep.sin()),
        }
    }

    /// Smallest and largest corner of the segment's box.
    pub(crate) fn bounds(&self) -> [DVec2; 2] {
        let mut low = self.start.min(self.end);
        let mut high = self.start.max(self.end);
        if let SegmentKind::Arc { center, radius, .. } = self.kind {
            for (k, direction) in [DVec2::X, DVec2::Y, -DVec2::X, -DVec2::Y].into_iter().enumerate() {
                if self.covers_angle(k as f64 * PI / 2.0) {
                    low = low.min(center + direction * radius);
                    high = high.max(center + direction * radius);
                }
            }
        }
        [low, high]
    }

    /// Whether an arc passes the direction `angle_rad` seen from its centre; never for a line.
    pub(crate) fn covers_angle(&self, angle_rad: f64) -> bool {
        match self.kind {
            SegmentKind::Line => false,
            SegmentKind::Arc { center, sweep, .. } => {
                let from = (self.start - center).to_angle();
                let turned = if sweep > 0.0 { angle_rad - from } else { from - angle_rad };
                turned.rem_euclid(TAU) <= sweep.abs()
            }
        }
    }

    /// The point at the part `t` of the segment's length.
    pub(crate) fn point(&self, t: f64) -> DVec2 {
        match self.kind {
            SegmentKind::Line => self.start.lerp(self.end, t),
            SegmentKind::Arc { center, sweep, .. } => center + DVec2::from_angle(sweep * t).rotate(self.start - center),
        }
    }
}

impl Outline {
    /// The outline of a loop, of the loop's own orientation. `tolerance` is the length below which an edge is none.
    pub(crate) fn from_loop(outline: &Loop, tolerance: f64) -> Result<Self, BrepCause> {
        let segments = match outline {
            Loop::Circle { center, radius } => vec![circle(*center, *radius, tolerance)?],
            Loop::Path { start, edges } => path(*start, edges, tolerance)?,
        };
        let outline = Self { segments };
        let [low, high] = outline.bounds();
        let size = (high - low).max_element();
        if outline.signed_area().abs() <= tolerance * size {
            return Err(BrepCause::ZeroArea);
        }
        Ok(outline)
    }

    /// Area, positive when the outline runs counter-clockwise.
    pub(crate) fn signed_area(&self) -> f64 {
        self.segments.iter().map(Segment::double_area).sum::<f64>() / 2.0
    }

    /// The outline run in the wanted direction.
    pub(crate) fn oriented(self, counter_clockwise: bool) -> Self {
        if (self.signed_area() > 0.0) == counter_clockwise {
            return self;
        }
        Self { segments: self.segments.into_iter().rev().map(Segment::reversed).collect() }
    }

    /// Smallest and largest corner of the outline's box.
    pub(crate) fn bounds(&self) -> [DVec2; 2] {
        let empty = [DVec2::INFINITY, DVec2::NEG_INFINITY];
        self.segments.iter().map(Segment::bounds).fold(empty, |[a, b], [c, d]| [a.min(c), b.max(d)])
    }
}

impl Area {
    /// The area of a region whose loops are sound each for itself.
    pub(crate) fn from_region(region: &Region, tolerance: f64) -> Result<Self, BrepCause> {
        let mut outlines = vec![Outline::from_loop(&region.outer, tolerance)?.oriented(true)];
        for hole in &region.holes {
            outlines.push(Outline::from_loop(hole, tolerance)?.oriented(false));
        }
        Ok(Self { outlines })
    }

    /// The image under a map of the plane that keeps lengths; `mirrored` when it turns the plane over.
    pub(crate) fn mapped(self, map: impl Fn(DVec2) -> DVec2 + Copy, mirrored: bool) -> Self {
        let image = |outline: Outline| Outline {
            segments: outline.segments.into_iter().map(|s| s.mapped(map, mirrored)).collect(),
        };
        let outlines = self.outlines.into_iter().enumerate();
        Self { outlines: outlines.map(|(i, outline)| image(outline).oriented(i == 0)).collect() }
    }

    /// Smallest and largest corner of the area's box.
    pub(crate) fn bounds(&self) -> [DVec2; 2] {
        self.outlines[0].bounds()
    }
}

fn circle(center: DVec2, radius: f64, tolerance: f64) -> Result<Segment, BrepCause> {
    if !center.is_finite() || !radius.is_finite() {
        return Err(BrepCause::NotFinite { what: "a circle's centre or radius" });
    }
    if radius <= tolerance {
        return Err(BrepCause::NotPositive { what: "a circle's radius", value: radius });
    }
    let seam = center + DVec2::new(radius, 0.0);
    Ok(Segment { start: seam, end: seam, kind: SegmentKind::Arc { center, radius, sweep: TAU } })
}

fn path(start: DVec2, edges: &[PathEdge], tolerance: f64) -> Result<Vec<Segment>, BrepCause> {
    let mut segments: Vec<Segment> = Vec::with_capacity(edges.len());
    let mut from = start;
    for (i, edge) in edges.iter().enumerate() {
        let segment = match *edge {
            PathEdge::Line { end } => Segment { start: from, end, kind: SegmentKind::Line },
            PathEdge::Arc { mid, end } => Segment { start: from, end, kind: arc(i, from, mid, end, tolerance)? },
        };
        if !segment.end.is_finite() || !from.is_finite() {
            return Err(BrepCause::NotFinite { what: "a corner of the profile" });
        }
        if segment.kind == SegmentKind::Line && from.distance(segment.end) <= tolerance {
            return Err(BrepCause::ZeroLengthEdge { edge: i, x: from.x, y: from.y });
        }
        from = segment.end;
        segments.push(segment);
    }
    if from.distance(start) > 10.0 * tolerance {
        return Err(BrepCause::LoopNotClosed { start_x: start.x, start_y: start.y, end_x: from.x, end_y: from.y });
    }
    if let Some(last) = segments.last_mut() {
        last.end = start;
    }
    cut_spikes(&mut segments, tolerance);
    if segments.len() < 2 {
        return Err(BrepCause::TooFewEdges { edges: segments.len() });
    }
    Ok(segments)
}

/// Straight edges that run back over the one before them bound nothing: each such pair becomes the part that is left.
fn cut_spikes(segments: &mut Vec<Segment>, tolerance: f64) {
    let mut i = 0;
    let mut unchanged = 0;
    while segments.len() > 2 && unchanged < segments.len() {
        let count = segments.len();
        let (a, b) = (segments[i % count], segments[(i + 1) % count]);
        let (u, v) = (a.end - a.start, b.end - b.start);
        let back = a.kind == SegmentKind::Line && b.kind == SegmentKind::Line && u.dot(v) < 0.0;
        let beside = u.perp_dot(v).abs() / u.length().max(v.length());
        if !back || beside > tolerance {
            unchanged += 1;
            i = (i + 1) % count;
            continue;
        }
        unchanged = 0;
        segments[i % count].end = b.end;
        segments.remove((i + 1) % count);
        let i_now = if i + 1 == count { i - 1 } else { i };
        let left = segments[i_now];
        if left.start.distance(left.end) <= tolerance {
            segments.remove(i_now);
        }
        i = i_now.checked_sub(1).unwrap_or(segments.len() - 1);
    }
}

/// The arc through three points.
fn arc(edge: usize, start: DVec2, mid: DVec2, end: DVec2, tolerance: f64) -> Result<SegmentKind, BrepCause> {
    if !(start.is_finite() && mid.is_finite() && end.is_finite()) {
        return Err(BrepCause::NotFinite { what: "a point of an arc" });
    }
    let collinear = || BrepCause::CollinearArc { edge, x: start.x, y: start.y };
    let (a, b) = (mid - start, end - start);
    let double = 2.0 * a.perp_dot(b);
    let longest = a.length().max(b.length());
    if longest <= tolerance || double.abs() <= 2.0 * tolerance * longest {
        return Err(collinear());
    }
    let (aa, bb) = (a.length_squared(), b.length_squared());
    let to_center = DVec2::new(b.y * aa - a.y * bb, a.x * bb - b.x * aa) / double;
    let center = start + to_center;
    let counter_clockwise = double > 0.0;
    let turned = (end - center).to_angle() - (start - center).to_angle();
    let sweep = if counter_clockwise { turned.rem_euclid(TAU) } else { -(-turned).rem_euclid(TAU) };
    Ok(SegmentKind::Arc { center, radius: to_center.length(), sweep })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: f64 = 1e-7;

    fn line(x: f64, y: f64) -> PathEdge {
        PathEdge::Line { end: DVec2::new(x, y) }
    }

    fn through(mx: f64, my: f64, x: f64, y: f64) -> PathEdge {
        PathEdge::Arc { mid: DVec2::new(mx, my), end: DVec2::new(x, y) }
    }

    #[track_caller]
    fn check_area(start: [f64; 2], edges: &[PathEdge], expected: f64) {
        let outline = Loop::Path { start: start.into(), edges: edges.to_vec() };
        let area = Outline::from_loop(&outline, TOLERANCE).expect("a sound loop").signed_area();
        assert!((area - expected).abs() < 1e-12 * expected.abs().max(1.0), "{area} is not {expected}");
    }

    #[test]
    fn areas_of_loops_are_exact() {
        check_area([0.0, 0.0], &[line(2.0, 0.0), line(2.0, 3.0), line(0.0, 3.0), line(0.0, 0.0)], 6.0);
        check_area([0.0, 0.0], &[line(0.0, 3.0), line(2.0, 3.0), line(2.0, 0.0), line(0.0, 0.0)], -6.0);
        check_area([1.0, 0.0], &[through(0.0, 1.0, -1.0, 0.0), line(1.0, 0.0)], PI / 2.0);
        check_area([1.0, 0.0], &[through(0.0, -1.0, -1.0, 0.0), line(1.0, 0.0)], -PI / 2.0);
        let s = 0.5f64.sqrt();
        check_area([1.0, 0.0], &[through(-1.0, 0.0, s, -s), line(0.0, 0.0), line(1.0, 0.0)], 7.0 * PI / 8.0);
        let circle = Loop::Circle { center: DVec2::new(5.0, 5.0), radius: 2.0 };
        let area = Outline::from_loop(&circle, TOLERANCE).expect("a sound circle").signed_area();
        assert!((area - 4.0 * PI).abs() < 1e-12);
    }

    #[test]
    fn bounds_reach_round_an_arc() {
        let outline = Loop::Path { start: DVec2::X, edges: vec![through(0.0, 1.0, -1.0, 0.0), line(1.0, 0.0)] };
        let [low, high] = Outline::from_loop(&outline, TOLERANCE).expect("a half disc").bounds();
        assert!(low.distance(DVec2::new(-1.0, 0.0)) < 1e-12 && high.distance(DVec2::new(1.0, 1.0)) < 1e-12);
    }

    #[test]
    fn edges_that_run_back_are_cut() {
        let spike =
            [line(10.0, 0.0), line(10.0, 10.0), line(10.0, 15.0), line(10.0, 10.0), line(0.0, 10.0), line(0.0, 0.0)];
        check_area([0.0, 0.0], &spike, 100.0);
        check_area(
            [0.0, 0.0],
            &[line(10.0, 0.0), line(6.0, 0.0), line(6.0, 8.0), line(0.0, 8.0), line(0.0, 0.0)],
            48.0,
        );
        check_area(
            [6.0, 0.0],
            &[line(6.0, 8.0), line(0.0, 8.0), line(0.0, 0.0), line(10.0, 0.0), line(6.0, 0.0)],
            48.0,
        );
    }

    #[track_caller]
    fn check_error(start: [f64; 2], edges: &[PathEdge], expected: &str) {
        let outline = Loop::Path { start: start.into(), edges: edges.to_vec() };
        let error = Outline::from_loop(&outline, TOLERANCE).expect_err("an unsound loop");
        assert!(error.to_string().contains(expected), "{error}");
    }

    #[test]
    fn unsound_loops_say_why() {
        check_error([0.0, 0.0], &[line(1.0, 0.0), line(1.0, 1.0)], "open");
        check_error([0.0, 0.0], &[line(1.0, 0.0), line(1.0, 0.0), line(0.0, 1.0), line(0.0, 0.0)], "zero length");
        check_error([0.0, 0.0], &[line(1.0, 0.0), line(0.0, 0.0)], "no area");
        check_error([0.0, 0.0], &[line(1.0, 0.0), line(2.0, 0.0), line(0.0, 0.0)], "no area");
        check_error([0.0, 0.0], &[through(1.0, 0.0, 2.0, 0.0), line(0.0, 0.0)], "on a line");
        check_error([0.0, 0.0], &[through(1.0, 1.0, 0.0, 0.0), line(0.0, 0.0)], "on a line");
        check_error([0.0, f64::NAN], &[line(1.0, 0.0), line(0.0, 0.0)], "finite");
        check_error([0.0, 0.0], &[], "two edges");
    }
}
