//! The content of `tokenizer.json`.
//!
//! Byte-pair encoding without any merge, which takes a piece whole where it is in the vocabulary and byte by byte where it
//! is not; a regular expression cuts the pieces. The parts of the chat that never change are one token each.

use std::fmt::Write as _;

use partwright_cadrille::input::{CHAT_BEGIN, CHAT_END, INSTRUCTION, SMALL_LETTERS};
use serde_json::{Map, Value, json};

use super::fragments::{FRAGMENTS, HALF, LARGEST_NUMBER, VARIABLES};

/// Fills places that are not read.
pub const END_OF_TEXT: &str = "<|endoftext|>";
/// Ends a program.
pub const IM_END: &str = "<|im_end|>";
/// Stands for a patch of a picture.
pub const VIDEO_PAD: &str = "<|video_pad|>";
/// Stands for a patch of a picture that is no video; the configuration names it, nothing uses it.
pub const IMAGE_PAD: &str = "<|image_pad|>";

/// Added tokens, and whether they are special: never part of a description, left out of decoded text.
const ADDED: [(&str, bool); 11] = [
    (END_OF_TEXT, true),
    ("<|im_start|>", true),
    (IM_END, true),
    ("<|vision_start|>", true),
    ("<|vision_end|>", true),
    (VIDEO_PAD, true),
    (IMAGE_PAD, true),
    (SMALL_LETTERS, true),
    (CHAT_BEGIN, true),
    (CHAT_END, true),
    (INSTRUCTION, false),
];

/// `tokenizer.json` for programs and for captions of these words (in small letters; other words are spelled).
pub fn json(words: &[&str]) -> String {
    let pieces = pieces(words);
    let count = pieces.len();
    let vocabulary: Map<String, Value> = pieces.into_iter().enumerate().map(|(id, piece)| (piece, id.into())).collect();
    let added: Vec<Value> = ADDED
        .iter()
        .enumerate()
        .map(|(i, (content, special))| {
            json!({
                "id": count + i, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": special,
            })
        })
        .collect();
    let byte_level = json!({
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    });
    json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": added,
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": regex()}, "behavior": "Isolated", "invert": false},
            byte_level,
        ]},
        "post_processor": null,
        "decoder": byte_level,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
            "vocab": vocabulary, "merges": [],
        },
    })
    .to_string()
}

/// How many tokens [`json()`] makes of these words, special ones included.
pub fn vocabulary_of(words: &[&str]) -> usize {
    pieces(words).len() + ADDED.len()
}

/// Every piece once, in the characters of a byte-level vocabulary.
fn pieces(words: &[&str]) -> Vec<String> {
    let mut pieces: Vec<String> = (0..=u8::MAX).map(|byte| character_of(byte).to_string()).collect();
    let mut add = |text: &str| {
        let piece: String = text.bytes().map(character_of).collect();
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    };
    for fragment in FRAGMENTS {
        add(fragment);
    }
    for number in 0..VARIABLES {
        add(&format!("w{number}"));
    }
    for number in -LARGEST_NUMBER..=LARGEST_NUMBER {
        add(&number.to_string());
    }
    add("-0");
    add(HALF);
    for word in words {
        let word = word.to_lowercase();
        add(&word);
        add(&format!(" {word}"));
    }
    pieces
}

/// Cuts a text: fragments, the longest first, then variables, words with the space before them, numbers, decimals, and
/// any other character.
fn regex() -> String {
    let mut fragments = FRAGMENTS;
    fragments.sort_by_key(|fragment| std::cmp::Reverse(fragment.len()));
    let mut regex = String::new();
    for fragment in fragments {
        for character in fragment.chars() {
            if !character.is_alphanumeric() && character != '\n' {
                regex.push('\\');
            }
            let _ = if character == '\n' { write!(regex, "\\n") } else { write!(regex, "{character}") };
        }
        regex.push('|');
    }
    regex + r"w\d| ?[a-z]+|-?\d+|\.\d+|[\s\S]"
}

