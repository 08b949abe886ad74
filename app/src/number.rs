//! Numbers and their units as people read them.

use glam::DVec3;
use partwright_geometry::LengthUnit;

/// Six significant digits: more than a scan holds.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let decimals = (5 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// So many significant digits: what was measured on samples, or estimated, has no more that mean something.
pub(crate) fn rounded(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return number(value);
    }
    let step = 10f64.powi(value.abs().log10().floor() as i32 + 1 - digits);
    number((value / step).round() * step)
}

/// Three numbers, as in a size.
pub(crate) fn vector(v: DVec3) -> String {
    format!("{} x {} x {}", number(v.x), number(v.y), number(v.z))
}

/// A unit as it stands behind a number; nothing while it is unknown.
pub(crate) fn unit_suffix(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Millimetre => " mm",
        LengthUnit::Centimetre => " cm",
        LengthUnit::Metre => " m",
        LengthUnit::Inch => " in",
        LengthUnit::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{number, rounded};

    #[test]
    fn numbers_have_six_digits_at_most() {
        let check = |value: f64, expected: &str| assert_eq!(number(value), expected);
        check(0.0, "0");
        check(1.0, "1");
        check(-12.5, "-12.5");
        check(1.0 / 3.0, "0.333333");
        check(123_456_789.0, "123456789");
        check(0.000_012_345_678, "0.0000123457");
        check(299.999_999_9, "300");
    }

    #[test]
    fn estimates_have_fewer() {
        let check = |value: f64, digits: i32, expected: &str| assert_eq!(rounded(value, digits), expected);
        check(0.123_456, 2, "0.12");
        check(0.009_96, 2, "0.01");
        check(1234.0, 2, "1200");
        check(-0.078_378, 3, "-0.0784");
        check(0.0, 3, "0");
    }
}
