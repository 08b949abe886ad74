//! The report of a reconstruction, for programs and for people.

use std::time::Duration;

use partwright_geometry::LengthUnit;
use partwright_geometry::metric::{Deviation, IouMethod};
use partwright_reconstruct::{
    Criterion, Evidence, FaceEvidence, Origin, Reconstruction, Refinement, Score, Scored, Written,
};
use serde_json::{Value, json};

use super::input::Given;
use crate::arguments::{FrameName, ReconstructArguments};
use crate::command::features;
use crate::command::info::{corners, unit_name};
use crate::number::{number, vector};
use crate::output::Facts;

/// A finished reconstruction with what it was asked.
pub(super) struct Outcome<'a> {
    pub(super) arguments: &'a ReconstructArguments,
    pub(super) given: &'a Given,
    pub(super) unit: LengthUnit,
    pub(super) time: Duration,
    pub(super) cancelled: bool,
    /// Where the network ran, if one was asked.
    pub(super) runs_on: Option<String>,
    pub(super) reconstruction: &'a Reconstruction,
}

impl Outcome<'_> {
    /// The report as JSON.
    pub(super) fn object(&self) -> Value {
        let candidates: Vec<Value> = self.reconstruction.candidates.iter().map(candidate).collect();
        let best = self.reconstruction.best();
        json!({
            "ok": best.is_some(),
            "verdict": best.map(|best| best.judgement.verdict.name()),
            "reason": best.map(|best| best.judgement.reason.as_str()),
            "complete": self.reconstruction.complete,
            "cancelled": self.cancelled,
            "time_s": self.time.as_secs_f64(),
            "input": self.given.object(self.arguments),
            "criterion": match self.reconstruction.criterion {
                Criterion::Measured => "measured: agreement with the scan, less a price of the program's length",
                Criterion::Agreement => "unmeasured: validity, then agreement among the samples, then likelihood",
            },
            "network": self.runs_on,
            "unit": unit_name(self.unit),
            "frame": match self.arguments.frame {
                FrameName::Scan => "scan",
                FrameName::Normalized => "normalized",
            },
            "scan_from_program": self.reconstruction.scan_from_program.matrix().transpose().to_cols_array_2d(),
            "seed": self.arguments.seed,
            "notes": self.reconstruction.notes,
            "scan": self.reconstruction.survey.as_ref().map(features::object),
            "candidates": candidates,
        })
    }

    /// The report for people; `written` names the files.
    pub(super) fn text(&self, written: &[String]) -> String {
        let mut facts = Facts::new();
        let Some(best) = self.reconstruction.best() else { return "nothing was found\n".to_owned() };
        facts
            .add("verdict", format!("{}: {}", best.judgement.verdict.name(), best.judgement.reason))
            .add("found by", &best.origin);
        if let Some(score) = &best.score {
            let deviation = |Deviation { mean, p95, max }| {
                format!("mean {}  p95 {}  max {}", number(mean), number(p95), number(max))
            };
            facts
                .add("IoU", score.iou.map_or_else(|| "undefined".to_owned(), |iou| format!("{iou:.4}")))
                .add("scan to result", deviation(score.deviation))
                .add_some("result to scan", score.deviation_back.map(deviation))
                .add("scan explained", format!("{:.1} %", 100.0 * score.evidence.explained))
                .add("part confirmed", confirmed(&score.evidence))
                .add_some("weakest face", score.evidence.worst_face().map(face_in_words));
        }
        if let Origin::Network(written) = &best.origin {
            let agreement = |share: f64| format!("{:.0} % of the volume on average", 100.0 * share);
            facts
                .add_some("samples agree", written.agreement.map(agreement))
                .add("log-probability", format!("{:.3} per token", written.log_probability_per_token()));
        }
        if let Ok(execution) = &best.execution {
            let [low, high] = execution.properties.bounds;
            facts
                .add("size", vector(high - low))
                .add("volume", number(execution.properties.volume))
                .add("solids", execution.properties.solids);
        }
        if let Some(refinement) = &best.refinement {
            let kept = refinement.snaps.iter().filter(|snap| snap.kept).count();
            let (before, after) = (number(refinement.residual_before), number(refinement.residual_after));
            facts.add("refined", format!("residual {before} to {after}; {kept} relations and round numbers met"));
        }
        facts
            .add("operations", best.operations)
            .add("candidates", self.reconstruction.candidates.len())
            .add("time", format!("{:.1} s", self.time.as_secs_f64()));
        for file in written {
            facts.add("written", file);
        }
        facts.to_string()
    }
}

