//! Which of a repository's files are needed, and which names are safe to write.
//!
//! Names come from the hub, so they are not trusted: a file is written under its name only when the name is made of plain
//! characters, which leaves no way out of the model's folder on any system.

/// Needed where present, besides the weights.
const NEEDED: &[&str] = &[
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
    "config.json",
    "generation_config.json",
    "merges.txt",
    "model.safetensors.index.json",
    "preprocessor_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
];

/// Those of [`NEEDED`] that make a tokenizer.
const TOKENIZER: &[&str] = &["tokenizer.json", "tokenizer_config.json"];

/// Longer than any real name, and short enough for every file system with `.part` behind it.
const LONGEST: usize = 120;

/// What becomes of a name on the hub's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// The file is downloaded.
    Needed,
    /// The file is left out.
    NotNeeded,
    /// No honest repository has such a name.
    Hostile,
}

/// Judges a name on the hub's list.
pub(super) fn judge(name: &str) -> Judgement {
    let climbs = name.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    if climbs || name.contains('\\') || name.contains(':') || name.chars().any(char::is_control) {
        return Judgement::Hostile;
    }
    if is_plain(name) && (NEEDED.contains(&name) || is_weights(name)) {
        Judgement::Needed
    } else {
        Judgement::NotNeeded
    }
}

/// Whether a file is weights.
pub(super) fn is_weights(name: &str) -> bool {
    name.ends_with(".safetensors")
}

/// Whether a file is part of the tokenizer.
pub(super) fn is_tokenizer(name: &str) -> bool {
    TOKENIZER.contains(&name)
}

/// Whether a name is safe as the name of a file or folder: plain characters, no dot in front, no device of Windows.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1);
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    !stem.is_empty() && !device && name.len() <= LONGEST && !name.ends_with('.') && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged() {
        for name in ["config.json", "model.safetensors", "model-00001-of-00002.safetensors", "tokenizer.json"] {
            assert_eq!(judge(name), Judgement::Needed, "{name}");
        }
        let long = format!("{}.safetensors", "m".repeat(300));
        for name in
            ["README.md", "onnx/model.safetensors", ".gitattributes", "pytorch_model.bin", "a b.safetensors", &long]
        {
            assert_eq!(judge(name), Judgement::NotNeeded, "{name}");
        }
        for name in [
            "../config.json",
            "a/../../model.safetensors",
            "/etc/model.safetensors",
            "..\\model.safetensors",
            "C:model.safetensors",
            "a//model.safetensors",
            "model\n.safetensors",
            "",
            "..",
        ] {
            assert_eq!(judge(name), Judgement::Hostile, "{name:?}");
        }
    }

    #[test]
    fn plain_names_are_told_from_others() {
        for name in ["cadrille", "cad-recode-v1.5", "a_b"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "a/b", "nul", "COM1.safetensors", "a b", "ü", "end."] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
