//! The cases that went worst, with what is said of them.

use std::fmt::Write as _;

use super::CaseResult;

/// How many are listed.
pub const WORST: usize = 20;

/// The `most` cases with the least IoU, worst first; an invalid case has none, a case without a true volume is left out.
pub fn worst(cases: &[CaseResult], most: usize) -> Vec<&CaseResult> {
    let mut counted: Vec<&CaseResult> = cases.iter().filter(|case| case.outcome.iou_counts).collect();
    counted.sort_by(|a, b| a.iou().total_cmp(&b.iou()).then_with(|| a.id.cmp(&b.id)));
    counted.truncate(most);
    counted
}

/// One line per case: class, id, IoU, verdict, time and the reason.
pub fn list(cases: &[&CaseResult]) -> String {
    let width = cases.iter().map(|case| case.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for case in cases {
        let outcome = &case.outcome;
        let verdict = outcome.verdict.as_deref().unwrap_or("invalid");
        let reason = outcome.reason.as_deref().unwrap_or("");
        let _ = writeln!(
            text,
            "{:<3} {:width$}  {:.4}  {verdict:<7}  {:>6.2} s  {reason}",
            case.class,
            case.id,
            case.iou(),
            outcome.time_s
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::case;
    use super::*;

    #[test]
    fn the_least_comes_first_and_what_does_not_count_is_left_out() {
        let mut cases =
            vec![case("A", true, Some(0.9), 1.0), case("B", false, None, 2.0), case("C", true, Some(0.5), 3.0)];
        cases.push(case("D", true, None, 4.0));
        cases[3].outcome.iou_counts = false;
        let ids: Vec<&str> = worst(&cases, 2).iter().map(|case| case.class.as_str()).collect();
        assert_eq!(ids, ["B", "C"]);
        cases[2].outcome.reason = Some("half of it is missing".to_owned());
        let text = list(&worst(&cases, 9));
        assert_eq!(text.lines().count(), 3);
        assert!(
            text.lines().nth(1).is_some_and(|line| line.contains("0.5000") && line.ends_with("half of it is missing"))
        );
    }
}
