//! The page of a report.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use partwright_geometry::Geometry;
use partwright_reconstruct::Verdict;

use super::pictures::Figure;
use crate::document::{Item, Part, RunState};
use crate::number::{number, rounded, unit_suffix, vector};
use crate::render::Heat;

/// Its looks, in the page itself.
const STYLE: &str = include_str!("../../../assets/report.css");

/// Most candidates in the table.
const MOST_CANDIDATES: usize = 20;

/// Steps of the colour scale.
const STEPS: usize = 61;

/// The whole page.
pub(super) fn page(item: &Item, heat: Option<Heat>, figures: &[Figure]) -> String {
    let (small, large): (Vec<&Figure>, Vec<&Figure>) = figures.iter().partition(|figure| figure.small);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (item.stem()) ": part report" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (item.stem()) }
                (verdict(item))
                div class="large" { @for each in large { (figure(each)) } }
                @if let Some(heat) = heat { (scale(heat, unit_suffix(item.unit()))) }
                div class="small" { @for each in small { (figure(each)) } }
                (part(item))
                (scan(item))
                (candidates(item))
                h2 { "Program" }
                pre { code { (item.program.text) } }
                p class="weak" { "Made by Partwright " (env!("CARGO_PKG_VERSION")) "." }
            }
        }
    };
    page.into_string()
}

fn figure(figure: &Figure) -> Markup {
    html! { figure { img src=(figure.address) alt=(figure.caption); figcaption { (figure.caption) } } }
}

/// What is to be thought of the part, first of all.
fn verdict(item: &Item) -> Markup {
    let unedited = item.chosen_proposal().and_then(|index| item.proposals.get(index));
    let unedited = unedited.filter(|proposal| proposal.scored.source == item.program.text);
    html! {
        @if let Some(proposal) = unedited {
            @let judgement = &proposal.scored.judgement;
            p { strong class=(class(judgement.verdict)) { (judgement.verdict.name()) } ": " (judgement.reason) }
        } @else if item.chosen.is_some() {
            p class="weak" { "The program was edited after the reconstruction." }
        }
        @if let RunState::Failed(diagnostic) = &item.program.run {
            p class="bad" { "The program fails as it stands: " (diagnostic) }
        }
        @if item.program.part.is_some() && !item.program.is_current() {
            p class="check" { "The part shown is from before the last change of the program." }
        }
        @for note in &item.notes { p class="weak" { (note) } }
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Check => "check",
        Verdict::Refused => "bad",
    }
}

fn rows(rows: &[(&str, String)]) -> Markup {
    html! {
        table { @for (name, value) in rows { tr { th { (name) } td class="number" { (value) } } } }
    }
}

fn part(item: &Item) -> Markup {
    let Some(part) = &item.program.part else { return html! { p { "There is no part yet." } } };
    let unit = unit_suffix(item.unit());
    let mut facts = measures(part, unit);
    if let Some(comparison) = item.program.current_comparison() {
        let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
        add("IoU with the scan", comparison.iou.map(|iou| format!("{:.2} %", 100.0 * iou)));
        let deviation = comparison.deviation;
        add("Deviation from the scan, mean", deviation.map(|d| format!("{}{unit}", number(d.mean))));
        add("95 % of it within", deviation.map(|d| format!("{}{unit}", number(d.p95))));
        add("Largest deviation", deviation.map(|d| format!("{}{unit}", number(d.max))));
        add(
            "Volume less that of the scan",
            comparison.volume_difference.map(|v| format!("{}{}", number(v), cubic(unit))),
        );
    }
    html! { h2 { "Part" } (rows(&facts)) }
}

fn measures(part: &Part, unit: &str) -> Vec<(&'static str, String)> {
    let properties = &part.properties;
    let square = if unit.is_empty() { String::new() } else { format!("{unit}²") };
    vec![
        ("Size", format!("{}{unit}", vector(part.bounds().size()))),
        ("Volume", format!("{}{}", number(properties.volume), cubic(unit))),
        ("Area", format!("{}{square}", number(properties.area))),
        ("Centre of volume", vector(properties.center)),
        ("Solids, faces, edges", format!("{}, {}, {}", properties.solids, properties.faces, properties.edges)),
        ("Checks of the solid", if properties.valid { "all passed".into() } else { "not all passed".into() }),
    ]
}

