//! Places in a program's source.

use serde::{Deserialize, Serialize};

/// A byte range of the program's source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The text of the span; empty when the span does not fit `source`.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A line and a column, both counted from 1; columns count characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The position of byte `offset` of `source` (clamped to its end).
    pub fn of(source: &str, offset: u32) -> Self {
        let mut end = (offset as usize).min(source.len());
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        let before = &source[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() as u32 + 1;
        Self { line, column: before[line_start..].chars().count() as u32 + 1 }
    }

    /// The byte offset of this position in `source` (clamped to the line's and the source's end).
    pub fn offset_in(self, source: &str) -> u32 {
        let mut start = 0;
        for _ in 1..self.line {
            match source[start..].find('\n') {
                Some(newline) => start += newline + 1,
                None => return source.len() as u32,
            }
        }
        let line = source[start..].split('\n').next().unwrap_or_default();
        let column = self.column.saturating_sub(1) as usize;
        let within = line.char_indices().nth(column).map_or(line.len(), |(index, _)| index);
        (start + within) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one_and_come_back() {
        let check = |source: &str, offset: u32, line: u32, column: u32| {
            let position = Position::of(source, offset);
            assert_eq!(position, Position { line, column }, "{source:?} at {offset}");
            assert_eq!(position.offset_in(source), offset, "{source:?} back from {position:?}");
        };
        check("", 0, 1, 1);
        check("abc", 0, 1, 1);
        check("abc", 3, 1, 4);
        check("a\nbc", 2, 2, 1);
        check("a\nbc\n", 5, 3, 1);
        check("\u{e4}\u{e4}x\ny", 4, 1, 3);
        check("\u{e4}\ny", 3, 2, 1);
    }

    #[test]
    fn offsets_beyond_the_source_are_clamped() {
        assert_eq!(Position::of("ab", 99), Position { line: 1, column: 3 });
        assert_eq!(Position { line: 9, column: 9 }.offset_in("ab\nc"), 4);
        assert_eq!(Position { line: 1, column: 9 }.offset_in("ab\nc"), 2);
        assert_eq!(Span { start: 5, end: 2 }.text("abc"), "");
    }
}
