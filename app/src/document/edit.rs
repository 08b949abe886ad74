//! Edits of a program's text as functions: lines indented, comments put and taken, text found and replaced.
//!
//! All places are ranges of bytes. Each function that changes the text gives the new one with the selection in it.

use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

/// One step of indentation.
const INDENT: &str = "    ";

/// A text and what is selected in it.
pub type Edited = (String, Range<usize>);

/// The start of the line in which `offset` stands.
pub fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The white space with which the line after `offset` begins: that of the line up to there, and one step more after a colon.
pub fn indentation_after(text: &str, offset: usize) -> String {
    let line = text.get(line_start(text, offset)..offset).unwrap_or_default();
    let indentation: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let code = line.split('#').next().unwrap_or_default();
    if code.trim_end().ends_with(':') { indentation + INDENT } else { indentation }
}

/// The spaces that the Tab key puts at `offset`.
pub fn spaces_at(text: &str, offset: usize) -> &'static str {
    let column = text.get(line_start(text, offset)..offset).map_or(0, |line| line.chars().count());
    &INDENT[column % INDENT.len()..]
}

/// All lines of the selection moved one step to the right; empty ones stay.
pub fn indented(text: &str, selection: Range<usize>) -> Edited {
    change_lines(text, selection, |line| {
        (!line.trim().is_empty()).then_some(Change { at: 0, remove: 0, insert: INDENT })
    })
}

/// All lines of the selection moved one step to the left, as far as they can be.
pub fn dedented(text: &str, selection: Range<usize>) -> Edited {
    change_lines(text, selection, |line| {
        let spaces = line.bytes().take(INDENT.len()).take_while(|byte| *byte == b' ').count();
        let remove = if line.starts_with('\t') { 1 } else { spaces };
        (remove > 0).then_some(Change { at: 0, remove, insert: "" })
    })
}

/// The lines of the selection as comments; when all of them are comments, as code again.
pub fn comment_toggled(text: &str, selection: Range<usize>) -> Edited {
    let lines = || lines_of(text, &selection).filter_map(|line| text.get(line)).filter(|line| !line.trim().is_empty());
    let depth = |line: &str| line.len() - line.trim_start().len();
    if lines().all(|line| line.trim_start().starts_with('#')) {
        return change_lines(text, selection, |line| {
            let at = depth(line);
            let rest = line.get(at..).filter(|rest| rest.starts_with('#'))?;
            Some(Change { at, remove: if rest.starts_with("# ") { 2 } else { 1 }, insert: "" })
        });
    }
    let at = lines().map(depth).min().unwrap_or(0);
    change_lines(text, selection, |line| (!line.trim().is_empty()).then_some(Change { at, remove: 0, insert: "# " }))
}

/// The statements of a program as its tokens tell: logical lines, without comments between them. The head of a block is one,
/// and so is each line in it.
pub fn statements(text: &str) -> Vec<Range<usize>> {
    let mut lexer = lex(text, Mode::Module);
    let (mut found, mut open): (Vec<Range<usize>>, Option<Range<usize>>) = (Vec::new(), None);
    loop {
        let kind = lexer.next_token();
        let range = lexer.current_range();
        let range = range.start().to_usize()..range.end().to_usize();
        match kind {
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::Indent | TokenKind::Dedent => {}
            TokenKind::Newline | TokenKind::Semi => found.extend(open.take()),
            TokenKind::EndOfFile => {
                found.extend(open.take());
                return found;
            }
            _ => open = Some(open.map_or(range.start, |open| open.start)..range.end),
        }
    }
}

/// What happens to a line: bytes taken away and text put at its byte `at`.
struct Change {
    at: usize,
    remove: usize,
    insert: &'static str,
}

/// The lines that a selection touches, without their ends. One that it only reaches the start of is not among them.
fn lines_of<'t>(text: &'t str, selection: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let mut start = 0;
    let (first, last) = (selection.start.min(selection.end), selection.start.max(selection.end));
    let lines = text.split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    });
    lines.filter(move |line| line.end >= first && (line.start < last || (line.start == last && first == last)))
}

fn change_lines(text: &str, selection: Range<usize>, change: impl Fn(&str) -> Option<Change>) -> Edited {
    let mut made = String::with_capacity(text.len() + 64);
    let (mut copied, mut chosen) = (0, selection.clone());
    for line in lines_of(text, &selection) {
        let Some(Change { at, remove, insert }) = text.get(line.clone()).and_then(&change) else { continue };
        let at = line.start + at;
        let (Some(before), true) = (text.get(copied..at), text.is_char_boundary(at + remove)) else { continue };
        made.push_str(before);
        made.push_str(insert);
        copied = at + remove;
        let moved = |old: usize, new: usize| {
            if old < at || (old == at && old == selection.start && selection.start != selection.end) {
                new
            } else {
                new + insert.len() - remove.min(old - at)
            }
        };
        chosen = moved(selection.start, chosen.start)..moved(selection.end, chosen.end);
    }
    made.push_str(text.get(copied..).unwrap_or_default());
    (made, chosen)
}

/// The places at which `wanted` stands, from the first to the last, none overlapping another. Without `case`, the capitals
/// of ASCII are the same as its small letters.
pub fn places_of(text: &str, wanted: &str, case: bool) -> Vec<Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let ranges = |text: &str, wanted: &str| {
        text.match_indices(wanted).map(|(start, found)| start..start + found.len()).collect::<Vec<_>>()
    };
    // Of ASCII alone, so that no letter changes its length.
    if case { ranges(text, wanted) } else { ranges(&text.to_ascii_lowercase(), &wanted.to_ascii_lowercase()) }
}

