//! Lines and words of a text file, with line numbers.

/// The lines of a text that ends its lines with `\n`, `\r\n` or a lone `\r`. A byte order mark at the start is skipped.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: without_bom(text), line: 0 }
    }

    /// Starts after `line` lines of the file have been read by other means.
    pub(super) fn after(rest: &'a [u8], line: u64) -> Self {
        Self { rest, line }
    }

    /// How many bytes are left; an upper bound for everything that can still come.
    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The number of the line returned last, counted from 1; 0 before the first.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The bytes after the line returned last.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next line that holds more than blanks, trimmed.
    pub(super) fn next_filled(&mut self) -> Option<&'a [u8]> {
        loop {
            let line = self.next()?.trim_ascii();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let end = self.rest.iter().position(|&byte| byte == b'\n' || byte == b'\r').unwrap_or(self.rest.len());
        let (line, after) = self.rest.split_at(end);
        self.rest = match after {
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => after,
        };
        Some(line)
    }
}

/// Cuts the first word off a line.
pub(super) fn next_word<'a>(line: &mut &'a [u8]) -> Option<&'a [u8]> {
    let start = line.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let rest = &line[start..];
    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    *line = rest;
    Some(word)
}

/// The text without a UTF-8 byte order mark.
pub(super) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

/// Whether the start of a file reads as text: no byte that no text file holds.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    /// Enough to meet a binary file's first odd byte, little enough to cost nothing.
    const SAMPLE: usize = 8192;
    bytes[..bytes.len().min(SAMPLE)].iter().all(|&byte| byte >= b' ' && byte != 0x7F || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_endings_count_alike() {
        let check = |text: &str, expected: &[&str]| {
            let lines: Vec<_> = Lines::new(text.as_bytes()).map(|line| String::from_utf8_lossy(line)).collect();
            assert_eq!(lines, expected, "{text:?}");
        };
        check("a\nb", &["a", "b"]);
        check("a\r\nb\r\n", &["a", "b"]);
        check("a\rb\r", &["a", "b"]);
        check("a\n\nb", &["a", "", "b"]);
        check("\u{feff}a", &["a"]);
        check("", &[]);
        check("\n", &[""]);
    }

    #[test]
    fn words_are_cut_at_blanks() {
        let mut line: &[u8] = b"  v\t1  2 ";
        let mut cut = Vec::new();
        while let Some(word) = next_word(&mut line) {
            cut.push(word);
        }
        assert_eq!(cut, [b"v", b"1", b"2"]);
    }

    #[test]
    fn filled_lines_keep_their_numbers() {
        let mut lines = Lines::new(b"\n \n x \n\ny");
        assert_eq!(lines.next_filled(), Some(&b"x"[..]));
        assert_eq!(lines.line(), 3);
        assert_eq!(lines.next_filled(), Some(&b"y"[..]));
        assert_eq!(lines.line(), 5);
        assert_eq!(lines.next_filled(), None);
    }
}
