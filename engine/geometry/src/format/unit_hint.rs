//! A length unit named in a comment or a header.
//!
//! STL, PLY and OBJ have no field for the unit, but many programs write one into a comment (`UNITS=mm`, `# File units =
//! meters`). Our own writers do, so that a unit survives a round trip.

use crate::LengthUnit;

/// The unit that a comment declares: the word `unit` or `units`, then `=`, `:` or blanks, then a known name.
pub(super) fn unit_in_comment(comment: &[u8]) -> Option<LengthUnit> {
    let text = comment.to_ascii_lowercase();
    let mut words = text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if matches!(word, b"unit" | b"units") {
            let mut following = words.clone().filter(|word| !matches!(*word, b"are" | b"is" | b"length"));
            let unit = match (following.next(), following.next()) {
                (Some(b"in"), Some(name)) => Some(unit_by_name(name).unwrap_or(LengthUnit::Inch)),
                (Some(name), _) => unit_by_name(name),
                (None, _) => None,
            };
            if unit.is_some() {
                return unit;
            }
        }
    }
    None
}

/// The unit by its name or abbreviation in lower case.
fn unit_by_name(name: &[u8]) -> Option<LengthUnit> {
    match name {
        b"mm" | b"millimeter" | b"millimeters" | b"millimetre" | b"millimetres" => Some(LengthUnit::Millimetre),
        b"cm" | b"centimeter" | b"centimeters" | b"centimetre" | b"centimetres" => Some(LengthUnit::Centimetre),
        b"m" | b"meter" | b"meters" | b"metre" | b"metres" => Some(LengthUnit::Metre),
        b"in" | b"inch" | b"inches" => Some(LengthUnit::Inch),
        _ => None,
    }
}

/// The comment by which our writers declare a unit; `None` while it is unknown.
pub(super) fn unit_comment(unit: LengthUnit) -> Option<&'static str> {
    match unit {
        LengthUnit::Millimetre => Some("units=mm"),
        LengthUnit::Centimetre => Some("units=cm"),
        LengthUnit::Metre => Some("units=m"),
        LengthUnit::Inch => Some("units=inch"),
        LengthUnit::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_units() {
        let check = |comment: &str, expected| assert_eq!(unit_in_comment(comment.as_bytes()), expected, "{comment}");
        check("UNITS=mm", Some(LengthUnit::Millimetre));
        check("# File units = meters", Some(LengthUnit::Metre));
        check("Units: inch", Some(LengthUnit::Inch));
        check("units are in centimeters", Some(LengthUnit::Centimetre));
        check("units=in", Some(LengthUnit::Inch));
        check("units: in, scale 1", Some(LengthUnit::Inch));
        check("made by a unit test in mm", None);
        check("solid part_mm", None);
        check("", None);
        for unit in [LengthUnit::Millimetre, LengthUnit::Centimetre, LengthUnit::Metre, LengthUnit::Inch] {
            check(unit_comment(unit).unwrap(), Some(unit));
        }
    }
}
