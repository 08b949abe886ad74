//! The outlines of a feature as calls: patterns once, equal outlines together.

use glam::DVec2;

use super::expression::Expression;
use super::model::{Drawn, DrawnEdge, DrawnOutline, DrawnRing};
use super::write::{Writer, arc_middle};
use crate::part::PathEdge;

/// Sketch coordinates: two expressions.
type Point = [Expression; 2];

/// The calls for the outlines of a feature.
pub(super) struct Sketch<'a> {
    writer: &'a Writer<'a>,
    drawn: &'a Drawn,
    /// Where the plane's origin lies.
    origin: Point,
}

/// An outline that may stand at several places.
struct Group<'a> {
    call: String,
    places: Vec<Point>,
    ring: Option<&'a DrawnRing>,
}

impl<'a> Sketch<'a> {
    pub(super) fn new(writer: &'a Writer<'a>, drawn: &'a Drawn, origin: Point) -> Self {
        Self { writer, drawn, origin }
    }

    /// Where a sketch has its origin: the centre of the outer circle or rectangle, or of the pattern if that is all there
    /// is, else the lower corner, so that coordinates read as dimensions.
    pub(super) fn origin(writer: &Writer<'_>, drawn: &Drawn) -> Point {
        let middle = |low: &Point, high: &Point| [0, 1].map(|i| low[i].plus(&high[i]).times(0.5));
        let corners: Vec<&Point> = drawn
            .outlines
            .iter()
            .flat_map(|o| match o {
                DrawnOutline::Circle { center, .. } => vec![center],
                DrawnOutline::Rectangle { low, high } => vec![low, high],
                DrawnOutline::Path { edges, .. } => edges.iter().map(|e| &e.end).collect(),
            })
            .collect();
        if drawn.outlines.len() > 1
            && let [ring] = &drawn.rings[..]
        {
            return ring.center.clone();
        }
        let only_simple = drawn.outlines.iter().all(|o| !matches!(o, DrawnOutline::Path { .. }));
        match &drawn.outlines[..] {
            [DrawnOutline::Circle { center, .. }, ..] if only_simple && is_around(writer, drawn, center) => {
                center.clone()
            }
            [DrawnOutline::Circle { center, .. }] => center.clone(),
            [DrawnOutline::Rectangle { low, high }] => middle(low, high),
            // A slot.
            [DrawnOutline::Path { edges, .. }]
                if edges.len() == 4 && edges.iter().filter(|e| e.is_arc).count() == 2 =>
            {
                let by = |i: usize, pick: fn(f64, f64) -> bool| {
                    let better =
                        |a: &&DrawnEdge, b: &&DrawnEdge| pick(writer.value(&b.end[i]), writer.value(&a.end[i]));
                    let found = edges.iter().reduce(|a, b| if better(&a, &b) { b } else { a });
                    found.map_or_else(Expression::default, |e| e.end[i].clone())
                };
                [0, 1].map(|i| by(i, |b, a| b < a).plus(&by(i, |b, a| b > a)).times(0.5))
            }
            [DrawnOutline::Rectangle { low, high }, ..]
                if only_simple && is_around(writer, drawn, &middle(low, high)) =>
            {
                middle(low, high)
            }
            _ => {
                let extreme = |i: usize, high: bool| {
                    let by = |a: &&&Point, b: &&&Point| writer.value(&a[i]).total_cmp(&writer.value(&b[i]));
                    let found = if high { corners.iter().max_by(by) } else { corners.iter().min_by(by) };
                    found.map_or_else(Expression::default, |p| p[i].clone())
                };
                let only_circles = drawn.outlines.iter().all(|o| matches!(o, DrawnOutline::Circle { .. }));
                [0, 1].map(|i| {
                    if only_circles { extreme(i, false).plus(&extreme(i, true)).times(0.5) } else { extreme(i, false) }
                })
            }
        }
    }

    /// The calls that put circles in their places and, there, `call` in place of each circle.
    pub(super) fn places(&self, call: &str) -> Vec<String> {
        let mut groups = Vec::new();
        for outline in &self.drawn.outlines {
            if let DrawnOutline::Circle { center, radius } = outline {
                let ring = self.drawn.rings.iter().find(|r| self.is_on(r, center, radius));
                put(&mut groups, call.to_owned(), center.clone(), ring);
            }
        }
        self.of_groups(groups, Vec::new())
    }

