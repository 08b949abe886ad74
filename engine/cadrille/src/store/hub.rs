//! A model hub: its address, how patiently it is asked, and its list of a repository's files.

use std::fmt;
use std::io::Read as _;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::StoreError;
use super::offer::Repository;
use super::progress::{Teller, Watch};
use super::request::{Requester, Trouble};

/// The usual hub.
const ENDPOINT: &str = "https://huggingface.co";

/// A list of files is a few kilobytes; what is much longer is something else.
const LONGEST_LIST_BYTES: u64 = 16 << 20;

/// A secret that opens repositories; it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token of this text; `None` where there is none, or none that could stand in a request.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let usable = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        usable.then(|| Self(text.to_owned()))
    }

    pub(super) fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// How long and how often to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries in a row that bring nothing, before giving up.
    pub tries: u32,
    /// The wait before the second try; it doubles with each.
    pub first_wait: Duration,
    /// The longest wait, also where the server asks for one; a longer one asked for is an error that says so.
    pub longest_wait: Duration,
    /// The longest time to find the host, and to connect.
    pub connect: Duration,
    /// The longest silence of the server.
    pub silence: Duration,
}

impl Default for Patience {
    /// Half a minute of trouble is bridged (1 + 2 + 4 + 8 + 16 s): what a router needs to come back.
    fn default() -> Self {
        Self {
            tries: 6,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(90),
            connect: Duration::from_secs(15),
            silence: Duration::from_secs(30),
        }
    }
}

/// Where a hub is and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubConfig {
    /// Its address, without a slash at the end.
    pub endpoint: String,
    /// The token, if there is one; it is sent to the hub alone, over HTTPS or within this machine.
    pub token: Option<Token>,
    /// How patiently.
    pub patience: Patience,
}

impl Default for HubConfig {
    fn default() -> Self {
        Self { endpoint: ENDPOINT.to_owned(), token: None, patience: Patience::default() }
    }
}

impl HubConfig {
    /// As `HF_ENDPOINT` and `HF_TOKEN` say, where they are set.
    pub fn from_environment() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let endpoint =
            set("HF_ENDPOINT").map_or(ENDPOINT.to_owned(), |url| url.trim().trim_end_matches('/').to_owned());
        Self { endpoint, token: set("HF_TOKEN").and_then(|text| Token::new(&text)), patience: Patience::default() }
    }
}

/// A model hub that can be asked.
#[derive(Debug)]
pub struct Hub {
    config: HubConfig,
    requester: Requester,
}

/// What the hub tells of a repository: the part of its answer that matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Listing {
    /// The commit of `main`.
    pub(super) sha: Option<String>,
    #[serde(default)]
    pub(super) siblings: Vec<Sibling>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default, rename = "cardData")]
    card: Value,
}

/// One file of a repository.
#[derive(Debug, Deserialize)]
pub(super) struct Sibling {
    #[serde(rename = "rfilename")]
    pub(super) name: String,
    pub(super) size: Option<u64>,
    pub(super) lfs: Option<LargeFile>,
}

/// What is known of a file in large file storage.
#[derive(Debug, Deserialize)]
pub(super) struct LargeFile {
    pub(super) sha256: Option<String>,
    pub(super) size: Option<u64>,
}

impl Listing {
    /// The licence as the repository states it. It is shown on terminals, so only plain characters of it are kept.
    pub(super) fn licence(&self) -> Option<String> {
        const LONGEST: usize = 60;
        let tagged = || self.tags.iter().find_map(|tag| tag.strip_prefix("license:"));
        let stated = self.card.get("license").and_then(Value::as_str).or_else(tagged)?;
        let shown = |c: &char| c.is_ascii_graphic() || *c == ' ';
        Some(stated.chars().filter(shown).take(LONGEST).collect())
    }
}

impl Hub {
    /// A hub to ask; nothing is sent yet.
    ///
    /// # Errors
    /// An endpoint that is no address of the web.
    pub fn new(config: HubConfig) -> Result<Self, StoreError> {
        let requester = Requester::new(&config)?;
        Ok(Self { config, requester })
    }

    /// The hub of the environment; see [`HubConfig::from_environment`].
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_environment() -> Result<Self, StoreError> {
        Self::new(HubConfig::from_environment())
    }

    /// Its address.
    pub fn endpoint(&self) -> &str {
        &self.config.endpoint
    }

    pub(super) fn requester(&self) -> &Requester {
        &self.requester
    }

    pub(super) fn patience(&self) -> Patience {
        self.config.patience
    }

    /// The address of a file on `main`.
    pub(super) fn file_url(&self, repository: &Repository, file: &str) -> String {
        format!("{}/{repository}/resolve/main/{file}", self.endpoint())
    }

