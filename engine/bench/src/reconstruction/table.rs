//! The results as a table for people.

use std::fmt::Write as _;

use partwright_reconstruct::Stage;

use super::worst::{WORST, list, worst};
use super::{Results, Summary};

/// One line per class, per difficulty and for all, where the time went, and the worst cases.
///
/// `good %` is the share of cases called good, `right %` the share of those with an IoU of at least 0.95, `found %` the
/// share called good of those with such an IoU.
pub fn table(results: &Results) -> String {
    let mut text = groups(results);
    let Summary { crashed, overran, .. } = results.summary;
    if crashed + overran > 0 {
        let _ = writeln!(text, "{crashed} crashed, {overran} overran their time");
    }
    text.push_str(&stages(results));
    let worst = worst(&results.cases, WORST);
    if worst.len() > 1 {
        let _ = writeln!(text, "\nthe worst {} of {}:\n{}", worst.len(), results.cases.len(), list(&worst));
    }
    text
}

fn groups(results: &Results) -> String {
    let mut text = String::from(
        "                    n  mean IoU  median IoU  median CD x1000  invalid %  refused %  good %  right %  found %  \
         median s   p95 s  median ops  edit %\n",
    );
    let grouped = results.per_class.iter().map(|group| (format!("class {}", group.name), &group.summary));
    let rated = results.per_difficulty.iter().map(|group| (group.name.clone(), &group.summary));
    for (name, summary) in grouped.chain(rated).chain([("all".to_owned(), &results.summary)]) {
        text.push_str(&line(&name, summary));
    }
    text
}

fn line(name: &str, summary: &Summary) -> String {
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"));
    format!(
        "{name:<16} {:>4}  {:>8}  {:>10}  {:>15}  {:>9.1}  {:>9.1}  {:>6.1}  {:>7}  {:>7}  {:>8}  {:>6}  {:>10}  {:>6}\n",
        summary.n,
        number(summary.mean_iou, 4),
        number(summary.median_iou, 4),
        number(summary.median_cd_x1000, 4),
        summary.invalid_percent,
        summary.refused_percent,
        summary.good_percent,
        number(summary.good_right_percent, 1),
        number(summary.right_good_percent, 1),
        number(summary.median_time_s, 2),
        number(summary.p95_time_s, 2),
        number(summary.median_operations, 1),
        number(summary.editable_percent, 1),
    )
}

/// Mean seconds per case and stage; nothing where no case tells.
fn stages(results: &Results) -> String {
    let times = &results.summary.stages_s;
    let told: Vec<String> = Stage::ALL
        .iter()
        .filter_map(|stage| Some(format!("{} {:.2}", stage.name(), times.get(stage.name())?)))
        .collect();
    if told.is_empty() { String::new() } else { format!("mean seconds per case: {}\n", told.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::case;
    use super::super::{Bench, Results};

    #[test]
    fn columns_stand_under_their_heads() {
        let cases = vec![case("A", true, Some(0.9), 1.0), case("D2", false, None, 30.0)];
        let text = super::groups(&Results::new(Bench::default(), cases));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 2 + 1 + 1, "{text}");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
        assert!(lines[4].starts_with("all") && lines[4].contains("0.4500"), "{text}");
    }

    #[test]
    fn the_time_and_the_worst_follow() {
        let mut cases = vec![case("A", true, Some(0.9), 1.0), case("D2", true, Some(0.4), 30.0)];
        cases[0].outcome.stages_s.insert("rank".to_owned(), 0.5);
        let text = super::table(&Results::new(Bench::default(), cases));
        assert!(text.contains("mean seconds per case: rank 0.50\n"), "{text}");
        assert!(text.contains("the worst 2 of 2:\nD2 "), "{text}");
    }
}
