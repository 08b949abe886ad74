//! The PLY header: which elements follow, with which properties, in which encoding.

use std::collections::BTreeSet;

use ply_rs::parser::Parser;
use ply_rs::ply::{DefaultElement, Encoding as PlyEncoding, PropertyType};

use crate::LengthUnit;
use crate::format::error::quote;
use crate::format::text::without_bom;
use crate::format::unit_hint::unit_in_comment;
use crate::format::{Encoding, FileFormat, FormatError, Place};

/// A header line longer than this is no header line; the bound keeps the grammar away from binary data.
const LONGEST_LINE: usize = 4096;
/// More lines than any real header has, few enough to be handled without thought.
const MOST_LINES: usize = 10_000;

/// What the header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) encoding: Encoding,
    pub(super) elements: Vec<Element>,
    pub(super) unit: LengthUnit,
    /// The byte at which the payload begins.
    pub(super) payload: usize,
    /// The number of header lines.
    pub(super) lines: u64,
}

/// A kind of row in the payload.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) properties: Vec<Property>,
    /// The header line that declares it.
    pub(super) line: u64,
}

/// A column of an element.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) data: PropertyType,
}

/// Reads the header.
///
/// # Errors
/// For a line that is no header line, a missing format or `end_header`, a repeated name, or a count too large to be one.
pub(super) fn read(file: &[u8]) -> Result<Header, FormatError> {
    let start = file.len() - without_bom(file).len();
    let mut lines = HeaderLines { file, at: start, line: 0, lone_returns: false };
    let mut unit = LengthUnit::Unknown;
    // The header once more, line for line, in the spelling that the grammar knows.
    let mut plain = String::new();
    let mut raw_lines = Vec::new();
    loop {
        let raw = lines.next()?;
        raw_lines.push(raw);
        let trimmed = raw.trim_ascii();
        match trimmed.split(u8::is_ascii_whitespace).next().unwrap_or_default() {
            b"" => plain.push_str("comment"),
            b"comment" | b"obj_info" => {
                unit = if unit == LengthUnit::Unknown { unit_in_comment(trimmed).unwrap_or_default() } else { unit };
                plain.push_str("comment");
            }
            b"end_header" => break,
            // The grammar parses counts with a panic on overflow.
            _ if trimmed.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > 18) => {
                return Err(unexpected(lines.line, raw, "a count of at most 18 digits"));
            }
            _ => plain.push_str(&plain_names(trimmed)),
        }
        plain.push('\n');
        if raw_lines.len() > MOST_LINES {
            return Err(unexpected(lines.line, raw, "\"end_header\" after so many lines"));
        }
    }
    plain.push_str("end_header\n");
    reject_repeated_names(&plain)?;
    let mut unread = plain.as_bytes();
    let parsed = Parser::<DefaultElement>::new().read_header(&mut unread).map_err(|_| {
        // The grammar stops after the line it cannot take.
        let taken = &plain.as_bytes()[..plain.len() - unread.len()];
        let line = taken.split_inclusive(|&byte| byte == b'\n').count();
        let raw = raw_lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        if line == raw_lines.len() {
            unexpected(line as u64, raw, "a line \"format ascii|binary_little_endian|binary_big_endian 1.0\" before it")
        } else {
            unexpected(
                line as u64,
                raw,
                "one \"format\", then \"element\" and its lines \"property\", or \"end_header\"",
            )
        }
    })?;
    let encoding = match parsed.encoding {
        PlyEncoding::Ascii => Encoding::Ascii,
        PlyEncoding::BinaryLittleEndian => Encoding::LittleEndian,
        PlyEncoding::BinaryBigEndian => Encoding::BigEndian,
    };
    let element_lines = (1..).zip(plain.lines()).filter(|(_, text)| text.starts_with("element "));
    let elements = parsed.elements.into_iter().zip(element_lines).map(|((name, definition), (line, _))| Element {
        name,
        count: definition.count as u64,
        properties: definition
            .properties
            .into_iter()
            .map(|(name, known)| Property { name, data: known.data_type })
            .collect(),
        line,
    });
    Ok(Header { encoding, elements: elements.collect(), unit, payload: lines.at, lines: lines.line })
}

/// `ply-rs` keeps elements and properties by name: a second one of the same name would silently replace the first.
fn reject_repeated_names(plain: &str) -> Result<(), FormatError> {
    let mut elements = BTreeSet::new();
    let mut properties = BTreeSet::new();
    for (line, text) in (1..).zip(plain.lines()) {
        let mut words = text.split(' ');
        let is_new = match words.next() {
            Some("element") => {
                properties.clear();
                words.next().is_none_or(|name| elements.insert(name))
            }
            Some("property") => words.next_back().is_none_or(|name| properties.insert(name)),
            _ => true,
        };
        if !is_new {
            return Err(unexpected(line, text.as_bytes(), "a name that was not used before"));
        }
    }
    Ok(())
}

