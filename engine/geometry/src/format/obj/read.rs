//! An OBJ file to one mesh, or to a cloud when it has no faces.
//!
//! Read: `v` with optional colour, `vn` (for clouds), `f` with any index style; all objects and groups together. Ignored:
//! texture coordinates, materials, lines, points, smoothing groups. Curves and surfaces are an error: leaving them out
//! would leave a part of the shape out.

use std::borrow::Cow;

use glam::DVec3;

use crate::format::cloud::cloud;
use crate::format::error::quote;
use crate::format::number::{coordinate, parse_f64, parse_i64};
use crate::format::polygon::Faces;
use crate::format::read::{Content, ScanFile};
use crate::format::text::{Lines, next_word};
use crate::format::unit_hint::unit_in_comment;
use crate::format::{Encoding, FileFormat, FormatError, Place};
use crate::{Geometry, LengthUnit, TriMesh};

/// Reads an OBJ file.
///
/// # Errors
/// The first line that is wrong.
pub(crate) fn read(bytes: &[u8]) -> Result<ScanFile, FormatError> {
    let mut lines = Lines::new(bytes);
    let mut object = Object::default();
    while let Some(line) = lines.next() {
        let number = lines.line();
        let line = joined(line, &mut lines);
        object.read_line(&line, number)?;
    }
    Ok(ScanFile::new(FileFormat::Obj, Encoding::Ascii, object.finish()?))
}

/// The line together with those that a backslash at its end continues it by.
fn joined<'a>(line: &'a [u8], lines: &mut Lines<'a>) -> Cow<'a, [u8]> {
    let Some(start) = line.trim_ascii_end().strip_suffix(b"\\") else { return Cow::Borrowed(line) };
    let mut whole = start.to_vec();
    for next in lines.by_ref() {
        whole.push(b' ');
        let Some(part) = next.trim_ascii_end().strip_suffix(b"\\") else {
            whole.extend_from_slice(next);
            break;
        };
        whole.extend_from_slice(part);
    }
    Cow::Owned(whole)
}

#[derive(Default)]
struct Object {
    positions: Vec<DVec3>,
    normals: Vec<DVec3>,
    /// Colours as written; kept only while every vertex has one.
    colors: Vec<[f64; 3]>,
    faces: Faces,
    corners: Vec<u32>,
    /// The largest index of a vertex that had not come yet, with its line.
    ahead: Option<(u32, u64)>,
    unit: LengthUnit,
}

impl Object {
    fn read_line(&mut self, mut line: &[u8], number: u64) -> Result<(), FormatError> {
        let Some(keyword) = next_word(&mut line) else { return Ok(()) };
        match keyword {
            b"v" => self.read_vertex(line, number),
            b"f" | b"fo" => self.read_face(line, number),
            b"vn" => {
                let normal = read_point(&mut line, number, "the 3 coordinates of a normal", |_, word| parse_f64(word))?;
                self.normals.push(normal);
                Ok(())
            }
            [b'#', ..] => {
                if self.unit == LengthUnit::Unknown {
                    // The first word may hang on to the sign: "#units=mm".
                    self.unit = unit_in_comment(keyword).or_else(|| unit_in_comment(line)).unwrap_or_default();
                }
                Ok(())
            }
            b"curv" | b"curv2" | b"surf" => Err(FormatError::Unsupported {
                format: FileFormat::Obj,
                place: Place::Line(number),
                what: format!("the free-form geometry {}", quote(keyword)),
                advice: "export the model as a mesh",
            }),
            // Known and of no interest here, or unknown: both are skipped, as every reader does.
            _ if keyword[0].is_ascii_alphabetic() => Ok(()),
            _ => Err(FormatError::Unexpected {
                format: FileFormat::Obj,
                place: Place::Line(number),
                expected: "a keyword such as \"v\" or \"f\"".to_owned(),
                found: quote(keyword),
            }),
        }
    }

