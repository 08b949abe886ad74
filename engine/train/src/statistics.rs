//! What programs of the dialect are like, counted on their text: the same for those made here and for those that networks
//! wrote.

use std::collections::{BTreeMap, HashSet};

/// What is known of a program's part, where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// Faces.
    pub faces: Option<usize>,
    /// Solids.
    pub solids: Option<usize>,
    /// Volume in the program's frame.
    pub volume: Option<f64>,
}

/// Numbers of which the mean and the deciles are told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread(Vec<f64>);

impl Spread {
    /// Adds one.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The mean; `None` without numbers.
    pub fn mean(&self) -> Option<f64> {
        (!self.0.is_empty()).then(|| self.0.iter().sum::<f64>() / self.0.len() as f64)
    }

    /// The number below which a share of all lies; `None` without numbers.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let place = share.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
        sorted.get(place.round() as usize).copied()
    }
}

/// How often each of several kinds occurs.
pub type Counts = BTreeMap<String, usize>;

/// Statistics of many programs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Programs.
    pub programs: usize,
    /// Programs that occurred before.
    pub duplicates: usize,
    /// Lines that are no program of the dialect; they count nowhere else.
    pub left_out: usize,
    /// Length of the text.
    pub bytes: Spread,
    /// The planes of each program's workplanes, as in `XY+ZX`.
    pub planes: Counts,
    /// The number of bodies of each program.
    pub bodies: Counts,
    /// Calls by name, all programs together.
    pub calls: Counts,
    /// Outlines of segments and arcs by their number of edges.
    pub outline_edges: Counts,
    /// The same by their number of arcs.
    pub outline_arcs: Counts,
    /// Holes of each sketch.
    pub sketch_holes: Counts,
    /// How far each body is extruded.
    pub heights: Spread,
    /// Faces of the parts.
    pub faces: Spread,
    /// Solids of the parts.
    pub solids: Counts,
    /// Volumes of the parts.
    pub volumes: Spread,
    known: HashSet<String>,
}

const HEADER: &str = "import cadquery as cq\nw0=cq.Workplane('";

impl Statistics {
    /// Counts one program.
    pub fn add(&mut self, program: &str, part: Part) {
        let program = program.trim_end();
        if !program.starts_with(HEADER) || !program.contains("\nr=") {
            self.left_out += 1;
            return;
        }
        self.programs += 1;
        if !self.known.insert(program.to_owned()) {
            self.duplicates += 1;
        }
        self.bytes.add(program.len() as f64);
        let planes: Vec<&str> =
            program.lines().filter_map(|line| line.split("=cq.Workplane('").nth(1)?.get(..2)).collect();
        bump(&mut self.planes, planes.join("+"));
        self.count_calls(program);
        if let Some(faces) = part.faces {
            self.faces.add(faces as f64);
        }
        if let Some(solids) = part.solids {
            bump(&mut self.solids, up_to(solids, 5));
        }
        if let Some(volume) = part.volume {
            self.volumes.add(volume);
        }
    }

    fn count_calls(&mut self, program: &str) {
        let (mut bodies, mut edges, mut arcs, mut holes) = (0, 0, 0, 0);
        for (name, arguments) in calls(program) {
            bump(&mut self.calls, name.to_owned());
            let first = arguments.split([',', ')']).next().and_then(|number| number.parse::<f64>().ok());
            match name {
                "segment" | "close" => edges += 1,
                "arc" => (edges, arcs) = (edges + 1, arcs + 1),
                "assemble" => {
                    bump(&mut self.outline_edges, up_to(edges, 16));
                    bump(&mut self.outline_arcs, up_to(arcs, 5));
                    (edges, arcs) = (0, 0);
                    // `assemble()` of a face that is cut out: what follows its brackets.
                    holes += usize::from(arguments.starts_with("),mode='s'"));
                }
                "circle" | "rect" => {
                    let own = arguments.split(')').next().unwrap_or_default();
                    holes += usize::from(own.ends_with("mode='s'"));
                }
                "finalize" => {
                    bump(&mut self.sketch_holes, up_to(holes, 4));
                    holes = 0;
                }
                "extrude" | "box" | "cylinder" | "revolve" => {
                    bodies += 1;
                    let height = match name {
                        "box" => arguments.split([',', ')']).nth(2).and_then(|number| number.parse().ok()),
                        "revolve" => None,
                        _ => first,
                    };
                    if let Some(height) = height {
                        self.heights.add(height.abs());
                    }
                }
                _ => {}
            }
        }
        bump(&mut self.bodies, up_to(bodies, 6));
    }
}

fn bump(counts: &mut Counts, key: String) {
    *counts.entry(key).or_default() += 1;
}

/// A number in two digits, so that texts sort as numbers; the last one stands for all above.
fn up_to(number: usize, last: usize) -> String {
    if number >= last { format!("{last:2}+") } else { format!("{number:2}") }
}

