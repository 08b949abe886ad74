//! What has to be known of a program's text before it runs: that it is Python of bearable depth, what it imports, where
//! its calls are written and which names it assigns.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt, token::TokenKind};
use ruff_python_parser::{Mode, lexer::lex, parse_module};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::operators;
use crate::{Diagnostic, DiagnosticKind, Limits, Span};

/// Modules of the sandbox that a part may need; all of them are free of side effects.
const ALLOWED_MODULES: [&str; 14] = [
    "__future__",
    "bisect",
    "collections",
    "copy",
    "dataclasses",
    "decimal",
    "enum",
    "functools",
    "itertools",
    "json",
    "math",
    "random",
    "re",
    "typing",
];

/// A program that can be run.
#[derive(Debug)]
pub(crate) struct Program {
    /// What is executed: the source and one expression that collects the candidates for the result.
    pub(crate) text: String,
    /// Length of the source.
    source_len: u32,
    /// Where in the text our closing expression starts.
    closing: u32,
    /// Where pieces of the source lie in the text, when they are not where they were: start in the text, start in the
    /// source.
    pieces: Vec<(u32, u32)>,
    /// Operators that were written as calls, by their number.
    pub(crate) sites: Vec<Span>,
    /// Names the module assigns, the last assigned one first; the final expression is the tuple of their values.
    pub(crate) assigned: Vec<String>,
    /// Whether `from cadquery import *` was written.
    pub(crate) star_import: bool,
    /// For every call and attribute by the offset of its end: where its own name starts.
    name_starts: FxHashMap<u32, u32>,
}

impl Program {
    /// Reads `source`.
    pub(crate) fn read(source: &str, limits: &Limits) -> Result<Self, Diagnostic> {
        if source.len() > limits.source_bytes {
            return Err(Diagnostic::new(
                DiagnosticKind::Size,
                format!("the program is {} bytes long; at most {} are allowed", source.len(), limits.source_bytes),
            ));
        }
        if let Some(span) = too_deep(source, limits.nesting) {
            let message =
                format!("nested or chained more than {} deep; split it over several statements", limits.nesting);
            return Err(Diagnostic::new(DiagnosticKind::Recursion, message).at(span, source));
        }
        let parsed = parse_module(source).map_err(|error| {
            let message = error.error.to_string();
            Diagnostic::new(DiagnosticKind::Syntax, message).at(span_of(error.location), source)
        })?;
        let mut survey = Survey::default();
        visitor::walk_body(&mut survey, parsed.suite());
        if let Some((module, range)) = survey.refused_import {
            return Err(Diagnostic::new(DiagnosticKind::Import, refused_import(&module)).at(span_of(range), source));
        }
        let mut text = source.to_owned();
        for range in &survey.star_imports {
            // The same length, so that no place in the source moves; the names are looked up when they are used.
            let whole = range.start().to_usize()..range.end().to_usize();
            let padded = format!("{:width$}", "import cadquery", width = whole.len());
            text.replace_range(whole, &padded);
        }
        let closing = text.len() as u32;
        let mut assigned: Vec<(u32, String)> = survey.assigned.into_iter().map(|(name, at)| (at, name)).collect();
        assigned.sort_unstable_by(|a, b| b.cmp(a));
        let assigned: Vec<String> = assigned.into_iter().map(|(_, name)| name).collect();
        text.push_str("\n(");
        for name in &assigned {
            text.push_str(name);
            text.push(',');
        }
        text.push(')');
        Ok(Self {
            text,
            source_len: source.len() as u32,
            closing,
            pieces: Vec::new(),
            sites: Vec::new(),
            assigned,
            star_import: !survey.star_imports.is_empty(),
            name_starts: survey.name_starts,
        })
    }

    /// The same program with its operators written as calls of the host; `None` when it cannot be done.
    pub(crate) fn with_operators(self) -> Option<Self> {
        let source = self.text.get(..self.closing as usize)?;
        let operators::Rewritten { mut text, pieces, sites } = operators::rewrite(source)?;
        let closing = text.len() as u32;
        text.push_str(&self.text[self.closing as usize..]);
        Some(Self { text, closing, pieces, sites, ..self })
    }

    /// Whether a place of the text belongs to the closing expression.
    pub(crate) fn is_closing(&self, offset: u32) -> bool {
        offset >= self.closing
    }

