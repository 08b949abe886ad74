//! Linear expressions of parameters: what a coordinate of the program is written as.

use crate::emit::number;

/// A number plus multiples of parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expression {
    /// The part that no parameter changes.
    pub(super) constant: f64,
    /// Parameters and their factors, in the order of the parameters; no factor is zero.
    terms: Vec<(usize, f64)>,
}

impl Expression {
    pub(super) fn constant(constant: f64) -> Self {
        Self { constant, terms: Vec::new() }
    }

    pub(super) fn parameter(index: usize) -> Self {
        Self { constant: 0.0, terms: vec![(index, 1.0)] }
    }

    /// The same expression plus a number.
    pub(super) fn shifted(&self, by: f64) -> Self {
        Self { constant: self.constant + by, terms: self.terms.clone() }
    }

    /// The same expression times a number other than zero.
    pub(super) fn times(&self, factor: f64) -> Self {
        Self { constant: self.constant * factor, terms: self.terms.iter().map(|&(i, k)| (i, k * factor)).collect() }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut terms = self.terms.clone();
        for &(index, factor) in &other.terms {
            match terms.binary_search_by_key(&index, |t| t.0) {
                Ok(at) => terms[at].1 += factor,
                Err(at) => terms.insert(at, (index, factor)),
            }
        }
        terms.retain(|t| t.1.abs() > 1e-12);
        Self { constant: self.constant + other.constant, terms }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.times(-1.0))
    }

    pub(super) fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }

    /// Its value for these values of the parameters.
    pub(super) fn value(&self, values: &[f64]) -> f64 {
        self.constant + self.terms.iter().map(|&(i, k)| k * values[i]).sum::<f64>()
    }

    /// The expression with the numbers in place of those parameters that are not `named`.
    pub(super) fn with_only(&self, named: &[bool], values: &[f64]) -> Self {
        let (terms, gone): (Vec<_>, Vec<_>) = self.terms.iter().partition(|t| named[t.0]);
        Self { constant: self.constant + gone.iter().map(|&(i, k)| k * values[i]).sum::<f64>(), terms }
    }

    /// The expression as it is written: what is added first, the number last.
    pub(super) fn text(&self, names: &[String], decimals: usize) -> String {
        let constant = number(self.constant, decimals);
        if self.terms.is_empty() {
            return constant;
        }
        let (added, taken): (Vec<_>, Vec<_>) = self.terms.iter().partition(|t| t.1 > 0.0);
        let mut text = String::new();
        let starts_with_number = added.is_empty() && self.constant > 0.0 && constant != "0";
        if starts_with_number {
            text.push_str(&constant);
        }
        for (index, factor) in added.into_iter().chain(taken) {
            let term = term(&names[index], factor.abs());
            match (text.is_empty(), factor > 0.0) {
                (true, true) => text.push_str(&term),
                (true, false) => text.extend(["-", &term]),
                (false, true) => text.extend([" + ", &term]),
                (false, false) => text.extend([" - ", &term]),
            }
        }
        if constant != "0" && !starts_with_number {
            match constant.strip_prefix('-') {
                Some(taken) => text.extend([" - ", taken]),
                None => text.extend([" + ", &constant]),
            }
        }
        text
    }
}

fn term(name: &str, factor: f64) -> String {
    let (times, parts) = (factor.round(), (1.0 / factor).round());
    if (factor - 1.0).abs() < 1e-12 {
        name.to_owned()
    } else if (factor - times).abs() < 1e-12 {
        format!("{times} * {name}")
    } else if (1.0 / factor - parts).abs() < 1e-9 {
        format!("{name} / {parts}")
    } else {
        format!("{} * {name}", number(factor, 9))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_read_as_a_person_writes_them() {
        let names = ["length".to_owned(), "margin".to_owned()];
        let (length, margin) = (Expression::parameter(0), Expression::parameter(1));
        let check = |e: Expression, expected: &str, value: f64| {
            assert_eq!(e.text(&names, 3), expected);
            assert!((e.value(&[10.0, 3.0]) - value).abs() < 1e-12, "{expected}");
        };
        check(Expression::constant(-2.5), "-2.5", -2.5);
        check(length.times(0.5).minus(&margin), "length / 2 - margin", 2.0);
        check(length.times(-0.5), "-length / 2", -5.0);
        check(margin.minus(&length.times(0.5)).shifted(1.25), "margin - length / 2 + 1.25", -0.75);
        check(length.times(-0.5).shifted(12.0), "12 - length / 2", 7.0);
        check(margin.times(2.0).shifted(-0.5), "2 * margin - 0.5", 5.5);
        check(margin.plus(&length).minus(&length), "margin", 3.0);
        check(length.times(0.75), "0.75 * length", 7.5);
        assert_eq!(length.plus(&margin).with_only(&[true, false], &[10.0, 3.0]).text(&names, 3), "length + 3");
    }
}
