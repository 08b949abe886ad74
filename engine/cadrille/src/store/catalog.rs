//! The models that have a name here, and what their licences ask.

/// A checkpoint on the hub that is known to run here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownModel {
    /// The name it is pulled by.
    pub name: &'static str,
    /// Owner and repository on the hub.
    pub repository: &'static str,
    /// The licence of the weights.
    pub licence: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
}

const NON_COMMERCIAL: &str = "CC BY-NC 4.0";
const OPEN: &str = "Apache-2.0";

/// All of them; the first is the one to recommend.
pub const KNOWN_MODELS: &[KnownModel] = &[
    KnownModel {
        name: "cadrille-rl",
        repository: "maksimko123/cadrille-rl",
        licence: NON_COMMERCIAL,
        about: "points, pictures and text; trained on with rewards (ICLR 2026)",
    },
    KnownModel {
        name: "cadrille",
        repository: "maksimko123/cadrille",
        licence: NON_COMMERCIAL,
        about: "points, pictures and text (ICLR 2026)",
    },
    KnownModel {
        name: "cad-recode-v1.5",
        repository: "filapro/cad-recode-v1.5",
        licence: NON_COMMERCIAL,
        about: "points only (ICCV 2025)",
    },
    KnownModel {
        name: "cad-recode",
        repository: "filapro/cad-recode",
        licence: NON_COMMERCIAL,
        about: "points only, first version",
    },
    KnownModel {
        name: "cadreasoner-pc",
        repository: "kulibinai/cadreasoner-pc",
        licence: OPEN,
        about: "points; a relative of the same architecture",
    },
    KnownModel {
        name: "cadreasoner-cm",
        repository: "kulibinai/cadreasoner-cm",
        licence: OPEN,
        about: "several inputs; a relative of the same architecture",
    },
];

/// The repository whose tokenizer serves a checkpoint that comes without one.
///
/// cadrille and CAD-Recode load theirs from the Qwen2 model they began with. The tokens of Qwen2-VL are those of Qwen2 with
/// the special tokens of pictures added behind them, so this one serves both.
pub(super) const TOKENIZER_REPOSITORY: &str = "Qwen/Qwen2-VL-2B-Instruct";

/// The known model of a name.
pub(super) fn by_name(name: &str) -> Option<&'static KnownModel> {
    KNOWN_MODELS.iter().find(|model| model.name == name)
}

/// The known model of a repository; the hub does not distinguish capitals.
pub(super) fn by_repository(repository: &str) -> Option<&'static KnownModel> {
    KNOWN_MODELS.iter().find(|model| model.repository.eq_ignore_ascii_case(repository))
}

/// What a licence asks of the user, for those that are known here.
///
/// Where an offer's licence has a remark behind a semicolon, the terms are those of what stands before.
pub fn licence_terms(licence: &str) -> Option<&'static str> {
    let name = licence.split(';').next().unwrap_or_default();
    match plain(name).as_str() {
        "ccbync40" => {
            Some("no commercial use, and credit must be given: https://creativecommons.org/licenses/by-nc/4.0/")
        }
        "apache20" => Some("any use; keep the notices: https://www.apache.org/licenses/LICENSE-2.0"),
        "mit" => Some("any use; keep the notice: https://opensource.org/license/mit"),
        _ => None,
    }
}

/// A licence's name without its punctuation, so that `CC BY-NC 4.0` and the hub's `cc-by-nc-4.0` are the same.
pub(super) fn plain(licence: &str) -> String {
    licence.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_repositories_lead_to_the_same_model() {
        for model in KNOWN_MODELS {
            assert_eq!(by_name(model.name), Some(model));
            assert_eq!(by_repository(&model.repository.to_uppercase()), Some(model));
            assert!(licence_terms(model.licence).is_some(), "{}", model.licence);
        }
        assert_eq!(by_name("Cadrille"), None);
        assert_eq!(plain("CC BY-NC 4.0"), plain("cc-by-nc-4.0"));
        assert_eq!(licence_terms("of my own"), None);
        assert_eq!(licence_terms("CC BY-NC 4.0; the repository now says mit"), licence_terms(NON_COMMERCIAL));
    }
}
