//! Whether a result can be trusted: good, to be checked, or refused.
//!
//! Good is claimed only where it was measured. Of a scan with a volume the overlap has to be high, and 95 % of both
//! surfaces close to the other. A point cloud has no volume: there nearly all of the scan has to lie on the part, nearly
//! all of the part has to be seen in the scan, and the volume that their disagreement may be worth has to be small (see
//! [`crate::Evidence`]). An open mesh at best asks to be checked. Refused means that the best that was found is no
//! reconstruction; it is offered all the same, as the best approximation there is.

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
    /// The judgement of a body that only comes near the scan by many steps: an organic shape, or one of features that are
    /// not known here. It is no reconstruction unless it shares as much of the volume as one.
    pub(crate) fn of_steps(self, operations: usize, iou: Option<f64>, thresholds: &Thresholds) -> Self {
        if operations < MANY_STEPS || iou.is_some_and(|iou| iou >= thresholds.good_iou) {
            return self;
        }
        let reason = format!(
            "the shape changes throughout and was only approximated by {operations} steps: {}; it may be organic, or made \
             in a way that is not known here",
            self.reason
        );
        Self { verdict: Verdict::Refused, reason }
    }

    /// The judgement of a body that agrees as said, but whose solids do not pass all checks: never good.
    pub(crate) fn of_invalid_solid(self) -> Self {
        let verdict = if self.verdict == Verdict::Good { Verdict::Check } else { self.verdict };
        let reason =
            format!("{}; the solid does not pass all checks, other programs may read it differently", self.reason);
        Self { verdict, reason }
    }
}

/// From so many steps on a stack of them is an approximation: nobody would draw a part like that.
const MANY_STEPS: usize = 10;

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
    /// The share of the volume that may change its place when part and scan are laid into one box: more, and something of
    /// the scan sticks out that the part lacks.
    pub good_reframed: f64,
    /// Without volumes: share of the scan that has to be explained for a result to be good.
    pub good_explained: f64,
    /// Without volumes: share of the part that has to be confirmed for a result to be good.
    pub good_confirmed: f64,
    /// Without volumes: the share of the part's volume that may be in dispute in a good result. 0.02 was chosen on results
    /// for 8,192 points on shapes of the benchmark, clean and with noise of 0.3 % of the size: the first wrong ones, all of
    /// noisy or partial scans, were at 0.023 to 0.029. Those results are no independent evidence for it.
    pub good_disputed: f64,
    /// Without volumes, and chosen likewise: the share of the part's thickness within which points count as its own in a
    /// good result: where noise is as large as the part is thin, nobody can say which side a point belongs to.
    pub good_blur: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            good_iou: 0.95,
            good_deviation: 0.01,
            least_iou: 0.5,
            least_coverage: 0.5,
            good_reframed: 0.05,
            good_explained: 0.9,
            good_confirmed: 0.95,
            good_disputed: 0.02,
            good_blur: 0.15,
        }
    }
}

/// Judges a score; `size` is the scan's longest side, `not_solid` says why the scan has no volume of its own.
pub(crate) fn judge(score: &Score, size: f64, not_solid: Option<&str>, thresholds: &Thresholds) -> Judgement {
    match score.iou {
        Some(iou) => by_volume(score, iou, size, not_solid, thresholds),
        None => by_surface(score, not_solid, thresholds),
    }
}

/// Of a scan that has a volume.
fn by_volume(score: &Score, iou: f64, size: f64, not_solid: Option<&str>, thresholds: &Thresholds) -> Judgement {
    let back = score.deviation_back.map_or(0.0, |d| d.p95);
    let p95 = score.deviation.p95.max(back);
    let shared = percent(iou);
    let judgement = |verdict, reason| Judgement { verdict, reason };
    if iou < thresholds.least_iou {
        return judgement(Verdict::Refused, format!("the best result shares only {shared} of the volume"));
    }
    if iou < thresholds.good_iou {
        return judgement(Verdict::Check, format!("{shared} of the volume are shared{}", weakest(score)));
    }
    let off = small_percent(p95 / size);
    if p95 > thresholds.good_deviation * size {
        let reason =
            format!("{shared} of the volume are shared, but 5 % of a surface are off by {off} of the size or more");
        return judgement(Verdict::Check, reason);
    }
    if score.evidence.reframed > thresholds.good_reframed {
        let reason = format!(
            "{shared} of the volume are shared, but something of the scan sticks out beyond the result, or of the result beyond the scan"
        );
        return judgement(Verdict::Check, reason);
    }
    if let Some(why) = not_solid {
        let reason = format!("{shared} of the volume are shared as far as an open mesh can tell: {why}");
        return judgement(Verdict::Check, reason);
    }
    let reason = format!("{shared} of the volume are shared and 95 % of both surfaces agree within {off} of the size");
    judgement(Verdict::Good, reason)
}

