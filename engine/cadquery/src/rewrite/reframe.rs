//! A program's numbers in another frame: scaled, and moved.
//!
//! Scaling reaches every length that is written; moving reaches the origins of planes alone, since all else is drawn on
//! planes. So the program stays what it was, statement by statement, with other numbers.

use glam::DVec3;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Arguments, Expr, ExprCall, Identifier, Number, Operator, UnaryOp};
use ruff_text_size::Ranged as _;

use super::edit::{Edit, bytes, edited, number, read};
use crate::Position;
use crate::api::{FUNCTIONS, Kind, Method, Parameter, methods_of};

/// Why a program could not be brought to another frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReframed {
    /// It is no Python.
    #[error("the program does not parse: {0}")]
    Syntax(String),
    /// Something in it is not a number that is written out, or not a call whose arguments are known.
    #[error("line {line}: {what}")]
    Unclear {
        /// The line, from 1.
        line: usize,
        /// What is not clear.
        what: String,
    },
}

/// The program in another frame: a point `p` of its part becomes `scale * p + offset`. New numbers have at most `decimals`
/// decimals. `scale` has to be positive.
///
/// # Errors
/// A program that computes its numbers, or calls what cannot be told apart: see [`NotReframed`].
pub fn reframed(source: &str, scale: f64, offset: DVec3, decimals: usize) -> Result<String, NotReframed> {
    let parsed = read(source).map_err(NotReframed::Syntax)?;
    let mut reframer = Reframer { source, scale, offset, decimals, edits: Vec::new(), fault: None };
    visitor::walk_body(&mut reframer, parsed.suite());
    if let Some(fault) = reframer.fault {
        return Err(fault);
    }
    let overlap = || NotReframed::Unclear { line: 1, what: "the same number is written for two things".to_owned() };
    edited(source, reframer.edits).ok_or_else(overlap)
}

struct Reframer<'a> {
    source: &'a str,
    scale: f64,
    offset: DVec3,
    decimals: usize,
    edits: Vec<Edit>,
    fault: Option<NotReframed>,
}

/// What a parameter means when the frame changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Scaled.
    Length,
    /// A point on a plane, or a vector: scaled.
    Local,
    /// Several of them.
    Locals,
    /// A point in space: scaled and moved.
    Global,
    /// Left alone, and whatever is called in it changed.
    Other,
}

/// Numbers that are angles or shares, by the names of their parameters.
const NOT_LENGTHS: [&str; 15] = [
    "angle",
    "angle1",
    "angle2",
    "angle3",
    "angleDegrees",
    "startAngle",
    "cskAngle",
    "taper",
    "a",
    "da",
    "a1",
    "a2",
    "n",
    "tol",
    "rotate",
];
/// Points in space, by the names of their parameters.
const GLOBAL: [&str; 4] = ["origin", "axisStartPoint", "axisEndPoint", "basePointVector"];
/// Methods whose meaning in another frame does not show in their arguments alone.
const UNCLEAR: [&str; 4] = ["mirror", "split", "rotateAboutCenter", "largestDimension"];

fn meaning(parameter: &Parameter) -> Meaning {
    if NOT_LENGTHS.contains(&parameter.name) {
        return Meaning::Other;
    }
    match parameter.kind {
        Kind::Number | Kind::Until => Meaning::Length,
        Kind::Point if GLOBAL.contains(&parameter.name) => Meaning::Global,
        Kind::Point => Meaning::Local,
        Kind::Points | Kind::PointList => Meaning::Locals,
        _ => Meaning::Other,
    }
}