    /// The calls, from the workplane to the last outline.
    pub(super) fn calls(&self) -> Vec<String> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut chain = Vec::new();
        for outline in &self.drawn.outlines {
            match outline {
                DrawnOutline::Path { start, edges, original } => chain.extend(self.path(start, edges, original)),
                DrawnOutline::Rectangle { low, high } => {
                    let [x, y] = [0, 1].map(|i| self.writer.text(&high[i].minus(&low[i])));
                    let center = [0, 1].map(|i| low[i].plus(&high[i]).times(0.5));
                    put(&mut groups, format!("rect({x}, {y})"), center, None);
                }
                DrawnOutline::Circle { center, radius } => {
                    let ring = self.drawn.rings.iter().find(|r| self.is_on(r, center, radius));
                    put(&mut groups, format!("circle({})", self.writer.text(radius)), center.clone(), ring);
                }
            }
        }
        self.of_groups(groups, chain)
    }

    fn of_groups(&self, groups: Vec<Group<'_>>, mut chain: Vec<String>) -> Vec<String> {
        // The ones with a centre of their own come last: moving the centre moves what follows.
        let mut here = self.origin.clone();
        // An outline about the origin leaves the next one there, too.
        let mut at_origin = chain.is_empty();
        for group in groups {
            let placed = self.placed(&group, &mut here);
            let stays = placed.len() == 1 && placed[0] == "pushPoints([(0, 0)])";
            if !(stays && at_origin) {
                at_origin = stays;
                chain.extend(placed);
            }
            chain.push(group.call);
        }
        chain
    }

    fn is_on(&self, ring: &DrawnRing, center: &Point, radius: &Expression) -> bool {
        let at = DVec2::new(self.writer.value(&center[0]), self.writer.value(&center[1]));
        let tolerance = 1e-3 * ring.ring.radius;
        (at.distance(ring.ring.center) - ring.ring.radius).abs() <= tolerance
            && (self.writer.value(radius) - ring.hole_radius).abs() <= 1e-9 * ring.hole_radius
    }

    /// The calls that put a group in its places.
    fn placed(&self, group: &Group<'_>, here: &mut Point) -> Vec<String> {
        if let Some(ring) = group.ring.filter(|r| r.ring.count == group.places.len()) {
            let mut calls = self.centered(&ring.center, here);
            let start = crate::emit::number(ring.ring.start_degrees, 6);
            let (radius, count) = (self.writer.text(&ring.radius), self.writer.text(&ring.count));
            calls.push(format!("polarArray({radius}, {start}, 360, {count})"));
            return calls;
        }
        if let Some((center, spacing, count)) = self.rows(&group.places) {
            let mut calls = self.centered(&center, here);
            let [x, y] = [0, 1].map(|i| if count[i] > 1 { self.writer.text(&spacing[i]) } else { "1".to_owned() });
            calls.push(format!("rarray({x}, {y}, {}, {})", count[0], count[1]));
            return calls;
        }
        let points: Vec<String> = group.places.iter().map(|p| self.point(p, here)).collect();
        vec![format!("pushPoints([{}])", points.join(", "))]
    }

    fn centered(&self, center: &Point, here: &mut Point) -> Vec<String> {
        let [x, y] = [0, 1].map(|i| self.writer.text(&center[i].minus(&here[i])));
        here.clone_from(center);
        if x == "0" && y == "0" { Vec::new() } else { vec![format!("center({x}, {y})")] }
    }

    /// Centre, spacing and counts of a full grid, where the expressions say so, too.
    fn rows(&self, places: &[Point]) -> Option<(Point, Point, [usize; 2])> {
        if places.len() < 2 {
            return None;
        }
        let lines: [Vec<&Expression>; 2] = [0, 1].map(|i| {
            let mut lines: Vec<&Expression> = Vec::new();
            for place in places {
                if lines.iter().all(|l| !self.writer.is_same(l, &place[i])) {
                    lines.push(&place[i]);
                }
            }
            lines.sort_by(|a, b| self.writer.value(a).total_cmp(&self.writer.value(b)));
            lines
        });
        let count = [lines[0].len(), lines[1].len()];
        if count[0] * count[1] != places.len() {
            return None;
        }
        let mut center = Point::default();
        let mut spacing = Point::default();
        for i in 0..2 {
            let (first, last) = (lines[i].first()?, lines[i].last()?);
            center[i] = first.plus(last).times(0.5);
            if count[i] > 1 {
                spacing[i] = last.minus(first).times(1.0 / (count[i] - 1) as f64);
            }
            let even = lines[i].windows(2).all(|w| self.writer.is_same(&w[1].minus(w[0]), &spacing[i]));
            if !even {
                return None;
            }
        }
        Some((center, spacing, count))
    }

    fn point(&self, p: &Point, here: &Point) -> String {
        let [x, y] = [0, 1].map(|i| self.writer.text(&p[i].minus(&here[i])));
        format!("({x}, {y})")
    }

    fn path(&self, start: &Point, edges: &[DrawnEdge], original: &(DVec2, Vec<PathEdge>)) -> Vec<String> {
        let local = |p: &Point| self.point(p, &self.origin);
        let bare = |p: &Point| {
            let text = local(p);
            text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(&text).to_owned()
        };
        if let Some(slot) = self.slot(start, edges, original) {
            return slot;
        }
        if edges.iter().all(|e| !e.is_arc) {
            let corners = std::iter::once(start).chain(edges.iter().map(|e| &e.end)).take(edges.len());
            let list: Vec<String> = corners.map(local).collect();
            return vec![format!("polyline([{}])", list.join(", ")), "close()".to_owned()];
        }
        let mut chain = vec![format!("moveTo({})", bare(start))];
        let mut from = (start, original.0);
        for (i, (edge, was)) in edges.iter().zip(&original.1).enumerate() {
            match *was {
                PathEdge::Arc { mid, end } => {
                    let middle = arc_middle([from.0, &edge.end], [from.1, mid, end]);
                    chain.push(format!("threePointArc({}, {})", local(&middle), local(&edge.end)));
                }
                // `close` draws the last straight edge itself.
                PathEdge::Line { .. } if i + 1 == edges.len() => {}
                PathEdge::Line { .. } => chain.push(format!("lineTo({})", bare(&edge.end))),
            }
            from = (&edge.end, was.end());
        }
        chain.push("close()".to_owned());
        chain
    }
}

