//! Why the store could not do what it was asked, and what the user can do.

use std::io;
use std::path::{Path, PathBuf};

/// Everything that can go wrong in the store, by its cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No model of this name is installed.
    #[error("no model '{name}' is installed; `partwright model list` shows what is, and what can be pulled")]
    NotInstalled {
        /// The name asked for.
        name: String,
    },
    /// Neither a known name nor OWNER/REPO.
    #[error("'{name}' is neither a known model nor OWNER/REPO of a hub; known: {known}")]
    UnknownModel {
        /// What was asked for.
        name: String,
        /// The known names.
        known: String,
    },
    /// A name that would not do as the name of a folder.
    #[error("'{name}' cannot name a model: use letters, digits, '-', '_' and '.', not '.' in front")]
    NameNotPlain {
        /// The name.
        name: String,
    },
    /// Another model has the name.
    #[error("the name '{name}' belongs to the model from {origin}; remove that one first or give another name")]
    NameTaken {
        /// The name.
        name: String,
        /// Where the model of this name is from.
        origin: String,
    },
    /// A file or folder of the store could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The list of models cannot be understood.
    #[error(
        "{path}: the list of models is damaged ({reason}); repair it, or move it away and pull or add the models again"
    )]
    IndexDamaged {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The list of models is of a newer program.
    #[error("{path}: the list of models has version {version}, written by a newer partwright; use that one")]
    IndexNewer {
        /// The list.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// Another process changes the store.
    #[error("{root}: another partwright is changing the models; try again when it has finished")]
    Busy {
        /// The store.
        root: PathBuf,
    },
    /// The download does not fit.
    #[error(
        "{folder}: {needed} more bytes are needed and {available} are free; make room or set PARTWRIGHT_MODELS to another disk"
    )]
    DiskFull {
        /// Where it should go.
        folder: PathBuf,
        /// Bytes that are still to be downloaded, with a margin.
        needed: u64,
        /// Bytes that are free.
        available: u64,
    },
    /// The hub's list names a file that would lie outside the model's folder.
    #[error(
        "{repository}: the hub lists a file named {name:?}, which could be written elsewhere; nothing was downloaded"
    )]
    FileNameHostile {
        /// The repository.
        repository: String,
        /// The name.
        name: String,
    },
    /// The repository or folder has not all that a checkpoint needs.
    #[error("{place}: there is no {missing}, so this is not a checkpoint that can be loaded here")]
    NotACheckpoint {
        /// The repository or folder.
        place: String,
        /// What is missing.
        missing: &'static str,
    },
    /// 401: the hub wants to know who asks.
    #[error(
        "{repository}: {host} wants a token, or there is no such repository; check the name, make a token on the site and set HF_TOKEN"
    )]
    TokenNeeded {
        /// The repository.
        repository: String,
        /// The hub.
        host: String,
    },
    /// 403: whoever asks may not.
    #[error(
        "{repository}: {host} refuses the download; accept the licence on the repository's page there, and set HF_TOKEN to a token of that account"
    )]
    AccessDenied {
        /// The repository.
        repository: String,
        /// The hub.
        host: String,
    },
    /// 404: no such repository or file.
    #[error("{repository}: {host} has no {what} of this name; check the spelling and HF_ENDPOINT")]
    NoSuchRepository {
        /// The repository.
        repository: String,
        /// The hub.
        host: String,
        /// "repository", or the file's name.
        what: String,
    },
    /// 429, and the hub asks for a longer wait than anybody would want.
    #[error("{host} takes no more requests for {wait_secs} s; try again then (HF_TOKEN raises the limit)")]
    RateLimited {
        /// The hub.
        host: String,
        /// For how long, in seconds.
        wait_secs: u64,
    },
    /// Any other answer that is no success.
    #[error("{url}: the server answered {status}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// No answer, or the connection broke again and again.
    #[error("{url}: {reason} (tried {tries} times); what has arrived is kept, so pulling again goes on from there")]
    ConnectionLost {
        /// What was asked for.
        url: String,
        /// What happened last.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The host cannot be found or does not speak as it should; trying again would not help.
    #[error("{url}: {reason}; is this machine online, and is HF_ENDPOINT right?")]
    NotReachable {
        /// What was asked for.
        url: String,
        /// Why.
        reason: String,
    },
    /// A redirection that must not be followed.
    #[error("{url}: redirected to {target:?}, which is not followed: {reason}")]
    RedirectRefused {
        /// What was asked for.
        url: String,
        /// Where the server points.
        target: String,
        /// Why not.
        reason: &'static str,
    },
    /// An answer that is not what the hub's interface says.
    #[error("{url}: the answer is not understood ({reason}); is HF_ENDPOINT a model hub?")]
    AnswerNotUnderstood {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is not as long as the hub says.
    #[error("{file}: {received} bytes instead of {expected}; the file was not kept, try again later")]
    LengthWrong {
        /// The file.
        file: String,
        /// Bytes according to the hub's list.
        expected: u64,
        /// Bytes that the server sends.
        received: u64,
    },
    /// The file is not what the hub says.
    #[error("{file}: its SHA-256 is {received} instead of {expected}; the file was not kept, try again later")]
    HashWrong {
        /// The file.
        file: String,
        /// The digest according to the hub's list.
        expected: String,
        /// The digest of what arrived.
        received: String,
    },
    /// The caller stopped the work.
    #[error("stopped; what has arrived is kept, so pulling again goes on from there")]
    Cancelled,
}

impl StoreError {
    /// Names the file an error of input or output belongs to.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_owned(), source }
    }
}