impl Visitor<'_> for Reframer<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        if self.fault.is_some() {
            return;
        }
        match expr {
            Expr::Call(call) => self.call(call),
            Expr::Lambda(_) | Expr::ListComp(_) | Expr::Generator(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.unclear(expr, "numbers are computed here");
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

impl Reframer<'_> {
    fn unclear(&mut self, at: &Expr, what: &str) {
        let line = Position::of(self.source, at.start().to_u32()).line as usize;
        self.fault.get_or_insert(NotReframed::Unclear { line, what: what.to_owned() });
    }

    fn call(&mut self, call: &ExprCall) {
        let Some((name, on_module)) = name_of(&call.func) else {
            return self.unclear(&call.func, "what is called here cannot be told from the text");
        };
        if UNCLEAR.contains(&name.as_str()) {
            let what = format!("what {name} does in another frame does not show in its arguments");
            return self.unclear(&call.func, &what);
        }
        let overloads: Vec<&Method> = if on_module {
            FUNCTIONS.iter().filter(|function| function.name == name).collect()
        } else {
            ["Workplane", "Sketch"].iter().flat_map(|c| methods_of(c)).filter(|method| method.name == name).collect()
        };
        let Some(method) = overloads.into_iter().find(|method| fits(method, &call.arguments)) else {
            let what = format!("the arguments of {name} cannot be told apart");
            return self.unclear(&call.func, &what);
        };
        // The chain before the call.
        if let Expr::Attribute(attribute) = &*call.func
            && !on_module
        {
            self.visit_expr(&attribute.value);
        }
        for (parameter, value) in paired(method, &call.arguments) {
            match parameter {
                Some(parameter) => self.argument(meaning(parameter), value),
                None => self.visit_expr(value),
            }
        }
        if on_module && (name == "Workplane" || name.starts_with("Plane.")) {
            self.moved_origin(&name, method, call);
        }
    }

    fn argument(&mut self, meaning: Meaning, value: &Expr) {
        match (meaning, value) {
            (Meaning::Other, _) => self.visit_expr(value),
            (Meaning::Length, Expr::StringLiteral(_) | Expr::NoneLiteral(_)) => {}
            (Meaning::Length, _) => self.length(value),
            (Meaning::Local, _) => self.vector(value),
            (Meaning::Locals, Expr::List(list)) => list.elts.iter().for_each(|point| self.vector(point)),
            (Meaning::Locals, Expr::Tuple(list)) => list.elts.iter().for_each(|point| self.vector(point)),
            (Meaning::Locals, _) => self.unclear(value, "points are not written out here"),
            (Meaning::Global, _) => self.point_in_space(value),
        }
    }

    /// Scales the numbers of an expression that is a length.
    fn length(&mut self, value: &Expr) {
        match value {
            Expr::NumberLiteral(literal) => match plain(&literal.value) {
                Some(found) => {
                    self.edits.push(Edit { range: bytes(literal), text: number(found * self.scale, self.decimals) });
                }
                None => self.unclear(value, "this number cannot be scaled"),
            },
            Expr::UnaryOp(unary) if matches!(unary.op, UnaryOp::USub | UnaryOp::UAdd) => self.length(&unary.operand),
            Expr::BinOp(binary) => match binary.op {
                Operator::Add | Operator::Sub => {
                    self.length(&binary.left);
                    self.length(&binary.right);
                }
                Operator::Div | Operator::Mult if constant(&binary.right).is_some() => self.length(&binary.left),
                _ => self.unclear(value, "a length is computed here"),
            },
            _ => self.unclear(value, "a length is not written out as a number here"),
        }
    }

    /// Scales the components of a point or a vector.
    fn vector(&mut self, value: &Expr) {
        match components(value) {
            Some(components) => components.iter().for_each(|component| self.length(component)),
            None => self.unclear(value, "a point is not written out as numbers here"),
        }
    }

    fn point_in_space(&mut self, value: &Expr) {
        let numbers: Option<Vec<f64>> =
            components(value).and_then(|components| components.into_iter().map(constant).collect());
        match numbers.as_deref() {
            Some(&[x, y]) => self.edits.push(self.placed(value, DVec3::new(x, y, 0.0))),
            Some(&[x, y, z]) => self.edits.push(self.placed(value, DVec3::new(x, y, z))),
            _ => self.unclear(value, "a point is not written out as numbers here"),
        }
    }

    fn placed(&self, at: &Expr, point: DVec3) -> Edit {
        Edit { range: bytes(at), text: self.tuple(self.scale * point + self.offset) }
    }

    fn tuple(&self, point: DVec3) -> String {
        let [x, y, z] = point.to_array().map(|value| number(value, self.decimals));
        format!("({x},{y},{z})")
    }

    /// Writes the origin of a plane that has none.
    fn moved_origin(&mut self, name: &str, method: &'static Method, call: &ExprCall) {
        let given = paired(method, &call.arguments);
        let has = |wanted: &str| given.iter().any(|(p, _)| p.is_some_and(|p| p.name == wanted));
        // A plane that is an object brings its own origin, and another object its place.
        let of_object = given.iter().any(|(p, value)| {
            p.is_some_and(|p| p.name == "obj" || p.name == "inPlane") && !matches!(value, Expr::StringLiteral(_))
        });
        if has("origin") || of_object || self.offset == DVec3::ZERO {
            return;
        }
        let text = format!("origin={}", self.tuple(self.offset));
        let close = call.arguments.end().to_usize() - 1;
        let text = match (call.arguments.is_empty(), name == "Workplane" && !has("inPlane")) {
            (true, true) => format!("'XY',{text}"),
            (true, false) => text,
            _ => format!(",{text}"),
        };
        self.edits.push(Edit { range: close..close, text });
    }
}

/// The name of what is called, and whether it is a function of the module: `cq.Plane.XY` is `Plane.XY` of the module,
/// `w0.box` is `box`.
fn name_of(func: &Expr) -> Option<(String, bool)> {
    match func {
        Expr::Name(name) => Some((name.id.to_string(), true)),
        Expr::Attribute(attribute) => {
            let own = attribute.attr.as_str();
            let mut path = own.to_owned();
            let mut value = &*attribute.value;
            loop {
                match value {
                    Expr::Attribute(outer) => {
                        path = format!("{}.{path}", outer.attr.as_str());
                        value = &outer.value;
                    }
                    Expr::Name(_) if FUNCTIONS.iter().any(|function| function.name == path) => {
                        return Some((path, true));
                    }
                    _ => return Some((own.to_owned(), false)),
                }
            }
        }
        _ => None,
    }
}

/// The arguments with their parameters; `None` for those that have none.
fn paired<'a>(method: &'static Method, arguments: &'a Arguments) -> Vec<(Option<&'static Parameter>, &'a Expr)> {
    let by_place = arguments.args.iter().enumerate().map(|(i, value)| (method.parameters.get(i), value));
    let by_name = arguments.keywords.iter().map(|keyword| {
        let name = keyword.arg.as_ref().map(Identifier::as_str);
        (method.parameters.iter().find(|parameter| Some(parameter.name) == name), &keyword.value)
    });
    by_place.chain(by_name).collect()
}

