//! Reads a program byte by byte.
//!
//! ```text
//! program  = "import cadquery as cq\n" { variable "=" object "\n" }     the last variable is r
//! object   = ( "cq." name call | variable ) { "." method call }
//! call     = "(" [ argument { "," argument } ] ")"
//! argument = [ keyword "=" ] value                          after a keyword only other keywords
//! value    = number { ("+" | "-" | "*" | "/") number } | string | constant | object | "(" values ")" | "[" values "]"
//! ```
//!
//! A space may stand after a comma and about an equals sign or an operator. Numbers have no needless zeros in front.

use super::words::{
    CONSTANTS, HEADER, KEYWORDS, METHODS, OF_MODULE, RESULT, STRINGS, begins_one, begins_variable, is_one, is_variable,
};

/// Brackets may be nested so deep.
const MOST_OPEN: usize = 48;
/// Digits before and after the point.
const MOST_DIGITS: [usize; 2] = [6, 18];
/// Variables of a program.
const MOST_VARIABLES: usize = 64;

/// An open bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// With the keywords that have been given: a bit each. After one only others may follow.
    Call {
        given: u64,
    },
    Tuple,
    List,
}

/// What was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    /// So many bytes of the first line.
    Header(usize),
    /// A new line.
    Line,
    /// The beginning of a variable that will be assigned to.
    Target,
    /// The variable and a space: the equals sign follows.
    Assigned,
    /// A place where a value begins.
    Value {
        /// Whether the bracket may close here.
        may_close: bool,
        /// Whether a keyword may stand here.
        keyword: bool,
        /// Whether a space was read already.
        spaced: bool,
        /// Whether it has to be an object.
        object: bool,
    },
    /// The beginning of a word where a value begins.
    Word { keyword: bool, object: bool },
    /// A keyword and its equals sign come next or were read.
    Keyword,
    /// A minus sign, or an operator, before a number.
    Sign { minus: bool, spaced: bool },
    /// Digits.
    Number {
        /// Digits before the point.
        whole: usize,
        /// After it, when there is one.
        decimals: Option<usize>,
        /// Whether the first digit is a zero.
        zero: bool,
    },
    /// A space after a number: an operator follows.
    Spaced,
    /// Inside of a string.
    Text { quote: u8 },
    /// After `cq.`, or after the dot of an object.
    Member { of_module: bool },
    /// The end of an object.
    Object,
    /// The end of any other value.
    Other,
}

/// Reads a program byte by byte and refuses the first byte that no program of the dialect has there.
#[derive(Clone, Debug)]
pub struct Acceptor {
    at: At,
    /// The word that is being read.
    word: Vec<u8>,
    open: Vec<Open>,
    /// Variables that have a value, and the one that is about to get one.
    variables: Vec<Vec<u8>>,
    target: Vec<u8>,
}

impl Default for Acceptor {
    fn default() -> Self {
        Self { at: At::Header(0), word: Vec::new(), open: Vec::new(), variables: Vec::new(), target: Vec::new() }
    }
}

impl Acceptor {
    /// At the beginning of a program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one byte; `false` where no program goes on so, and then nothing more is to be read.
    #[must_use]
    pub fn read(&mut self, byte: u8) -> bool {
        let next = match &self.at {
            At::Header(n) => header(*n, byte),
            At::Line => self.line(byte),
            At::Target => self.target(byte),
            At::Assigned => (byte == b'=').then(At::object_expected),
            At::Value { may_close, keyword, spaced, object } => {
                let (may_close, keyword, spaced, object) = (*may_close, *keyword, *spaced, *object);
                match byte {
                    b' ' if !spaced && !may_close => Some(At::Value { may_close, keyword, spaced: true, object }),
                    b')' | b']' if may_close => self.closed(byte),
                    _ => self.value(byte, keyword, object),
                }
            }
            At::Word { keyword, object } => self.word(byte, *keyword, *object),
            At::Keyword => (byte == b'=').then(|| self.named()),
            At::Sign { minus, spaced } => match byte {
                b' ' if !minus && !spaced => Some(At::Sign { minus: false, spaced: true }),
                b'-' if !minus => Some(At::Sign { minus: true, spaced: true }),
                b'0'..=b'9' => Some(At::Number { whole: 1, decimals: None, zero: byte == b'0' }),
                _ => None,
            },
            At::Number { whole, decimals, zero } => self.number(byte, *whole, *decimals, *zero),
            At::Spaced => matches!(byte, b'+' | b'-' | b'*' | b'/').then_some(At::Sign { minus: false, spaced: false }),
            At::Text { quote } => self.text(*quote, byte),
            At::Member { of_module } => self.member(*of_module, byte),
            At::Object => match byte {
                b'.' if self.has_room() => {
                    self.word.clear();
                    Some(At::Member { of_module: false })
                }
                b'\n' if self.open.is_empty() => Some(self.line_ended()),
                _ => self.closed(byte),
            },
            At::Other => self.closed(byte),
        };
        match next {
            Some(next) => {
                self.at = next;
                true
            }
            None => false,
        }
    }

