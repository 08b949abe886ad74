//! The results as a table for people.

use std::fmt::Write as _;

use super::{Results, Summary};

/// One line per class, per difficulty and for all.
pub fn table(results: &Results) -> String {
    let mut text = String::from(
        "                    n  mean IoU  median IoU  median CD x1000  invalid %  refused %  median s   p95 s  \
         median ops\n",
    );
    let grouped = results.per_class.iter().map(|group| (format!("class {}", group.name), &group.summary));
    let rated = results.per_difficulty.iter().map(|group| (group.name.clone(), &group.summary));
    for (name, summary) in grouped.chain(rated).chain([("all".to_owned(), &results.summary)]) {
        text.push_str(&line(&name, summary));
    }
    let Summary { crashed, overran, .. } = results.summary;
    if crashed + overran > 0 {
        let _ = writeln!(text, "{crashed} crashed, {overran} overran their time");
    }
    text
}

fn line(name: &str, summary: &Summary) -> String {
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"));
    format!(
        "{name:<16} {:>4}  {:>8}  {:>10}  {:>15}  {:>9.1}  {:>9.1}  {:>8}  {:>6}  {:>10}\n",
        summary.n,
        number(summary.mean_iou, 4),
        number(summary.median_iou, 4),
        number(summary.median_cd_x1000, 4),
        summary.invalid_percent,
        summary.refused_percent,
        number(summary.median_time_s, 2),
        number(summary.p95_time_s, 2),
        number(summary.median_operations, 1),
    )
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::case;
    use super::super::{Bench, Results};

    #[test]
    fn columns_stand_under_their_heads() {
        let cases = vec![case("A", true, Some(0.9), 1.0), case("D2", false, None, 30.0)];
        let text = super::table(&Results::new(Bench::default(), cases));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 2 + 1 + 1, "{text}");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
        assert!(lines[4].starts_with("all") && lines[4].contains("0.4500"), "{text}");
    }
}
