//! The named numbers of a program: the constants at the top of its text, to be changed without typing.
//!
//! Found in the tokens alone, so that text which does not parse (yet) keeps its parameters, and no text is too deep.

use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

/// A line `name = number` outside every block.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Where the number stands, its sign included: a range of bytes.
    pub range: Range<usize>,
    /// Its line, counted from 1.
    pub line: usize,
    /// Decimals written.
    pub decimals: usize,
}

/// The constants of a program, in their order. Of one that is assigned twice, both.
pub fn constants(source: &str) -> Vec<Constant> {
    let mut found = Vec::new();
    let mut lexer = lex(source, Mode::Module);
    let (mut line, mut block): (Vec<(TokenKind, Range<usize>)>, usize) = (Vec::new(), 0);
    loop {
        let kind = lexer.next_token();
        let range = lexer.current_range();
        let range = range.start().to_usize()..range.end().to_usize();
        match kind {
            TokenKind::Indent => block += 1,
            TokenKind::Dedent => block = block.saturating_sub(1),
            TokenKind::Comment | TokenKind::NonLogicalNewline => {}
            TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile => {
                if block == 0 {
                    found.extend(constant(source, &line));
                }
                line.clear();
            }
            _ => line.push((kind, range)),
        }
        if kind == TokenKind::EndOfFile {
            return found;
        }
    }
}

fn constant(source: &str, line: &[(TokenKind, Range<usize>)]) -> Option<Constant> {
    let (name, number) = match line {
        [(TokenKind::Name, name), (TokenKind::Equal, _), (kind, number)] if is_number(*kind) => (name, number.clone()),
        [(TokenKind::Name, name), (TokenKind::Equal, _), (TokenKind::Minus, minus), (kind, number)]
            if is_number(*kind) =>
        {
            (name, minus.start..number.end)
        }
        _ => return None,
    };
    let text = source.get(number.clone())?;
    let value = text.replace(['_', ' '], "").parse().ok()?;
    Some(Constant {
        name: source.get(name.clone())?.to_owned(),
        value,
        line: source.get(..number.start)?.matches('\n').count() + 1,
        decimals: decimals(text),
        range: number,
    })
}

fn is_number(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Int | TokenKind::Float)
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, decimals)| decimals.chars().take_while(char::is_ascii_digit).count())
}

/// The number that stands at the byte `offset`, its sign included where it cannot be a subtraction.
pub fn number_at(source: &str, offset: usize) -> Option<Constant> {
    let mut lexer = lex(source, Mode::Module);
    let mut before: [Option<(TokenKind, Range<usize>)>; 2] = [None, None];
    loop {
        let kind = lexer.next_token();
        let range = lexer.current_range();
        let range = range.start().to_usize()..range.end().to_usize();
        // The sign before a number belongs to it, so one token more is looked at.
        if kind == TokenKind::EndOfFile || (range.start > offset && !is_number(kind)) {
            return None;
        }
        if is_number(kind) && range.end >= offset {
            let [previous, one_more] = before;
            let follows_value = one_more.is_some_and(|(kind, _)| {
                is_number(kind) || matches!(kind, TokenKind::Name | TokenKind::Rpar | TokenKind::Rsqb)
            });
            let start = match previous {
                Some((TokenKind::Minus, minus)) if !follows_value => minus.start,
                _ => range.start,
            };
            if start > offset {
                return None;
            }
            let text = source.get(start..range.end)?;
            return Some(Constant {
                name: String::new(),
                value: text.replace(['_', ' '], "").parse().ok()?,
                line: source.get(..start)?.matches('\n').count() + 1,
                decimals: decimals(text),
                range: start..range.end,
            });
        }
        before = [Some((kind, range)), before[0].take()];
    }
}

/// The text with another value in a constant's place, written with `decimals` or with as many as the value needs when it is
/// `None`.
pub fn with_constant(source: &str, constant: &Constant, value: f64, decimals: Option<usize>) -> Option<String> {
    let (before, after) = (source.get(..constant.range.start)?, source.get(constant.range.end..)?);
    let mut number = match decimals {
        Some(decimals) => format!("{value:.decimals$}"),
        None => value.to_string(),
    };
    let was_float = source.get(constant.range.clone())?.contains(['.', 'e', 'E']);
    if was_float && !number.contains('.') {
        // An int where a float stood is another type in Python.
        number.push_str(".0");
    }
    Some(format!("{before}{number}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(&str, f64, usize)]) {
        let found = constants(source);
        let found: Vec<_> = found.iter().map(|c| (c.name.as_str(), c.value, c.line)).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn constants_are_found_at_the_top_level() {
        check("a = 5\nb = -2.50  # mm\nc = a\nd = (3)\n", &[("a", 5.0, 1), ("b", -2.5, 2)]);
        check("import cadquery as cq\n\nwidth = 1_000\nr = cq.Workplane().box(width, 1, 1)", &[("width", 1000.0, 3)]);
        check("def f():\n    a = 5\nb = 6", &[("b", 6.0, 3)]);
        check("a = 1; b = 2", &[("a", 1.0, 1), ("b", 2.0, 1)]);
        check("a = b = 2\na += 3\na: int = 4\na = 1 + 2\na, b = 1, 2", &[]);
        check("s = 'a = 5'\nx = (1 +\n", &[]);
        check("wrong (((\na = 1e2", &[]);
        check("a = 1e2\nx = = 3\nä = 7", &[("a", 100.0, 1), ("ä", 7.0, 3)]);
    }

    #[test]
    fn values_are_written_as_they_were() {
        let check = |source: &str, value: f64, decimals: Option<usize>, expected: &str| {
            let found = constants(source);
            assert_eq!(with_constant(source, &found[0], value, decimals).as_deref(), Some(expected));
        };
        check("a = 5  # mm\n", 6.0, Some(0), "a = 6  # mm\n");
        check("a = 5.0\n", 6.0, Some(1), "a = 6.0\n");
        check("a = 5.0\n", 6.0, None, "a = 6.0\n");
        check("a = -2.5", -2.55, None, "a = -2.55");
        check("a = -2.5", 3.25, Some(2), "a = 3.25");
    }

    #[test]
    fn the_number_under_the_cursor() {
        let check = |source: &str, offset: usize, expected: Option<f64>| {
            assert_eq!(number_at(source, offset).map(|c| c.value), expected, "{source} at {offset}");
        };
        check("box(10, -2.5)", 4, Some(10.0));
        check("box(10, -2.5)", 6, Some(10.0));
        check("box(10, -2.5)", 10, Some(-2.5));
        check("box(a-2.5)", 7, Some(2.5));
        check("box(10, -2.5)", 1, None);
        check("x", 40, None);
    }
}