/// Whether arguments may be meant for a method: its overloads differ in number and in what is a point.
fn fits(method: &'static Method, arguments: &Arguments) -> bool {
    let given = paired(method, arguments);
    let required = method.parameters.iter().filter(|p| p.default == crate::api::Default::Required);
    let all_given =
        required.into_iter().all(|p| given.iter().any(|(own, _)| own.is_some_and(|own| own.name == p.name)));
    all_given
        && given.iter().all(|(parameter, value)| {
            parameter.is_some_and(|parameter| match parameter.kind {
                Kind::Number | Kind::Integer => components(value).is_none(),
                Kind::Point => components(value).is_some() || matches!(value, Expr::NoneLiteral(_)),
                _ => true,
            })
        })
}

/// The components of a point that is written out: a tuple, a list or a `Vector` of two or three.
fn components(value: &Expr) -> Option<Vec<&Expr>> {
    let elements: Vec<&Expr> = match value {
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        Expr::List(list) => list.elts.iter().collect(),
        Expr::Call(call) if call.arguments.keywords.is_empty() => {
            if name_of(&call.func)? != ("Vector".to_owned(), true) {
                return None;
            }
            match &*call.arguments.args {
                [one] => return components(one),
                several => several.iter().collect(),
            }
        }
        _ => return None,
    };
    (2..=3).contains(&elements.len()).then_some(elements)
}