fn cubic(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("{unit}³") }
}

fn scan(item: &Item) -> Markup {
    let Some(scan) = item.input.scan() else { return html! {} };
    let unit = unit_suffix(item.unit());
    let (what, count) = match &*scan.prepared {
        Geometry::Mesh(mesh) => ("Triangles", mesh.triangles.len()),
        Geometry::Cloud(cloud) => ("Points", cloud.positions.len()),
    };
    let mut facts = vec![
        ("File", item.name.clone()),
        ("Format", scan.file.format.to_string()),
        (what, count.to_string()),
        ("Size", format!("{}{unit}", vector(scan.bounds.size()))),
        ("Unit", if unit.is_empty() { "unknown".into() } else { unit.trim().to_owned() }),
    ];
    if let Some(survey) = &scan.survey {
        if let Some(report) = &survey.mesh {
            facts.push(("Bodies", report.bodies.to_string()));
            facts.push(("Closed", if report.watertight { "yes".into() } else { "no".into() }));
        }
        facts.extend((survey.holes > 0).then(|| ("Holes", survey.holes.to_string())));
        facts.extend(survey.noise.map(|noise| ("Noise", format!("about {}{unit}", rounded(noise, 2)))));
    }
    html! { h2 { "Scan" } (rows(&facts)) }
}

/// The deviations that the colours of the scan stand for.
fn scale(heat: Heat, unit: &str) -> Markup {
    let colors = (0..STEPS).map(|step| {
        let value = (step as f32 / (STEPS - 1) as f32 * 2.0 - 1.0) * heat.scale;
        let [r, g, b] = heat.color(value).map(|c| (c * 255.0).round() as u8);
        format!("background: rgb({r}, {g}, {b})")
    });
    let shown = |value: f32| number((f64::from(value) * 1e4).round() / 1e4);
    html! {
        div class="scale" role="img" aria-label="Scale of deviations" { @for color in colors { span style=(color) {} } }
        div class="ends" {
            span { "-" (shown(heat.scale)) (unit) " inside" }
            span { "green within " (shown(heat.tolerance)) (unit) }
            span { (shown(heat.scale)) (unit) " outside" }
        }
    }
}

fn candidates(item: &Item) -> Markup {
    if item.proposals.is_empty() {
        return html! {};
    }
    let unit = unit_suffix(item.unit());
    let more = item.proposals.len().saturating_sub(MOST_CANDIDATES);
    html! {
        h2 { "Candidates" }
        table {
            tr { th { "Found by" } th { "Verdict" } th { "IoU" } th { "95 % within" } th { "Operations" } }
            @for proposal in item.proposals.iter().take(MOST_CANDIDATES) {
                @let scored = &proposal.scored;
                @let score = scored.score.as_ref();
                tr {
                    td { (scored.origin) }
                    td class=(class(scored.judgement.verdict)) { (scored.judgement.verdict.name()) }
                    td class="number" {
                        (score.and_then(|score| score.iou).map_or_else(|| "–".into(), |iou| format!("{:.2} %", 100.0 * iou)))
                    }
                    td class="number" {
                        (score.map_or_else(|| "–".into(), |score| format!("{}{unit}", number(score.deviation.p95))))
                    }
                    td class="number" { (scored.operations) }
                }
            }
        }
        @if more > 0 { p class="weak" { "and " (more) " more" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Input, Program};

    #[test]
    fn what_comes_from_outside_is_escaped() {
        let mut document = Document::default();
        let program = Program::new("r = '<script>alert(1)</script>' & 1\n");
        let id = document.add("<img src=x>.py", None, Input::Program, program);
        let item = document.item(id).expect("it was added");
        let figure = Figure { address: "data:x\"y".into(), caption: "a < b".into(), small: false };
        let page = page(item, None, &[figure]);
        assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
        for raw in ["<script", "<img src=x", "x\"y", "a < b"] {
            assert!(!page.contains(raw), "{raw}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;' &amp; 1"));
    }

    #[test]
    fn the_scale_shows_its_ends() {
        let text = scale(Heat { scale: 0.3, tolerance: 0.1 }, " mm").into_string();
        assert!(text.contains("-0.3 mm") && text.contains("within 0.1 mm"), "{text}");
    }
}
