//! A text of points to a cloud.

use glam::DVec3;

use super::columns::{Columns, unit_in_header};
use super::layout::{Layout, comment};
use crate::format::cloud::cloud;
use crate::format::error::quote;
use crate::format::number::{is_usable, parse_i64};
use crate::format::read::{Content, ScanFile};
use crate::format::text::Lines;
use crate::format::unit_hint::unit_in_comment;
use crate::format::{Encoding, FileFormat, FormatError, Place};
use crate::{Geometry, LengthUnit};

/// Reads a text of points.
///
/// # Errors
/// The first line that is wrong, or points missing from a counted block.
pub(crate) fn read(bytes: &[u8]) -> Result<ScanFile, FormatError> {
    let mut table = Table::default();
    let mut lines = Lines::new(bytes);
    let mut fields = Vec::new();
    while let Some(line) = lines.next_filled() {
        match comment(line) {
            Some(text) => table.read_comment(text),
            None => table.read_line(line, lines.line(), &mut fields)?,
        }
    }
    if table.missing > 0 {
        return Err(FormatError::Truncated {
            format: FileFormat::Points,
            place: Place::Line(lines.line()),
            expected: format!("{} more points of the count in line {}", table.missing, table.count_line),
        });
    }
    let content = table.finish()?;
    Ok(ScanFile::new(FileFormat::Points, Encoding::Ascii, content))
}

/// How many rows decide what unnamed columns mean.
const DECIDING_ROWS: usize = 1000;

#[derive(Default)]
struct Table {
    layout: Option<Layout>,
    named: Option<Columns>,
    unit: LengthUnit,
    /// All rows one after another, each `width` values wide.
    values: Vec<f64>,
    width: usize,
    /// Points of a counted block that have not come yet.
    missing: u64,
    count_line: u64,
}

impl Table {
    /// A comment may name the unit or, before the first row, the columns.
    fn read_comment(&mut self, text: &[u8]) {
        if self.unit == LengthUnit::Unknown {
            self.unit = unit_in_comment(text).unwrap_or_default();
        }
        if self.values.is_empty() && self.named.is_none() {
            self.read_names(text);
        }
    }

    /// Takes a line as a header, if it is one.
    fn read_names(&mut self, line: &[u8]) -> bool {
        let mut fields = Vec::new();
        Layout::of_line(line).fields(line, &mut fields);
        self.named = Columns::named(&fields);
        if self.unit == LengthUnit::Unknown {
            self.unit = unit_in_header(&fields);
        }
        self.named.is_some()
    }

    fn read_line<'a>(&mut self, line: &'a [u8], number: u64, fields: &mut Vec<&'a [u8]>) -> Result<(), FormatError> {
        let unexpected = |expected: String, found: String| FormatError::Unexpected {
            format: FileFormat::Points,
            place: Place::Line(number),
            expected,
            found,
        };
        let layout = self.layout.unwrap_or_else(|| Layout::of_line(line));
        layout.fields(line, fields);
        // A number alone counts the points of a block.
        if let [count] = fields.as_slice()
            && self.missing == 0
            && let Some(count) = parse_i64(count).and_then(|count| u64::try_from(count).ok())
        {
            (self.missing, self.count_line) = (count, number);
            return Ok(());
        }
        if self.layout.is_none() {
            let is_number = fields.first().is_some_and(|field| layout.number(field).is_some());
            if !is_number && self.named.is_none() && self.read_names(line) {
                return Ok(());
            }
            self.layout = Some(layout);
            self.width = self.named.map_or(fields.len(), |columns| columns.width());
            if self.width < 3 {
                return Err(unexpected(
                    "3 coordinates or the names of columns, x, y and z among them".to_owned(),
                    quote(line),
                ));
            }
        }
        if fields.len() < self.width {
            return Err(unexpected(format!("{} values", self.width), format!("{}", fields.len())));
        }
        let columns = self.named.unwrap_or(Columns { position: [0, 1, 2], normal: None, color: None });
        for (column, field) in fields[..self.width].iter().enumerate() {
            let is_coordinate = columns.position.contains(&column);
            let value = match layout.number(field) {
                Some(value) if !is_coordinate || is_usable(value) => value,
                Some(_) => {
                    return Err(FormatError::CoordinateNotFinite {
                        format: FileFormat::Points,
                        place: Place::Line(number),
                        value: String::from_utf8_lossy(field).into_owned(),
                    });
                }
                // A class or a time of day beside the point is none of our business.
                None if !is_coordinate => f64::NAN,
                None => return Err(unexpected("a number".to_owned(), quote(field))),
            };
            self.values.push(value);
        }
        self.missing = self.missing.saturating_sub(1);
        Ok(())
    }

    fn finish(self) -> Result<Content, FormatError> {
        let Self { named, unit, values, width, layout: _, missing: _, count_line: _ } = self;
        if values.is_empty() {
            return Err(FormatError::NoGeometry { format: FileFormat::Points, what: "points" });
        }
        let rows = values.chunks_exact(width);
        let columns = named.unwrap_or_else(|| Columns::guessed(width, &rows.clone().take(DECIDING_ROWS)));
        let triple = |row: &[f64], at: [usize; 3]| DVec3::from(at.map(|column| row[column]));
        let positions: Vec<_> = rows.clone().map(|row| triple(row, columns.position)).collect();
        let normals = columns.normal.map(|at| rows.clone().map(|row| triple(row, at)).collect());
        let colors = columns.color.map(|at| eight_bit(&rows.map(|row| triple(row, at)).collect::<Vec<_>>()));
        let mut notes = Vec::new();
        if width > columns.used() {
            notes.push(format!("{} columns without a known meaning were ignored", width - columns.used()));
        }
        let geometry = Geometry::Cloud(cloud(positions, normals, colors, &mut notes));
        Ok(Content { geometry, unit, notes })
    }
}