    /// Whether what was read is a program: the last statement is whole, and `r` has a value.
    pub fn is_complete(&self) -> bool {
        let defined = |name: &[u8]| self.variables.iter().any(|v| v == name);
        let result = self.target == RESULT.as_bytes() || defined(RESULT.as_bytes());
        match self.at {
            At::Line => defined(RESULT.as_bytes()),
            At::Object => self.open.is_empty() && result,
            // A variable ends where the text does.
            At::Word { object: true, .. } => self.open.is_empty() && defined(&self.word) && result,
            _ => false,
        }
    }

    fn line(&mut self, byte: u8) -> Option<At> {
        self.word = vec![byte];
        // The last variable that there is room for is the result.
        let result = self.variables.iter().any(|v| v == RESULT.as_bytes());
        let room = self.variables.len() + usize::from(!result) < MOST_VARIABLES || self.word == RESULT.as_bytes();
        (room && begins_variable(&self.word)).then_some(At::Target)
    }

    fn target(&mut self, byte: u8) -> Option<At> {
        match byte {
            b'=' | b' ' if is_variable(&self.word) => {
                self.target = std::mem::take(&mut self.word);
                Some(if byte == b'=' { At::object_expected() } else { At::Assigned })
            }
            _ => {
                self.word.push(byte);
                begins_variable(&self.word).then_some(At::Target)
            }
        }
    }

    /// The first byte of a value.
    fn value(&mut self, byte: u8, keyword: bool, object: bool) -> Option<At> {
        if keyword && self.given() != 0 {
            self.word = vec![byte];
            return self.begins_keyword().then_some(At::Word { keyword, object });
        }
        match byte {
            b'-' if !object => Some(At::Sign { minus: true, spaced: true }),
            b'0'..=b'9' if !object => Some(At::Number { whole: 1, decimals: None, zero: byte == b'0' }),
            b'\'' | b'"' if !object => {
                self.word.clear();
                Some(At::Text { quote: byte })
            }
            b'(' if !object => self.opened(Open::Tuple),
            b'[' if !object => self.opened(Open::List),
            _ => {
                self.word = vec![byte];
                self.begins_word(keyword, object).then_some(At::Word { keyword, object })
            }
        }
    }

    /// The keywords that the innermost call has been given.
    fn given(&self) -> u64 {
        match self.open.last() {
            Some(Open::Call { given }) => *given,
            _ => 0,
        }
    }

    /// Whether the word begins a keyword that the call has not been given.
    fn begins_keyword(&self) -> bool {
        let given = self.given();
        let open = KEYWORDS.iter().enumerate().filter(|(i, _)| given >> i & 1 == 0);
        open.into_iter().any(|(_, keyword)| keyword.as_bytes().starts_with(&self.word))
    }

    /// Whether the word is such a keyword.
    fn is_keyword(&self) -> bool {
        let place = KEYWORDS.iter().position(|keyword| keyword.as_bytes() == self.word);
        place.is_some_and(|i| self.given() >> i & 1 == 0)
    }

    /// After a keyword's equals sign.
    fn named(&mut self) -> At {
        let place = KEYWORDS.iter().position(|keyword| keyword.as_bytes() == self.word);
        if let (Some(Open::Call { given }), Some(place)) = (self.open.last_mut(), place) {
            *given |= 1 << place;
        }
        At::Value { may_close: false, keyword: false, spaced: false, object: false }
    }