/// The value of an expression of numbers alone.
fn constant(value: &Expr) -> Option<f64> {
    match value {
        Expr::NumberLiteral(literal) => plain(&literal.value),
        Expr::UnaryOp(unary) => match unary.op {
            UnaryOp::USub => constant(&unary.operand).map(|value| -value),
            UnaryOp::UAdd => constant(&unary.operand),
            _ => None,
        },
        Expr::BinOp(binary) => {
            let (a, b) = (constant(&binary.left)?, constant(&binary.right)?);
            match binary.op {
                Operator::Add => Some(a + b),
                Operator::Sub => Some(a - b),
                Operator::Mult => Some(a * b),
                Operator::Div if b != 0.0 => Some(a / b),
                _ => None,
            }
        }
        _ => None,
    }
}

fn plain(value: &Number) -> Option<f64> {
    match value {
        Number::Int(int) => int.as_i64().map(|int| int as f64),
        Number::Float(float) => Some(*float).filter(|float| float.is_finite()),
        Number::Complex { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let found = reframed(source, 2.0, DVec3::new(10.0, 0.0, -1.0), 3);
        assert_eq!(found.as_deref(), Ok(expected), "{source}");
    }

    #[test]
    fn lengths_are_scaled_and_origins_moved() {
        check("w0=cq.Workplane('XY',origin=(0,0,88))", "w0=cq.Workplane('XY',origin=(10,0,175))");
        check("r=cq.Workplane('YZ').box(1,2.5,3)", "r=cq.Workplane('YZ',origin=(10,0,-1)).box(2,5,6)");
        check("r=cq.Workplane().sphere(4)", "r=cq.Workplane('XY',origin=(10,0,-1)).sphere(8)");
        check("r=w0.workplane(offset=-15/2).box(196,200,15)", "r=w0.workplane(offset=-30/2).box(392,400,30)");
        check(
            "r=w0.sketch().arc((-78,-89),(-77,-79)).push([(1,2),(3,-4)]).circle(5,mode='s').finalize().extrude(-177)",
            "r=w0.sketch().arc((-156,-178),(-154,-158)).push([(2,4),(6,-8)]).circle(10,mode='s').finalize().extrude(-354)",
        );
        check(
            "r=w0.sketch().arc((1,2),3,0,90).rect(1,2,angle=45).finalize().extrude(1,both=True,taper=3)",
            "r=w0.sketch().arc((2,4),6,0,90).rect(2,4,angle=45).finalize().extrude(2,both=True,taper=3)",
        );
        check("r=w0.sketch().segment(5,30).segment((1,1))", "r=w0.sketch().segment(10,30).segment((2,2))");
        check("r=w0.polygon(6,10).cutThruAll()", "r=w0.polygon(6,20).cutThruAll()");
        check(
            "r=a.union(w0.sketch().face(w0.sketch().circle(3),mode='s').finalize().extrude(1))",
            "r=a.union(w0.sketch().face(w0.sketch().circle(6),mode='s').finalize().extrude(2))",
        );
        check(
            "w=cq.Workplane(cq.Plane(cq.Vector(1,2,3),cq.Vector(1,0,0),cq.Vector(0,0,1)))",
            "w=cq.Workplane(cq.Plane((12,4,5),cq.Vector(2,0,0),cq.Vector(0,0,2)))",
        );
        check(
            "r=r.translate((1,0,0)).rotate((0,0,0),(0,0,1),30)",
            "r=r.translate((2,0,0)).rotate((10,0,-1),(10,0,1),30)",
        );
    }

    #[test]
    fn what_is_unclear_is_said() {
        let check = |source: &str, line: usize, part: &str| match reframed(source, 2.0, DVec3::ONE, 3) {
            Err(NotReframed::Unclear { line: found, what }) => {
                assert_eq!(found, line, "{what}");
                assert!(what.contains(part), "{what}");
            }
            other => panic!("{source}: {other:?}"),
        };
        check("a=3\nr=w0.box(a,1,1)", 2, "length");
        check("r=w0.pushPoints([(i,0) for i in range(3)]).circle(1)", 1, "points");
        check("r=w0.mirror('XY')", 1, "mirror");
        check("r=w0.fly(1)", 1, "fly");
        check("r=w0.box(2**3,1,1)", 1, "computed");
        assert!(matches!(reframed("r=w0.box(", 2.0, DVec3::ONE, 3), Err(NotReframed::Syntax(_))));
    }
}