fn candidate(scored: &Scored) -> Value {
    let mut object = json!({
        "origin": scored.origin.to_string(),
        "verdict": scored.judgement.verdict.name(),
        "reason": scored.judgement.reason,
        "operations": scored.operations,
        "program_length": scored.program_length(),
        "program": scored.source,
    });
    match &scored.execution {
        Ok(execution) => {
            let properties = &execution.properties;
            object["volume"] = json!(properties.volume);
            object["area"] = json!(properties.area);
            object["bbox"] = json!(corners(properties.bounds));
            object["solids"] = json!(properties.solids);
            object["faces"] = json!(properties.faces);
        }
        Err(diagnostic) => object["error"] = json!(diagnostic.to_string()),
    }
    if let Origin::Network(written) = &scored.origin {
        object["network"] = written_by(written);
    }
    if let Some(refinement) = &scored.refinement {
        object["refinement"] = refined(refinement);
    }
    if let (Some(score), Value::Object(object)) = (&scored.score, &mut object)
        && let Value::Object(fields) = measured(score)
    {
        object.extend(fields);
    }
    object
}

/// What is known of a program that a network wrote.
fn written_by(written: &Written) -> Value {
    json!({
        "model": written.model,
        "shown": written.shown,
        "sample": written.sample,
        "tokens": written.tokens,
        "log_probability": written.log_probability,
        "log_probability_per_token": written.log_probability_per_token(),
        "times": written.times,
        "cut_short": written.cut_short,
        "round": written.round,
        "stray_bodies_left_out": written.without_bodies,
        "agreement": written.agreement,
    })
}

/// How a candidate's constants were refined. Residuals are root mean squares over points held out of the fit.
fn refined(refinement: &Refinement) -> Value {
    let snaps: Vec<Value> = refinement
        .snaps
        .iter()
        .map(|snap| {
            json!({
                "relation": snap.relation.name(),
                "what": snap.what,
                "before": snap.before,
                "after": snap.after,
                "residual_before": snap.residual_before,
                "residual_after": snap.residual_after,
                "kept": snap.kept,
            })
        })
        .collect();
    json!({
        "residual_before": refinement.residual_before,
        "residual_after": refinement.residual_after,
        "snaps": snaps,
    })
}

/// How much of the part the scan speaks for.
fn confirmed(evidence: &Evidence) -> String {
    let share = format!("{:.1} %", 100.0 * evidence.confirmed);
    match (evidence.unconfirmed_faces(), evidence.faces.len()) {
        (_, 0) => share,
        (0, all) => format!("{share}, all of {all} faces"),
        (open, all) => format!("{share}, {open} of {all} faces are not"),
    }
}

/// A face, where it comes from and what the scan says of it.
fn face_in_words(evidence: &FaceEvidence) -> String {
    let face = &evidence.face;
    let made_by = face.made_by.as_ref();
    let made_by = made_by.map_or_else(String::new, |(call, line)| format!(" of {call} in line {line}"));
    let confirmed = evidence.confirmed.map_or(0.0, |share| 100.0 * share);
    let off = match evidence.residual {
        Some(residual) => format!("95 % of its {} points within {}", evidence.points, number(residual.p95)),
        None => "no point of the scan lies on it".to_owned(),
    };
    format!("{}{made_by} around {}: {confirmed:.0} % confirmed, {off}", face.kind, vector(face.center))
}

fn evidence(evidence: &Evidence) -> Value {
    let face = |of: &FaceEvidence| {
        json!({
            "surface": of.face.kind,
            "area": of.face.area,
            "center": of.face.center.to_array(),
            "call": of.face.made_by.as_ref().map(|(call, _)| call),
            "line": of.face.made_by.as_ref().map(|(_, line)| line),
            "points": of.points,
            "expected_points": of.expected.round(),
            "residual": of.residual.map(|Deviation { mean, p95, max }| json!({ "mean": mean, "p95": p95, "max": max })),
            "confirmed": of.confirmed,
        })
    };
    json!({
        "noise": evidence.sampling.noise,
        "spacing": evidence.sampling.spacing,
        "explained": evidence.explained,
        "explained_within": evidence.explained_within,
        "confirmed": evidence.confirmed,
        "confirmed_within": evidence.confirmed_within,
        "disputed": evidence.disputed,
        "unconfirmed_faces": evidence.unconfirmed_faces(),
        "faces": evidence.faces.iter().map(face).collect::<Vec<_>>(),
    })
}

fn measured(score: &Score) -> Value {
    let deviation = |Deviation { mean, p95, max }| json!({ "mean": mean, "p95": p95, "max": max });
    json!({
        "iou": score.iou,
        "iou_method": match &score.iou_method {
            IouMethod::Boolean => "boolean",
            IouMethod::InsideTests { .. } => "inside_tests",
            IouMethod::Undefined { .. } => "undefined",
        },
        "chamfer": score.chamfer.is_finite().then_some(score.chamfer),
        "deviation": deviation(score.deviation),
        "deviation_back": score.deviation_back.map(deviation),
        "coverage": {
            "scan": score.coverage.scan,
            "result": score.coverage.candidate,
            "within": score.coverage.within,
        },
        "evidence": evidence(&score.evidence),
    })
}
