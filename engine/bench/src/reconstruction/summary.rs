//! Many cases in a few numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CaseOutcome, CaseResult, CaseStatus};
use crate::statistics::{mean, median, percent, percentile};

/// Some cases condensed.
///
/// An invalid case counts as IoU 0 in the mean and in the median of IoU. Chamfer distance and operations are medians over
/// the valid cases; times are over all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// How many cases.
    pub n: usize,
    /// Mean IoU.
    pub mean_iou: Option<f64>,
    /// Median IoU.
    pub median_iou: Option<f64>,
    /// Median Chamfer distance times 1000.
    pub median_cd_x1000: Option<f64>,
    /// Share of cases without a valid solid, in percent.
    pub invalid_percent: f64,
    /// Share of cases whose verdict is `refused`, in percent.
    pub refused_percent: f64,
    /// Median time in seconds.
    pub median_time_s: Option<f64>,
    /// 95th percentile of the times in seconds.
    pub p95_time_s: Option<f64>,
    /// Median number of operations.
    pub median_operations: Option<f64>,
    /// Share of cases called good, in percent.
    pub good_percent: f64,
    /// Of the cases called good whose IoU counts, the share whose IoU is at least [`RIGHT_IOU`], in percent: the
    /// calibration. `None` where none is called good.
    pub good_right_percent: Option<f64>,
    /// Of the cases whose IoU is at least [`RIGHT_IOU`], the share called good, in percent.
    pub right_good_percent: Option<f64>,
    /// Mean editability over the cases where it was measured, in percent.
    pub editable_percent: Option<f64>,
    /// Mean seconds per case by stage, over the cases that tell.
    pub stages_s: BTreeMap<String, f64>,
    /// Cases whose process crashed.
    pub crashed: usize,
    /// Cases stopped because they did not keep to their time.
    pub overran: usize,
}

/// The IoU from which a result is right.
pub const RIGHT_IOU: f64 = 0.95;

impl Summary {
    /// Condenses cases.
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a CaseResult>) -> Self {
        let cases: Vec<&CaseResult> = cases.into_iter().collect();
        let outcomes = || cases.iter().map(|case| &case.outcome);
        let share =
            |holds: &dyn Fn(&CaseOutcome) -> bool| percent(outcomes().filter(|o| holds(o)).count(), cases.len());
        let values =
            |value: &dyn Fn(&CaseOutcome) -> Option<f64>| -> Vec<f64> { outcomes().filter_map(value).collect() };
        let ended = |status: CaseStatus| cases.iter().filter(|case| case.status == status).count();
        let ious = values(&|case| case.iou_counts.then(|| case.iou.filter(|_| case.valid).unwrap_or(0.0)));
        let times = values(&|case| Some(case.time_s));
        let is_good = |case: &CaseOutcome| case.verdict.as_deref() == Some("good");
        let is_right = |case: &CaseOutcome| case.valid && case.iou.is_some_and(|iou| iou >= RIGHT_IOU);
        let counted = |holds: &dyn Fn(&CaseOutcome) -> bool| outcomes().filter(|o| o.iou_counts && holds(o)).count();
        let of = |part: usize, whole: usize| (whole > 0).then(|| percent(part, whole));
        let good_and_right = counted(&|case| is_good(case) && is_right(case));
        Self {
            n: cases.len(),
            mean_iou: mean(&ious),
            median_iou: median(&ious),
            median_cd_x1000: median(&values(&|case| case.cd_x1000.filter(|_| case.valid))),
            invalid_percent: share(&|case| !case.valid),
            refused_percent: share(&|case| case.verdict.as_deref() == Some("refused")),
            median_time_s: median(&times),
            p95_time_s: percentile(&times, 95.0),
            median_operations: median(&values(&|case| case.operations.filter(|_| case.valid).map(|n| n as f64))),
            good_percent: share(&is_good),
            good_right_percent: of(good_and_right, counted(&is_good)),
            right_good_percent: of(good_and_right, counted(&is_right)),
            editable_percent: mean(&values(&|case| case.editability)).map(|share| 100.0 * share),
            stages_s: stages(outcomes()),
            crashed: ended(CaseStatus::Crashed),
            overran: ended(CaseStatus::Overran),
        }
    }
}

