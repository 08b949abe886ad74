//! The parameters of a program and the coordinates they decide.

use super::expression::Expression;

/// A named number at the top of the program.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: f64,
    /// What it is, after its line.
    pub(super) note: String,
    /// Whether it counts something.
    pub(super) count: bool,
}

/// Most parameters a program gets: what does not fit is written as a number.
const MOST: usize = 18;
/// Beyond this many, positions are written as numbers.
const MOST_BEFORE_POSITIONS: usize = 11;

/// A centre is placed from another one rather than from a face that is not closer than this part of the distance.
const CENTERS_FIRST: f64 = 2.0;

/// Coordinates along one axis, or distances from an axis of revolution, each with the expression that it is written as.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Where faces lie: flush faces have one entry.
    pub(super) faces: Vec<(f64, Expression)>,
    /// Centres.
    pub(super) centers: Vec<(f64, Expression)>,
    /// The ends of the first feature.
    pub(super) extent: Option<[(f64, Expression); 2]>,
}

/// Grows while the features are looked at, in their order.
#[derive(Clone, Debug)]
pub(super) struct Dimensions {
    pub(super) parameters: Vec<Parameter>,
    /// The three axes; after them one table for each axis of revolution.
    pub(super) tables: Vec<Table>,
    /// Coordinates closer than this are the same.
    pub(super) tolerance: f64,
}

impl Dimensions {
    pub(super) fn new(tolerance: f64) -> Self {
        Self { parameters: Vec::new(), tables: vec![Table::default(); 3], tolerance }
    }

    pub(super) fn values(&self) -> Vec<f64> {
        self.parameters.iter().map(|p| p.value).collect()
    }

    /// A new parameter, or the number where there are enough.
    pub(super) fn length(&mut self, name: &str, value: f64, note: &str) -> Expression {
        if self.parameters.len() >= MOST || value <= self.tolerance {
            return Expression::constant(value);
        }
        let index = self.add(name, value, note, false);
        Expression::parameter(index)
    }

    /// A new parameter that counts something; the number where there are enough.
    pub(super) fn count(&mut self, name: &str, count: usize, note: &str) -> Expression {
        if self.parameters.len() >= MOST {
            return Expression::constant(count as f64);
        }
        let index = self.add(name, count as f64, note, true);
        Expression::parameter(index)
    }

    fn add(&mut self, name: &str, value: f64, note: &str, count: bool) -> usize {
        let taken = |name: &str| self.parameters.iter().any(|p| p.name == name);
        let mut unique = name.to_owned();
        let mut i = 2;
        while taken(&unique) {
            unique = format!("{name}_{i}");
            i += 1;
        }
        self.parameters.push(Parameter { name: unique, value, note: note.to_owned(), count });
        self.parameters.len() - 1
    }

    fn is_same(&self, a: f64, b: f64) -> bool {
        (a - b).abs() <= self.tolerance
    }

    /// The expression of a face that is already known.
    pub(super) fn face(&self, table: usize, at: f64) -> Option<Expression> {
        let found = self.tables[table].faces.iter().find(|f| self.is_same(f.0, at));
        found.map(|f| f.1.clone())
    }

    /// The expression of a centre that is already known, or of a face there.
    pub(super) fn center(&self, table: usize, at: f64) -> Option<Expression> {
        let centers = self.tables[table].centers.iter().find(|c| self.is_same(c.0, at));
        centers.map(|c| c.1.clone()).or_else(|| self.face(table, at))
    }

    pub(super) fn put_face(&mut self, table: usize, at: f64, expression: &Expression) {
        if self.face(table, at).is_none() {
            self.tables[table].faces.push((at, expression.clone()));
        }
    }

    pub(super) fn put_center(&mut self, table: usize, at: f64, expression: &Expression) {
        if !self.tables[table].centers.iter().any(|c| self.is_same(c.0, at)) {
            self.tables[table].centers.push((at, expression.clone()));
        }
    }

