//! A program without one of the bodies it unites.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprCall};

use super::edit::{Edit, bytes, edited, read};

/// The program without one of its bodies, in every way: each `.union(body)` left out, and each chain of unions begun with its
/// second body. In the order of the text; nothing for a program that unites nothing or does not parse.
pub fn without_one_body(source: &str) -> Vec<String> {
    let Ok(parsed) = read(source) else { return Vec::new() };
    let mut unions = Unions { source, edits: Vec::new() };
    visitor::walk_body(&mut unions, parsed.suite());
    unions.edits.into_iter().filter_map(|edit| edited(source, vec![edit])).collect()
}

struct Unions<'a> {
    source: &'a str,
    edits: Vec<Edit>,
}

impl Visitor<'_> for Unions<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        if let Some((before, body)) = union(expr) {
            let (whole, before_range) = (bytes(expr), bytes(before));
            self.edits.push(Edit { range: before_range.end..whole.end, text: String::new() });
            if union(before).is_none()
                && let Some(body) = self.source.get(bytes(body))
            {
                self.edits.push(Edit { range: before_range.start..whole.end, text: body.to_owned() });
            }
        }
        visitor::walk_expr(self, expr);
    }
}

/// What stands before a `.union(body)`, and the body.
fn union(expr: &Expr) -> Option<(&Expr, &Expr)> {
    let Expr::Call(ExprCall { func, arguments, .. }) = expr else { return None };
    let Expr::Attribute(attribute) = &**func else { return None };
    match &*arguments.args {
        [body] if attribute.attr.as_str() == "union" => Some((&attribute.value, body)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_body_is_left_out_once() {
        let check = |source: &str, expected: &[&str]| assert_eq!(without_one_body(source), expected, "{source}");
        check("r=a.box(1,2,3)", &[]);
        check("r=a.union(", &[]);
        check("r=a.union(b)", &["r=a", "r=b"]);
        check(
            "r=a.union(b).union(c.box(1,1,1))",
            &["r=a.union(b)", "r=a.union(c.box(1,1,1))", "r=b.union(c.box(1,1,1))"],
        );
        check("r=a.union(b).cut(c)", &["r=a.cut(c)", "r=b.cut(c)"]);
    }
}
