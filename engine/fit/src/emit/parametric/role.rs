//! What a feature is: the word its parameters begin with, and the comment above its statement.

use glam::{DVec2, DVec3};

use super::canonical::{Body, Step, across};
use super::drill::{Drill, Mouth};
use crate::part::{FeatureKind, Outline, Region};

/// A feature's place among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    /// First word of its parameters' names; empty for the first feature, whose dimensions are the part's own.
    pub(super) word: String,
    /// The comment.
    pub(super) title: String,
}

/// A plate is flatter than this share of its smaller side.
const PLATE: f64 = 0.35;
/// A wall or rib is thinner than this share of its other sides.
const THIN: f64 = 0.25;
/// A hole of at least this share of the part's smaller side is a bore.
const BORE: f64 = 0.25;
/// A round part of at least this share of the part's smaller side is no boss.
const CYLINDER: f64 = 0.75;

/// What the part's ends along the axes are called.
const UPPER: [&str; 3] = ["the +x side", "the +y side", "the top"];
const LOWER: [&str; 3] = ["the -x side", "the -y side", "below"];

/// The lower and upper corner of what a step sweeps; `None` where it lies obliquely.
pub(super) fn bounds(step: &Step) -> Option<[DVec3; 2]> {
    let (low, high) = flat_bounds(&step.regions);
    match step.body {
        Body::Prism { axis, low: from, high: to } | Body::Drilled(Drill { axis, low: from, high: to, .. }) => {
            let [u, v] = across(axis);
            let mut corners = [DVec3::ZERO; 2];
            for (corner, (p, height)) in corners.iter_mut().zip([(low, from), (high, to)]) {
                (corner[u], corner[v], corner[axis]) = (p.x, p.y, height);
            }
            Some(corners)
        }
        Body::Turned { normal, origin } => {
            let [u, v] = across(normal);
            let (mut from, mut to) = (origin, origin);
            for axis in [u, normal] {
                from[axis] -= high.x;
                to[axis] += high.x;
            }
            (from[v], to[v]) = (low.y, high.y);
            Some([from, to])
        }
        Body::Oblique { .. } => None,
    }
}

/// The lower and upper corner of regions in their plane.
pub(super) fn flat_bounds(regions: &[Region]) -> (DVec2, DVec2) {
    let boxes = regions.iter().map(|r| {
        let [low, high] = r.outer.bounds(1e-3);
        (low, high)
    });
    boxes.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
}

/// The roles of all steps.
pub(super) fn roles(steps: &[Step]) -> Vec<Role> {
    let mut seen: Vec<String> = Vec::new();
    let mut made: Option<[DVec3; 2]> = None;
    let mut found = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate() {
        let (noun, mut title) = if i == 0 { (String::new(), first(step)) } else { later(step, &steps[..i], made) };
        if i > 0 || matches!(step.body, Body::Prism { .. }) {
            title.push_str(&inner(step));
        }
        if step.kind == FeatureKind::Add
            && let Some([low, high]) = bounds(step)
        {
            made = Some(made.map_or([low, high], |[l, h]| [l.min(low), h.max(high)]));
        }
        let before = seen.iter().filter(|s| **s == noun).count();
        seen.push(noun.clone());
        let word = if before > 0 && i > 0 { format!("{noun}_{}", before + 1) } else { noun };
        found.push(Role { word, title });
    }
    found
}

fn first(step: &Step) -> String {
    let Some([low, high]) = bounds(step) else { return "Base body".to_owned() };
    let size = high - low;
    match (&step.body, &step.regions[..]) {
        (Body::Turned { .. }, _) => "Turned body".to_owned(),
        (Body::Prism { axis, .. }, [Region { outer, .. }]) => {
            let [u, v] = across(*axis);
            let flat = size[*axis] < PLATE * size[u].min(size[v]);
            let shape = match outer {
                Outline::Circle { .. } if flat => "Disc",
                Outline::Circle { .. } => "Cylinder",
                Outline::Path { .. } if flat => "Base plate",
                _ if outer.as_rectangle(0.0).is_some() => "Base block",
                Outline::Path { .. } => "Base profile",
            };
            shape.to_owned()
        }
        _ => format!("{} base bodies", step.regions.len()),
    }
}

