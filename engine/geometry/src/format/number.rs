//! Numbers as files spell them.

use super::error::quote;
use super::{FileFormat, FormatError, Place};

/// The largest magnitude a coordinate may have, in any unit. Beyond it the value is damage, not geometry; below it squares
/// and cubes of lengths stay finite in f64 and the value itself stays finite in f32.
pub const LARGEST_COORDINATE: f64 = 1e30;

/// Whether a decoded coordinate is usable.
pub(super) fn is_usable(value: f64) -> bool {
    value.abs() <= LARGEST_COORDINATE
}

/// Parses a token as a floating-point number; NaN and infinities parse too, so that the caller can name them as such.
pub(super) fn parse_f64(token: &[u8]) -> Option<f64> {
    std::str::from_utf8(token).ok()?.parse().ok()
}

/// Parses a token as a signed integer. Tens of millions of face indices pass here, hence no detour over `str`.
pub(super) fn parse_i64(token: &[u8]) -> Option<i64> {
    let (negative, digits) = match token {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    // 18 digits always fit; a longer index or count is nonsense in any file.
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if negative { -value } else { value })
}

/// Parses a token as a coordinate.
///
/// # Errors
/// `Unexpected` when it is no number, `CoordinateNotFinite` when it is not a usable one.
pub(super) fn coordinate(format: FileFormat, line: u64, token: &[u8]) -> Result<f64, FormatError> {
    match parse_f64(token) {
        Some(value) if is_usable(value) => Ok(value),
        Some(_) => Err(FormatError::CoordinateNotFinite {
            format,
            place: Place::Line(line),
            value: String::from_utf8_lossy(token).into_owned(),
        }),
        None => Err(FormatError::Unexpected {
            format,
            place: Place::Line(line),
            expected: "a number".to_owned(),
            found: quote(token),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let check = |token: &str, expected: Option<i64>| assert_eq!(parse_i64(token.as_bytes()), expected, "{token}");
        check("0", Some(0));
        check("-12", Some(-12));
        check("+7", Some(7));
        check("999999999999999999", Some(999_999_999_999_999_999));
        check("9999999999999999999", None);
        check("", None);
        check("-", None);
        check("1.0", None);
        check("1e3", None);
    }

    #[test]
    fn coordinates() {
        let check = |token: &str, expected: &str| {
            let shown = match coordinate(FileFormat::Obj, 3, token.as_bytes()) {
                Ok(value) => value.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(shown.contains(expected), "{token}: {shown}");
        };
        check("-1.5E-3", "-0.0015");
        check(".5", "0.5");
        check("nan", "line 3: the coordinate nan is not a usable number");
        check("1e400", "line 3: the coordinate 1e400");
        check("-inf", "coordinate -inf");
        check("1,5", "line 3: expected a number, found \"1,5\"");
    }
}