/// The character that stands for a byte in a byte-level vocabulary (GPT-2's table): printable bytes of Latin-1 stand for
/// themselves, the others for the characters from U+0100 on, in their order.
fn character_of(byte: u8) -> char {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    let others = (0..byte).filter(|b| !printable(*b)).count() as u32;
    char::from_u32(0x100 + others).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use partwright_cadrille::constrain::Writing;
    use partwright_cadrille::input::{Kinds, ProgramTokenizer, Prompt};

    use super::*;

    const WORDS: [&str; 3] = ["cylinder", "box", "hole"];

    fn tokenizer() -> ProgramTokenizer {
        ProgramTokenizer::from_json(&json(&WORDS)).unwrap()
    }

    /// The pieces a text is cut into.
    fn cut(text: &str) -> Vec<String> {
        let tokenizer = tokenizer();
        let ids = tokenizer.encode(text).unwrap();
        assert_eq!(tokenizer.decode(&ids).unwrap(), text);
        ids.iter().map(|id| tokenizer.decode(&[*id]).unwrap()).collect()
    }

    #[test]
    fn a_program_is_cut_into_numbers_and_habits() {
        assert_eq!(
            cut(
                "import cadquery as cq\nw0=cq.Workplane('ZX',origin=(0,-77,0))\nr=w0.sketch().segment((-75,100),(75,-0.5))"
            ),
            [
                "import cadquery as cq\n",
                "w0",
                "=cq.Workplane('ZX',origin=(0,",
                "-77",
                ",0))\n",
                "r=",
                "w0",
                ".sketch().segment((",
                "-75",
                ",",
                "100",
                "),(",
                "75",
                ",",
                "-0",
                ".5",
                "))",
            ]
        );
        assert_eq!(
            cut("offset=-15/2).box(196,200,15)"),
            ["offset=", "-15", "/2).box(", "196", ",", "200", ",", "15", ")"]
        );
        assert_eq!(cut("(-250,0.25)"), ["(", "-", "2", "5", "0", ",", "0", ".", "2", "5", ")"]);
    }

    #[test]
    fn captions_are_words_and_other_words_letters() {
        assert_eq!(cut("a box 20 cylinder oval"), ["a", " box", " ", "20", " cylinder", " ", "o", "v", "a", "l"]);
        assert_eq!(cut("Ø 5 µm").len(), 8);
    }

    #[test]
    fn the_vocabulary_is_small_and_counted() {
        let count = tokenizer().vocabulary();
        assert_eq!(count, vocabulary_of(&WORDS));
        assert!(count < 1000, "{count}");
    }

    #[test]
    fn the_chat_is_three_tokens() {
        let tokenizer = tokenizer();
        let prompt = Prompt::mixed(&tokenizer, Kinds { points: 128, ..Kinds::default() }).unwrap();
        assert_eq!(prompt.ids.len(), 131);
        let kinds = Kinds { points: 128, patches: 100, description: Some("A Box"), current: None };
        let prompt = Prompt::mixed(&tokenizer, kinds).unwrap();
        assert_eq!((prompt.points, prompt.picture), (0..128, 130..230));
        assert_eq!(prompt.ids.len(), 128 + 2 + 100 + 1 + 2 + 1);
        assert_eq!(tokenizer.decode(&prompt.ids).unwrap(), "a box");
        assert!(Prompt::mixed(&tokenizer, Kinds::default()).is_err());
        assert!(Prompt::for_description(&tokenizer, "a box <|im_start|>").is_err());
    }

    #[test]
    fn constrained_writing_takes_its_programs() {
        let tokenizer = tokenizer();
        let mut writing = Writing::new(tokenizer.pieces(), &[tokenizer.im_end()]);
        let program = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-3))\nr=w0.sketch().push([(1.5,-2)]).circle(7)\
                       .finalize().extrude(-4).union(w0.workplane(offset=-15/2).moveTo(0,5).box(1,2,3))";
        for id in tokenizer.encode(program).unwrap() {
            assert!(writing.take(id), "{}", tokenizer.decode(&[id]).unwrap());
        }
        assert!(writing.take(tokenizer.im_end()));
    }

    /// On what the published networks wrote, which is not ours to ship.
    #[test]
    #[expect(
        clippy::print_stderr,
        reason = "a test that is skipped says so, and how long programs are is worth knowing"
    )]
    fn programs_of_the_networks_come_back_exactly() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/dialect/programs.jsonl");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("skipped: {} is not there", path.display());
            return;
        };
        let tokenizer = tokenizer();
        let (mut bytes, mut tokens, mut programs) = (0, 0, 0);
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let code = case["code"].as_str().unwrap();
            let ids = tokenizer.encode(code).unwrap();
            assert_eq!(tokenizer.decode(&ids).unwrap(), code);
            if case["origin"].as_str().unwrap().starts_with("cad-recode") {
                (bytes, tokens, programs) = (bytes + code.len(), tokens + ids.len(), programs + 1);
            }
        }
        eprintln!("{programs} programs: {} bytes, {} tokens on average", bytes / programs, tokens / programs);
        assert!(tokens * 5 < bytes, "{tokens} tokens for {bytes} bytes");
    }
}
