//! Keeps what a program prints, up to a bound.

use std::borrow::Cow;

use monty_types::{MontyException, PrintWriterCallback};

/// Collects printed text; what goes beyond the bound is dropped and said so once.
#[derive(Debug)]
pub(crate) struct Printer {
    text: String,
    limit: usize,
    full: bool,
}

impl Printer {
    /// An empty printer for at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit, full: false }
    }

    /// What was printed.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    fn push(&mut self, text: &str) {
        if self.full {
            return;
        }
        let mut room = self.limit.saturating_sub(self.text.len());
        if text.len() <= room {
            self.text.push_str(text);
            return;
        }
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        self.text.push_str(&text[..room]);
        self.text.push_str("\n[more was printed than is kept]\n");
        self.full = true;
    }
}

impl PrintWriterCallback for Printer {
    fn stdout_write(&mut self, output: Cow<'_, str>) -> Result<(), MontyException> {
        self.push(&output);
        Ok(())
    }

    fn stdout_push(&mut self, end: char) -> Result<(), MontyException> {
        self.push(end.encode_utf8(&mut [0; 4]));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_up_to_the_bound() {
        let mut printer = Printer::new(5);
        printer.push("abc");
        printer.push("\u{e4}\u{e4}");
        printer.push("never");
        assert_eq!(printer.into_text(), "abc\u{e4}\n[more was printed than is kept]\n");
    }
}
