//! Which names fit at a place of a program: the methods of what stands before a dot, or the names of the program.
//!
//! Read from the tokens alone, as what is being typed does not parse. What a name stands for is followed through its last
//! assignment; where that does not tell, a Workplane is supposed, which is right most of the time.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use partwright_cadquery::MethodInfo;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use crate::window::editor::{Completion, Offer};

/// All that can be called, listed once.
static METHODS: LazyLock<Vec<MethodInfo>> = LazyLock::new(partwright_cadquery::methods);

/// The module, as a class.
const MODULE: &str = "cadquery";
/// How many assignments and calls are followed to find what a name stands for.
const MOST_STEPS: usize = 200;
/// Most names offered.
const MOST_OFFERS: usize = 60;

type Token = (TokenKind, Range<usize>);

/// The names that fit at the byte `cursor`; `None` in strings and comments, and where nothing fits.
pub(super) fn suggest(text: &str, cursor: usize) -> Option<Completion> {
    let before = text.get(..cursor)?;
    let typed = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    let start = cursor - typed.len();
    let tokens = tokens(before);
    if tokens.last().is_some_and(|(kind, range)| closed_to_names(*kind) && range.end >= start) {
        return None;
    }
    let tokens: Vec<Token> = tokens.into_iter().take_while(|(_, range)| range.end <= start).collect();
    let offers = match tokens.split_last() {
        Some(((TokenKind::Dot, _), receiver)) => {
            let ends_as_value = receiver
                .last()
                .is_some_and(|(kind, _)| matches!(kind, TokenKind::Name | TokenKind::Rpar | TokenKind::Rsqb));
            if !ends_as_value {
                return None;
            }
            let mut steps = MOST_STEPS;
            let class = class_of(receiver, text, &mut steps);
            members(class.as_deref().unwrap_or("Workplane"))
        }
        _ => names(text, start..cursor),
    };
    let offers = fitting(offers, typed);
    (!offers.is_empty()).then_some(Completion { replace: start..cursor, offers, chosen: 0 })
}

fn closed_to_names(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::String
            | TokenKind::Comment
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::Unknown
            | TokenKind::Int
            | TokenKind::Float
    )
}

/// The tokens of a text, without comments before others and without ends of lines inside brackets.
fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = lex(text, Mode::Module);
    let mut found: Vec<Token> = Vec::new();
    loop {
        let kind = lexer.next_token();
        let range = lexer.current_range();
        let range = range.start().to_usize()..range.end().to_usize();
        match kind {
            TokenKind::EndOfFile => return found,
            TokenKind::Comment if range.end == text.len() => found.push((kind, range)),
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::Indent | TokenKind::Dedent => {}
            // The lexer ends what is still being typed: the last line, or open brackets by an error.
            _ if range.is_empty() => {}
            _ => found.push((kind, range)),
        }
    }
}

/// The class of the value with which `tokens` end (all that stands before is among them), as [`MethodInfo::class`] spells it.
fn class_of(tokens: &[Token], text: &str, steps: &mut usize) -> Option<String> {
    *steps = steps.checked_sub(1)?;
    let name = |token: &Token| text.get(token.1.clone());
    let (last, rest) = tokens.split_last()?;
    match last.0 {
        TokenKind::Rpar => {
            let open = opening(tokens)?;
            match tokens.get(..open)?.split_last() {
                Some((callee @ (TokenKind::Name, _), before)) => {
                    let receiver = match before.split_last() {
                        Some(((TokenKind::Dot, _), receiver)) => class_of(receiver, text, steps)?,
                        _ => MODULE.to_owned(),
                    };
                    result_of(&receiver, name(callee)?).map(str::to_owned)
                }
                _ => class_of(rest, text, steps),
            }
        }
        TokenKind::Name => {
            let name = name(last)?;
            if let Some(((TokenKind::Dot, _), receiver)) = rest.split_last() {
                return (class_of(receiver, text, steps)? == MODULE).then(|| format!("{MODULE}.{name}"));
            }
            if matches!(name, "cq" | "cadquery") {
                return Some(MODULE.to_owned());
            }
            class_of(assigned(rest, name, text)?, text, steps)
        }
        _ => None,
    }
}

/// Where the bracket opens that the last token closes.
fn opening(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0usize;
    for (index, (kind, _)) in tokens.iter().enumerate().rev() {
        match kind {
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(index);
        }
    }
    None
}

/// The tokens up to the end of what was assigned last to `name` in a line that is complete.
fn assigned<'t>(tokens: &'t [Token], name: &str, text: &str) -> Option<&'t [Token]> {
    let ends_line = |(kind, _): &Token| matches!(kind, TokenKind::Newline | TokenKind::Semi);
    let lines: Vec<&[Token]> = tokens.split_inclusive(ends_line).collect();
    let mut end = tokens.len();
    for line in lines.into_iter().rev() {
        if let [(TokenKind::Name, target), (TokenKind::Equal, _), _, .., last] = line
            && ends_line(last)
            && text.get(target.clone()) == Some(name)
        {
            return tokens.get(..end - 1);
        }
        end -= line.len();
    }
    None
}