fn unexpected(line: u64, raw: &[u8], expected: &str) -> FormatError {
    FormatError::Unexpected {
        format: FileFormat::Ply,
        place: Place::Line(line),
        expected: expected.to_owned(),
        found: quote(raw),
    }
}

/// The line with every property name made of letters the grammar knows: some programs write blanks, dots or digits first.
fn plain_names(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    let kept = match words.as_slice() {
        ["property", "list", ..] => 4,
        ["property", ..] => 2,
        _ => words.len(),
    };
    let mut plain = words[..kept.min(words.len())].join(" ");
    if kept < words.len() {
        let name = words[kept..].join("_");
        let leads_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        plain.push_str(if leads_well { " " } else { " _" });
        plain.extend(name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }));
    }
    plain
}

/// The lines of the header. They end as the first line does: after `\r` alone, a `\n` may already be payload.
struct HeaderLines<'a> {
    file: &'a [u8],
    at: usize,
    line: u64,
    lone_returns: bool,
}

impl<'a> HeaderLines<'a> {
    fn next(&mut self) -> Result<&'a [u8], FormatError> {
        let rest = &self.file[self.at..];
        let window = &rest[..rest.len().min(LONGEST_LINE)];
        self.line += 1;
        let Some(end) = window.iter().position(|&byte| byte == b'\n' || byte == b'\r') else {
            let place = Place::Line(self.line);
            let expected = "the line \"end_header\"".to_owned();
            return Err(match window.len() {
                // The last line of a file may lack its end, when no payload follows.
                _ if window.trim_ascii() == b"end_header" => {
                    self.at = self.file.len();
                    return Ok(window);
                }
                LONGEST_LINE => {
                    FormatError::Unexpected { format: FileFormat::Ply, place, expected, found: quote(window) }
                }
                _ => FormatError::Truncated { format: FileFormat::Ply, place, expected },
            });
        };
        let pair = rest[end..].starts_with(b"\r\n");
        if self.line == 1 {
            self.lone_returns = rest[end] == b'\r' && !pair;
        }
        self.at += end + if pair && !self.lone_returns { 2 } else { 1 };
        Ok(&window[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_do_not_eat_the_payload() {
        let text =
            "ply\nformat binary_little_endian 1.0\ncomment units=mm\nelement vertex 3\nproperty float x\nend_header\n";
        let check = |ending: &str| {
            let mut file = text.replace('\n', ending).into_bytes();
            let start = file.len();
            file.extend(b"\n\r\n");
            let header = read(&file).unwrap();
            assert_eq!((header.payload, header.lines, header.unit), (start, 6, LengthUnit::Millimetre), "{ending:?}");
            assert_eq!((header.elements.len(), header.elements[0].count), (1, 3));
        };
        check("\n");
        check("\r\n");
        check("\r");
    }

    #[test]
    fn odd_names_pass() {
        let check = |line: &str, expected: &str| assert_eq!(plain_names(line.as_bytes()), expected);
        check("property float scalar_Original cloud index", "property float scalar_Original_cloud_index");
        check("property list  uchar int vertex_indices", "property list uchar int vertex_indices");
        check("property float 3d.x", "property float _3d_x");
        check("element vertex 3", "element vertex 3");
        check("property", "property");
    }

    #[test]
    fn bad_headers_say_where() {
        let check = |text: &str, expected: &str| {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("ply\nformat ascii 1.0\n", "PLY, line 3: the file is cut off here; expected the line \"end_header\"");
        check("ply\nelement vertex 3\nend_header\n", "PLY, line 3: expected a line \"format");
        check("ply\nformat ascii 1.0\nproperty float x\nend_header\n", "line 3: expected one \"format\"");
        check("ply\nformat ascii 1.0\nelement vertex many\nend_header\n", "line 3: expected one \"format\"");
        check("ply\nformat ascii 1.0\nformat binary_big_endian 1.0\nend_header\n", "line 3: expected one \"format\"");
        check(
            "ply\nformat ascii 1.0\nelement vertex 99999999999999999999999\nend_header\n",
            "line 3: expected a count of at most 18 digits",
        );
        check(
            "ply\nformat ascii 1.0\nelement a 3\nelement a 3\nend_header\n",
            "line 4: expected a name that was not used",
        );
        check(
            "ply\nformat ascii 1.0\nelement a 3\nproperty int b\nproperty list int int b\nend_header\n",
            "line 5: expected a name",
        );
        check(&format!("ply\n{}", "x".repeat(10_000)), "line 2: expected the line \"end_header\"");
    }
}
