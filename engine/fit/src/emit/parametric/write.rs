//! The model as text.

use glam::{DMat3, DQuat, DVec2};

use super::canonical::across;
use super::expression::Expression;
use super::hole;
use super::model::{Drawn, DrawnBody, DrawnOutline, Model};
use super::sketch::Sketch;
use crate::emit::number;
use crate::emit::program::LONGEST_LINE;
use crate::part::{Feature, FeatureKind};

/// Writes expressions: which parameters are named, and how many decimals numbers have.
pub(super) struct Writer<'a> {
    model: &'a Model,
    values: Vec<f64>,
    names: Vec<String>,
    named: Vec<bool>,
    decimals: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(model: &'a Model, named: Vec<bool>, decimals: usize) -> Self {
        let names = model.dimensions.parameters.iter().map(|p| p.name.clone()).collect();
        Self { model, values: model.dimensions.values(), names, named, decimals }
    }

    /// The expression as text, with only the named parameters in it.
    pub(super) fn text(&self, expression: &Expression) -> String {
        expression.with_only(&self.named, &self.values).text(&self.names, self.decimals)
    }

    pub(super) fn value(&self, expression: &Expression) -> f64 {
        expression.value(&self.values)
    }

    /// Whether two expressions are written alike.
    pub(super) fn is_same(&self, a: &Expression, b: &Expression) -> bool {
        self.text(&a.minus(b)) == "0"
    }

    fn workplane(&self, normal: usize, origin: &[Expression; 3]) -> String {
        let name = ["YZ", "ZX", "XY"][normal];
        let origin = origin.each_ref().map(|e| self.text(e));
        if origin.iter().all(|t| t == "0") {
            format!("cq.Workplane(\"{name}\")")
        } else {
            format!("cq.Workplane(\"{name}\", origin=({}))", origin.join(", "))
        }
    }

    /// The method chain that makes a feature's body; of several ways to write it the shortest.
    fn chain(&self, drawn: &Drawn, known: Origin) -> Vec<String> {
        match &drawn.body {
            // Written as it is, by the caller.
            DrawnBody::Oblique(_) => Vec::new(),
            DrawnBody::Drilled { axis, from_top, depth, mouth } => {
                hole::calls(self, drawn, (*axis, *from_top), depth.as_ref(), mouth, known.is_on(*axis))
            }
            DrawnBody::Turned { normal, origin } => {
                let along = across(*normal)[1];
                let sketch = Sketch::new(self, drawn, [Expression::constant(0.0), origin[along].clone()]);
                let mut chain = vec![self.workplane(*normal, origin)];
                chain.extend(sketch.calls());
                chain.push("revolve(360, (0, 0, 0), (0, 1, 0))".to_owned());
                chain
            }
            DrawnBody::Prism { axis, low, high } => {
                let ways = match &drawn.outlines[..] {
                    [DrawnOutline::Rectangle { low: from, high: to }] => {
                        self.boxes(*axis, [low, high], [&from[0], &to[0]], [&from[1], &to[1]])
                    }
                    [DrawnOutline::Circle { center, radius }] => {
                        let [u, v] = across(*axis);
                        let middle = low.plus(high).times(0.5);
                        let mut origin = [Expression::default(), Expression::default(), Expression::default()];
                        (origin[u], origin[v], origin[*axis]) = (center[0].clone(), center[1].clone(), middle);
                        let call = format!("cylinder({}, {})", self.text(&high.minus(low)), self.text(radius));
                        vec![vec![self.workplane(*axis, &origin), call]]
                    }
                    _ => Vec::new(),
                };
                let length = |chain: &Vec<String>| chain.iter().map(|c| c.len() + 1).sum::<usize>();
                let sketched = self.extrusion(drawn, *axis, low, high);
                ways.into_iter().chain([sketched]).min_by_key(length).unwrap_or_default()
            }
        }
    }

    fn extrusion(&self, drawn: &Drawn, axis: usize, low: &Expression, high: &Expression) -> Vec<String> {
        let at = Sketch::origin(self, drawn);
        let [u, v] = across(axis);
        let mut origin = [Expression::default(), Expression::default(), Expression::default()];
        (origin[u], origin[v], origin[axis]) = (at[0].clone(), at[1].clone(), low.clone());
        let mut chain = vec![self.workplane(axis, &origin)];
        chain.extend(Sketch::new(self, drawn, at).calls());
        chain.push(format!("extrude({})", self.text(&high.minus(low))));
        chain
    }

    /// A box from its centre, from its lower corner, or from the middle of its lower face.
    fn boxes(
        &self,
        axis: usize,
        along: [&Expression; 2],
        first: [&Expression; 2],
        second: [&Expression; 2],
    ) -> Vec<Vec<String>> {
        let [u, v] = across(axis);
        let mut ends = [along; 3];
        (ends[u], ends[v]) = (first, second);
        let sizes = ends.map(|[low, high]| self.text(&high.minus(low))).join(", ");
        let ways = [[true; 3], [true, true, false], [false; 3]];
        ways.into_iter()
            .map(|centered| {
                let origin = std::array::from_fn(|i| {
                    let [low, high] = ends[i];
                    if centered[i] { low.plus(high).times(0.5) } else { low.clone() }
                });
                let how = match centered {
                    [true, true, true] => "",
                    [false, false, false] => ", centered=False",
                    _ => ", centered=(True, True, False)",
                };
                vec![self.workplane(2, &origin), format!("box({sizes}{how})")]
            })
            .collect()
    }

    /// The whole program. `oblique` writes a feature that does not lie along the axes.
    pub(super) fn program(&self, header: &str, turned: DMat3, oblique: impl Fn(&Feature) -> Vec<String>) -> String {
        let mut body = String::new();
        let mut origin = Origin::default();
        for (i, drawn) in self.model.features.iter().enumerate() {
            let chain = if let DrawnBody::Oblique(feature) = &drawn.body {
                oblique(feature)
            } else {
                self.chain(drawn, origin)
            };
            origin = origin.after(i == 0, drawn, &chain);
            body.extend(["\n# ", &drawn.title, "\n"]);
            let how = match (&drawn.body, drawn.kind) {
                _ if i == 0 => How::First,
                (DrawnBody::Drilled { .. }, _) => How::On,
                (_, FeatureKind::Add) => How::With("union"),
                (_, FeatureKind::Cut) => How::With("cut"),
            };
            body.push_str(&statement(how, &chain));
        }
        body.push_str(&self.placement(turned));
        let mut source = format!("{header}import cadquery as cq\n");
        let mut parameters = String::new();
        for (parameter, named) in self.model.dimensions.parameters.iter().zip(&self.named) {
            if *named && mentions(&body, &parameter.name) {
                let value = number(parameter.value, self.decimals);
                parameters.extend([&parameter.name, " = ", &value]);
                if !parameter.note.is_empty() {
                    parameters.extend(["  # ", &parameter.note]);
                }
                parameters.push('\n');
            }
        }
        if !parameters.is_empty() {
            source.push('\n');
            source.push_str(&parameters);
        }
        source.push_str(&body);
        source
    }

    /// Where the part lies in the scan.
    fn placement(&self, turned: DMat3) -> String {
        let mut calls = String::new();
        let moved = self.model.moved;
        if moved != glam::DVec3::ZERO {
            let to = moved.to_array().map(|v| number(v, self.decimals)).join(", ");
            calls.extend([".translate((", &to, "))"]);
        }
        if turned != DMat3::IDENTITY {
            let (axis, angle) = DQuat::from_mat3(&turned).normalize().to_axis_angle();
            let axis = axis.to_array().map(|v| number(v, 12)).join(", ");
            calls.extend([".rotate((0, 0, 0), (", &axis, "), ", &number(angle.to_degrees(), 10), ")"]);
        }
        if calls.is_empty() { calls } else { format!("\n# Where the scan has it\nr = r{calls}\n") }
    }
}

