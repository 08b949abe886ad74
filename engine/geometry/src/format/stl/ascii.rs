//! Ascii STL. `stl_io` reads it too, but without line numbers, only in lower case, and with an allocation per word.
//!
//! The keywords are read as a stream of words in any case and any arrangement of lines, since files in the wild wrap and
//! indent as they like. Several `solid ... endsolid` blocks in one file make one mesh.

use glam::DVec3;

use super::binary::from_soup;
use crate::format::error::quote;
use crate::format::number::coordinate;
use crate::format::read::{Content, ScanFile};
use crate::format::text::{Lines, next_word};
use crate::format::unit_hint::unit_in_comment;
use crate::format::{Encoding, FileFormat, FormatError, Place};
use crate::{Geometry, LengthUnit};

/// Reads an ascii STL.
///
/// # Errors
/// When a keyword or a number is missing or wrong, with its line.
pub(crate) fn read(bytes: &[u8]) -> Result<ScanFile, FormatError> {
    let mut words = Words { lines: Lines::new(bytes), line: &[] };
    let mut soup = Vec::new();
    let mut notes = Vec::new();
    let mut unit = LengthUnit::Unknown;
    let mut inside = false;
    loop {
        let Some(word) = words.next() else {
            if inside {
                notes.push("the closing \"endsolid\" is missing".to_owned());
            }
            break;
        };
        match word.to_ascii_lowercase().as_slice() {
            b"solid" => {
                let name = words.skip_line();
                if unit == LengthUnit::Unknown {
                    unit = unit_in_comment(name).unwrap_or_default();
                }
                inside = true;
            }
            b"endsolid" => {
                words.skip_line();
                inside = false;
            }
            b"facet" if inside => read_facet(&mut words, &mut soup)?,
            b"color" if inside => {
                words.skip_line();
            }
            _ => return Err(words.unexpected(if inside { "\"facet\" or \"endsolid\"" } else { "\"solid\"" }, word)),
        }
    }
    if soup.is_empty() {
        return Err(FormatError::NoGeometry { format: FileFormat::Stl, what: "triangles" });
    }
    let content = Content { geometry: Geometry::Mesh(from_soup(soup)), unit, notes };
    Ok(ScanFile::new(FileFormat::Stl, Encoding::Ascii, content))
}

/// Reads what follows the word `facet`. The normal is read over: it follows from the corners, and many writers leave it 0
/// or NaN.
fn read_facet(words: &mut Words<'_>, soup: &mut Vec<DVec3>) -> Result<(), FormatError> {
    words.expect("normal")?;
    for _ in 0..3 {
        words.required("a number of the normal")?;
    }
    words.expect("outer")?;
    words.expect("loop")?;
    for _ in 0..3 {
        words.expect("vertex")?;
        let mut point = DVec3::ZERO;
        for axis in 0..3 {
            let word = words.required("a coordinate")?;
            point[axis] = coordinate(FileFormat::Stl, words.lines.line(), word)?;
        }
        soup.push(point);
    }
    words.expect("endloop")?;
    words.expect("endfacet")
}

/// The words of the file, across lines.
struct Words<'a> {
    lines: Lines<'a>,
    line: &'a [u8],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            if let Some(word) = next_word(&mut self.line) {
                return Some(word);
            }
            self.line = self.lines.next()?;
        }
    }

    /// Leaves the rest of the line, which it returns.
    fn skip_line(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.line)
    }

    fn required(&mut self, expected: &str) -> Result<&'a [u8], FormatError> {
        match self.next() {
            Some(word) => Ok(word),
            None => Err(self.truncated(expected)),
        }
    }

    fn truncated(&self, expected: &str) -> FormatError {
        FormatError::Truncated {
            format: FileFormat::Stl,
            place: Place::Line(self.lines.line()),
            expected: expected.to_owned(),
        }
    }

    fn expect(&mut self, keyword: &str) -> Result<(), FormatError> {
        let expected = format!("\"{keyword}\"");
        let word = self.required(&expected)?;
        if word.eq_ignore_ascii_case(keyword.as_bytes()) {
            return Ok(());
        }
        let is_cut_off = self.line.is_empty() && self.lines.remaining() == 0;
        if is_cut_off && keyword.as_bytes().starts_with(&word.to_ascii_lowercase()) {
            return Err(self.truncated(&expected));
        }
        Err(self.unexpected(&expected, word))
    }

    fn unexpected(&self, expected: &str, found: &[u8]) -> FormatError {
        FormatError::Unexpected {
            format: FileFormat::Stl,
            place: Place::Line(self.lines.line()),
            expected: expected.to_owned(),
            found: quote(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACET: &str =
        "facet normal 0 0 1\n outer loop\n  vertex 0 0 0\n  vertex 1 0 0\n  vertex 0 1 0\n endloop\nendfacet\n";

    #[test]
    fn variants_read_alike() {
        let check = |text: String, unit| {
            let file = read(text.as_bytes()).unwrap();
            let Geometry::Mesh(mesh) = &file.geometry else { panic!("a cloud") };
            assert_eq!(mesh.positions, [DVec3::ZERO, DVec3::X, DVec3::Y], "{text}");
            assert_eq!(mesh.triangles, [[0, 1, 2]], "{text}");
            assert_eq!(file.unit, unit, "{text}");
        };
        check(format!("solid part\n{FACET}endsolid part\n"), LengthUnit::Unknown);
        check(format!("solid\n{FACET}endsolid"), LengthUnit::Unknown);
        check(format!("solid units=mm\n{FACET}endsolid").replace('\n', "\r\n"), LengthUnit::Millimetre);
        check(format!("solid a\n{FACET}endsolid a").to_uppercase(), LengthUnit::Unknown);
        check(format!("\u{feff}solid a\n{}endsolid", FACET.replace("\n ", " ")), LengthUnit::Unknown);
        check(format!("solid a\nendsolid\nsolid b\n{FACET}endsolid"), LengthUnit::Unknown);
        check(
            format!("solid a\n{}endsolid", FACET.replace("0 0 1\n outer", "nan nan nan\n outer")),
            LengthUnit::Unknown,
        );
    }

    #[test]
    fn bad_files_say_where() {
        let check = |text: String, expected: &str| {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(format!("solid\n{}", &FACET[..50]), "STL, line 5: the file is cut off here; expected \"vertex\"");
        check(format!("solid\n{}", FACET.replace("1 0 0", "1 x 0")), "STL, line 5: expected a number, found \"x\"");
        check(format!("solid\n{}", FACET.replace("1 0 0", "1 inf 0")), "STL, line 5: the coordinate inf");
        check(format!("solid\n{}", FACET.replace("1 0 0", "1 0")), "STL, line 6: expected a number, found \"vertex\"");
        check(
            format!("solid\n{}", FACET.replace("endloop", "endlop")),
            "STL, line 7: expected \"endloop\", found \"endlop\"",
        );
        check("solid\nendsolid\n".to_owned(), "holds no triangles");
        check("solid\nfacets\n".to_owned(), "STL, line 2: expected \"facet\" or \"endsolid\", found \"facets\"");
    }

    #[test]
    fn a_missing_end_is_only_noted() {
        let file = read(format!("solid\n{FACET}").as_bytes()).unwrap();
        assert_eq!(file.notes, ["the closing \"endsolid\" is missing"]);
    }
}
