//! The parser of selector strings.
//!
//! `and` binds tighter than `or`, `or` tighter than `exc`/`except`; a leading `not` takes everything after it (as
//! `CadQuery`'s grammar has it), a `not` before an operand takes that operand.

use glam::DVec3;

use super::{Selector, SelectorError};

/// Longest selector read; the language is for short phrases.
const MAX_LENGTH: usize = 2_000;

/// Deepest nesting of parentheses and `not`.
const MAX_DEPTH: usize = 50;

impl Selector {
    /// Parses a selector string.
    pub(crate) fn parse(text: &str) -> Result<Self, SelectorError> {
        if text.len() > MAX_LENGTH {
            return Err(SelectorError::TooComplex);
        }
        let mut parser = Parser { text, at: 0, depth: 0 };
        let selector = parser.expression()?;
        parser.skip_space();
        if parser.at < text.len() { Err(parser.error("the end, 'and', 'or' or 'exc'")) } else { Ok(selector) }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Parsed = Result<Selector, SelectorError>;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error(&self, expected: &'static str) -> SelectorError {
        let text = self.text.chars().take(60).collect();
        SelectorError::Syntax { text, at: self.text[..self.at].chars().count() + 1, expected }
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SelectorError::TooComplex);
        }
        let parsed = if self.take("not") { Selector::Not(Box::new(self.expression()?)) } else { self.chain(0)? };
        self.depth -= 1;
        Ok(parsed)
    }

    /// A left-associative chain of the operators of one level; level 3 are the operands.
    fn chain(&mut self, level: usize) -> Parsed {
        const LEVELS: [&[&str]; 3] = [&["except", "exc"], &["or"], &["and"]];
        let Some(operators) = LEVELS.get(level) else { return self.operand() };
        let mut left = self.chain(level + 1)?;
        while operators.iter().any(|operator| self.take(operator)) {
            let right = self.chain(level + 1)?;
            let (left_box, right_box) = (Box::new(left), Box::new(right));
            left = match level {
                0 => Selector::Except(left_box, right_box),
                1 => Selector::Or(left_box, right_box),
                _ => Selector::And(left_box, right_box),
            };
        }
        Ok(left)
    }

    fn operand(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SelectorError::TooComplex);
        }
        let parsed = self.operand_at_depth()?;
        self.depth -= 1;
        Ok(parsed)
    }

    fn operand_at_depth(&mut self) -> Parsed {
        if self.take("not") {
            return Ok(Selector::Not(Box::new(self.operand()?)));
        }
        // A parenthesis opens a direction such as (1,0,0), or a group.
        let before = self.at;
        if let Some(direction) = self.direction() {
            return Ok(Selector::Along(direction));
        }
        self.at = before;
        if self.take("(") {
            let inner = self.expression()?;
            return if self.take(")") { Ok(inner) } else { Err(self.error("')'")) };
        }
        if self.take("%") {
            return self.kind();
        }
        for (operator, ascending, by_center) in
            [(">>", true, true), ("<<", false, true), (">", true, false), ("<", false, false)]
        {
            if self.take(operator) {
                let direction = self.required_direction()?;
                let index = self.index()?;
                return Ok(match index {
                    Some(index) if !by_center => Selector::ParallelNth { direction, index, ascending },
                    _ => Selector::CenterNth { direction, index: index.unwrap_or(-1), ascending },
                });
            }
        }
        for (operator, make) in [
            ("|", Selector::Parallel as fn(DVec3) -> Selector),
            ("#", Selector::Perpendicular),
            ("+", Selector::Along),
            ("-", |direction: DVec3| Selector::Along(-direction)),
        ] {
            if self.take(operator) {
                return Ok(make(self.required_direction()?));
            }
        }
        for (name, direction, ascending) in [
            ("front", DVec3::Z, true),
            ("back", DVec3::Z, false),
            ("left", DVec3::X, false),
            ("right", DVec3::X, true),
            ("top", DVec3::Y, true),
            ("bottom", DVec3::Y, false),
        ] {
            if self.take(name) {
                return Ok(Selector::CenterNth { direction, index: -1, ascending });
            }
        }
        Err(self.error("a selector such as '>Z', '|X', '%CIRCLE' or '('"))
    }

    fn kind(&mut self) -> Parsed {
        self.skip_space();
        let letters = self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let name = self.rest()[..letters].to_ascii_uppercase();
        if !KINDS.contains(&name.as_str()) {
            return Err(self.error("a kind of geometry such as PLANE, CYLINDER, LINE or CIRCLE"));
        }
        self.at += letters;
        Ok(Selector::Kind(name))
    }

    fn required_direction(&mut self) -> Result<DVec3, SelectorError> {
        let at = self.at;
        self.direction().ok_or_else(|| {
            self.at = at;
            self.error("a direction: X, Y, Z, XY, XZ, YZ or (x,y,z)")
        })
    }

    fn direction(&mut self) -> Option<DVec3> {
        const NAMED: [(&str, DVec3); 6] = [
            ("XY", DVec3::new(1.0, 1.0, 0.0)),
            ("XZ", DVec3::new(1.0, 0.0, 1.0)),
            ("YZ", DVec3::new(0.0, 1.0, 1.0)),
            ("X", DVec3::X),
            ("Y", DVec3::Y),
            ("Z", DVec3::Z),
        ];
        if let Some((_, direction)) = NAMED.iter().find(|(name, _)| self.take(name)) {
            return Some(*direction);
        }
        if !self.take("(") {
            return None;
        }
        let mut components = [0.0; 3];
        for (index, component) in components.iter_mut().enumerate() {
            if index > 0 && !self.take(",") {
                return None;
            }
            *component = self.number()?;
        }
        self.take(")").then(|| DVec3::from_array(components))
    }

    fn number(&mut self) -> Option<f64> {
        self.skip_space();
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['+', '-']));
        let whole = digits(&rest[sign..]);
        if whole == 0 {
            return None;
        }
        let mut length = sign + whole;
        if rest[length..].starts_with('.') {
            length += 1 + digits(&rest[length + 1..]);
        }
        self.at += length;
        rest[..length].parse().ok().filter(|value: &f64| value.is_finite())
    }

    fn index(&mut self) -> Result<Option<i64>, SelectorError> {
        if !self.take("[") {
            return Ok(None);
        }
        self.skip_space();
        let negative = self.take("-");
        self.skip_space();
        let count = self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(value) = self.rest()[..count].parse::<i64>() else { return Err(self.error("a whole number")) };
        self.at += count;
        if self.take("]") { Ok(Some(if negative { -value } else { value })) } else { Err(self.error("']'")) }
    }
}