    /// What is known closest to a coordinate, with its own coordinate. Faces count as `faces_away` times as far as they
    /// are.
    fn nearest(&self, table: usize, at: f64, faces_away: f64) -> Option<(f64, Expression)> {
        let Table { faces, centers, .. } = &self.tables[table];
        let faces = faces.iter().map(|f| (faces_away * (f.0 - at).abs(), f));
        let centers = centers.iter().map(|c| ((c.0 - at).abs(), c));
        let mut best: Option<(f64, &(f64, Expression))> = None;
        for (distance, entry) in faces.chain(centers) {
            if best.is_none_or(|b| distance < b.0 - self.tolerance) {
                best = Some((distance, entry));
            }
        }
        best.map(|b| b.1.clone())
    }

    /// Where a face lies: known, or a number away from what is known closest to it.
    pub(super) fn face_or_offset(&mut self, table: usize, at: f64) -> Expression {
        if let Some(known) = self.face(table, at) {
            return known;
        }
        let found = match self.nearest(table, at, 1.0) {
            Some((near, expression)) => expression.shifted(at - near),
            None => Expression::constant(at),
        };
        self.put_face(table, at, &found);
        found
    }

    /// Where a centre lies: known, or a distance away from what is known closest to it, which is a parameter where it has a
    /// `name`.
    pub(super) fn center_or_offset(&mut self, table: usize, at: f64, name: Option<&str>) -> Expression {
        if let Some(known) = self.center(table, at) {
            return known;
        }
        let found = match (self.nearest(table, at, CENTERS_FIRST), name) {
            (Some((near, expression)), Some(name)) if self.parameters.len() < MOST_BEFORE_POSITIONS => {
                let axis = name.rsplit('_').next().unwrap_or("");
                let distance = self.length(name, (at - near).abs(), &format!("position along {axis}"));
                if at > near { expression.plus(&distance) } else { expression.minus(&distance) }
            }
            (Some((near, expression)), _) => expression.shifted(at - near),
            (None, _) => Expression::constant(at),
        };
        self.put_center(table, at, &found);
        found
    }

    /// The two faces of something that reaches from `low` to `high`: flush with what is known where it is, else as large
    /// as the parameter `name`, which is shared with `shared` of the same size.
    pub(super) fn interval(
        &mut self,
        table: usize,
        [low, high]: [f64; 2],
        shared: &mut Vec<(f64, Expression)>,
        name: &str,
        note: &str,
    ) -> [Expression; 2] {
        let size = high - low;
        let found = match (self.face(table, low), self.face(table, high)) {
            (Some(a), Some(b)) => [a, b],
            (Some(a), None) => {
                let size = self.shared_length(shared, size, name, note);
                let b = a.plus(&size);
                [a, b]
            }
            (None, Some(b)) => {
                let size = self.shared_length(shared, size, name, note);
                [b.minus(&size), b]
            }
            (None, None) => {
                let middle = f64::midpoint(low, high);
                let center = self.tables[table].centers.iter().find(|c| self.is_same(c.0, middle)).cloned();
                let nearest = [low, high].map(|at| self.nearest(table, at, 1.0));
                let size = self.shared_length(shared, size, name, note);
                match (center, nearest) {
                    (Some((_, c)), _) => [c.minus(&size.times(0.5)), c.plus(&size.times(0.5))],
                    (None, [Some((to_low, a)), Some((to_high, b))]) => {
                        if (to_high - high).abs() < (to_low - low).abs() - self.tolerance {
                            let b = b.shifted(high - to_high);
                            [b.minus(&size), b]
                        } else {
                            let a = a.shifted(low - to_low);
                            let b = a.plus(&size);
                            [a, b]
                        }
                    }
                    _ => {
                        let a = Expression::constant(low);
                        let b = a.plus(&size);
                        [a, b]
                    }
                }
            }
        };
        self.put_face(table, low, &found[0]);
        self.put_face(table, high, &found[1]);
        self.put_center(table, f64::midpoint(low, high), &found[0].plus(&found[1]).times(0.5));
        found
    }

    /// The parameter among `shared` that has this value, or a new one.
    pub(super) fn shared_length(
        &mut self,
        shared: &mut Vec<(f64, Expression)>,
        value: f64,
        name: &str,
        note: &str,
    ) -> Expression {
        if let Some(known) = shared.iter().find(|s| self.is_same(s.0, value)) {
            return known.1.clone();
        }
        let made = self.length(name, value, note);
        shared.push((value, made.clone()));
        made
    }
}
