//! The numbered instances of a STEP file's data section, and how numbers and strings are spelled in it.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

/// The name of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id(usize);

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The data section as it grows.
#[derive(Default)]
pub(super) struct Data {
    text: String,
    count: usize,
    shared: FxHashMap<String, Id>,
}

impl Data {
    /// Adds an instance.
    pub(super) fn add(&mut self, instance: &str) -> Id {
        self.count += 1;
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "#{}={instance};", self.count);
        Id(self.count)
    }

    /// Adds an instance that stands for its value alone, or finds the one that says the same.
    pub(super) fn share(&mut self, instance: String) -> Id {
        if let Some(&id) = self.shared.get(&instance) {
            return id;
        }
        let id = self.add(&instance);
        self.shared.insert(instance, id);
        id
    }

    /// The text of the section.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// A list of instances, comma-separated.
pub(super) fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut out = String::new();
    for (i, item) in items.into_iter().enumerate() {
        let _ = write!(out, "{}{item}", if i > 0 { "," } else { "" });
    }
    out
}

/// A real number as STEP spells it: always with a point, the exponent with a capital E, and reading back as the same
/// `f64`.
pub(super) fn real(x: f64) -> String {
    // Adding zero makes negative zero positive.
    let text = format!("{:?}", x + 0.0);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
    let mantissa = mantissa.strip_suffix(".0").unwrap_or(mantissa);
    let point = if mantissa.contains('.') { "" } else { "." };
    if exponent.is_empty() { format!("{mantissa}{point}") } else { format!("{mantissa}{point}E{exponent}") }
}

/// A string in quotes; what is not printable ASCII becomes `\X2\` or `\X4\` sequences.
pub(super) fn string(s: &str) -> String {
    let mut out = String::from("'");
    for c in s.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(c),
            _ => {
                let code = u32::from(c);
                let _ = if code <= 0xFFFF {
                    write!(out, "\\X2\\{code:04X}\\X0\\")
                } else {
                    write!(out, "\\X4\\{code:08X}\\X0\\")
                };
            }
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_spelled_as_step_wants() {
        for (x, text) in [
            (0.0, "0."),
            (-0.0, "0."),
            (1.0, "1."),
            (-2.5, "-2.5"),
            (1e-7, "1.E-7"),
            (1.25e-10, "1.25E-10"),
            (1e300, "1.E300"),
            (123_456_789.0, "123456789."),
        ] {
            assert_eq!(real(x), text);
        }
    }

    #[test]
    fn strings_escape_quotes_and_foreign_letters() {
        for (s, text) in [
            ("part", "'part'"),
            ("it's", "'it''s'"),
            ("a\\b", "'a\\\\b'"),
            ("Größe", "'Gr\\X2\\00F6\\X0\\\\X2\\00DF\\X0\\e'"),
            ("\u{1F529}", "'\\X4\\0001F529\\X0\\'"),
            ("a\nb", "'a\\X2\\000A\\X0\\b'"),
        ] {
            assert_eq!(string(s), text);
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back_as_they_were(x in proptest::num::f64::NORMAL) {
            let text = real(x);
            let (mantissa, _) = text.split_once('E').unwrap_or((&text, ""));
            prop_assert!(mantissa.contains('.'));
            prop_assert_eq!(text.replace(".E", ".0E").parse::<f64>().expect("a number").to_bits(), x.to_bits());
        }
    }
}