/// Mean seconds of every stage that is told of.
fn stages<'a>(outcomes: impl Iterator<Item = &'a CaseOutcome>) -> BTreeMap<String, f64> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    let mut telling = 0;
    for outcome in outcomes.filter(|outcome| !outcome.stages_s.is_empty()) {
        telling += 1;
        for (stage, secs) in &outcome.stages_s {
            *sums.entry(stage.clone()).or_default() += secs;
        }
    }
    sums.into_iter().map(|(stage, secs)| (stage, secs / f64::from(telling))).collect()
}

/// A summary with the name of its group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grouped {
    /// The group's name.
    pub name: String,
    /// Its cases condensed.
    #[serde(flatten)]
    pub summary: Summary,
}

impl Grouped {
    /// One summary per group, in the order in which the groups first appear.
    pub fn by(cases: &[CaseResult], group: impl Fn(&CaseResult) -> &str) -> Vec<Self> {
        let mut names: Vec<&str> = Vec::new();
        for case in cases {
            if !names.contains(&group(case)) {
                names.push(group(case));
            }
        }
        names
            .into_iter()
            .map(|name| Self {
                name: name.to_owned(),
                summary: Summary::of(cases.iter().filter(|case| group(case) == name)),
            })
            .collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A finished case of the given class.
    pub(in super::super) fn case(class: &str, valid: bool, iou: Option<f64>, time_s: f64) -> CaseResult {
        CaseResult {
            id: format!("{class}-{time_s}"),
            class: class.to_owned(),
            difficulty: "easy".to_owned(),
            status: CaseStatus::Done,
            outcome: CaseOutcome {
                valid,
                verdict: Some(if valid { "good" } else { "refused" }.to_owned()),
                reason: None,
                iou,
                iou_method: None,
                cd_x1000: iou.map(|iou| 1.0 - iou),
                iou_counts: true,
                time_s,
                operations: valid.then_some(3),
                ..CaseOutcome::default()
            },
        }
    }

    #[test]
    fn an_invalid_case_counts_as_nothing_covered() {
        let cases = [case("A", true, Some(0.9), 1.0), case("A", false, None, 3.0), case("B", true, Some(0.6), 2.0)];
        let summary = Summary::of(&cases);
        assert_eq!(summary.n, 3);
        assert!((summary.mean_iou.unwrap_or_default() - 0.5).abs() < 1e-12);
        assert_eq!(summary.median_iou, Some(0.6));
        assert!((summary.invalid_percent - 100.0 / 3.0).abs() < 1e-9);
        assert!((summary.refused_percent - 100.0 / 3.0).abs() < 1e-9);
        assert_eq!(summary.median_time_s, Some(2.0));
        assert_eq!(summary.p95_time_s, Some(3.0));
        assert_eq!(summary.median_operations, Some(3.0));
        // Both valid ones are called good, and neither is right.
        assert!((summary.good_percent - 200.0 / 3.0).abs() < 1e-9);
        assert_eq!((summary.good_right_percent, summary.right_good_percent), (Some(0.0), None));
    }

    #[test]
    fn a_case_without_truth_does_not_count_in_the_mean() {
        let mut without = case("D", true, None, 1.0);
        without.outcome.iou_counts = false;
        assert_eq!(Summary::of([&without]).mean_iou, None);
        assert_eq!(Summary::of([&without, &case("D", true, Some(0.5), 1.0)]).mean_iou, Some(0.5));
    }

    #[test]
    fn calibration_and_stages() {
        let mut cases =
            [case("A", true, Some(0.99), 1.0), case("A", true, Some(0.97), 3.0), case("A", true, None, 2.0)];
        cases[1].outcome.verdict = Some("check".to_owned());
        cases[2].outcome.iou_counts = false;
        for (case, secs) in cases.iter_mut().zip([1.0, 3.0]) {
            case.outcome.stages_s.insert("rank".to_owned(), secs);
        }
        let summary = Summary::of(&cases);
        assert_eq!((summary.good_right_percent, summary.right_good_percent), (Some(100.0), Some(50.0)));
        assert_eq!(summary.stages_s.get("rank"), Some(&2.0));
    }

    #[test]
    fn groups_keep_their_order() {
        let cases = [case("B", true, Some(0.5), 1.0), case("A", true, Some(1.0), 1.0), case("B", false, None, 1.0)];
        let groups = Grouped::by(&cases, |case| &case.class);
        let seen: Vec<_> = groups.iter().map(|group| (group.name.as_str(), group.summary.n)).collect();
        assert_eq!(seen, [("B", 2), ("A", 1)]);
    }
}
