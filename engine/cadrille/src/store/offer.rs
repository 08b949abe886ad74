//! What a hub offers: a repository's needed files, their size and the licence to accept.

use std::fmt;
use std::str::FromStr;

use super::file_name::{self, Judgement};
use super::hub::{Hub, Sibling};
use super::progress::Watch;
use super::{StoreError, catalog};

/// Owner and repository on a hub; both are plain names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
}

impl Repository {
    /// The part behind the slash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The repository of a known model's name, or of `OWNER/REPO`.
    ///
    /// # Errors
    /// A text that is neither.
    pub fn of(text: &str) -> Result<Self, StoreError> {
        catalog::by_name(text).map_or(text, |model| model.repository).parse()
    }
}

impl FromStr for Repository {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        match text.split_once('/') {
            Some((owner, name)) if file_name::is_plain(owner) && file_name::is_plain(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => {
                let known: Vec<&str> = catalog::KNOWN_MODELS.iter().map(|model| model.name).collect();
                Err(StoreError::UnknownModel { name: text.to_owned(), known: known.join(", ") })
            }
        }
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// One file to download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) repository: Repository,
    pub(super) name: String,
    /// Its length, where the hub's list says.
    pub(super) bytes: Option<u64>,
    /// Its digest, where the hub's list says: that of large files.
    pub(super) sha256: Option<String>,
}

/// A model that can be pulled once its licence is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name it will have in the store.
    pub name: String,
    /// Where it is.
    pub repository: Repository,
    /// The licence of the weights, to be shown to the user; see [`super::licence_terms`].
    pub licence: String,
    pub(super) revision: Option<String>,
    pub(super) files: Vec<Wanted>,
}

/// An offer whose licence the user has accepted.
#[derive(Clone, Debug)]
pub struct AcceptedOffer(pub(super) Offer);

impl Offer {
    /// How many bytes it has, as far as the hub says.
    pub fn bytes(&self) -> u64 {
        self.files.iter().filter_map(|file| file.bytes).sum()
    }

    /// The names of the files it has.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// To be called when the user has read the licence's name and terms and said yes.
    pub fn accept_licence(self) -> AcceptedOffer {
        AcceptedOffer(self)
    }
}

impl Hub {
    /// Asks what a known model or `OWNER/REPO` has; `name` replaces the name it would have in the store.
    ///
    /// A repository without a tokenizer gets that of Qwen2-VL-2B-Instruct, as its authors' programs do.
    ///
    /// # Errors
    /// An unknown model, a hub that does not answer or refuses, a repository that is no checkpoint, hostile file names.
    pub fn offer(&self, model: &str, name: Option<&str>, watch: &mut Watch<'_>) -> Result<Offer, StoreError> {
        let repository = Repository::of(model)?;
        let known = catalog::by_repository(&repository.to_string());
        let name = name.unwrap_or_else(|| known.map_or(repository.name(), |model| model.name)).to_owned();
        if !file_name::is_plain(&name) {
            return Err(StoreError::NameNotPlain { name });
        }
        let listing = self.listing(&repository, watch)?;
        let licence = match (known.map(|model| model.licence), listing.licence()) {
            (Some(known), Some(now)) if catalog::plain(known) != catalog::plain(&now) => {
                format!("{known}; the repository now says {now}")
            }
            (Some(known), _) => known.to_owned(),
            (None, Some(stated)) => stated,
            (None, None) => "not stated by the repository".to_owned(),
        };
        let revision = listing.sha.clone();
        let mut files = wanted(&repository, listing.siblings)?;
        let missing = |missing| StoreError::NotACheckpoint { place: repository.to_string(), missing };
        if !files.iter().any(|file| file.name == "config.json") {
            return Err(missing("config.json"));
        }
        if !files.iter().any(|file| file_name::is_weights(&file.name)) {
            return Err(missing("*.safetensors"));
        }
        if !files.iter().any(|file| file.name == "tokenizer.json") {
            let tokenizer: Repository = catalog::TOKENIZER_REPOSITORY.parse()?;
            let theirs = wanted(&tokenizer, self.listing(&tokenizer, watch)?.siblings)?;
            files.retain(|file| !file_name::is_tokenizer(&file.name));
            files.extend(theirs.into_iter().filter(|file| file_name::is_tokenizer(&file.name)));
            if !files.iter().any(|file| file.name == "tokenizer.json") {
                return Err(missing("tokenizer.json"));
            }
        }
        // Small files first: what is wrong shows before gigabytes have arrived.
        files.sort_by(|a, b| (a.bytes, &a.name).cmp(&(b.bytes, &b.name)));
        Ok(Offer { name, repository, licence, revision, files })
    }
}

/// The needed files of a list.
fn wanted(repository: &Repository, siblings: Vec<Sibling>) -> Result<Vec<Wanted>, StoreError> {
    let mut files: Vec<Wanted> = Vec::new();
    for Sibling { name, size, lfs } in siblings {
        match file_name::judge(&name) {
            Judgement::Hostile => {
                return Err(StoreError::FileNameHostile { repository: repository.to_string(), name });
            }
            Judgement::Needed if files.iter().all(|file| file.name != name) => {
                let (sha256, long) = lfs.map_or((None, None), |lfs| (lfs.sha256, lfs.size));
                let sha256 = sha256.map(|digits| digits.to_ascii_lowercase());
                files.push(Wanted { repository: repository.clone(), name, bytes: size.or(long), sha256 });
            }
            Judgement::Needed | Judgement::NotNeeded => {}
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read_or_refused() {
        assert_eq!(Repository::of("cadrille").unwrap().to_string(), "maksimko123/cadrille");
        assert_eq!(Repository::of("some.one/model-2_b").unwrap().name(), "model-2_b");
        for text in ["", "cadrill", "a/b/c", "../b", "a/..", "a/ b", "a/b?x=1", "/b", "a/"] {
            assert!(matches!(Repository::of(text), Err(StoreError::UnknownModel { .. })), "{text}");
        }
    }

    #[test]
    fn needed_files_are_taken_once_and_hostile_lists_refused() {
        let repository = Repository::of("cadrille").unwrap();
        let file = |name: &str| Sibling { name: name.to_owned(), size: Some(3), lfs: None };
        let taken = wanted(&repository, ["config.json", "README.md", "config.json"].map(file).into()).unwrap();
        assert_eq!(taken.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["config.json"]);
        let refused = wanted(&repository, ["config.json", "../model.safetensors"].map(file).into());
        assert!(matches!(refused, Err(StoreError::FileNameHostile { .. })));
    }
}