/// The word and the title of a step that is not the first.
fn later(step: &Step, before: &[Step], made: Option<[DVec3; 2]>) -> (String, String) {
    let named = |word: &str, title: String| (word.to_owned(), title);
    let adds = step.kind == FeatureKind::Add;
    let n = step.regions.len();
    let (Some([low, high]), Some([from, to])) = (bounds(step), made) else {
        let title = if adds { "Added at an angle" } else { "Cut at an angle" };
        return named(if adds { "part" } else { "cut" }, title.to_owned());
    };
    let (size, whole) = (high - low, to - from);
    let axis = match step.body {
        Body::Prism { axis, .. } | Body::Drilled(Drill { axis, .. }) => axis,
        Body::Turned { .. } | Body::Oblique { .. } => {
            return if adds { named("turned", "Turned part".into()) } else { named("recess", "Turned recess".into()) };
        }
    };
    let [u, v] = across(axis);
    let one = match &step.regions[..] {
        [region, rest @ ..] if rest.iter().all(|r| kind_of(&r.outer) == kind_of(&region.outer)) => {
            Some(kind_of(&region.outer))
        }
        _ => None,
    };
    let counted =
        |word: &str, many: &str| if n == 1 { word.to_owned() } else { format!("{n} {}", many.to_lowercase()) };
    if adds {
        let radius = radius_of(&step.regions);
        return match one {
            Some(Kind::Circle) if 2.0 * radius >= CYLINDER * whole[u].min(whole[v]) && n == 1 => {
                named("cylinder", "Cylinder".to_owned())
            }
            Some(Kind::Circle) if size[axis] > 3.0 * radius => named("pin", counted("Pin", "pins")),
            Some(Kind::Circle) => named("boss", counted("Boss", "bosses")),
            Some(Kind::Rectangle) if n == 1 && is_thin(size) => named("rib", "Rib".to_owned()),
            Some(Kind::Rectangle) => named("block", counted("Block", "blocks")),
            _ => named("pad", counted("Pad", "pads")),
        };
    }
    let through = passes_through(before, axis, low, high);
    let from_side = |title: String| {
        if through {
            format!("{title} through, along {}", ["x", "y", "z"][axis])
        } else if (high[axis] - to[axis]).abs() < 1e-9 * whole[axis].abs() || high[axis] > to[axis] {
            format!("{title} from {}", UPPER[axis])
        } else if (low[axis] - from[axis]).abs() < 1e-9 * whole[axis].abs() || low[axis] < from[axis] {
            format!("{title} from {}", LOWER[axis])
        } else {
            format!("{title} inside")
        }
    };
    if let Body::Drilled(drill) = &step.body
        && let Some(word) = match drill.mouth {
            Mouth::Plain => None,
            Mouth::Counterbore { .. } => Some("ounterbored"),
            Mouth::Countersink { .. } => Some("ountersunk"),
        }
    {
        let title = if n == 1 { format!("C{word} hole") } else { format!("{n} c{word} holes") };
        let side = if drill.from_top { UPPER[axis] } else { LOWER[axis] };
        return named("hole", format!("{title} from {side}"));
    }
    let open = [u, v].iter().any(|&i| low[i] <= from[i] + 1e-9 * whole[i] || high[i] >= to[i] - 1e-9 * whole[i]);
    match one {
        Some(Kind::Circle) if n == 1 && 2.0 * radius_of(&step.regions) >= BORE * whole[u].min(whole[v]) => {
            named("bore", from_side("Bore".to_owned()))
        }
        Some(Kind::Circle) => named("hole", from_side(counted("Hole", "holes"))),
        Some(Kind::Rectangle) if open => named("notch", from_side(counted("Notch", "notches"))),
        _ if through => named("opening", from_side(counted("Opening", "openings"))),
        _ => named("pocket", from_side(counted("Pocket", "pockets"))),
    }
}

/// Whether a cut passes all the way through what lies in its way.
fn passes_through(before: &[Step], axis: usize, low: DVec3, high: DVec3) -> bool {
    let [u, v] = across(axis);
    before.iter().filter(|s| s.kind == FeatureKind::Add).filter_map(bounds).all(|[from, to]| {
        let aside = [u, v].iter().any(|&i| from[i] >= high[i] || to[i] <= low[i]);
        let slack = 1e-9 * (to[axis] - from[axis]);
        aside || (low[axis] <= from[axis] + slack && high[axis] >= to[axis] - slack)
    })
}

/// "with 4 holes": the holes of the sketches.
fn inner(step: &Step) -> String {
    let holes = || step.regions.iter().flat_map(|r| &r.holes);
    let round = holes().filter(|h| kind_of(h) == Kind::Circle).count();
    let other = holes().count() - round;
    let counted = |n: usize, word: &str| if n == 1 { format!("a {word}") } else { format!("{n} {word}s") };
    match (round, other) {
        (0, 0) => String::new(),
        (_, 0) => format!(" with {}", counted(round, "hole")),
        (0, _) => format!(" with {}", if other == 1 { "an opening".into() } else { counted(other, "opening") }),
        _ => {
            let openings = if other == 1 { "an opening".into() } else { counted(other, "opening") };
            format!(" with {} and {openings}", counted(round, "hole"))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Circle,
    Rectangle,
    Free,
}

fn kind_of(outline: &Outline) -> Kind {
    match outline {
        Outline::Circle { .. } => Kind::Circle,
        Outline::Path { .. } if outline.as_rectangle(0.0).is_some() => Kind::Rectangle,
        Outline::Path { .. } => Kind::Free,
    }
}

fn radius_of(regions: &[Region]) -> f64 {
    let radius = |r: &Region| if let Outline::Circle { radius, .. } = r.outer { radius } else { 0.0 };
    regions.iter().map(radius).fold(0.0, f64::max)
}

fn is_thin(size: DVec3) -> bool {
    let mut sides = size.to_array();
    sides.sort_by(f64::total_cmp);
    sides[0] < THIN * sides[1]
}
