//! Colours for Python, from the tokens of the real grammar.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Stroke};
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use super::theme::Palette;

/// What to mark in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// What is wrong.
    pub(super) wrong: Option<Range<usize>>,
    /// What was looked for, in its order.
    pub(super) found: Vec<Range<usize>>,
    /// Which of that is looked at.
    pub(super) current: Option<Range<usize>>,
    /// The call whose faces are marked.
    pub(super) call: Option<Range<usize>>,
}

/// A text laid out, to be used again while nothing changes.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    marks: Marks,
    font: FontId,
    colors: [Color32; 5],
    job: LayoutJob,
}

/// The text laid out in colours, taken from `laid` where that was of the same.
pub(super) fn layout_again(
    laid: &mut Option<Laid>,
    text: &str,
    marks: &Marks,
    font: &FontId,
    colors: &Palette,
) -> LayoutJob {
    let same = laid.as_ref().filter(|laid| {
        laid.job.text == text && laid.marks == *marks && laid.font == *font && laid.colors == colors.code
    });
    if let Some(laid) = same {
        return laid.job.clone();
    }
    let job = layout(text, marks, font, colors);
    *laid = Some(Laid { marks: marks.clone(), font: font.clone(), colors: colors.code, job: job.clone() });
    job
}

/// The text laid out in colours, without wrapping.
pub(super) fn layout(text: &str, marks: &Marks, font: &FontId, colors: &Palette) -> LayoutJob {
    let kinds = kinds(text);
    let mut cuts: Vec<usize> = kinds.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    let marked = marks.wrong.iter().chain(&marks.found).chain(&marks.call).chain(&marks.current);
    cuts.extend(marked.flat_map(|range| [range.start, range.end]));
    cuts.extend([0, text.len()]);
    cuts.retain(|cut| text.is_char_boundary(*cut));
    cuts.sort_unstable();
    cuts.dedup();
    let mut job = LayoutJob { break_on_newline: true, ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    let mut next = kinds.iter().peekable();
    for ends in cuts.windows(2) {
        let (start, end) = (ends[0], ends[1]);
        while next.peek().is_some_and(|(range, _)| range.end <= start) {
            next.next();
        }
        let color =
            next.peek().filter(|(range, _)| range.start <= start).map_or(colors.text, |(_, kind)| kind.color(colors));
        let within = |range: &Range<usize>| range.start <= start && end <= range.end;
        let mut format = TextFormat { font_id: font.clone(), color, ..TextFormat::default() };
        if marks.call.as_ref().is_some_and(within) {
            format.background = colors.selected.gamma_multiply(0.22);
        }
        let last_before = marks.found.partition_point(|range| range.start <= start).checked_sub(1);
        if last_before.and_then(|index| marks.found.get(index)).is_some_and(within) {
            format.background = colors.found;
        }
        if marks.current.as_ref().is_some_and(within) {
            format.background = colors.selected.gamma_multiply(0.45);
        }
        if marks.wrong.as_ref().is_some_and(within) {
            format.underline = Stroke::new(1.5, colors.bad);
        }
        job.append(&text[start..end], 0.0, format);
    }
    job
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Keyword,
    Text,
    Number,
    Comment,
    Call,
}

impl Kind {
    fn color(self, colors: &Palette) -> Color32 {
        colors.code[self as usize]
    }
}

/// The coloured pieces of a text, in their order.
fn kinds(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
    let mut lexer = lex(text, Mode::Module);
    let mut name: Option<Range<usize>> = None;
    loop {
        let token = lexer.next_token();
        let range = lexer.current_range();
        let range = range.start().to_usize()..range.end().to_usize();
        let kind = match token {
            TokenKind::EndOfFile => return found,
            TokenKind::Comment => Some(Kind::Comment),
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => Some(Kind::Number),
            TokenKind::String | TokenKind::FStringStart | TokenKind::FStringMiddle | TokenKind::FStringEnd => {
                Some(Kind::Text)
            }
            TokenKind::Lpar => {
                // A name before a bracket is called.
                if let Some(name) = name.take() {
                    found.push((name, Kind::Call));
                }
                None
            }
            token if token.is_keyword() => Some(Kind::Keyword),
            _ => None,
        };
        name = (token == TokenKind::Name).then(|| range.clone());
        if let Some(kind) = kind.filter(|_| !range.is_empty()) {
            found.push((range, kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Kind)]) {
        let found: Vec<(&str, Kind)> = kinds(text).into_iter().map(|(range, kind)| (&text[range], kind)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn tokens_have_their_kind() {
        check(
            "import cadquery as cq  # the library",
            &[("import", Kind::Keyword), ("as", Kind::Keyword), ("# the library", Kind::Comment)],
        );
        check(
            "r = w.box(1, 2.5).cut(a)",
            &[("box", Kind::Call), ("1", Kind::Number), ("2.5", Kind::Number), ("cut", Kind::Call)],
        );
        check("s = 'XY'", &[("'XY'", Kind::Text)]);
        check("x = (((", &[]);
        check("'unclosed", &[("'unclosed", Kind::Text)]);
    }

    #[test]
    fn every_byte_is_laid_out_once() {
        let texts = ["", "a", "x = 'ä'\n# é\nr = w.box(1)", "def f(:\n\t'", "\"\"\"a\nb"];
        for text in texts {
            let marks =
                Marks { wrong: Some(0..text.len()), found: vec![1..2, 3..4], call: Some(0..1), current: Some(1..2) };
            let job = layout(text, &marks, &FontId::monospace(12.0), super::super::theme::palette(egui::Theme::Dark));
            assert_eq!(job.text, text);
        }
    }
}