    /// The place in the source of a place of the text; `None` for what is ours.
    fn in_source(&self, offset: u32) -> Option<u32> {
        if self.pieces.is_empty() {
            return (offset < self.closing).then_some(offset);
        }
        let after = self.pieces.partition_point(|(text, _)| *text <= offset);
        let (text, source) = *self.pieces.get(after.checked_sub(1)?)?;
        let end = self.pieces.get(after).map_or(self.source_len, |(_, source)| *source);
        (offset < self.closing).then(|| (source + (offset - text)).min(end))
    }

    /// The span of a call or attribute itself, given the range in the text of the expression with its receiver: of
    /// `cq.Workplane("XY").box(1, 2, 3)` the part `box(1, 2, 3)`. `None` when the range starts in text that is ours.
    pub(crate) fn own_span(&self, start: u32, end: u32) -> Option<Span> {
        let start = self.in_source(start)?;
        let end = self.in_source(end).unwrap_or(self.source_len).max(start);
        Some(self.narrowed(start, end))
    }

    fn narrowed(&self, start: u32, end: u32) -> Span {
        Span { start: self.name_starts.get(&end).copied().unwrap_or(start).min(end), end }
    }
}

/// What is said about an import that is not offered.
pub(crate) fn refused_import(module: &str) -> String {
    format!("`{module}` cannot be imported; a program may import `cadquery` and {}", ALLOWED_MODULES[1..].join(", "))
}

fn span_of(range: TextRange) -> Span {
    Span { start: range.start().to_u32(), end: range.end().to_u32() }
}

/// Finds where the source would nest or chain deeper than `limit`, from its tokens alone: the parser and everything that
/// walks its tree recurse that deep, so it has to be known before.
///
/// Counted are open brackets, indentation, and the operators, dots and calls since the last comma or line of the
/// same bracket, which make a tree lean as deep as there are of them.
pub(crate) fn too_deep(source: &str, limit: usize) -> Option<Span> {
    let mut lexer = lex(source, Mode::Module);
    // Per open bracket, the links of the chain that stands before it.
    let mut outer: Vec<usize> = Vec::new();
    let (mut depth, mut links, mut indent) = (0_usize, 0_usize, 0_usize);
    let mut previous = TokenKind::Newline;
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return None,
            TokenKind::Indent => indent += 1,
            TokenKind::Dedent => indent = indent.saturating_sub(1),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                if matches!(previous, TokenKind::Rpar | TokenKind::Rsqb) {
                    // Not part of `.name(...)`, so a link of its own: `f()()[0]`.
                    links += 1;
                }
                outer.push(links);
                depth += links + 1;
                links = 0;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd => {
                if let Some(before) = outer.pop() {
                    depth -= before + 1;
                    links = before;
                }
            }
            TokenKind::Comma | TokenKind::Semi | TokenKind::Newline => links = 0,
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::NonLogicalNewline
            | TokenKind::Comment
            | TokenKind::Colon
            | TokenKind::Equal
            | TokenKind::FStringMiddle => {}
            _ => links += 1,
        }
        if depth + links + indent > limit {
            return Some(span_of(lexer.current_range()));
        }
        previous = kind;
    }
}

/// Gathers what [`Program`] needs in one walk.
#[derive(Default)]
struct Survey {
    /// Name -> offset of its last assignment at module level.
    assigned: FxHashMap<String, u32>,
    name_starts: FxHashMap<u32, u32>,
    star_imports: Vec<TextRange>,
    refused_import: Option<(String, TextRange)>,
    /// How many function and class bodies enclose the node.
    scopes: usize,
}