    fn read_vertex(&mut self, mut line: &[u8], number: u64) -> Result<(), FormatError> {
        let point = read_point(&mut line, number, "the 3 coordinates of a vertex", |line, word| {
            coordinate(FileFormat::Obj, line, word).ok()
        })?;
        self.positions.push(point);
        // After x y z may follow a weight, or a colour, or both.
        let mut extra = [0.0; 4];
        let mut count = 0;
        while let (Some(slot), Some(value)) = (extra.get_mut(count), next_word(&mut line).and_then(parse_f64)) {
            *slot = value;
            count += 1;
        }
        match (count, extra) {
            (3, [r, g, b, _]) | (4, [_, r, g, b]) if self.colors.len() + 1 == self.positions.len() => {
                self.colors.push([r, g, b]);
            }
            _ => {}
        }
        Ok(())
    }

    fn read_face(&mut self, mut line: &[u8], number: u64) -> Result<(), FormatError> {
        self.corners.clear();
        let count = self.positions.len();
        while let Some(word) = next_word(&mut line) {
            if word.starts_with(b"#") {
                break;
            }
            // Only the vertex matters of v, v/vt, v//vn and v/vt/vn.
            let vertex = word.split(|&byte| byte == b'/').next().unwrap_or_default();
            let Some(index) = parse_i64(vertex) else {
                return Err(FormatError::Unexpected {
                    format: FileFormat::Obj,
                    place: Place::Line(number),
                    expected: "a corner such as 1, 1/2, 1//3 or -1".to_owned(),
                    found: quote(word),
                });
            };
            let corner = match index {
                1.. => Some(index - 1),
                0 => None,
                _ => Some(count as i64 + index).filter(|&corner| corner >= 0),
            };
            let Some(corner) = corner.and_then(|corner| u32::try_from(corner).ok()) else {
                return Err(out_of_range(index, count, number));
            };
            if corner as usize >= count && self.ahead.is_none_or(|(furthest, _)| corner > furthest) {
                self.ahead = Some((corner, number));
            }
            self.corners.push(corner);
        }
        self.faces.push(&self.corners);
        Ok(())
    }

    fn finish(self) -> Result<Content, FormatError> {
        let Self { positions, normals, colors, faces, ahead, unit, corners: _ } = self;
        if positions.is_empty() {
            return Err(FormatError::NoGeometry { format: FileFormat::Obj, what: "vertices" });
        }
        if let Some((corner, line)) = ahead.filter(|&(corner, _)| corner as usize >= positions.len()) {
            return Err(out_of_range(i64::from(corner) + 1, positions.len(), line));
        }
        let mut notes = faces.notes();
        let geometry = if faces.is_empty() {
            let scale = if colors.iter().flatten().all(|&value| value <= 1.0) { 255.0 } else { 1.0 };
            let colors = (colors.len() == positions.len())
                .then(|| colors.iter().map(|color| color.map(|value| (value * scale).round() as u8)).collect());
            let normals = Some(normals).filter(|normals| normals.len() == positions.len());
            Geometry::Cloud(cloud(positions, normals, colors, &mut notes))
        } else {
            let triangles = faces.into_triangles(&positions);
            Geometry::Mesh(TriMesh { positions, triangles })
        };
        Ok(Content { geometry, unit, notes })
    }
}

/// Reads three numbers by `parse`, which returns `None` for what it cannot take.
fn read_point(
    line: &mut &[u8],
    number: u64,
    expected: &str,
    parse: impl Fn(u64, &[u8]) -> Option<f64>,
) -> Result<DVec3, FormatError> {
    let mut point = DVec3::ZERO;
    for axis in 0..3 {
        let word = next_word(line).ok_or_else(|| FormatError::Unexpected {
            format: FileFormat::Obj,
            place: Place::Line(number),
            expected: expected.to_owned(),
            found: format!("{axis}"),
        })?;
        point[axis] = match parse(number, word) {
            Some(value) => value,
            // Says what is wrong with the word: no number, or none that is finite.
            None => coordinate(FileFormat::Obj, number, word)?,
        };
    }
    Ok(point)
}