/// The class of what a method gives.
fn result_of(class: &str, method: &str) -> Option<&'static str> {
    match (class, method) {
        (MODULE, "Workplane" | "CQ") | ("Sketch", "finalize") => Some("Workplane"),
        (MODULE, "Sketch") | ("Workplane", "sketch") => Some("Sketch"),
        (MODULE, "Plane") | ("cadquery.Plane", _) => Some("Plane"),
        (MODULE, "Location") => Some("Location"),
        (MODULE, "Vector") | ("Shape", "Center" | "CenterOfBoundBox" | "normalAt" | "startPoint" | "endPoint") => {
            Some("Vector")
        }
        ("cadquery.Solid", _)
        | ("Workplane" | "Sketch", "val" | "findSolid")
        | ("Shape", "translate" | "moved" | "rotate" | "fuse" | "cut" | "intersect") => Some("Shape"),
        ("Workplane", "vals" | "all" | "size") => None,
        ("Workplane", _) => Some("Workplane"),
        ("Sketch", _) => Some("Sketch"),
        _ => None,
    }
}

/// What a class has; below the module also the classes that have functions of their own.
fn members(class: &str) -> Vec<Offer> {
    let offer = |method: &MethodInfo| Offer { name: method.name.to_owned(), signature: Some(method.signature.clone()) };
    let mut offers: Vec<Offer> = METHODS.iter().filter(|method| method.class == class).map(offer).collect();
    let below = METHODS.iter().filter_map(|method| method.class.strip_prefix(class)?.strip_prefix('.'));
    for name in below.collect::<BTreeSet<_>>() {
        if offers.iter().all(|offer| offer.name != name) {
            offers.push(Offer { name: name.to_owned(), signature: None });
        }
    }
    // One that takes its arguments in several ways is offered once.
    offers.sort_by(|a, b| a.name.cmp(&b.name));
    offers.dedup_by(|a, b| a.name == b.name);
    offers
}

/// The names that stand in the text, except the one being typed.
fn names(text: &str, typed: Range<usize>) -> Vec<Offer> {
    let found = tokens(text);
    let previous = std::iter::once(None).chain(found.iter().map(|(kind, _)| Some(*kind)));
    let names = found.iter().zip(previous).filter(|((kind, range), previous)| {
        *kind == TokenKind::Name
            && *range != typed
            && *previous != Some(TokenKind::Dot)
            && !range.contains(&typed.start)
    });
    let names: BTreeSet<&str> = names.filter_map(|((_, range), _)| text.get(range.clone())).collect();
    names.into_iter().map(|name| Offer { name: name.to_owned(), signature: None }).collect()
}

/// The offers that contain what was typed: those that begin with it first.
fn fitting(offers: Vec<Offer>, typed: &str) -> Vec<Offer> {
    let typed_small = typed.to_lowercase();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for offer in offers {
        match offer.name.to_lowercase().find(&typed_small) {
            Some(0) => first.push(offer),
            Some(_) => second.push(offer),
            None => {}
        }
    }
    first.append(&mut second);
    first.truncate(MOST_OFFERS);
    if let [only] = first.as_slice()
        && only.name == typed
    {
        first.clear();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names offered at the bar.
    fn offered(marked: &str) -> Vec<String> {
        let cursor = marked.find('|').expect("a bar");
        let text = marked.replacen('|', "", 1);
        let found = suggest(&text, cursor).unwrap_or_default();
        found.offers.into_iter().map(|offer| offer.name).collect()
    }

    #[track_caller]
    fn check(marked: &str, has: &[&str], has_not: &[&str]) {
        let names = offered(marked);
        for name in has {
            assert!(names.iter().any(|n| n == name), "{marked:?} offers no {name}: {names:?}");
        }
        for name in has_not {
            assert!(names.iter().all(|n| n != name), "{marked:?} offers {name}");
        }
    }

    #[test]
    fn the_methods_of_what_stands_before_the_dot() {
        check("cq.|", &["Workplane", "Sketch", "Plane", "Solid"], &["box"]);
        check("cq.Plane.|", &["XY", "named"], &["Workplane"]);
        check("r = cq.Workplane('XY').|", &["box", "faces"], &["Volume", "__len__"]);
        check("r = cq.Workplane('XY').box(1, (2), 3).fa|", &["faces"], &["box"]);
        check("r = (cq.Workplane('XY')\n    .box(1, 2, 3)\n    .|\n)", &["faces"], &["Volume"]);
        check("r = cq.Workplane().box(1, 2, 3)\nr.val().|", &["Volume"], &["box"]);
        check("s = cq.Sketch()\nt = s\nt.|", &["rect", "vertices"], &["extrude"]);
        check("r = cq.Workplane().sketch().rect(1, 2).finalize().ext|", &["extrude"], &[]);
        check("def f(w):\n    return w.|", &["box"], &["Volume"]);
        check("a = a\na.|", &["box"], &[]);
    }

    #[test]
    fn names_of_the_program() {
        check("import cadquery as cq\nwidth = 3\nr = cq.Workplane().box(wi|", &["width"], &["box", "wi", "cq"]);
        check("width = 3\n|", &["width"], &[]);
        check("größe = 3\ngr|", &["größe"], &[]);
    }

    #[test]
    fn nothing_where_nothing_fits() {
        for text in ["'a.|", "'cq.|'", "1.|", "x = 2.5|", "# cq.|", "cq.nothing|", "|", "'abc'.|", "f(12|"] {
            assert_eq!(offered(text), Vec::<String>::new(), "{text:?}");
        }
        assert_eq!(suggest("ä", 1), None);
    }

    #[test]
    fn what_begins_so_comes_first_and_once() {
        let names = offered("cq.Workplane().c|");
        let first_other = names.iter().position(|name| !name.starts_with(['c', 'C'])).unwrap_or(names.len());
        assert!(names[first_other..].iter().all(|name| !name.starts_with(['c', 'C'])));
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
