//! Whole descriptions.

use rand_chacha::ChaCha8Rng;

use super::features::{Features, PartFeature, Relation};
use super::phrase::{AXES, Length, Phraser, count_word};
use crate::generate::{Join, Program};

/// The kinds of wording, in the order in which they are used.
const KINDS: [(Length, bool); 6] = [
    (Length::Medium, true),
    (Length::Terse, false),
    (Length::Talkative, true),
    (Length::Terse, true),
    (Length::Medium, false),
    (Length::Talkative, false),
];

/// Up to `count` descriptions of a program's part, no two alike: sentences, terse ones and talkative ones, with numbers and
/// without. Fewer where the part is so plain that there are no more.
pub fn captions(program: &Program, count: usize, random: &mut ChaCha8Rng) -> Vec<String> {
    let Some(features) = Features::of(program) else { return Vec::new() };
    let mut captions: Vec<String> = Vec::with_capacity(count);
    // Every kind gets a second chance, with other words.
    for (length, numbers) in KINDS.into_iter().cycle().take(KINDS.len().max(count) * 2) {
        if captions.len() >= count {
            break;
        }
        let caption = Phraser { random, length, numbers }.caption(&features);
        if !captions.contains(&caption) {
            captions.push(caption);
        }
    }
    captions
}

impl Phraser<'_> {
    fn caption(&mut self, features: &Features) -> String {
        match self.length {
            Length::Terse => self.terse(features),
            Length::Medium => self.medium(features),
            Length::Talkative => self.talkative(features),
        }
    }

    fn terse(&mut self, features: &Features) -> String {
        let named: Vec<String> = features.bodies.iter().map(|feature| self.named(feature).text).collect();
        named.join(", ")
    }

    fn named(&mut self, feature: &PartFeature) -> super::phrase::Noun {
        if feature.join == Join::Cut { self.cut(feature) } else { self.body(feature) }
    }

    fn medium(&mut self, features: &Features) -> String {
        let parts: Vec<String> = features
            .bodies
            .iter()
            .map(|feature| {
                let noun = self.named(feature).full();
                match self.where_it_is(feature) {
                    Some(relation) => format!("{noun} {relation}"),
                    None if self.numbers && feature.join == Join::Union => {
                        format!("{noun} along {}", AXES[feature.axis.min(2)])
                    }
                    None => noun,
                }
            })
            .collect();
        match parts.as_slice() {
            [all @ .., last] if !all.is_empty() => format!("{}, and {last}.", all.join(", ")),
            all => format!("{}.", all.join(", ")),
        }
    }

    /// Where a body is, unless it says so itself.
    fn where_it_is(&mut self, feature: &PartFeature) -> Option<String> {
        match (feature.join, feature.relation?) {
            (Join::Cut, _) if feature.through => None,
            (Join::Cut, Relation::Within) => Some("in it".to_owned()),
            (Join::Cut, _) => None,
            (Join::Union, relation) => Some(self.relation(relation)),
        }
    }

    fn talkative(&mut self, features: &Features) -> String {
        let mut sentences = Vec::new();
        let added = features.bodies.iter().filter(|feature| feature.join == Join::Union).count();
        let subject = self.pick(&["this part", "the part", "this shape"]);
        let bodies = if added == 1 { "body" } else { "bodies" };
        let has = self.pick(&["is made of", "has"]);
        let mut extent = String::new();
        if self.numbers {
            let size = features.bounds[1] - features.bounds[0];
            let [x, y, z] = size.to_array().map(|side| side.round() as i32);
            extent = format!(" and is {x} long in x, {y} in y and {z} in z");
        }
        sentences.push(format!("{subject} {has} {} {bodies}{extent}", count_word(added)));
        for (index, feature) in features.bodies.iter().enumerate() {
            let noun = self.named(feature).full();
            let place = self.place(feature.bounds, features.bounds);
            let sentence = match (index, feature.join) {
                (0, _) => {
                    let alone = features.bodies.len() == 1;
                    let begins = if alone { "it is" } else { self.pick(&["the first is", "it starts with"]) };
                    format!("{begins} {noun}, {} along {}", self.made(feature), AXES[feature.axis.min(2)])
                }
                (_, Join::Cut) => format!("{noun} {} cut {place}", plural(feature, "is", "are")),
                (_, Join::Union) => {
                    let relation = self.where_it_is(feature).map(|text| format!(" {text}")).unwrap_or_default();
                    let along = format!("{} along {}", self.made(feature), AXES[feature.axis.min(2)]);
                    let then = self.pick(&["then", "next"]);
                    format!("{then} {noun}{relation}, {along} and {place}")
                }
            };
            sentences.push(sentence);
        }
        sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" ")
    }

    fn made(&mut self, feature: &PartFeature) -> &'static str {
        if matches!(feature.form, super::features::Form::Turned { .. }) {
            self.pick(&["turned", "revolved"])
        } else if feature.symmetric {
            "extruded to both sides"
        } else {
            self.pick(&["extruded", "running"])
        }
    }
}

fn plural(feature: &PartFeature, one: &'static str, many: &'static str) -> &'static str {
    if matches!(feature.form, super::features::Form::Several { .. }) { many } else { one }
}

#[cfg(test)]
mod tests {
    use crate::caption::CAPTION_WORDS;
    use crate::generate::{GeneratorConfig, Style, generate};

    /// Whether a text has nothing but the words, numbers and punctuation.
    fn is_plain(text: &str) -> bool {
        text.split([' ', ',', '.', '(', ')']).filter(|word| !word.is_empty()).all(|word| {
            CAPTION_WORDS.contains(&word) || word.strip_prefix('-').unwrap_or(word).bytes().all(|b| b.is_ascii_digit())
        })
    }

    #[test]
    fn captions_have_no_words_but_those() {
        let mut used = std::collections::BTreeSet::new();
        for style in [Style::CadRecode, Style::Deepcad] {
            let config = GeneratorConfig { style, captions: 8, points: 0, ..GeneratorConfig::default() };
            for index in 0..150 {
                let made = generate(&config, index).unwrap();
                let captions = &made.sample.captions;
                assert!(captions.len() >= 4, "{captions:?} {}", made.sample.program);
                for (k, caption) in captions.iter().enumerate() {
                    assert!(is_plain(caption), "{caption}");
                    assert!(!captions[..k].contains(caption), "twice: {caption}");
                    used.extend(caption.split([' ', ',', '.', '(', ')']).map(str::to_owned));
                }
            }
        }
        // Some are for large counts, and for many of what is mostly one.
        let unused: Vec<_> = CAPTION_WORDS.iter().filter(|word| !used.contains(**word)).collect();
        assert!(unused.len() < 18, "{unused:?}");
    }
}
