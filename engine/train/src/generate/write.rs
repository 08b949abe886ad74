//! Programs as text, byte for byte as the networks of the cadrille family write them.

use std::fmt::Write as _;

use glam::IVec2;

use super::program::{Body, Edge, Face, Join, Loop, Program, Sweep};

/// The text of a program, without a newline at its end.
pub fn text(program: &Program) -> String {
    let mut out = String::from("import cadquery as cq\n");
    // Writing into a string cannot fail.
    for (index, workplane) in program.workplanes.iter().enumerate() {
        let o = workplane.origin();
        let plane = workplane.plane.name();
        let _ = writeln!(out, "w{index}=cq.Workplane('{plane}',origin=({},{},{}))", o.x, o.y, o.z);
    }
    out.push_str("r=");
    for (index, body) in program.bodies.iter().enumerate() {
        match (index, body.join) {
            (0, _) => body_text(&mut out, body),
            (_, join) => {
                out.push_str(if join == Join::Union { ".union(" } else { ".cut(" });
                body_text(&mut out, body);
                out.push(')');
            }
        }
    }
    out
}

fn body_text(out: &mut String, body: &Body) {
    let name = format!("w{}", body.workplane);
    if let ([Face { outer, holes }], Sweep::Extrude { distance, both: false }) = (body.faces.as_slice(), body.sweep)
        && holes.is_empty()
        && let Some(doubled) = outer.doubled_center()
    {
        let _ = write!(out, "{name}.workplane(offset={distance}/2)");
        if doubled != IVec2::ZERO {
            let _ = write!(out, ".moveTo{}", halves(doubled));
        }
        let height = distance.abs();
        let _ = match outer {
            Loop::Rectangle { min, max } => write!(out, ".box({},{},{height})", max.x - min.x, max.y - min.y),
            Loop::Circle { radius, .. } => write!(out, ".cylinder({height},{radius})"),
            Loop::Path { .. } => Ok(()),
        };
        return;
    }
    let _ = write!(out, "{name}.sketch()");
    let mut sketch = Sketch { name: &name, selected: IVec2::ZERO, empty: true };
    for face in &body.faces {
        sketch.add(out, &face.outer, "");
        for hole in &face.holes {
            sketch.add(out, hole, ",mode='s'");
        }
    }
    out.push_str(".finalize()");
    let _ = match body.sweep {
        Sweep::Extrude { distance, both: false } => write!(out, ".extrude({distance})"),
        Sweep::Extrude { distance, both: true } => write!(out, ".extrude({distance},both=True)"),
        Sweep::Revolve { degrees, about_up: true, at } => write!(out, ".revolve({degrees},({at},0,0),({at},1,0))"),
        Sweep::Revolve { degrees, about_up: false, at } => write!(out, ".revolve({degrees},(0,{at},0),(1,{at},0))"),
    };
}

/// A sketch as far as it is written.
struct Sketch<'a> {
    name: &'a str,
    /// Twice the place that is selected.
    selected: IVec2,
    empty: bool,
}

impl Sketch<'_> {
    fn add(&mut self, out: &mut String, boundary: &Loop, mode: &str) {
        if let Some(doubled) = boundary.doubled_center() {
            if doubled != self.selected {
                let _ = write!(out, ".push([{}])", halves(doubled));
                self.selected = doubled;
            }
            let _ = match boundary {
                Loop::Circle { radius, .. } => write!(out, ".circle({radius}{mode})"),
                Loop::Rectangle { min, max } => write!(out, ".rect({},{}{mode})", max.x - min.x, max.y - min.y),
                Loop::Path { .. } => Ok(()),
            };
        } else if let Loop::Path { start, edges } = boundary {
            if self.empty {
                path(out, *start, edges);
            } else {
                let _ = write!(out, ".reset().face({}.sketch()", self.name);
                path(out, *start, edges);
                let _ = write!(out, "{mode})");
                self.selected = IVec2::ZERO;
            }
        }
        self.empty = false;
    }
}

fn path(out: &mut String, start: IVec2, edges: &[Edge]) {
    // A last straight edge is what `close` draws.
    let (drawn, closed) = match edges {
        [drawn @ .., Edge::Line { .. }] => (drawn, true),
        all => (all, false),
    };
    for (index, edge) in drawn.iter().enumerate() {
        out.push_str(if matches!(edge, Edge::Line { .. }) { ".segment(" } else { ".arc(" });
        if index == 0 {
            let _ = write!(out, "{},", point(start));
        }
        let _ = match *edge {
            Edge::Line { to } => write!(out, "{})", point(to)),
            Edge::Arc { mid, to } => write!(out, "{},{})", point(mid), point(to)),
        };
    }
    out.push_str(if closed { ".close().assemble()" } else { ".assemble()" });
}

fn point(p: IVec2) -> String {
    format!("({},{})", p.x, p.y)
}