/// Colours as bytes, from 0..1, 0..255 or 0..65535 by their largest value.
fn eight_bit(colors: &[DVec3]) -> Vec<[u8; 3]> {
    let largest = colors.iter().map(|color| color.max_element()).fold(0.0, f64::max);
    let scale = match largest {
        ..=1.0 => 255.0,
        ..=255.0 => 1.0,
        _ => 255.0 / 65535.0,
    };
    // A float-to-integer cast saturates, and takes NaN to 0.
    colors.iter().map(|color| color.to_array().map(|value| (value * scale).round() as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PointCloud;

    fn read_cloud(text: &str) -> (PointCloud, LengthUnit, Vec<String>) {
        let file = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        match file.geometry {
            Geometry::Cloud(cloud) => (cloud, file.unit, file.notes),
            Geometry::Mesh(_) => panic!("a mesh"),
        }
    }

    #[test]
    fn dialects_read_alike() {
        let check = |text: &str| {
            for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}\n\n")] {
                let (cloud, ..) = read_cloud(&text);
                assert_eq!(cloud.positions, [DVec3::new(1.0, 2.5, -3.0), DVec3::new(4.0, 5.0, 6.0)], "{text}");
            }
        };
        check("1 2.5 -3\n4 5 6");
        check("1\t2.5\t-3\n4\t5\t6\n");
        check("1,2.5,-3\n4,5,6\n");
        check("x,y,z\n1,2.5,-3\n4,5,6\n");
        check("x;y;z\n1;2,5;-3\n4;5;6\n");
        check("1;2,5;-3\n4;5;6\n");
        check("// X Y Z\n1 2.5 -3\n4 5 6\n");
        check(
            "# made by a scanner\n\n1 2.5 -3 # no\n4 5 6 # yes\n".replace(" # no", "").replace(" # yes", "").as_str(),
        );
        check("2\n1 2.5 -3\n4 5 6\n");
        check("1\n1 2.5 -3\n1\n4 5 6\n");
        check("id,z,y,x\na,-3,2.5,1\nb,6,5,4\n");
        check("X [mm];Y [mm];Z [mm]\n1;2,5;-3\n4;5;6\n");
    }

    #[test]
    fn normals_colours_and_units() {
        let (cloud, unit, notes) = read_cloud("# units: cm\n0 0 0 0 0 1 255 0 9 0.5\n1 0 0 0 1 0 0 1 2 0.25\n");
        assert_eq!(cloud.normals, Some(vec![DVec3::Z, DVec3::Y]));
        assert_eq!(cloud.colors, Some(vec![[255, 0, 9], [0, 1, 2]]));
        assert_eq!(unit, LengthUnit::Centimetre);
        assert_eq!(notes, ["1 columns without a known meaning were ignored"]);
        let (cloud, unit, _) = read_cloud("x (inch),y,z,red,green,blue\n0,0,0,1,0.5,0\n");
        assert_eq!((cloud.colors, unit), (Some(vec![[255, 128, 0]]), LengthUnit::Inch));
        let (cloud, ..) = read_cloud("0 0 0 -1024 65535 0 257\n1 1 1 3 0 0 0\n");
        assert_eq!(cloud.colors, None);
    }

    #[test]
    fn bad_files_say_where() {
        let check = |text: &str, expected: &str| {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("1 2 3\n4 5\n", "point text, line 2: expected 3 values, found 2");
        check("1 2 3\n4 x 6\n", "point text, line 2: expected a number, found \"x\"");
        check("1,2,3\n4,,6\n", "point text, line 2: expected a number, found \"\"");
        check("1 2 3\n4 nan 6\n", "point text, line 2: the coordinate nan");
        check("a,b,c\n1,2,3\n", "point text, line 1: expected a number, found \"a\"");
        check("1 2\n", "point text, line 1: expected 3 coordinates or the names of columns");
        check(
            "3\n1 2 3\n4 5 6\n",
            "point text, line 3: the file is cut off here; expected 1 more points of the count in line 1",
        );
        check("x,y,z\n", "holds no points");
        check("2147483648\n1 2 3\n", "expected 2147483647 more points");
    }
}