    /// The list of a repository's files.
    pub(super) fn listing(&self, repository: &Repository, watch: &mut Watch<'_>) -> Result<Listing, StoreError> {
        let url = format!("{}/api/models/{repository}?blobs=true", self.endpoint());
        let mut teller = Teller { watch, file: "list of files", before: 0, total: 0 };
        let mut troubles = Troubles::new(self.patience());
        let text = loop {
            match self.fetch_list(&url, repository) {
                Ok(text) => break text,
                Err(trouble) => {
                    let wait = troubles.next(&url, &self.requester.host(), trouble)?;
                    teller.wait(wait, 0, 0)?;
                }
            }
        };
        serde_json::from_slice(&text)
            .map_err(|error| StoreError::AnswerNotUnderstood { url, reason: error.to_string() })
    }

    fn fetch_list(&self, url: &str, repository: &Repository) -> Result<Vec<u8>, Trouble> {
        let response = self.requester.get(url, 0, &repository.to_string(), "repository")?;
        let mut text = Vec::new();
        let mut body = response.into_body().into_reader().take(LONGEST_LIST_BYTES + 1);
        body.read_to_end(&mut text).map_err(|error| Trouble::of_read(&error))?;
        if text.len() as u64 > LONGEST_LIST_BYTES {
            let reason = format!("it is longer than {LONGEST_LIST_BYTES} bytes");
            return Err(StoreError::AnswerNotUnderstood { url: url.to_owned(), reason }.into());
        }
        Ok(text)
    }
}

/// Counts tries that brought nothing and says how long to wait before the next.
#[derive(Debug)]
pub(super) struct Troubles {
    patience: Patience,
    count: u32,
}

impl Troubles {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, count: 0 }
    }

    /// A try brought something: the count begins anew.
    pub(super) fn forget(&mut self) {
        self.count = 0;
    }

    /// The wait before the next try, or the error to give up with.
    pub(super) fn next(&mut self, url: &str, host: &str, trouble: Trouble) -> Result<Duration, StoreError> {
        let (reason, asked) = match trouble {
            Trouble::Lasting(error) => return Err(error),
            Trouble::Passing { reason, wait } => (reason, wait),
        };
        self.count += 1;
        let longest = self.patience.longest_wait;
        if let Some(wait) = asked.filter(|wait| *wait > longest) {
            return Err(StoreError::RateLimited { host: host.to_owned(), wait_secs: wait.as_secs() });
        }
        if self.count >= self.patience.tries {
            return Err(StoreError::ConnectionLost { url: url.to_owned(), reason, tries: self.count });
        }
        let doubled = self.patience.first_wait.saturating_mul(1 << (self.count - 1).min(16));
        Ok(asked.unwrap_or(doubled).min(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passing(wait: Option<u64>) -> Trouble {
        Trouble::Passing { reason: "broke".to_owned(), wait: wait.map(Duration::from_secs) }
    }

    #[test]
    fn waits_double_and_end() {
        let mut troubles = Troubles::new(Patience::default());
        let mut next = |wait| troubles.next("url", "host", passing(wait));
        let secs: Vec<u64> = (0..4).map(|_| next(None).unwrap().as_secs()).collect();
        assert_eq!(secs, [1, 2, 4, 8]);
        assert_eq!(next(Some(3)).unwrap().as_secs(), 3);
        assert!(matches!(next(None), Err(StoreError::ConnectionLost { tries: 6, .. })));
    }

    #[test]
    fn a_wait_of_an_hour_is_told_and_not_waited() {
        let mut troubles = Troubles::new(Patience::default());
        let error = troubles.next("url", "host", passing(Some(3600)));
        assert!(matches!(error, Err(StoreError::RateLimited { wait_secs: 3600, .. })));
    }

    #[test]
    fn a_stated_licence_cannot_steer_a_terminal() {
        let check = |text: &str, expected: Option<&str>| {
            let listing: Listing = serde_json::from_str(text).unwrap();
            assert_eq!(listing.licence().as_deref(), expected, "{text}");
        };
        check(r#"{"cardData": {"license": "mit"}, "tags": ["license:other"]}"#, Some("mit"));
        check(r#"{"tags": ["en", "license:apache-2.0"]}"#, Some("apache-2.0"));
        check(r#"{"cardData": {"license": "\u001b[2Jmit\n"}}"#, Some("[2Jmit"));
        check(r#"{"cardData": {"license": ["mit"]}}"#, None);
        check("{}", None);
    }

    #[test]
    fn tokens_are_never_shown() {
        let token = Token::new(" hf_secret\n").unwrap();
        assert_eq!(token.header(), "Bearer hf_secret");
        let config = HubConfig { token: Some(token), ..HubConfig::default() };
        assert!(!format!("{config:?}").contains("secret"));
        assert_eq!((Token::new(" "), Token::new("a\nb")), (None, None));
    }
}
