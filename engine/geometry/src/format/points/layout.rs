//! How a line is cut into fields.

use super::columns::Columns;
use crate::format::number::{parse_f64, parse_i64};

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Blank,
    Comma,
    Semicolon,
}

/// The way all lines of a file are cut, found from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) separator: Separator,
    /// Whether a comma is the decimal sign.
    pub(super) decimal_comma: bool,
}

impl Layout {
    /// The layout of a line: semicolons separate wherever they stand; commas do unless every word between blanks reads as
    /// a number with a decimal comma; else blanks do.
    pub(super) fn of_line(line: &[u8]) -> Self {
        let has = |wanted: u8| line.contains(&wanted);
        if has(b';') {
            return Self { separator: Separator::Semicolon, decimal_comma: has(b',') && !has(b'.') };
        }
        if !has(b',') {
            return Self { separator: Separator::Blank, decimal_comma: false };
        }
        let is_decimal = |word: &[u8]| {
            let mut parts = word.split(|&byte| byte == b',');
            let whole = parts.next().unwrap_or_default();
            let starts_well = whole.last().is_some_and(u8::is_ascii_digit);
            let ends_well = parts.next().is_none_or(|part| part.first().is_some_and(u8::is_ascii_digit));
            starts_well && ends_well && parts.next().is_none() && !word.contains(&b'.')
        };
        let words: Vec<_> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let decimal_comma = words.len() >= 3 && words.iter().all(|word| is_decimal(word));
        Self { separator: if decimal_comma { Separator::Blank } else { Separator::Comma }, decimal_comma }
    }

    /// The fields of a line, trimmed and without quotation marks; an empty one at the end is dropped.
    pub(super) fn fields<'a>(self, line: &'a [u8], fields: &mut Vec<&'a [u8]>) {
        fields.clear();
        match self.separator {
            Separator::Blank => fields.extend(line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty())),
            Separator::Comma | Separator::Semicolon => {
                let mark = if self.separator == Separator::Comma { b',' } else { b';' };
                fields.extend(line.split(|&byte| byte == mark).map(unquoted));
                if fields.last().is_some_and(|last| last.is_empty()) {
                    fields.pop();
                }
            }
        }
    }

    /// A field as a number.
    pub(super) fn number(self, field: &[u8]) -> Option<f64> {
        if self.decimal_comma && field.contains(&b',') {
            let dotted: Vec<u8> = field.iter().map(|&byte| if byte == b',' { b'.' } else { byte }).collect();
            return parse_f64(&dotted);
        }
        parse_f64(field)
    }
}

fn unquoted(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field)
}

/// A line without the marks that make it a comment; `None` when it is none.
pub(super) fn comment(line: &[u8]) -> Option<&[u8]> {
    let rest = [&b"#"[..], b"//", b"%"].iter().find_map(|mark| line.strip_prefix(*mark))?;
    Some(rest.trim_ascii())
}

/// Whether a line can stand in a text of points: three numbers, a count alone, or the names of columns.
pub(crate) fn looks_like_points(line: &[u8]) -> bool {
    let layout = Layout::of_line(line);
    let mut fields = Vec::new();
    layout.fields(line, &mut fields);
    let is_count = fields.len() == 1 && parse_i64(fields[0]).is_some();
    let is_point = fields.len() >= 3 && fields[..3].iter().all(|field| layout.number(field).is_some());
    is_count || is_point || Columns::named(&fields).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_by_their_own_separator() {
        let check = |line: &str, expected: &[f64]| {
            let layout = Layout::of_line(line.as_bytes());
            let mut fields = Vec::new();
            layout.fields(line.as_bytes(), &mut fields);
            let numbers: Vec<_> = fields.iter().map(|field| layout.number(field).unwrap()).collect();
            assert_eq!(numbers, expected, "{line}");
        };
        check("1 2 3", &[1.0, 2.0, 3.0]);
        check("1\t2.5\t-3e2", &[1.0, 2.5, -300.0]);
        check("1,2,3", &[1.0, 2.0, 3.0]);
        check("1, 2, 3", &[1.0, 2.0, 3.0]);
        check("1.5,2,3,", &[1.5, 2.0, 3.0]);
        check("\"1\",\"2\",\"3\"", &[1.0, 2.0, 3.0]);
        check("1;2;3", &[1.0, 2.0, 3.0]);
        check("1,5;2,5;3", &[1.5, 2.5, 3.0]);
        check("1,5 2,5 3", &[1.5, 2.5, 3.0]);
        check("1,5\t2,5\t3,25", &[1.5, 2.5, 3.25]);
    }

    #[test]
    fn points_are_recognised() {
        let check = |line: &str, expected: bool| assert_eq!(looks_like_points(line.as_bytes()), expected, "{line}");
        check("1 2 3", true);
        check("12", true);
        check("X;Y;Z", true);
        check("\"x\",\"y\",\"z\",\"intensity\"", true);
        check("1 2", false);
        check("hello world again", false);
        check("{\"a\":1,\"b\":2,\"c\":3}", false);
    }
}
