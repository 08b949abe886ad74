//! Operators on objects of the API.
//!
//! The interpreter hands method calls to its host, but no operators: `a + b` on two Workplanes is a type error in it. A
//! program that runs into one is run again with its operators, loops, indices and `len` written as calls of a few
//! functions, which ask the host when an object of the API is involved and do the plain operation otherwise. Programs
//! without such operators, nearly all, are not touched.

use std::fmt::Write as _;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Expr, FString, Operator, Stmt, UnaryOp};
use ruff_python_parser::parse_module;
use ruff_text_size::{Ranged, TextRange};

use crate::Span;

/// The function that the host answers.
pub(crate) const OPERATE: &str = "_pw_operate";

/// Whether a type error may come from an operator that was meant for the host.
pub(crate) fn is_operator_error(message: &str) -> bool {
    ["unsupported operand", "bad operand", "not iterable", "not subscriptable", "has no len()"]
        .iter()
        .any(|part| message.contains(part))
}

/// `_number` is what the handles of API objects carry; asking for it never leaves the interpreter.
const PRELUDE: &str = "\
def _pw_two(s, o, p, f, a, b):
    if hasattr(a, '_number') or hasattr(b, '_number'):
        return _pw_operate(s, o, p, a, b)
    return f(a, b)
def _pw_one(s, o, f, a):
    return _pw_operate(s, o, '', a) if hasattr(a, '_number') else f(a)
def _pw_iadd(a, b):
    a += b
    return a
";

/// A source with its operators written as calls.
#[derive(Debug)]
pub(crate) struct Rewritten {
    /// The text.
    pub(crate) text: String,
    /// Where pieces of the source lie in the text: start in the text, start in the source.
    pub(crate) pieces: Vec<(u32, u32)>,
    /// The operators in the source, by the number that is the first argument of a call of [`OPERATE`].
    pub(crate) sites: Vec<Span>,
}

/// Writes the operators of `source`, which parses, as calls.
pub(crate) fn rewrite(source: &str) -> Option<Rewritten> {
    let parsed = parse_module(source).ok()?;
    let mut writer = Writer { source, tokens: parsed.tokens(), edits: Vec::new(), sites: Vec::new() };
    visitor::walk_body(&mut writer, parsed.suite());
    let Writer { mut edits, sites, .. } = writer;
    edits.sort_by_key(|edit| edit.start);
    let mut rewritten = Rewritten { text: PRELUDE.to_owned(), pieces: Vec::new(), sites };
    let mut from = 0;
    for edit in edits {
        rewritten.pieces.push((rewritten.text.len() as u32, from));
        rewritten.text.push_str(source.get(from as usize..edit.start as usize)?);
        rewritten.pieces.push((rewritten.text.len() as u32, edit.start));
        rewritten.text.push_str(&edit.text);
        from = edit.end;
    }
    rewritten.pieces.push((rewritten.text.len() as u32, from));
    rewritten.text.push_str(source.get(from as usize..)?);
    Some(rewritten)
}

/// A replacement of bytes of the source.
struct Edit {
    start: u32,
    end: u32,
    text: String,
}

struct Writer<'a> {
    source: &'a str,
    tokens: &'a Tokens,
    /// In the order in which edits at one place follow one another.
    edits: Vec<Edit>,
    sites: Vec<Span>,
}

impl Writer<'_> {
    fn site(&mut self, range: TextRange) -> usize {
        self.sites.push(Span { start: range.start().to_u32(), end: range.end().to_u32() });
        self.sites.len() - 1
    }

    fn insert(&mut self, at: u32, text: impl Into<String>) {
        self.edits.push(Edit { start: at, end: at, text: text.into() });
    }

    /// Replaces the one token of `kind` in a range, which holds but brackets and comments besides.
    fn replace_token(&mut self, kind: TokenKind, within: TextRange, text: String) {
        if let Some(token) = self.tokens.in_range(within).iter().find(|token| token.kind() == kind) {
            let range = token.range();
            self.edits.push(Edit { start: range.start().to_u32(), end: range.end().to_u32(), text });
        }
    }

    fn iterate(&mut self, iter: &Expr) {
        let site = self.site(iter.range());
        self.insert(iter.range().start().to_u32(), format!("_pw_one({site},'__iter__',lambda a:a,("));
    }
}

/// Name, reflected name, sign and tokens of the operators that CadQuery's classes have.
fn names(operator: Operator) -> Option<(&'static str, &'static str, &'static str, TokenKind, TokenKind)> {
    Some(match operator {
        Operator::Add => ("__add__", "__radd__", "+", TokenKind::Plus, TokenKind::PlusEqual),
        Operator::Sub => ("__sub__", "__rsub__", "-", TokenKind::Minus, TokenKind::MinusEqual),
        Operator::Mult => ("__mul__", "__rmul__", "*", TokenKind::Star, TokenKind::StarEqual),
        Operator::Div => ("__truediv__", "__rtruediv__", "/", TokenKind::Slash, TokenKind::SlashEqual),
        Operator::BitAnd => ("__and__", "__rand__", "&", TokenKind::Amper, TokenKind::AmperEqual),
        Operator::BitOr => ("__or__", "__ror__", "|", TokenKind::Vbar, TokenKind::VbarEqual),
        _ => return None,
    })
}

