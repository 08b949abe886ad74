//! The tables as pictures: one page that needs nothing but itself.

use std::fmt::Write as _;

use super::{Examined, Row};

/// Width and height of a curve's field, in pixels.
const FIELD: [f64; 2] = [720.0, 220.0];
/// Room for the numbers on the left and below.
const ROOM: [f64; 2] = [64.0, 24.0];
/// Points of a curve at most: more than pixels show nothing more.
const MOST_POINTS: usize = 720;

/// The page.
pub(super) fn curves(rows: &[Row], examined: &[Examined]) -> String {
    let of_rows = |value: fn(&Row) -> f64| averaged(rows.iter().map(|row| (row.step as f64, value(row))).collect());
    let of_examined = |value: fn(&Examined) -> f64| -> Vec<(f64, f64)> {
        examined.iter().map(|row| (row.step as f64, value(row))).collect()
    };
    let fields = [
        field("Loss of a token", &of_rows(|row| row.loss)),
        field("Mean IoU on parts never seen", &of_examined(|row| row.evaluation.iou)),
        field("Share of invalid programs", &of_examined(|row| row.evaluation.invalid_ratio)),
        field("Median Chamfer distance x 1000", &of_examined(|row| row.evaluation.chamfer)),
        field("Tokens a second", &of_rows(|row| row.tokens as f64 / row.seconds.max(1e-9))),
        field("Length of the gradients", &of_rows(|row| row.norm)),
        field("Learning rate", &of_rows(|row| row.rate)),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Training</title>\n<style>body{{font:14px \
         sans-serif;margin:2em}}svg{{display:block;margin:0 0 1.5em}}text{{font:11px \
         sans-serif;fill:#555}}</style>\n<h1>Training</h1>\n{}</html>\n",
        fields.concat()
    )
}

/// Means of neighbours, where there are more points than can be seen.
fn averaged(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let group = points.len().div_ceil(MOST_POINTS).max(1);
    let mean = |points: &[(f64, f64)]| {
        let count = points.len() as f64;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
        (x / count, y / count)
    };
    points.chunks(group).map(mean).collect()
}

fn field(title: &str, points: &[(f64, f64)]) -> String {
    let points: Vec<(f64, f64)> = points.iter().copied().filter(|(_, y)| y.is_finite()).collect();
    let Some(&(_, last)) = points.last() else { return String::new() };
    let range = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if high > low { (low, high) } else { (low - 0.5, low + 0.5) }
    };
    let (left, right) = range(&mut points.iter().map(|point| point.0));
    let (low, high) = range(&mut points.iter().map(|point| point.1).chain([0.0]));
    let ([width, height], [margin, below]) = (FIELD, ROOM);
    let place = |(x, y): (f64, f64)| {
        (margin + (x - left) / (right - left) * width, height - (y - low) / (high - low) * (height - 10.0))
    };
    let mut line = String::new();
    for point in &points {
        let (x, y) = place(*point);
        let _ = write!(line, "{x:.1},{y:.1} ");
    }
    let (end_x, end_y) = place(*points.last().unwrap_or(&(0.0, 0.0)));
    format!(
        "<h2>{title}: {last:.4}</h2>\n<svg width=\"{}\" height=\"{}\" role=\"img\" aria-label=\"{title}\"><path \
         d=\"M{margin},0V{height}H{}\" fill=\"none\" stroke=\"#bbb\"/><polyline points=\"{line}\" fill=\"none\" \
         stroke=\"#0a6\" stroke-width=\"1.5\"/><circle cx=\"{end_x:.1}\" cy=\"{end_y:.1}\" r=\"2.5\" \
         fill=\"#0a6\"/><text x=\"4\" y=\"14\">{high:.4}</text><text x=\"4\" y=\"{height}\">{low:.4}</text><text \
         x=\"{margin}\" y=\"{}\">{left:.0}</text><text x=\"{}\" y=\"{}\" \
         text-anchor=\"end\">{right:.0}</text></svg>\n",
        margin + width + 8.0,
        height + below,
        margin + width,
        height + 16.0,
        margin + width,
        height + 16.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sft::Evaluation;

    #[test]
    fn a_page_shows_what_there_is() {
        assert!(!curves(&[], &[]).contains("<svg"));
        let row = |step: u64| Row {
            step,
            loss: 5.0 / step as f64,
            norm: 1.0,
            rate: 0.001,
            samples: 1,
            tokens: 100,
            seconds: 1.0,
            waited: 0.0,
        };
        let rows: Vec<Row> = (1..5000).map(row).collect();
        let evaluation = Evaluation { count: 1, invalid_ratio: 0.5, iou: 0.25, chamfer: f64::INFINITY, exact: 0.0 };
        let page = curves(&rows, &[Examined { step: 9, evaluation }]);
        assert_eq!(page.matches("<svg").count(), 6, "no curve of what is infinite");
        assert!(page.contains("Mean IoU on parts never seen: 0.2500"));
        assert!(page.len() < 60_000, "{}", page.len());
    }
}