    fn begins_word(&self, keyword: bool, object: bool) -> bool {
        if keyword && self.given() != 0 {
            return self.begins_keyword();
        }
        let word = &self.word;
        let known = self.variables.iter().any(|v| v.starts_with(word));
        let other = !object && begins_one(&CONSTANTS, word) || keyword && self.begins_keyword();
        known || self.has_room() && b"cq".starts_with(word) || other
    }

    fn word(&mut self, byte: u8, keyword: bool, object: bool) -> Option<At> {
        let only_keywords = keyword && self.given() != 0;
        let known = !only_keywords && self.variables.contains(&self.word);
        let constant = !only_keywords && !object && is_one(&CONSTANTS, &self.word);
        let named = keyword && self.is_keyword();
        match byte {
            b'.' if !only_keywords && self.word == b"cq" => {
                self.word.clear();
                Some(At::Member { of_module: true })
            }
            b'.' if known && self.has_room() => {
                self.word.clear();
                Some(At::Member { of_module: false })
            }
            b'=' if named => Some(self.named()),
            b' ' if named => Some(At::Keyword),
            b'\n' if known && self.open.is_empty() => Some(self.line_ended()),
            b',' | b')' | b']' if known || constant => self.closed(byte),
            _ => {
                self.word.push(byte);
                self.begins_word(keyword, object).then_some(At::Word { keyword, object })
            }
        }
    }

    fn number(&mut self, byte: u8, whole: usize, decimals: Option<usize>, zero: bool) -> Option<At> {
        match (byte, decimals) {
            (b'0'..=b'9', None) if !zero && whole < MOST_DIGITS[0] => {
                Some(At::Number { whole: whole + 1, decimals, zero })
            }
            (b'0'..=b'9', Some(n)) if n < MOST_DIGITS[1] => Some(At::Number { whole, decimals: Some(n + 1), zero }),
            (b'.', None) => Some(At::Number { whole, decimals: Some(0), zero }),
            (b'0'..=b'9' | b'.', _) => None,
            (b'+' | b'-' | b'*' | b'/', _) => Some(At::Sign { minus: false, spaced: false }),
            (b' ', _) => Some(At::Spaced),
            _ => self.closed(byte),
        }
    }

    fn text(&mut self, quote: u8, byte: u8) -> Option<At> {
        if byte == quote {
            return is_one(&STRINGS, &self.word).then_some(At::Other);
        }
        self.word.push(byte);
        begins_one(&STRINGS, &self.word).then_some(At::Text { quote })
    }

    fn member(&mut self, of_module: bool, byte: u8) -> Option<At> {
        let words: &[&str] = if of_module { &OF_MODULE } else { &METHODS };
        if byte == b'(' {
            return is_one(words, &self.word).then(|| self.opened(Open::Call { given: 0 })).flatten();
        }
        self.word.push(byte);
        begins_one(words, &self.word).then_some(At::Member { of_module })
    }

    /// Whether another bracket may be opened: what needs one is not begun without.
    fn has_room(&self) -> bool {
        self.open.len() < MOST_OPEN
    }

    fn opened(&mut self, bracket: Open) -> Option<At> {
        if !self.has_room() {
            return None;
        }
        self.open.push(bracket);
        let call = matches!(bracket, Open::Call { .. });
        Some(At::Value { may_close: call, keyword: call, spaced: false, object: false })
    }

    /// What follows a whole value: a comma, or the bracket that is open.
    fn closed(&mut self, byte: u8) -> Option<At> {
        let last = *self.open.last()?;
        match (byte, last) {
            // Where every keyword was given nothing can follow.
            (b',', Open::Call { given }) if given.count_ones() as usize == KEYWORDS.len() => None,
            (b',', _) => Some(At::Value {
                may_close: false,
                keyword: matches!(last, Open::Call { .. }),
                spaced: false,
                object: false,
            }),
            (b')', Open::Call { .. }) => {
                self.open.pop();
                Some(At::Object)
            }
            (b')', Open::Tuple) | (b']', Open::List) => {
                self.open.pop();
                Some(At::Other)
            }
            _ => None,
        }
    }

    fn line_ended(&mut self) -> At {
        let target = std::mem::take(&mut self.target);
        if !self.variables.contains(&target) {
            self.variables.push(target);
        }
        At::Line
    }
}