impl<'a> Visitor<'a> for Writer<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::AugAssign(assign) => {
                if let (Expr::Name(name), Some((method, reflected, sign, _, token))) =
                    (assign.target.as_ref(), names(assign.op))
                {
                    let site = self.site(assign.range);
                    let function = match assign.op {
                        Operator::Add => "_pw_iadd".to_owned(),
                        _ => format!("lambda a,b:a{sign}b"),
                    };
                    let between = TextRange::new(assign.target.range().end(), assign.value.range().start());
                    let mut text = String::new();
                    let _ = write!(text, "=_pw_two({site},'{method}','{reflected}',{function},{},(", name.id);
                    self.replace_token(token, between, text);
                    self.visit_expr(&assign.value);
                    // After brackets that stand around the value, which its range leaves out.
                    self.insert(assign.range.end().to_u32(), "))");
                    return;
                }
            }
            Stmt::For(each) => {
                self.iterate(&each.iter);
                self.visit_expr(&each.iter);
                self.insert(each.iter.range().end().to_u32(), "))");
                self.visit_body(&each.body);
                self.visit_body(&each.orelse);
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.iterate(&comprehension.iter);
        self.visit_expr(&comprehension.iter);
        self.insert(comprehension.iter.range().end().to_u32(), "))");
        comprehension.ifs.iter().for_each(|condition| self.visit_expr(condition));
    }

    // What stands in an f-string cannot be moved about.
    fn visit_f_string(&mut self, _: &'a FString) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        let (start, end) = (expr.range().start().to_u32(), expr.range().end().to_u32());
        match expr {
            Expr::BinOp(binary) => {
                if let Some((method, reflected, sign, token, _)) = names(binary.op) {
                    let site = self.site(expr.range());
                    self.insert(start, format!("_pw_two({site},'{method}','{reflected}',lambda a,b:a{sign}b,"));
                    self.visit_expr(&binary.left);
                    let between = TextRange::new(binary.left.range().end(), binary.right.range().start());
                    self.replace_token(token, between, ",".to_owned());
                    self.visit_expr(&binary.right);
                    self.insert(end, ")");
                    return;
                }
            }
            Expr::UnaryOp(unary) if unary.op == UnaryOp::USub && !unary.operand.is_number_literal_expr() => {
                let site = self.site(expr.range());
                let text = format!("_pw_one({site},'__neg__',lambda a:-a,(");
                self.edits.push(Edit { start, end: start + 1, text });
                self.visit_expr(&unary.operand);
                self.insert(end, "))");
                return;
            }
            Expr::Subscript(index) if index.ctx.is_load() && !index.slice.is_slice_expr() => {
                let close = TextRange::new(index.slice.range().end(), expr.range().end());
                let open = TextRange::new(index.value.range().end(), index.slice.range().start());
                // A bare tuple or slices within one stay as they are.
                if !index.slice.is_tuple_expr() && self.source[open].trim() == "[" && self.source[close].trim() == "]" {
                    let site = self.site(expr.range());
                    self.insert(start, format!("_pw_two({site},'__getitem__','',lambda a,b:a[b],"));
                    self.visit_expr(&index.value);
                    self.replace_token(TokenKind::Lsqb, open, ",".to_owned());
                    self.visit_expr(&index.slice);
                    self.replace_token(TokenKind::Rsqb, close, ")".to_owned());
                    return;
                }
            }
            Expr::Call(call) => {
                let is_len = matches!(call.func.as_ref(), Expr::Name(name) if name.id.as_str() == "len");
                if is_len && call.arguments.len() == 1 && call.arguments.keywords.is_empty() {
                    let site = self.site(expr.range());
                    self.insert(start, format!("_pw_one({site},'__len__',"));
                    self.visit_expr(&call.func);
                    let open = call.arguments.range();
                    self.edits.push(Edit {
                        start: open.start().to_u32(),
                        end: open.start().to_u32(),
                        text: ",".to_owned(),
                    });
                    self.visit_arguments(&call.arguments);
                    self.insert(end, ")");
                    return;
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_become_calls() {
        let check = |source: &str, expected: &str| {
            let rewritten = rewrite(source).expect("parses");
            assert_eq!(rewritten.text.strip_prefix(PRELUDE), Some(expected), "{source}");
            assert!(parse_module(&rewritten.text).is_ok(), "{}", rewritten.text);
        };
        check("f(1, x=2)", "f(1, x=2)");
        check("a+b", "_pw_two(0,'__add__','__radd__',lambda a,b:a+b,a,b)");
        check("(a) - (b)", "_pw_two(0,'__sub__','__rsub__',lambda a,b:a-b,(a) , (b))");
        check(
            "a+b*c",
            "_pw_two(0,'__add__','__radd__',lambda a,b:a+b,a,_pw_two(1,'__mul__','__rmul__',lambda a,b:a*b,b,c))",
        );
        check(
            "a+b+c",
            "_pw_two(0,'__add__','__radd__',lambda a,b:a+b,_pw_two(1,'__add__','__radd__',lambda a,b:a+b,a,b),c)",
        );
        check("-a", "_pw_one(0,'__neg__',lambda a:-a,(a))");
        check("-1", "-1");
        check("a += (b)", "a =_pw_two(0,'__add__','__radd__',_pw_iadd,a,( (b)))");
        check("a[0]", "_pw_two(0,'__getitem__','',lambda a,b:a[b],a,0)");
        check("a[0:1]", "a[0:1]");
        check("len(a)", "_pw_one(0,'__len__',len,(a))");
        check("for i in a:\n    pass", "for i in _pw_one(0,'__iter__',lambda a:a,(a)):\n    pass");
        check("[i for i in a]", "[i for i in _pw_one(0,'__iter__',lambda a:a,(a))]");
        check("f'{a+b}'", "f'{a+b}'");
    }
}