/// `CadQuery`'s names of kinds of geometry.
const KINDS: [&str; 15] = [
    "PLANE",
    "CYLINDER",
    "CONE",
    "SPHERE",
    "TORUS",
    "BEZIER",
    "BSPLINE",
    "REVOLUTION",
    "EXTRUSION",
    "OFFSET",
    "OTHER",
    "LINE",
    "CIRCLE",
    "ELLIPSE",
    "HYPERBOLA",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed {
        Selector::parse(text)
    }

    #[test]
    fn operators_group_as_in_cadquery() {
        let check = |text: &str, same: &str| assert_eq!(parse(text), parse(same), "{text}");
        let z = || Box::new(Selector::CenterNth { direction: DVec3::Z, index: -1, ascending: true });
        let x = || Box::new(Selector::Parallel(DVec3::X));
        assert_eq!(parse(">Z and |X").unwrap(), Selector::And(z(), x()));
        check(">Z or >X and >Y", ">Z or (>X and >Y)");
        check("not >Z and >X", "not (>Z and >X)");
        check(">Z and not >X", ">Z and (not >X)");
        check(">Z exc >X or >Y", ">Z exc (>X or >Y)");
        check(">Z except >X", ">Z exc >X");
        check(">Z exc >X exc >Y", "(>Z exc >X) exc >Y");
        check(" > Z ", ">Z");
        check(">(0,0,1)", ">Z");
        check(">( 0.5 , 0, -1. )", ">(0.5,0,-1)");
        check(">Zand>X", ">Z and >X");
        check(">>Z", ">Z");
        check("Z", "+Z");
        check("(0,0,1)", "Z");
        check("%plane", "% PLANE");
        check("front", ">Z");
        check("bottom", "<Y");
        check("not not >Z", "not (not >Z)");
    }

    #[test]
    fn wrong_selectors_are_refused_with_their_place() {
        let check = |text: &str, place: usize| match parse(text) {
            Err(SelectorError::Syntax { at, .. }) => assert_eq!(at, place, "{text}"),
            other => panic!("{text}: {other:?}"),
        };
        check("bogus", 1);
        check(">Q", 2);
        check(">z", 2);
        check("%FOO", 2);
        check("ZX", 2);
        check(">(1,1)", 2);
        check("|Z|X", 3);
        check(">Z[+1]", 4);
        check(">Z and", 7);
        check("(>Z", 4);
        assert_eq!(parse(&"(".repeat(200)), Err(SelectorError::TooComplex));
        assert_eq!(parse(&"not ".repeat(200)), Err(SelectorError::TooComplex));
    }

    #[test]
    fn indices_may_be_negative_and_spaced() {
        let nth = |index| Selector::ParallelNth { direction: DVec3::Z, index, ascending: true };
        assert_eq!(parse(">Z[-1]").unwrap(), nth(-1));
        assert_eq!(parse(">Z[ 0 ]").unwrap(), nth(0));
        assert_eq!(parse("<<X[2]").unwrap(), Selector::CenterNth { direction: DVec3::X, index: 2, ascending: false });
    }
}
