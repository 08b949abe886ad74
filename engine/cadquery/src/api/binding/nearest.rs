//! The name a user most likely meant.

/// The candidate nearest to `name`, if one is near enough to be meant (at most a third of its letters differ).
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    // Names in programs are short; a longer one is no misspelling, and its table would cost time.
    let letters: Vec<char> = name.chars().take(MAX_LETTERS + 1).collect();
    if letters.len() > MAX_LETTERS {
        return None;
    }
    let allowed = (letters.len() / 3).max(1);
    candidates
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

const MAX_LETTERS: usize = 40;

/// Levenshtein's distance with case ignored.
fn distance(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, letter) in b.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..a.len() {
            let substituted = diagonal + usize::from(!a[j].eq_ignore_ascii_case(&letter));
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_find_their_name() {
        let names = ["extrude", "circle", "rect", "hole", "cutThruAll"];
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(nearest(name, names.into_iter()).as_deref(), expected, "{name}");
        };
        check("extrud", Some("extrude"));
        check("Circle", Some("circle"));
        check("cutThroughAll", Some("cutThruAll"));
        check("hle", Some("hole"));
        check("banana", None);
        check("", None);
        check(&"x".repeat(1000), None);
    }
}