impl Sketch<'_> {
    /// The calls for two straight edges between half circles.
    fn slot(&self, start: &Point, edges: &[DrawnEdge], original: &(DVec2, Vec<PathEdge>)) -> Option<Vec<String>> {
        let [a, b, c, d] = edges else { return None };
        let arcs = [a.is_arc, b.is_arc, c.is_arc, d.is_arc];
        let corners = match arcs {
            [false, true, false, true] => [start, &a.end, &b.end, &c.end],
            [true, false, true, false] => [&a.end, &b.end, &c.end, &d.end],
            _ => return None,
        };
        let at = corners.map(|p| DVec2::new(self.writer.value(&p[0]), self.writer.value(&p[1])));
        let along = usize::from((at[1] - at[0]).x.abs() < (at[1] - at[0]).y.abs());
        let other = 1 - along;
        let same = |p: usize, q: usize, i: usize| self.writer.is_same(&corners[p][i], &corners[q][i]);
        let is_box = same(0, 1, other) && same(2, 3, other) && same(1, 2, along) && same(3, 0, along);
        if !is_box {
            return None;
        }
        let size = |p: usize, q: usize, i: usize| {
            let size = corners[q][i].minus(&corners[p][i]);
            if self.writer.value(&size) < 0.0 { size.times(-1.0) } else { size }
        };
        let (length, width) = (size(0, 1, along), size(1, 2, other));
        let half = 0.5 * self.writer.value(&width);
        // Both arcs bulge outwards by half the width.
        let middle = (at[0] + at[2]) / 2.0;
        let reach = 0.5 * self.writer.value(&length) + half;
        let round = original.1.iter().all(|e| match e {
            PathEdge::Arc { mid, .. } => {
                ((mid[along] - middle[along]).abs() - reach).abs() <= 1e-6 * half
                    && (mid[other] - middle[other]).abs() <= 1e-2 * half
            }
            PathEdge::Line { .. } => true,
        });
        round.then(|| {
            let center = [0, 1].map(|i| corners[0][i].plus(&corners[2][i]).times(0.5));
            let (long, wide) = (self.writer.text(&length.plus(&width)), self.writer.text(&width));
            let angle = if along == 1 { ", 90" } else { "" };
            let place = self.point(&center, &self.origin);
            let mut calls = vec![format!("slot2D({long}, {wide}{angle})")];
            if place != "(0, 0)" {
                calls.insert(0, format!("pushPoints([{place}])"));
            }
            calls
        })
    }
}

fn put<'a>(groups: &mut Vec<Group<'a>>, call: String, place: Point, ring: Option<&'a DrawnRing>) {
    let same = |g: &&mut Group<'a>| g.call == call && g.ring.map(std::ptr::from_ref) == ring.map(std::ptr::from_ref);
    match groups.iter_mut().find(same) {
        Some(group) => group.places.push(place),
        None => groups.push(Group { call, places: vec![place], ring }),
    }
}

/// Whether everything else lies about a point: the others are then placed from it.
fn is_around(writer: &Writer<'_>, drawn: &Drawn, center: &Point) -> bool {
    let at = [0, 1].map(|i| writer.value(&center[i]));
    let reach = match &drawn.outlines[0] {
        DrawnOutline::Circle { radius, .. } => [writer.value(radius); 2],
        DrawnOutline::Rectangle { low, high } => [0, 1].map(|i| 0.5 * writer.value(&high[i].minus(&low[i]))),
        DrawnOutline::Path { .. } => [0.0; 2],
    };
    drawn.outlines.iter().skip(1).all(|o| {
        let inner = match o {
            DrawnOutline::Circle { center, .. } => center,
            DrawnOutline::Rectangle { low, .. } => low,
            DrawnOutline::Path { start, .. } => start,
        };
        (0..2).all(|i| (writer.value(&inner[i]) - at[i]).abs() <= reach[i])
    })
}