/// A point of which twice the coordinates are given.
fn halves(doubled: IVec2) -> String {
    format!("({},{})", half(doubled.x), half(doubled.y))
}

/// Half of an integer as Python writes it, with one decimal where there is one.
pub(crate) fn half(doubled: i32) -> String {
    if doubled % 2 == 0 { (doubled / 2).to_string() } else { format!("{:.1}", f64::from(doubled) / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::program::{Plane, Workplane};

    fn v(x: i32, y: i32) -> IVec2 {
        IVec2::new(x, y)
    }

    fn line(x: i32, y: i32) -> Edge {
        Edge::Line { to: v(x, y) }
    }

    fn arc(mid: (i32, i32), to: (i32, i32)) -> Edge {
        Edge::Arc { mid: mid.into(), to: to.into() }
    }

    #[test]
    fn the_example_of_the_dialect_is_written_as_it_stands() {
        let two_faces = Body {
            workplane: 0,
            join: Join::Union,
            faces: vec![
                Face {
                    outer: Loop::Path {
                        start: v(-98, -100),
                        edges: vec![line(-77, -99), arc((-78, -89), (-77, -79)), line(-98, -79), line(-98, -100)],
                    },
                    holes: vec![],
                },
                Face {
                    outer: Loop::Path {
                        start: v(78, -99),
                        edges: vec![line(98, -99), line(98, -79), line(78, -79), arc((79, -89), (78, -99))],
                    },
                    holes: vec![],
                },
            ],
            sweep: Sweep::Extrude { distance: -177, both: false },
        };
        let plate = Body {
            workplane: 0,
            join: Join::Union,
            faces: vec![Face { outer: Loop::Rectangle { min: v(-98, -100), max: v(98, 100) }, holes: vec![] }],
            sweep: Sweep::Extrude { distance: -15, both: false },
        };
        let program =
            Program { workplanes: vec![Workplane { plane: Plane::Xy, offset: 88 }], bodies: vec![two_faces, plate] };
        assert_eq!(
            text(&program),
            "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,88))\nr=w0.sketch().segment((-98,-100),(-77,-99)).arc((-78,-89),(-77,-79)).segment((-98,-79)).close().assemble().reset().face(w0.sketch().segment((78,-99),(98,-99)).segment((98,-79)).segment((78,-79)).arc((79,-89),(78,-99)).assemble()).finalize().extrude(-177).union(w0.workplane(offset=-15/2).box(196,200,15))"
        );
    }

    fn check(faces: Vec<Face>, sweep: Sweep, expected: &str) {
        let body = Body { workplane: 0, join: Join::Union, faces, sweep };
        let mut out = String::new();
        body_text(&mut out, &body);
        assert_eq!(out, expected);
    }

    #[test]
    fn places_are_selected_where_they_change() {
        let extrude = |distance| Sweep::Extrude { distance, both: false };
        let circle = |x, y, radius| Loop::Circle { center: v(x, y), radius };
        let rectangle = Loop::Rectangle { min: v(-4, -63), max: v(40, 3) };
        let one = |outer, holes| vec![Face { outer, holes }];
        check(one(circle(0, 0, 9), vec![]), extrude(12), "w0.workplane(offset=12/2).cylinder(12,9)");
        check(one(rectangle.clone(), vec![]), extrude(-3), "w0.workplane(offset=-3/2).moveTo(18,-30).box(44,66,3)");
        check(
            one(circle(18, -30, 70), vec![rectangle]),
            extrude(-100),
            "w0.sketch().push([(18,-30)]).circle(70).rect(44,66,mode='s').finalize().extrude(-100)",
        );
        let square = Loop::Path { start: v(-2, 0), edges: vec![line(0, -2), line(2, 0), line(0, 2), line(-2, 0)] };
        check(
            one(square.clone(), vec![circle(0, 0, 1)]),
            Sweep::Extrude { distance: 5, both: true },
            "w0.sketch().segment((-2,0),(0,-2)).segment((2,0)).segment((0,2)).close().assemble().circle(1,mode='s').finalize().extrude(5,both=True)",
        );
        let odd = Loop::Rectangle { min: v(-10, -10), max: v(9, 10) };
        check(
            vec![
                Face { outer: odd, holes: vec![square] },
                Face { outer: circle(50, 0, 3), holes: vec![circle(50, 0, 1)] },
            ],
            Sweep::Revolve { degrees: 180, about_up: true, at: -30 },
            "w0.sketch().push([(-0.5,0)]).rect(19,20).reset().face(w0.sketch().segment((-2,0),(0,-2)).segment((2,0)).segment((0,2)).close().assemble(),mode='s').push([(50,0)]).circle(3).circle(1,mode='s').finalize().revolve(180,(-30,0,0),(-30,1,0))",
        );
    }
}