/// Method calls in their order: each name, and the text from its bracket on.
fn calls(program: &str) -> impl Iterator<Item = (&str, &str)> {
    program.match_indices('.').filter_map(|(at, _)| {
        let rest = &program[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphabetic())?;
        let (name, after) = rest.split_at(end);
        Some((name, after.strip_prefix('(')?)).filter(|(name, _)| !name.is_empty())
    })
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is compared.
    pub label: String,
    /// One value of each of the statistics, in their order.
    pub values: Vec<String>,
}

/// A field of statistics.
type Of<T> = fn(&Statistics) -> &T;

/// Several statistics beside each other.
pub fn table(all: &[&Statistics]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label: String, value: &dyn Fn(&Statistics) -> String| {
        rows.push(Row { label, values: all.iter().map(|statistics| value(statistics)).collect() });
    };
    row("programs".to_owned(), &|s| s.programs.to_string());
    row("duplicates".to_owned(), &|s| s.duplicates.to_string());
    row("left out: another dialect".to_owned(), &|s| s.left_out.to_string());
    let spreads: [(&str, Of<Spread>); 4] = [
        ("bytes", |s| &s.bytes),
        ("extrusion height", |s| &s.heights),
        ("faces", |s| &s.faces),
        ("volume", |s| &s.volumes),
    ];
    for (label, of) in spreads {
        row(format!("{label}: 10 %, median, 90 %"), &|s| {
            let number = |share| of(s).quantile(share).map_or_else(|| "-".to_owned(), |value| format!("{value:.0}"));
            format!("{} {} {}", number(0.1), number(0.5), number(0.9))
        });
    }
    let counts: [(&str, Of<Counts>); 6] = [
        ("bodies", |s| &s.bodies),
        ("solids", |s| &s.solids),
        ("planes", |s| &s.planes),
        ("holes of a sketch", |s| &s.sketch_holes),
        ("edges of an outline", |s| &s.outline_edges),
        ("arcs of an outline", |s| &s.outline_arcs),
    ];
    for (label, of) in counts {
        let keys: std::collections::BTreeSet<&String> = all.iter().flat_map(|s| of(s).keys()).collect();
        for key in keys {
            row(format!("{label}: {}", key.trim()), &|s| {
                let total: usize = of(s).values().sum();
                let own = of(s).get(key).copied().unwrap_or_default();
                format!("{:.1} %", 100.0 * own as f64 / total.max(1) as f64)
            });
        }
    }
    let names: std::collections::BTreeSet<&String> = all.iter().flat_map(|s| s.calls.keys()).collect();
    for name in names {
        row(format!("calls of {name} per program"), &|s| {
            let own = s.calls.get(name).copied().unwrap_or_default();
            format!("{:.2}", own as f64 / s.programs.max(1) as f64)
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted() {
        let mut statistics = Statistics::default();
        let program = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-4))\nw1=cq.Workplane('ZX',origin=(0,5,0))\nr=w0.sketch().segment((0,0),(9,0)).arc((9,4),(9,9)).close().assemble().circle(2,mode='s').reset().face(w0.sketch().segment((1,1),(2,1)).segment((2,2)).close().assemble(),mode='s').finalize().extrude(-7).union(w1.workplane(offset=5/2).moveTo(3,4).box(4,6,5))";
        let part = Part { faces: Some(11), solids: Some(1), volume: Some(600.0) };
        statistics.add(program, part);
        statistics.add(program, Part::default());
        statistics.add("solid = cq.Workplane()", Part::default());
        assert_eq!((statistics.programs, statistics.duplicates, statistics.left_out), (2, 1, 1));
        let check = |counts: &Counts, expected: &[(&str, usize)]| {
            let found: Vec<_> = counts.iter().map(|(key, count)| (key.trim(), *count)).collect();
            assert_eq!(found, expected);
        };
        check(&statistics.planes, &[("XY+ZX", 2)]);
        check(&statistics.bodies, &[("2", 2)]);
        check(&statistics.outline_edges, &[("3", 4)]);
        check(&statistics.outline_arcs, &[("0", 2), ("1", 2)]);
        check(&statistics.sketch_holes, &[("2", 2)]);
        check(&statistics.solids, &[("1", 1)]);
        assert_eq!(statistics.heights.quantile(1.0), Some(7.0));
        assert_eq!(statistics.heights.mean(), Some(6.0));
        assert_eq!((statistics.faces.count(), Spread::default().quantile(0.5)), (1, None));
        let rows = table(&[&statistics, &Statistics::default()]);
        let row = |label: &str| rows.iter().find(|row| row.label == label).map(|row| row.values.clone());
        assert_eq!(row("bodies: 2"), Some(vec!["100.0 %".to_owned(), "0.0 %".to_owned()]));
        assert_eq!(row("calls of segment per program"), Some(vec!["3.00".to_owned(), "0.00".to_owned()]));
    }
}
