//! A source read, and replacements of pieces of its text.

use std::ops::Range;

use ruff_python_ast::ModModule;
use ruff_python_parser::{Parsed, parse_module};
use ruff_text_size::Ranged;

use crate::Limits;
use crate::interpreter::too_deep;

/// The syntax tree of a source that is neither too long nor too deep to be walked.
pub(super) fn read(source: &str) -> Result<Parsed<ModModule>, String> {
    let limits = Limits::default();
    if source.len() > limits.source_bytes || too_deep(source, limits.nesting).is_some() {
        return Err("it is too long or nested too deep".to_owned());
    }
    parse_module(source).map_err(|error| error.error.to_string())
}

/// A replacement of bytes of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// The bytes of a node of the syntax tree.
pub(super) fn bytes(node: &impl Ranged) -> Range<usize> {
    node.start().to_usize()..node.end().to_usize()
}

/// The source with all edits done; `None` where two of them touch the same bytes.
pub(super) fn edited(source: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|edit| edit.range.start);
    let mut text = String::with_capacity(source.len());
    let mut from = 0;
    for edit in edits {
        text.push_str(source.get(from..edit.range.start)?);
        text.push_str(&edit.text);
        from = edit.range.end;
    }
    text.push_str(source.get(from..)?);
    Some(text)
}

/// A number with at most so many decimals and no useless zero.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let check = |value: f64, decimals: usize, expected: &str| assert_eq!(number(value, decimals), expected);
        check(1.5, 3, "1.5");
        check(-0.0001, 3, "0");
        check(100.0, 0, "100");
        check(100.0, 2, "100");
        check(-12.345_678, 4, "-12.3457");
    }

    #[test]
    fn edits_are_done_together_unless_they_touch() {
        let edit = |range: Range<usize>, text: &str| Edit { range, text: text.to_owned() };
        assert_eq!(edited("abcdef", vec![edit(4..5, "X"), edit(0..2, "")]).as_deref(), Some("cdXf"));
        assert_eq!(edited("abcdef", vec![edit(0..3, "X"), edit(2..4, "Y")]), None);
    }
}
