//! Whether a result can be trusted: good, to be checked, or refused.
//!
//! Good is claimed only where it was measured: the scan has a volume, the overlap is high, and 95 % of both surfaces lie
//! close to the other. A point cloud or an open mesh has no volume, so at best it asks to be checked. Refused means
//! that the best that was found is no reconstruction; it is offered all the same, as the best approximation there is.

use crate::Score;

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Measured to agree.
    Good,
    /// Plausible, but something could not be measured or does not agree everywhere.
    Check,
    /// Not a reconstruction of the scan.
    Refused,
}

impl Verdict {
    /// The verdict's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Check => "check",
            Self::Refused => "refused",
        }
    }
}

/// A verdict and the measurement it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
}

impl Judgement {
    /// The judgement of a body that agrees as said, but whose solids do not pass all checks: never good.
    pub(crate) fn of_invalid_solid(self) -> Self {
        let verdict = if self.verdict == Verdict::Good { Verdict::Check } else { self.verdict };
        let reason =
            format!("{}; the solid does not pass all checks, other programs may read it differently", self.reason);
        Self { verdict, reason }
    }
}

/// The bounds between the verdicts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Overlap from which a result may be good. 0.95: what remains is the size of a small feature.
    pub good_iou: f64,
    /// 95 % of both surfaces have to be within this share of the longest side for a result to be good. 0.01: 1 mm on a
    /// part of 100 mm, the order of a fillet that was left out.
    pub good_deviation: f64,
    /// Overlap below which a result is refused: less than half of the volume is shared.
    pub least_iou: f64,
    /// Without volumes: share of the scan that has to be explained for a result not to be refused.
    pub least_coverage: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { good_iou: 0.95, good_deviation: 0.01, least_iou: 0.5, least_coverage: 0.5 }
    }
}

/// Judges a score; `size` is the scan's longest side, `not_solid` says why the scan has no volume of its own.
pub(crate) fn judge(score: &Score, size: f64, not_solid: Option<&str>, thresholds: &Thresholds) -> Judgement {
    let back = score.deviation_back.map_or(0.0, |d| d.p95);
    let p95 = score.deviation.p95.max(back);
    let percent = |v: f64| format!("{:.1} %", 100.0 * v);
    let judgement = |verdict, reason| Judgement { verdict, reason };
    let Some(iou) = score.iou else {
        let explained = score.coverage.scan;
        return if explained < thresholds.least_coverage {
            let reason = format!("only {} of the scan lie on the result", percent(explained));
            judgement(Verdict::Refused, reason)
        } else {
            let why = not_solid.unwrap_or("the scan is a point cloud");
            let reason =
                format!("{} of the scan lie on the result, but no volume can be compared: {why}", percent(explained));
            judgement(Verdict::Check, reason)
        };
    };
    if iou < thresholds.least_iou {
        return judgement(Verdict::Refused, format!("the best result shares only {} of the volume", percent(iou)));
    }
    if iou < thresholds.good_iou {
        return judgement(Verdict::Check, format!("{} of the volume are shared", percent(iou)));
    }
    if p95 > thresholds.good_deviation * size {
        let reason = format!(
            "{} of the volume are shared, but 5 % of a surface are off by {} of the size or more",
            percent(iou),
            small_percent(p95 / size)
        );
        return judgement(Verdict::Check, reason);
    }
    if let Some(why) = not_solid {
        let reason = format!("{} of the volume are shared as far as an open mesh can tell: {why}", percent(iou));
        return judgement(Verdict::Check, reason);
    }
    let reason = format!(
        "{} of the volume are shared and 95 % of both surfaces agree within {} of the size",
        percent(iou),
        small_percent(p95 / size)
    );
    judgement(Verdict::Good, reason)
}

/// A share with two digits that mean something, however small it is.
fn small_percent(share: f64) -> String {
    let percent = 100.0 * share;
    // The decimal of the second digit; less than a millionth of the size is nothing.
    let decimals = if percent > 1e-4 { (1 - percent.log10().floor() as i32).clamp(1, 5) as usize } else { 4 };
    format!("{percent:.decimals$} %")
}

#[cfg(test)]
mod tests {
    use partwright_geometry::metric::{Deviation, IouMethod};

    use super::*;
    use crate::Coverage;

    #[test]
    fn an_invalid_solid_is_never_good() {
        let check = |verdict: Verdict, expected: Verdict| {
            let judgement = Judgement { verdict, reason: "agrees".to_owned() }.of_invalid_solid();
            assert_eq!(judgement.verdict, expected);
            assert!(judgement.reason.starts_with("agrees; the solid"));
        };
        check(Verdict::Good, Verdict::Check);
        check(Verdict::Refused, Verdict::Refused);
    }

    #[test]
    fn small_shares_keep_two_digits() {
        let check = |share: f64, expected: &str| assert_eq!(small_percent(share), expected);
        check(0.123, "12.3 %");
        check(0.012_34, "1.2 %");
        check(0.000_123_4, "0.012 %");
        check(0.0, "0.0000 %");
    }

    #[test]
    fn verdicts_follow_the_measurements() {
        let check = |iou: Option<f64>, p95: f64, covered: f64, open: bool, expected: Verdict| {
            let deviation = Deviation { mean: p95 / 2.0, p95, max: 2.0 * p95 };
            let score = Score {
                iou,
                iou_method: IouMethod::Boolean,
                deviation,
                deviation_back: Some(deviation),
                coverage: Coverage { scan: covered, candidate: covered, within: 1.0 },
                evidence: crate::Evidence::default(),
                chamfer: 0.0,
            };
            let found = judge(&score, 100.0, open.then_some("3 open edges"), &Thresholds::default());
            assert_eq!(found.verdict, expected, "{}", found.reason);
        };
        check(Some(0.99), 0.2, 1.0, false, Verdict::Good);
        check(Some(0.99), 2.0, 1.0, false, Verdict::Check);
        check(Some(0.99), 0.2, 1.0, true, Verdict::Check);
        check(Some(0.80), 0.2, 1.0, false, Verdict::Check);
        check(Some(0.30), 5.0, 0.4, false, Verdict::Refused);
        check(None, 0.2, 0.99, false, Verdict::Check);
        check(None, 9.0, 0.3, false, Verdict::Refused);
    }
}