/// Whether `name` stands in the text as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.lines().filter(|line| !line.starts_with('#')).any(|line| {
        line.match_indices(name).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + name.len()..].chars().next();
            !before.is_some_and(|c| part_of_word(c) || c == '.')
                && !after.is_some_and(|c| part_of_word(c) || c == '=' || c == '(')
        })
    })
}

/// Where the part's last workplane has its origin: for each axis, whether at zero. Workplanes on faces take it over.
#[derive(Clone, Copy, Default)]
struct Origin([bool; 3]);

impl Origin {
    /// Whether it lies on the line through the global origin along the axis.
    fn is_on(self, axis: usize) -> bool {
        across(axis).iter().all(|&i| self.0[i])
    }

    /// After another statement.
    fn after(self, first: bool, drawn: &Drawn, chain: &[String]) -> Self {
        let moved = chain.iter().any(|call| call.starts_with("center("));
        match drawn.body {
            _ if first => Self([!moved && !chain.first().is_some_and(|call| call.contains("origin=")); 3]),
            DrawnBody::Drilled { axis, .. } => Self(std::array::from_fn(|i| !moved && i != axis)),
            _ => self,
        }
    }
}

/// What a chain of calls is to the part made so far.
#[derive(Clone, Copy)]
enum How {
    /// It makes the first body.
    First,
    /// It makes a body that the named call joins with the part.
    With(&'static str),
    /// It is called on the part.
    On,
}

/// `r = ...`, `r = r.call(...)` or `r = r...`, broken where it is long.
fn statement(how: How, chain: &[String]) -> String {
    let line = chain.join(".");
    let (head, tail) = match how {
        How::First => ("r = ".to_owned(), ""),
        How::With(call) => (format!("r = r.{call}("), ")"),
        How::On => ("r = r.".to_owned(), ""),
    };
    if head.len() + line.len() + tail.len() <= LONGEST_LINE {
        return format!("{head}{line}{tail}\n");
    }
    let open = match how {
        How::First | How::On => "r = (".to_owned(),
        How::With(_) => head,
    };
    let calls: Vec<String> = chain.iter().map(|c| wrapped(c)).collect();
    let begin = if matches!(how, How::On) { "r." } else { "" };
    format!("{open}\n    {begin}{}\n)\n", calls.join("\n    ."))
}

/// A call that is too long for a line: the points of a list on several, other arguments on one each.
fn wrapped(call: &str) -> String {
    if call.len() + 5 <= LONGEST_LINE {
        return call.to_owned();
    }
    let Some((name, points)) = call.strip_suffix("])").and_then(|c| c.split_once("([")) else {
        return match call.strip_suffix(')').and_then(|c| c.split_once('(')) {
            Some((name, arguments)) => format!("{name}(\n        {},\n    )", listed(arguments).join(",\n        ")),
            None => call.to_owned(),
        };
    };
    let mut lines = vec![String::new()];
    for point in listed(points) {
        let line = lines.last_mut().expect("there is one from the start");
        if line.is_empty() {
            line.push_str(point);
        } else if 8 + line.len() + point.len() + 3 <= LONGEST_LINE {
            line.extend([", ", point]);
        } else {
            lines.push(point.to_owned());
        }
    }
    format!("{name}([\n        {},\n    ])", lines.join(",\n        "))
}

/// The members of a list, which may have commas inside of brackets.
fn listed(list: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut members = Vec::new();
    for (i, c) in list.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                members.push(list[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    members.push(list[start..].trim());
    members
}

/// The middle of an arc whose ends are expressions: it keeps its place between them, and half a circle stays one.
pub(super) fn arc_middle(ends: [&[Expression; 2]; 2], [from, mid, to]: [DVec2; 3]) -> [Expression; 2] {
    let [start, end] = ends;
    let apart = [0, 1].map(|i| end[i].minus(&start[i]));
    let mut middle = [0, 1].map(|i| {
        if apart[i].is_constant() {
            start[i].shifted(mid[i] - from[i])
        } else {
            start[i].plus(&end[i]).times(0.5).shifted(mid[i] - f64::midpoint(from[i], to[i]))
        }
    });
    for i in 0..2 {
        let j = 1 - i;
        let chord = to[i] - from[i];
        let bulge = mid[j] - from[j];
        let level = (to[j] - from[j]).abs() <= 1e-9 * chord.abs() && apart[j].is_constant();
        if level && !apart[i].is_constant() && (2.0 * bulge.abs() / chord.abs() - 1.0).abs() < 1e-2 {
            let half = apart[i].times(0.5 * chord.signum() * bulge.signum());
            let off = bulge - 0.5 * chord.abs() * bulge.signum();
            // The rounding of the middle is no dimension.
            let off = if off.abs() < 1e-6 * chord.abs() { 0.0 } else { off };
            middle[j] = start[j].plus(&half).shifted(off);
        }
    }
    middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_calls_are_broken_between_their_arguments() {
        let check = |call: &str, expected: &str| assert_eq!(wrapped(call), expected);
        check("circle(3)", "circle(3)");
        let (a, b) = ("x".repeat(60), "y".repeat(60));
        check(
            &format!("threePointArc(({a}, 1), ({b}, 2))"),
            &format!("threePointArc(\n        ({a}, 1),\n        ({b}, 2),\n    )"),
        );
        check(
            &format!("pushPoints([({a}, f(1, 2)), ({b}, 2)])"),
            &format!("pushPoints([\n        ({a}, f(1, 2)),\n        ({b}, 2),\n    ])"),
        );
    }
}
