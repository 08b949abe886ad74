//! Numbers as a person writes them.

/// `value` with at most `decimals` decimals, without trailing zeros and without a negative zero.
pub fn number(value: f64, decimals: usize) -> String {
    let mut text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let check = |value: f64, decimals: usize, expected: &str| assert_eq!(number(value, decimals), expected);
        check(38.1, 5, "38.1");
        check(38.099_998_5, 5, "38.1");
        check(40.0, 5, "40");
        check(-0.000_001, 3, "0");
        check(-2.5, 3, "-2.5");
        check(120.0, 0, "120");
        check(0.333_333_3, 6, "0.333333");
    }
}