/// The text with `replacement` at each of the `places`, which are in their order; the last one made is selected.
pub fn replaced(text: &str, places: &[Range<usize>], replacement: &str) -> Edited {
    let mut made = String::with_capacity(text.len());
    let (mut copied, mut chosen) = (0, 0..0);
    for place in places {
        let Some(before) = text.get(copied..place.start).filter(|_| text.is_char_boundary(place.end)) else { continue };
        made.push_str(before);
        chosen = made.len()..made.len() + replacement.len();
        made.push_str(replacement);
        copied = place.end;
    }
    made.push_str(text.get(copied..).unwrap_or_default());
    (made, chosen)
}

/// Where a place in `old` is in `new`; `None` when what stood there was changed itself.
pub fn moved(place: Range<usize>, old: &str, new: &str) -> Option<Range<usize>> {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    if place.end <= same {
        return Some(place);
    }
    let most = old.len().min(new.len()) - same;
    let tail = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    let first_kept = old.len() - tail;
    (place.start >= first_kept).then(|| place.start - first_kept + new.len() - tail..place.end + new.len() - old.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text whose selection stands between bars, or whose cursor is one bar.
    fn parse(marked: &str) -> Edited {
        let start = marked.find('|').expect("a bar");
        let text = marked.replacen('|', "", 1);
        let end = text.find('|').unwrap_or(start);
        (text.replacen('|', "", 1), start..end)
    }

    #[track_caller]
    fn check(edit: fn(&str, Range<usize>) -> Edited, before: &str, after: &str) {
        let (text, selection) = parse(before);
        assert_eq!(edit(&text, selection), parse(after), "{before:?}");
    }

    #[test]
    fn lines_are_indented_and_back() {
        check(indented, "a\n|b\nc|\nd", "a\n|    b\n    c|\nd");
        check(indented, "a\n|b\n|c", "a\n|    b\n|c");
        check(indented, "|a\n\nb|", "|    a\n\n    b|");
        check(indented, "ä|ö", "    ä|ö");
        check(dedented, "    a\n|      b\n  c|", "    a\n|  b\nc|");
        check(dedented, "    a|b", "a|b");
        check(dedented, "  |  a", "|a");
        check(dedented, "\ta|", "a|");
        check(dedented, "a|", "a|");
    }

    #[test]
    fn comments_are_put_and_taken() {
        check(comment_toggled, "a|b", "# a|b");
        check(comment_toggled, "# a|b", "a|b");
        check(comment_toggled, "#a|b", "a|b");
        check(comment_toggled, "|    a\n        b|", "|    # a\n    #     b|");
        check(comment_toggled, "|    # a\n    #     b|", "|    a\n        b|");
        check(comment_toggled, "|# a\nb|", "|# # a\n# b|");
        check(comment_toggled, "x\n|\ny", "x\n|\ny");
    }

    #[test]
    fn a_new_line_keeps_the_indentation() {
        let check = |text: &str, expected: &str| assert_eq!(indentation_after(text, text.len()), expected, "{text:?}");
        check("a", "");
        check("x\n    a", "    ");
        check("for i in range(3):", "    ");
        check("    if a:  # why", "        ");
        check("\ta", "\t");
        assert_eq!(indentation_after("    ab", 2), "  ");
        assert_eq!((spaces_at("", 0), spaces_at("ab", 2), spaces_at("\nabcd", 5)), ("    ", "  ", "    "));
    }

    #[test]
    fn statements_are_logical_lines() {
        let text = "a = 1  # one\n\nb = (\n  2)\nif a:\n    c = 3; d = 4\ne = (";
        let found: Vec<&str> = statements(text).into_iter().map(|statement| &text[statement]).collect();
        assert_eq!(found, ["a = 1", "b = (\n  2)", "if a:", "c = 3", "d = 4", "e = ("]);
    }

    #[test]
    fn text_is_found_and_replaced() {
        assert_eq!(places_of("box Box bo", "box", false), [0..3, 4..7]);
        assert_eq!(places_of("box Box bo", "Box", true), std::slice::from_ref(&(4..7)));
        assert_eq!(places_of("aaa", "aa", true), std::slice::from_ref(&(0..2)));
        assert!(places_of("a", "", true).is_empty());
        assert!(places_of("äÄ B", "ä b", false).is_empty());
        assert_eq!(replaced("a b a", &[0..1, 4..5], "cd"), ("cd b cd".to_owned(), 5..7));
        assert_eq!(replaced("a", &[], "x"), ("a".to_owned(), 0..0));
    }

    #[test]
    fn places_move_with_the_text() {
        let check = |place: Range<usize>, old: &str, new: &str, expected: Option<Range<usize>>| {
            assert_eq!(moved(place, old, new), expected, "{old:?} -> {new:?}");
        };
        check(4..6, "abc de f", "abc de fg", Some(4..6));
        check(4..6, "abc de f", "xabc de f", Some(5..7));
        check(4..6, "abc de f", "c de f", Some(2..4));
        check(4..6, "abc de f", "abc dxe f", None);
        check(4..6, "abc de f", "", None);
        check(0..0, "", "abc", Some(0..0));
        check(1..2, "aaa", "aaaa", Some(1..2));
    }
}