fn out_of_range(index: i64, count: usize, line: u64) -> FormatError {
    let place = Place::Line(line);
    FormatError::IndexOutOfRange { format: FileFormat::Obj, place, index, count: count as u64, first: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n";

    fn read_mesh(text: &str) -> TriMesh {
        match read(text.as_bytes()).unwrap().geometry {
            Geometry::Mesh(mesh) => mesh,
            Geometry::Cloud(_) => panic!("a cloud: {text}"),
        }
    }

    #[test]
    fn index_styles() {
        let check = |faces: &str, expected: &[[u32; 3]]| {
            let text = format!("{SQUARE}{faces}\n");
            for text in [text.replace('\n', "\r\n"), text] {
                assert_eq!(read_mesh(&text).triangles, expected, "{faces}");
            }
        };
        check("f 1 2 3", &[[0, 1, 2]]);
        check("f 1/4 2/5 3/6", &[[0, 1, 2]]);
        check("f 1//4 2//5 3//6", &[[0, 1, 2]]);
        check("f 1/1/4 2/2/5 3/3/6 # a face", &[[0, 1, 2]]);
        check("f -4 -3 -2", &[[0, 1, 2]]);
        check("f 1 2 3 4", &[[0, 1, 2], [0, 2, 3]]);
        check("f 1 2 \\\n 3\nf 1 3 4", &[[0, 1, 2], [0, 2, 3]]);
        check("g top\nusemtl red\nf 1 2 3\no other\nf 1 3 4\nl 1 2\np 1", &[[0, 1, 2], [0, 2, 3]]);
        check("f 3 4 5\nv 5 5 5", &[[2, 3, 4]]);
    }

    #[test]
    fn without_faces_it_is_a_cloud() {
        let check = |text: &str, normals: bool, color: Option<[u8; 3]>| {
            let Geometry::Cloud(cloud) = read(text.as_bytes()).unwrap().geometry else { panic!("a mesh: {text}") };
            assert_eq!(cloud.positions.len(), 2, "{text}");
            assert_eq!(cloud.normals.is_some(), normals, "{text}");
            assert_eq!(cloud.colors.map(|colors| colors[1]), color, "{text}");
        };
        check("v 0 0 0\nv 1 0 0\n", false, None);
        check("v 0 0 0 1.0\nv 1 0 0 1.0\np 1 2\n", false, None);
        check("v 0 0 0 1 0 0\nvn 0 0 1\nv 1 0 0 0 0.5 1\nvn 0 0 1\n", true, Some([0, 128, 255]));
        check("v 0 0 0 200 0 0\nv 1 0 0 0 100 1\nvn 1 0 0", false, Some([0, 100, 1]));
        check("v 0 0 0 200 0 0\nv 1 0 0\n", false, None);
    }

    #[test]
    fn units_in_comments() {
        let check =
            |comment: &str, unit| assert_eq!(read(format!("{comment}\n{SQUARE}").as_bytes()).unwrap().unit, unit);
        check("# File units = millimeters", LengthUnit::Millimetre);
        check("#units=inch", LengthUnit::Inch);
        check("# Blender", LengthUnit::Unknown);
    }

    #[test]
    fn bad_files_say_where() {
        let check = |text: &str, expected: &str| {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("v 0 0\n", "OBJ, line 1: expected the 3 coordinates of a vertex, found 2");
        check("\nv 0 x 0\n", "OBJ, line 2: expected a number, found \"x\"");
        check("v 0 nan 0\n", "OBJ, line 1: the coordinate nan");
        check(&format!("{SQUARE}f 1 2 5"), "OBJ, line 5: a face names vertex 5, but there are 4 (counted from 1)");
        check(&format!("{SQUARE}f 1 2 0"), "OBJ, line 5: a face names vertex 0");
        check(&format!("{SQUARE}f 1 2 -5"), "OBJ, line 5: a face names vertex -5");
        check(&format!("{SQUARE}f 1 2 99999999999"), "names vertex 99999999999");
        check(&format!("{SQUARE}f 1 2 a"), "OBJ, line 5: expected a corner such as 1, 1/2, 1//3 or -1, found \"a\"");
        check(&format!("{SQUARE}12 1 2"), "OBJ, line 5: expected a keyword such as \"v\" or \"f\", found \"12\"");
        check("o nothing\n", "holds no vertices");
        check("surf 0 1 0 1 1 2 3\n", "OBJ, line 1: the free-form geometry \"surf\" cannot be read; export");
    }

    #[test]
    fn short_faces_are_noted() {
        let file = read(format!("{SQUARE}f 1 2\nf 1 2 3\n").as_bytes()).unwrap();
        assert_eq!(file.notes, ["1 faces with fewer than three corners were left out"]);
    }
}
