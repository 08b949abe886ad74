//! Noun phrases: a body, its holes, its place.

use glam::DVec3;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::features::{Form, Hole, PartFeature, Relation};

/// How a description is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Nouns and numbers.
    Terse,
    /// A sentence.
    Medium,
    /// Several sentences.
    Talkative,
}

/// Words a description, with choices of its own among words that mean the same.
pub(super) struct Phraser<'a> {
    pub(super) random: &'a mut ChaCha8Rng,
    pub(super) length: Length,
    pub(super) numbers: bool,
}

/// Counts up to ten as words.
pub(super) fn count_word(count: usize) -> &'static str {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(count.wrapping_sub(1)).copied().unwrap_or("many")
}

pub(super) const AXES: [&str; 3] = ["x", "y", "z"];

impl Phraser<'_> {
    /// One of words that mean the same.
    pub(super) fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.random.random_range(0..words.len().max(1))).copied().unwrap_or_default()
    }

    /// What a form is called; the plural where `many`.
    fn noun(&mut self, form: &Form) -> [&'static str; 2] {
        match form {
            Form::Cuboid(sides) => {
                let mut sides = *sides;
                sides.sort_unstable();
                let [least, middle, most] = sides;
                if 4 * least <= middle {
                    ["plate", "plates"]
                } else if most >= 3 * middle {
                    ["bar", "bars"]
                } else {
                    let block = self.random.random();
                    if block { ["block", "blocks"] } else { ["box", "boxes"] }
                }
            }
            Form::Cylinder { radius, height } if 2 * height <= *radius => ["disc", "discs"],
            Form::Cylinder { radius, height } if *height >= 5 * radius => ["rod", "rods"],
            Form::Cylinder { .. } => ["cylinder", "cylinders"],
            Form::Ring { outer, height, .. } if height > outer => ["tube", "tubes"],
            Form::Ring { .. } => ["ring", "rings"],
            Form::Prism { lines: 2, arcs: 2, .. } => ["rounded bar", "rounded bars"],
            Form::Prism { arcs: 0, .. } => ["prism", "prisms"],
            Form::Prism { .. } => ["profile", "profiles"],
            Form::Turned { .. } => ["turned part", "turned pieces"],
            Form::Several { .. } => ["pieces", "pieces"],
        }
    }

    /// A body with what is said of its size and outline, without its article: `plate 200 by 100 by 8`.
    pub(super) fn body(&mut self, feature: &PartFeature) -> Noun {
        let mut noun = match &feature.form {
            Form::Several { count, each, height } => {
                let words = match each {
                    Some(each) => self.noun(each)[1],
                    None => self.pick(&["pieces", "separate pieces"]),
                };
                let mut text = format!("{} {words}", count_word(*count));
                if let Some(each) = each {
                    text += &self.size(each);
                } else if self.numbers {
                    text += &self.measure(&[("height", *height)]);
                }
                Noun { article: "", text }
            }
            form => {
                let name = self.noun(form)[0];
                let text = format!("{name}{}", self.size(form));
                Noun { article: "a", text }
            }
        };
        noun.text += &self.holes(&feature.holes);
        noun
    }

    /// The numbers of a form, each behind its name.
    fn size(&mut self, form: &Form) -> String {
        match form {
            Form::Prism { lines, arcs, height } => {
                let mut text = match (self.numbers, self.length) {
                    (false, _) | (_, Length::Terse) => String::new(),
                    _ => format!(" with {}", outline(*lines, *arcs)),
                };
                if self.numbers {
                    let and = !text.is_empty();
                    let own = if and { format!(" and height {height}") } else { self.measure(&[("height", *height)]) };
                    text += &own;
                }
                text
            }
            _ if !self.numbers => String::new(),
            Form::Cuboid([a, b, c]) => {
                let of = if self.length == Length::Terse { "" } else { self.pick(&["of ", "with size ", ""]) };
                format!(" {of}{a} by {b} by {c}")
            }
            Form::Cylinder { radius, height } if self.random.random() => {
                self.measure(&[("diameter", 2 * radius), ("height", *height)])
            }
            Form::Cylinder { radius, height } => self.measure(&[("radius", *radius), ("height", *height)]),
            Form::Ring { outer, inner, height } => {
                self.measure(&[("outer radius", *outer), ("inner radius", *inner), ("height", *height)])
            }
            Form::Turned { radius, length, degrees: 360 } => self.measure(&[("radius", *radius), ("length", *length)]),
            Form::Turned { radius, length, degrees } => {
                let measured = self.measure(&[("radius", *radius), ("length", *length)]);
                format!("{measured} turned by {degrees} degrees")
            }
            Form::Several { .. } => String::new(),
        }
    }

    /// ` of radius 5 and height 9`, ` radius 5 height 9`.
    fn measure(&mut self, numbers: &[(&str, i32)]) -> String {
        let (of, between) = match self.length {
            Length::Terse => ("", " "),
            _ => (self.pick(&["of ", "with "]), " and "),
        };
        let named: Vec<String> = numbers.iter().map(|(name, value)| format!("{name} {value}")).collect();
        format!(" {of}{}", named.join(between))
    }

    /// ` with a round hole of radius 3 and two rectangular holes`.
    fn holes(&mut self, holes: &[Hole]) -> String {
        let Some(first) = holes.first() else { return String::new() };
        let kind = |hole: &Hole| match hole {
            Hole::Round(_) => "round ",
            Hole::Rectangle(_) => "rectangular ",
            Hole::Other(_) => "",
        };
        let adjective = if holes.iter().all(|hole| kind(hole) == kind(first)) { kind(first) } else { "" };
        if holes.len() > 1 {
            return format!(" with {} {adjective}holes", count_word(holes.len()));
        }
        let size = match (self.numbers, first) {
            (true, Hole::Round(radius)) => self.measure(&[("radius", *radius)]),
            (true, Hole::Rectangle([a, b])) => format!(" {a} by {b}"),
            (true, Hole::Other(edges)) if self.length == Length::Talkative => format!(" with {edges} edges"),
            _ => String::new(),
        };
        format!(" with a {adjective}hole{size}")
    }

    /// What is taken away: `a round hole of radius 5 through it`.
    pub(super) fn cut(&mut self, feature: &PartFeature) -> Noun {
        let (count, form) = match &feature.form {
            Form::Several { count, each: Some(each), .. } => (*count, Some(each.as_ref())),
            Form::Several { count, each: None, .. } => (*count, None),
            form => (1, Some(form)),
        };
        let (adjective, size) = match form {
            Some(Form::Cylinder { radius, .. }) => ("round ", self.sized(&[("radius", *radius)])),
            Some(Form::Ring { outer, inner, .. }) => {
                ("ring shaped ", self.sized(&[("outer radius", *outer), ("inner radius", *inner)]))
            }
            Some(Form::Cuboid([a, b, _])) if self.numbers => ("rectangular ", format!(" {a} by {b}")),
            Some(Form::Cuboid(_)) => ("rectangular ", String::new()),
            Some(Form::Prism { lines: 2, arcs: 2, .. }) => ("slotted ", String::new()),
            _ => ("", String::new()),
        };
        let noun = if feature.through { ["hole", "holes"] } else { ["pocket", "pockets"] };
        let mut depth = String::new();
        if self.numbers && !feature.through {
            let along = (feature.bounds[1] - feature.bounds[0])[feature.axis].round() as i32;
            depth = format!("{} {along} deep", if size.is_empty() { "" } else { " and" });
        }
        let through = match (feature.through, self.length) {
            (false, _) => String::new(),
            (true, Length::Terse) => " through".to_owned(),
            (true, _) => format!(" through it along {}", AXES[feature.axis.min(2)]),
        };
        if count > 1 {
            return Noun {
                article: "",
                text: format!("{} {adjective}{}{size}{depth}{through}", count_word(count), noun[1]),
            };
        }
        Noun { article: "a", text: format!("{adjective}{}{size}{depth}{through}", noun[0]) }
    }

    fn sized(&mut self, numbers: &[(&str, i32)]) -> String {
        if self.numbers { self.measure(numbers) } else { String::new() }
    }

    /// Where a body lies as seen from the first.
    pub(super) fn relation(&mut self, relation: Relation) -> String {
        let side = |axis: usize, positive: bool| match (axis, positive) {
            (2, true) => "on top of",
            (2, false) => "below",
            (0, true) => "right of",
            (0, false) => "left of",
            (_, true) => "behind",
            (_, false) => "in front of",
        };
        let first = if self.length == Length::Terse { "it" } else { self.pick(&["it", "the first"]) };
        match relation {
            Relation::Through => format!("through {first}"),
            Relation::Within => format!("{} {first}", self.pick(&["inside", "within"])),
            Relation::Around => format!("around {first}"),
            Relation::Beyond(axis, positive) => format!("{} {first}", side(axis, positive)),
            Relation::Sticking(axis, positive) => {
                let direction = match (axis, positive) {
                    (2, true) => "at the top",
                    (2, false) => "at the bottom",
                    (0, true) => "on the right",
                    (0, false) => "on the left",
                    (_, true) => "at the back",
                    (_, false) => "at the front",
                };
                format!("sticking out {direction}")
            }
            Relation::Crossing => format!("{} {first}", self.pick(&["crossing", "next to"])),
        }
    }

    /// Where a box lies within another: ` at the left of the part`, or its middle in numbers.
    pub(super) fn place(&mut self, own: [DVec3; 2], whole: [DVec3; 2]) -> String {
        let middle = 0.5 * (own[0] + own[1]);
        if self.numbers {
            let [x, y, z] = middle.to_array().map(halves);
            return format!("centered at ({x}, {y}, {z})");
        }
        let off = middle - 0.5 * (whole[0] + whole[1]);
        let size = (whole[1] - whole[0]).max(DVec3::ONE);
        let mut words = Vec::new();
        for (axis, [low, high]) in [["left", "right"], ["front", "back"], ["bottom", "top"]].into_iter().enumerate() {
            let share = off[axis] / size[axis];
            if share.abs() > 0.15 {
                words.push(if share < 0.0 { low } else { high });
            }
        }
        if words.is_empty() { "in the middle".to_owned() } else { format!("at the {}", words.join(" ")) }
    }
}

/// A number to the nearest half.
fn halves(value: f64) -> String {
    crate::generate::half((2.0 * value).round() as i32)
}

/// `6 straight edges and two arcs`.
fn outline(lines: usize, arcs: usize) -> String {
    let named = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    match (lines, arcs) {
        (0, _) => named(arcs, "arc", "arcs"),
        (_, 0) => named(lines, "straight edge", "straight edges"),
        _ => format!("{} and {}", named(lines, "straight edge", "straight edges"), named(arcs, "arc", "arcs")),
    }
}

/// A noun with what belongs to it, and its article.
pub(super) struct Noun {
    pub(super) article: &'static str,
    pub(super) text: String,
}

impl Noun {
    /// With the article.
    pub(super) fn full(&self) -> String {
        if self.article.is_empty() { self.text.clone() } else { format!("{} {}", self.article, self.text) }
    }
}
