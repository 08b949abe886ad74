//! What the columns of a table of points mean.

use crate::LengthUnit;
use crate::format::unit_hint::unit_in_comment;

/// The first column of each triple, or the three columns by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) position: [usize; 3],
    pub(super) normal: Option<[usize; 3]>,
    pub(super) color: Option<[usize; 3]>,
}

const POSITION_NAMES: [&[&str]; 3] = [&["x", "points:0"], &["y", "points:1"], &["z", "points:2"]];
const NORMAL_NAMES: [&[&str]; 3] = [
    &["nx", "normal_x", "normalx", "normals:0"],
    &["ny", "normal_y", "normaly", "normals:1"],
    &["nz", "normal_z", "normalz", "normals:2"],
];
const COLOR_NAMES: [&[&str]; 3] = [&["r", "red"], &["g", "green"], &["b", "blue"]];

impl Columns {
    /// The columns by the names in a header line; `None` when x, y and z are not all there.
    pub(super) fn named(fields: &[&[u8]]) -> Option<Self> {
        let names: Vec<_> = fields.iter().map(|field| name(field)).collect();
        let find = |wanted: [&[&str]; 3]| -> Option<[usize; 3]> {
            let mut found = [0; 3];
            for (slot, spellings) in found.iter_mut().zip(wanted) {
                *slot = names.iter().position(|name| spellings.contains(&name.as_str()))?;
            }
            Some(found)
        };
        Some(Self { position: find(POSITION_NAMES)?, normal: find(NORMAL_NAMES), color: find(COLOR_NAMES) })
    }

    /// The columns by their values; `rows` are the first rows of the table, all `width` wide.
    pub(super) fn guessed<'a>(width: usize, rows: &(impl Iterator<Item = &'a [f64]> + Clone)) -> Self {
        let is_normal = |at: usize| {
            at + 3 <= width && rows.clone().all(|row| (length(&row[at..at + 3]) - 1.0).abs() < UNIT_LENGTH_SLACK)
        };
        let is_color = |at: usize| {
            let in_range = |value: &f64| (0.0..=255.0).contains(value) && value.fract() == 0.0;
            at + 3 <= width && rows.clone().all(|row| row[at..at + 3].iter().all(in_range))
        };
        let mut columns = Self { position: [0, 1, 2], normal: None, color: None };
        let mut at = 3;
        while at + 3 <= width {
            let triple = [at, at + 1, at + 2];
            if columns.normal.is_none() && is_normal(at) {
                columns.normal = Some(triple);
            // In PTS an intensity, which may be a small whole number too, stands before the colour.
            } else if columns.color.is_none() && is_color(at) && !(at + 4 == width && is_color(at + 1)) {
                columns.color = Some(triple);
            } else {
                at += 1;
                continue;
            }
            at += 3;
        }
        columns
    }

    /// How many columns have a meaning.
    pub(super) fn used(&self) -> usize {
        3 + 3 * usize::from(self.normal.is_some()) + 3 * usize::from(self.color.is_some())
    }

    /// The number of fields a row needs.
    pub(super) fn width(&self) -> usize {
        let all = [Some(self.position), self.normal, self.color];
        all.into_iter().flatten().flatten().max().map_or(0, |last| last + 1)
    }
}

/// Normals are often written with few digits.
const UNIT_LENGTH_SLACK: f64 = 0.02;

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// A column's name in lower case, without a unit in brackets.
fn name(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field).to_ascii_lowercase();
    text.split(['(', '[']).next().unwrap_or_default().trim().to_owned()
}

/// The unit that a header names in brackets: `X [mm]`.
pub(super) fn unit_in_header(fields: &[&[u8]]) -> LengthUnit {
    let bracketed = |field: &&[u8]| {
        let open = field.iter().position(|byte| matches!(byte, b'(' | b'['))?;
        unit_in_comment(&[b"unit ", &field[open..]].concat())
    };
    fields.iter().find_map(bracketed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_order() {
        let check = |header: &str, expected: Option<([usize; 3], bool, bool)>| {
            let fields: Vec<_> = header.split(',').map(str::as_bytes).collect();
            let found = Columns::named(&fields);
            assert_eq!(found.map(|c| (c.position, c.normal.is_some(), c.color.is_some())), expected, "{header}");
        };
        check("x,y,z", Some(([0, 1, 2], false, false)));
        check("id,Z,Y,X", Some(([3, 2, 1], false, false)));
        check("X [mm],Y [mm],Z [mm],Red,Green,Blue", Some(([0, 1, 2], false, true)));
        check("Normals:0,Normals:1,Normals:2,Points:0,Points:1,Points:2", Some(([3, 4, 5], true, false)));
        check("x,y", None);
        check("1,2,3", None);
    }

    #[test]
    fn values_tell() {
        let check = |rows: &[&[f64]], normal: Option<usize>, color: Option<usize>| {
            let found = Columns::guessed(rows[0].len(), &rows.iter().copied());
            assert_eq!((found.normal.map(|t| t[0]), found.color.map(|t| t[0])), (normal, color), "{rows:?}");
        };
        check(&[&[1.0, 2.0, 3.0]], None, None);
        check(&[&[1.0, 2.0, 3.0, 0.7]], None, None);
        check(&[&[1.0, 2.0, 3.0, 0.0, 0.6, 0.8], &[1.0, 2.0, 3.0, 0.0, 0.0, 1.0]], Some(3), None);
        check(&[&[1.0, 2.0, 3.0, 0.0, 0.0, 1.0], &[1.0, 2.0, 3.0, 9.0, 200.0, 8.0]], None, Some(3));
        check(&[&[1.0, 2.0, 3.0, 17.0, 255.0, 0.0, 9.0]], None, Some(4));
        check(&[&[1.0, 2.0, 3.0, -900.0, 255.0, 0.0, 9.0]], None, Some(4));
        check(&[&[1.0, 2.0, 3.0, 255.0, 0.0, 9.0, 0.25]], None, Some(3));
        check(&[&[1.0, 2.0, 3.0, 255.0, 0.0, 9.0, 0.0, 0.0, -1.0]], Some(6), Some(3));
        check(&[&[1.0, 2.0, 3.0, 0.0, 0.0, -1.0, 255.0, 0.0, 9.0]], Some(3), Some(6));
    }
}