/// The next byte of the first line.
fn header(n: usize, byte: u8) -> Option<At> {
    let header = HEADER.as_bytes();
    (header[n] == byte).then(|| if n + 1 == header.len() { At::Line } else { At::Header(n + 1) })
}

impl At {
    /// After the equals sign of a statement.
    fn object_expected() -> Self {
        Self::Value { may_close: false, keyword: false, spaced: false, object: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of `text` is read, and whether that is a program.
    fn read(text: &str) -> (usize, bool) {
        let mut acceptor = Acceptor::new();
        let count = text.bytes().take_while(|&b| acceptor.read(b)).count();
        (count, acceptor.is_complete())
    }

    #[test]
    fn programs_are_read_to_their_end() {
        let check = |body: &str| {
            let text = format!("import cadquery as cq\n{body}");
            assert_eq!(read(&text), (text.len(), true), "{text}");
        };
        check("r=cq.Workplane('XY').box(1,2,3)");
        check("r = cq.Workplane(\"XY\", origin=(0, -5, 12.5)).circle(3).extrude(-4)\n");
        check("w0=cq.Workplane('ZX',origin=(0,38,0))\nr=w0.sketch().push([(1,2),(3,4)]).circle(7,mode='s').finalize()");
        check("w0=cq.Workplane('XY')\nr=w0.workplane(offset=-15/2).box(196,200,15).union(w0.cylinder(3,0.5))");
        check("w0=cq.Workplane('XY')\nr=w0\nr=r.cut(w0)");
        check("r=cq.Workplane(cq.Plane(cq.Vector(0.0,0.0,1.5),cq.Vector(1,0,0))).moveTo(1,2).extrude(5,both=True)");
    }

    #[test]
    fn the_first_wrong_byte_is_refused() {
        let check = |body: &str, wrong: &str| {
            let text = format!("import cadquery as cq\n{body}{wrong}");
            let place = text.len() - wrong.len();
            assert_eq!(read(&text), (place, false), "{text}");
        };
        check("r=cq.Workplane('X", "X')");
        check("r=cq.Workplane('XY').bo", "ss(1)");
        check("r=", "w0.box(1,1,1)");
        check("r=cq.Workplane('XY').box(0", "1,1,1)");
        check("r=cq.Workplane('XY').box(1,", ")");
        check("r=cq.Workplane('XY').push([(1,2", "])");
        check("r=cq.Workplane('XY').box(1,1,1", "\n");
        check("r=cq.Workplane('XY').circle(3,mode='s',", "4)");
        check("r=cq.Workplane('XY').circle(3,mode='s',", "mode='s')");
        check("r=", "5\n");
        check("", "import os");
        check("r=cq.", "os.system");
        check("w", "hile");
        assert_eq!(read("print(1)"), (0, false));
    }

    #[test]
    fn a_program_has_a_result() {
        assert_eq!(read("import cadquery as cq\n"), (22, false));
        assert!(!read("import cadquery as cq\nw0=cq.Workplane('XY')\n").1);
        assert!(!read("import cadquery as cq\nr=cq.Workplane('XY'").1);
        assert!(read("import cadquery as cq\nr=cq.Workplane('XY').box(1,1,1)\nw0=r").1);
    }

    #[test]
    fn programs_of_the_networks_are_in_the_dialect() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/bench/dialect/programs.jsonl");
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("skipped: {path} is not there");
            return;
        };
        let (mut known, mut total, mut refused) = (0, 0, Vec::new());
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("each line is a case");
            let (origin, code) = (case["origin"].as_str().unwrap_or(""), case["code"].as_str().unwrap_or(""));
            if !origin.starts_with("cad-recode") && origin != "cadrille-output" {
                continue;
            }
            total += 1;
            let (count, complete) = read(code.trim_end());
            if count == code.trim_end().len() && complete {
                known += 1;
            } else {
                refused.push(code[..code.len().min(count + 20)].to_owned());
            }
        }
        assert!(total > 1000, "{total}");
        // Outputs that were cut off, or are no Python at all, are among them.
        assert!(known as f64 >= 0.99 * f64::from(total), "{known} of {total}; {:?}", &refused[..refused.len().min(5)]);
    }
}
