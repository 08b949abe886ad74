//! Short lists of facts, one per line, their values aligned.

use std::fmt::Display;

/// Facts with a label each, printed as an aligned column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    facts: Vec<(String, String)>,
    /// The labels are at least so wide.
    width: usize,
}

impl Facts {
    /// No facts yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds one fact.
    pub(crate) fn add(&mut self, label: &str, value: impl Display) -> &mut Self {
        self.facts.push((label.to_owned(), value.to_string()));
        self
    }

    /// The same facts with their values in the column of `other`'s, so that the two read as one list.
    pub(crate) fn aligned_with(mut self, other: &Self) -> Self {
        self.width = other.label_width();
        self
    }

    fn label_width(&self) -> usize {
        self.facts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).max(self.width)
    }

    /// Adds one fact if there is one.
    pub(crate) fn add_some(&mut self, label: &str, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.add(label, value);
        }
        self
    }
}

impl Display for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = self.label_width();
        for (label, value) in &self.facts {
            writeln!(f, "{label:width$}  {value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Facts;

    #[test]
    fn values_are_aligned() {
        let mut facts = Facts::new();
        facts.add("volume", 1.5).add_some("holes", None::<u8>).add("watertight", "yes");
        assert_eq!(facts.to_string(), "volume      1.5\nwatertight  yes\n");
    }
}
