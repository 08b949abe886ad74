//! The numbers of a PLY payload in either encoding, behind one trait.

use ply_rs::ply::{PropertyType, ScalarType};

use super::header::Element;
use crate::format::error::quote;
use crate::format::number::parse_f64;
use crate::format::text::{Lines, next_word};
use crate::format::{FileFormat, FormatError, Place};

/// A payload read row by row, value by value. Every scalar type of PLY fits an f64 without loss.
pub(super) trait Payload {
    /// An upper bound for how many rows of `element` the remaining bytes can hold.
    fn room(&self, element: &Element) -> u64;
    /// An upper bound for how many items of a list the remaining bytes can hold.
    fn list_room(&self, item: &ScalarType) -> u64;
    /// Moves to the next row.
    fn start_row(&mut self, element: &Element) -> Result<(), FormatError>;
    /// Reads the next value of the row.
    fn value(&mut self, scalar: &ScalarType) -> Result<f64, FormatError>;
    /// Where the value read last stands.
    fn place(&self) -> Place;
    /// Whether anything but blanks is left.
    fn has_rest(&self) -> bool;
}

/// Values as words, one row per line.
pub(super) struct AsciiPayload<'a> {
    lines: Lines<'a>,
    row: &'a [u8],
}

impl<'a> AsciiPayload<'a> {
    pub(super) fn new(bytes: &'a [u8], header_lines: u64) -> Self {
        Self { lines: Lines::after(bytes, header_lines), row: &[] }
    }
}

impl Payload for AsciiPayload<'_> {
    fn room(&self, _element: &Element) -> u64 {
        // A row has a digit and a line end, the last one perhaps no line end.
        self.lines.remaining().div_ceil(2) as u64
    }

    fn list_room(&self, _item: &ScalarType) -> u64 {
        (self.row.len() / 2) as u64
    }

    fn start_row(&mut self, element: &Element) -> Result<(), FormatError> {
        self.row = self.lines.next_filled().ok_or_else(|| FormatError::Truncated {
            format: FileFormat::Ply,
            place: Place::Line(self.lines.line()),
            expected: format!("{} rows of element \"{}\"", element.count, element.name),
        })?;
        Ok(())
    }

    fn value(&mut self, _scalar: &ScalarType) -> Result<f64, FormatError> {
        let unexpected = |found: String| FormatError::Unexpected {
            format: FileFormat::Ply,
            place: Place::Line(self.lines.line()),
            expected: "a number".to_owned(),
            found,
        };
        let word = next_word(&mut self.row).ok_or_else(|| unexpected("the end of the line".to_owned()))?;
        parse_f64(word).ok_or_else(|| unexpected(quote(word)))
    }

    fn place(&self) -> Place {
        Place::Line(self.lines.line())
    }

    fn has_rest(&self) -> bool {
        !self.lines.rest().trim_ascii().is_empty()
    }
}

/// Values as bytes.
pub(super) struct BinaryPayload<'a> {
    file: &'a [u8],
    at: usize,
    last: usize,
    big_endian: bool,
}

impl<'a> BinaryPayload<'a> {
    pub(super) fn new(file: &'a [u8], start: usize, big_endian: bool) -> Self {
        Self { file, at: start, last: start, big_endian }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let Some(bytes) = self.file[self.at..].first_chunk::<N>() else {
            return Err(FormatError::Truncated {
                format: FileFormat::Ply,
                place: Place::Byte(self.file.len() as u64),
                expected: format!("{N} bytes of a value"),
            });
        };
        self.last = self.at;
        self.at += N;
        let mut bytes = *bytes;
        if self.big_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

impl Payload for BinaryPayload<'_> {
    fn room(&self, element: &Element) -> u64 {
        let smallest_row: usize = element
            .properties
            .iter()
            .map(|property| match &property.data {
                PropertyType::Scalar(scalar) | PropertyType::List(scalar, _) => size_of_scalar(scalar),
            })
            .sum();
        ((self.file.len() - self.at) / smallest_row.max(1)) as u64
    }

    fn list_room(&self, item: &ScalarType) -> u64 {
        ((self.file.len() - self.at) / size_of_scalar(item)) as u64
    }

    fn start_row(&mut self, _element: &Element) -> Result<(), FormatError> {
        Ok(())
    }

    fn value(&mut self, scalar: &ScalarType) -> Result<f64, FormatError> {
        Ok(match scalar {
            ScalarType::Char => f64::from(i8::from_le_bytes(self.take()?)),
            ScalarType::UChar => f64::from(u8::from_le_bytes(self.take()?)),
            ScalarType::Short => f64::from(i16::from_le_bytes(self.take()?)),
            ScalarType::UShort => f64::from(u16::from_le_bytes(self.take()?)),
            ScalarType::Int => f64::from(i32::from_le_bytes(self.take()?)),
            ScalarType::UInt => f64::from(u32::from_le_bytes(self.take()?)),
            ScalarType::Float => f64::from(f32::from_le_bytes(self.take()?)),
            ScalarType::Double => f64::from_le_bytes(self.take()?),
        })
    }

    fn place(&self) -> Place {
        Place::Byte(self.last as u64)
    }

    fn has_rest(&self) -> bool {
        self.at < self.file.len()
    }
}

fn size_of_scalar(scalar: &ScalarType) -> usize {
    match scalar {
        ScalarType::Char | ScalarType::UChar => 1,
        ScalarType::Short | ScalarType::UShort => 2,
        ScalarType::Int | ScalarType::UInt | ScalarType::Float => 4,
        ScalarType::Double => 8,
    }
}
