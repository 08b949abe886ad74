//! Properties of random programs, whatever their seed.

use partwright_cadrille::constrain::Acceptor;
use partwright_train::caption::CAPTION_WORDS;
use partwright_train::generate::{GeneratorConfig, Style, generate};
use proptest::prelude::*;

fn config(seed: u64, style: Style, simple_share: f64) -> GeneratorConfig {
    GeneratorConfig { seed, style, simple_share, points: 64, ..GeneratorConfig::default() }
}

fn styles() -> impl Strategy<Value = Style> {
    prop_oneof![Just(Style::CadRecode), Just(Style::Deepcad), Just(Style::Mixed)]
}

/// Whether networks that are held to the dialect can write it.
fn is_of_the_dialect(program: &str) -> bool {
    let mut acceptor = Acceptor::new();
    program.bytes().all(|byte| acceptor.read(byte)) && acceptor.is_complete()
}

fn is_plain(caption: &str) -> bool {
    let mut words = caption.split([' ', ',', '.', '(', ')']).filter(|word| !word.is_empty());
    words.all(|word| CAPTION_WORDS.contains(&word) || word.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn programs_are_written_in_the_dialect_and_fill_the_frame(
        seed: u64, index in 0..u64::from(u32::MAX), style in styles(), simple in 0.0..1.0,
    ) {
        let config = config(seed, style, simple);
        let made = generate(&config, index).expect("a configuration that makes sense gives a sample");
        let program = &made.sample.program;
        prop_assert!(is_of_the_dialect(program), "{program}");
        prop_assert!(program.len() <= config.most_bytes);
        let [low, high] = made.body.bounds;
        prop_assert!(((high - low).max_element() - 200.0).abs() <= 1.0, "{program}");
        prop_assert!((low + high).abs().max_element() <= 2.0, "{program}");
        prop_assert!(made.body.volume >= config.least_volume);
        prop_assert!(partwright_brep::checks::check(&made.body.solids).is_empty());
        prop_assert_eq!(made.sample.points.len(), config.points);
        let farthest = made.sample.points.iter().flatten().fold(0_f32, |most, v| most.max(v.abs()));
        prop_assert!(farthest <= 1.02, "{farthest}");
        prop_assert!(made.sample.captions.iter().all(|caption| is_plain(caption)), "{:?}", made.sample.captions);
    }

    #[test]
    fn the_same_seed_and_index_give_the_same_sample(seed: u64, index: u64, style in styles()) {
        let config = config(seed, style, 0.5);
        let sample = |config: &GeneratorConfig| generate(config, index).map(|made| made.sample);
        let first = sample(&config);
        prop_assert_eq!(&first, &sample(&config));
        prop_assert_ne!(first, sample(&GeneratorConfig { seed: seed.wrapping_add(1), ..config }));
    }

    #[test]
    fn plain_parts_are_plain(seed: u64, index: u64) {
        let made = generate(&config(seed, Style::CadRecode, 1.0), index).expect("a sample");
        prop_assert!(made.program.bodies.len() <= 2 && made.program.workplanes.len() == 1);
    }
}