impl Survey {
    fn import(&mut self, module: &str, range: TextRange) {
        let top = module.split('.').next().unwrap_or_default();
        if top != "cadquery" && !ALLOWED_MODULES.contains(&top) && self.refused_import.is_none() {
            self.refused_import = Some((module.to_owned(), range));
        }
    }

    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) if self.scopes == 0 => {
                self.assigned.insert(name.id.to_string(), name.range().start().to_u32());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.target(item)),
            Expr::List(list) => list.elts.iter().for_each(|item| self.target(item)),
            Expr::Starred(starred) => self.target(&starred.value),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Survey {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.import(alias.name.as_str(), alias.range());
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or(".", |name| name.as_str());
                self.import(module, import.range());
                if module == "cadquery" && import.names.iter().any(|alias| alias.name.as_str() == "*") {
                    self.star_imports.push(import.range());
                }
            }
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| self.target(target)),
            Stmt::AugAssign(assign) => self.target(&assign.target),
            Stmt::AnnAssign(assign) if assign.value.is_some() => self.target(&assign.target),
            Stmt::For(each) => self.target(&each.target),
            Stmt::Global(global) => {
                for name in &global.names {
                    self.assigned.entry(name.to_string()).or_insert(name.range().start().to_u32());
                }
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                self.scopes += 1;
                visitor::walk_stmt(self, stmt);
                self.scopes -= 1;
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) => {
                let name_start = match call.func.as_ref() {
                    Expr::Attribute(attribute) => attribute.attr.range().start(),
                    function => function.range().start(),
                };
                self.name_starts.insert(expr.range().end().to_u32(), name_start.to_u32());
            }
            Expr::Attribute(attribute) => {
                self.name_starts.insert(expr.range().end().to_u32(), attribute.attr.range().start().to_u32());
            }
            Expr::Named(named) => self.target(&named.target),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Program, Diagnostic> {
        Program::read(source, &Limits::default())
    }

    #[test]
    fn names_assigned_by_the_module_are_collected_last_first() {
        let check = |source: &str, expected: &[&str]| {
            assert_eq!(
                read(source).map(|program| program.assigned),
                Ok(expected.iter().map(ToString::to_string).collect())
            );
        };
        check("", &[]);
        check("a = 1\nb = 2", &["b", "a"]);
        check("a = 1\nb = 2\na += 1", &["a", "b"]);
        check("a, (b, *c) = f()", &["c", "b", "a"]);
        check("for i in x:\n    a = i", &["a", "i"]);
        check("def f():\n    x = 1\na: int = 2\nb: int", &["a"]);
        check("def f():\n    global x\n    x = 1", &["x"]);
        check("if (n := 3):\n    pass", &["n"]);
    }

    #[test]
    fn calls_are_placed_at_their_own_name() {
        let source = "cq.Workplane('XY').box(1, 2, 3)";
        let program = read(source).expect("reads");
        assert_eq!(program.own_span(0, source.len() as u32).map(|span| span.text(source)), Some("box(1, 2, 3)"));
        assert_eq!(program.own_span(0, 18).map(|span| span.text(source)), Some("Workplane('XY')"));
        assert_eq!(program.own_span(3, 7).map(|span| span.text(source)), Some("Work"), "unknown ends keep the range");
    }

    #[test]
    fn bad_sources_are_refused_where_they_are_bad() {
        let check = |source: &str, kind: DiagnosticKind, line: u32, column: u32| {
            let diagnostic = read(source).expect_err(source);
            let position = diagnostic.position.expect("has a place");
            assert_eq!((diagnostic.kind, position.line, position.column), (kind, line, column), "{diagnostic}");
        };
        check("x = (1,\n", DiagnosticKind::Syntax, 2, 1);
        check("x = 1\ny = = 2", DiagnosticKind::Syntax, 2, 5);
        check("import os", DiagnosticKind::Import, 1, 8);
        check("import math\nfrom os.path import join", DiagnosticKind::Import, 2, 1);
        check(&"(".repeat(5000), DiagnosticKind::Recursion, 1, 201);
        check(&format!("x = {}", "[".repeat(5000)), DiagnosticKind::Recursion, 1, 205);
    }

    #[test]
    fn depth_counts_brackets_chains_and_blocks_but_not_lists() {
        let deep = |source: &str| too_deep(source, 50).is_some();
        assert!(!deep(&"f(1, -2), ".repeat(500)));
        assert!(!deep(&"x = 1 + 2\n".repeat(500)));
        assert!(!deep(&format!("x = [{}]", "(1, -2.5), ".repeat(500))));
        assert!(deep(&format!("x = 1{}", " + 1".repeat(60))));
        assert!(deep(&format!("x = f{}", "()".repeat(60))));
        assert!(deep(&format!("x = f{}", "[0]".repeat(60))));
        assert!(deep(&format!("x = {}1", "not ".repeat(60))));
        assert!(deep(&format!("x = {}1", "lambda: ".repeat(60))));
        assert!(deep(&format!("x = {}1{}", "f(".repeat(60), ")".repeat(60))));
        assert!(deep(&format!("x = {}1{}", "f(1, ".repeat(60), ")".repeat(60))));
        assert!(!deep(&format!("x = f(1){}", ".g(2).h(3)".repeat(20))));
        assert!(deep(&format!("x = f(1){}", ".g(2).h(3)".repeat(30))));
        let blocks = (0..60).map(|level| " ".repeat(level) + "if x:\n").collect::<String>();
        assert!(deep(&blocks));
    }

    #[test]
    fn a_star_import_keeps_every_place() {
        let program = read("from cadquery import *\nr = 1").expect("reads");
        assert!(program.star_import);
        assert_eq!(program.text, "import cadquery       \nr = 1\n(r,)");
    }
}
