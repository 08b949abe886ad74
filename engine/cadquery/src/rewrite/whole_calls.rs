//! The beginning of a program that broke off: what of it is whole.

/// Calls after which a chain stands for a body.
const MAKES_A_BODY: [&str; 11] =
    ["extrude", "revolve", "box", "cylinder", "sphere", "union", "cut", "intersect", "cutBlind", "cutThruAll", "hole"];

/// The beginning of a program up to its last call that makes or changes a body and is closed, or up to its last whole
/// statement where no such call is in the last one. `None` where nothing is left, or nothing is to be cut off.
pub fn whole_calls(source: &str) -> Option<String> {
    let source = source.trim_end();
    let (mut depth, mut statement, mut quote) = (0_usize, 0, None);
    let mut names: Vec<usize> = Vec::new();
    let mut end = None;
    for (i, c) in source.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => {
                depth += 1;
                names.push(i);
            }
            (None, ')' | ']' | '}') => {
                let open = names.pop()?;
                depth = depth.checked_sub(1)?;
                let before = source[statement..open].trim_end();
                let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                if depth == 0 && MAKES_A_BODY.contains(&name) {
                    end = Some(i + 1);
                }
            }
            (None, '\n') if depth == 0 => {
                statement = i + 1;
                end = Some(i);
            }
            _ => {}
        }
    }
    let whole = source.get(..end?)?.trim_end();
    (whole.len() < source.len() && whole.contains('=')).then(|| format!("{whole}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_cut_back_to_what_is_whole() {
        let check = |source: &str, expected: Option<&str>| {
            assert_eq!(whole_calls(source).as_deref(), expected, "{source}");
        };
        check(
            "w0=cq.Workplane('XY')\nr=w0.box(1,2,3).union(w0.sketch().cir",
            Some("w0=cq.Workplane('XY')\nr=w0.box(1,2,3)\n"),
        );
        check("w0=cq.Workplane('XY')\nr=w0.sketch().circle(3)", Some("w0=cq.Workplane('XY')\n"));
        check("r=a.box(1,1,1).union(b.box(1,1,1)).uni", Some("r=a.box(1,1,1).union(b.box(1,1,1))\n"));
        check("r=a.box(1,1,1)\n", None);
        check("import cad", None);
        check("r=a.box(')',1,1).x", Some("r=a.box(')',1,1)\n"));
        check("r=a)", None);
    }
}