/// Of a scan that has none: what the two surfaces say of each other has to do.
fn by_surface(score: &Score, not_solid: Option<&str>, thresholds: &Thresholds) -> Judgement {
    let evidence = &score.evidence;
    let (explained, confirmed) = (percent(evidence.explained), percent(evidence.confirmed));
    let judgement = |verdict, reason| Judgement { verdict, reason };
    if score.coverage.scan < thresholds.least_coverage {
        let reason = format!("only {} of the scan lie on the result", percent(score.coverage.scan));
        return judgement(Verdict::Refused, reason);
    }
    let check = |reason: String| judgement(Verdict::Check, reason);
    if let Some(why) = not_solid {
        return check(format!("{explained} of the scan lie on the result, but no volume can be compared: {why}"));
    }
    if evidence.explained < thresholds.good_explained {
        return check(format!("only {explained} of the scan lie on the result{}", weakest(score)));
    }
    if evidence.confirmed < thresholds.good_confirmed {
        let faces = match evidence.unconfirmed_faces() {
            0 => String::new(),
            1 => "; of one face it shows next to nothing".to_owned(),
            n => format!("; of {n} faces it shows next to nothing"),
        };
        return check(format!("the scan shows only {confirmed} of the result's surface{faces}"));
    }
    let disputed = evidence.disputed + evidence.shifted + evidence.reframed;
    if disputed > thresholds.good_disputed {
        return check(format!(
            "the surfaces agree, but where they do not lies about {} of the volume{}",
            percent(disputed),
            weakest(score)
        ));
    }
    if evidence.explained_within > thresholds.good_blur * evidence.thickness {
        return check("the part is so thin that the scan's noise hides which side its points belong to".to_owned());
    }
    let reason = format!(
        "{explained} of the scan lie on the result, {confirmed} of the result are seen in the scan, and about {} of the \
         volume are in dispute",
        percent(disputed)
    );
    judgement(Verdict::Good, reason)
}

/// Where the result agrees least, as the end of a sentence; nothing where the faces are not known.
fn weakest(score: &Score) -> String {
    let line = |face: &crate::FaceEvidence| face.face.made_by.as_ref().map(|(_, line)| *line);
    match score.evidence.worst_face().and_then(|face| Some((face.face.kind, line(face)?))) {
        Some((kind, line)) => format!("; the weakest face is a {kind} made in line {line}"),
        None => String::new(),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
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
    fn many_steps_are_no_reconstruction_unless_a_good_one() {
        let check = |verdict: Verdict, operations: usize, iou: f64, expected: Verdict| {
            let judgement = Judgement { verdict, reason: "so much is shared".to_owned() };
            let judgement = judgement.of_steps(operations, Some(iou), &Thresholds::default());
            assert_eq!(judgement.verdict, expected);
            assert!(judgement.reason.contains("so much is shared"));
        };
        check(Verdict::Good, 30, 0.96, Verdict::Good);
        check(Verdict::Check, 30, 0.98, Verdict::Check);
        check(Verdict::Check, 30, 0.91, Verdict::Refused);
        check(Verdict::Check, 4, 0.91, Verdict::Check);
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

    #[test]
    fn a_cloud_is_good_where_everything_speaks_for_it() {
        let good = crate::Evidence {
            explained_within: 0.2,
            explained: 0.999,
            confirmed: 0.998,
            disputed: 0.005,
            shifted: 0.003,
            thickness: 5.0,
            ..crate::Evidence::default()
        };
        let check = |change: &dyn Fn(&mut crate::Evidence), expected: Verdict, word: &str| {
            let mut evidence = good.clone();
            change(&mut evidence);
            let deviation = Deviation { mean: 0.1, p95: 0.2, max: 0.5 };
            let score = Score {
                iou: None,
                iou_method: IouMethod::Undefined { reason: "a point cloud has no volume".to_owned() },
                deviation,
                deviation_back: None,
                coverage: Coverage { scan: evidence.explained, candidate: evidence.confirmed, within: 1.0 },
                evidence,
                chamfer: 0.0,
            };
            let found = judge(&score, 100.0, None, &Thresholds::default());
            assert_eq!(found.verdict, expected, "{}", found.reason);
            assert!(found.reason.contains(word), "{}", found.reason);
        };
        check(&|_| {}, Verdict::Good, "99.9 %");
        check(&|e| e.explained = 0.8, Verdict::Check, "only 80.0 % of the scan");
        check(&|e| e.explained = 0.4, Verdict::Refused, "only 40.0 %");
        check(&|e| e.confirmed = 0.7, Verdict::Check, "only 70.0 % of the result's surface");
        check(&|e| e.shifted = 0.1, Verdict::Check, "10.5 % of the volume");
        check(&|e| e.reframed = 0.2, Verdict::Check, "20.8 % of the volume");
        check(&|e| e.thickness = 1.0, Verdict::Check, "thin");
    }
}
