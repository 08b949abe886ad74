//! A hub with one repository, good unless told otherwise.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::Duration;

use partwright_cadrille::store::{Hub, HubConfig, InstalledModel, ModelStore, Patience, Progress, StoreError, Token};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::server::{Answer, Asked, Server};

pub(crate) const REPOSITORY: &str = "maksimko123/cadrille";
pub(crate) const WEIGHTS: &str = "model.safetensors";

/// The bytes of the weights: long enough for several reads, without a period that a wrong resume could hide behind.
pub(crate) fn weights() -> Vec<u8> {
    (0..600_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

pub(crate) fn content(file: &str) -> Option<Vec<u8>> {
    Some(match file {
        "config.json" => b"{\"model_type\": \"qwen2_vl\"}".to_vec(),
        "tokenizer.json" => b"{\"version\": \"1.0\"}".to_vec(),
        "README.md" => b"read me".to_vec(),
        WEIGHTS => weights(),
        _ => return None,
    })
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hub's list of the repository's files.
pub(crate) fn listing(files: &[&str]) -> Value {
    let siblings: Vec<Value> = files
        .iter()
        .map(|file| {
            let bytes = content(file).unwrap_or_default();
            match *file {
                WEIGHTS => json!({
                    "rfilename": file, "size": bytes.len(), "lfs": { "sha256": sha256(&bytes), "size": bytes.len() },
                }),
                _ => json!({ "rfilename": file, "size": bytes.len(), "blobId": "0" }),
            }
        })
        .collect();
    json!({ "id": REPOSITORY, "sha": "c0ffee", "siblings": siblings, "tags": ["license:cc-by-nc-4.0"] })
}

pub(crate) const FILES: &[&str] = &["README.md", "config.json", WEIGHTS, "tokenizer.json"];

/// The right answer to a request for a file.
pub(crate) fn good(asked: &Asked) -> Answer {
    if asked.path.starts_with("/api/models/") {
        return Answer::of(200, listing(FILES).to_string().into_bytes());
    }
    let Some(bytes) = asked.path.rsplit('/').next().and_then(content) else { return Answer::status(404) };
    match asked.from {
        None => Answer::of(200, bytes),
        Some(from) if from < bytes.len() => {
            let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
            Answer::of(206, bytes[from..].to_vec()).header("Content-Range", range)
        }
        Some(_) => Answer::status(416),
    }
}

/// A good hub whose first answers for the weights are those given.
pub(crate) fn with_first(answers: Vec<Answer>) -> Server {
    let answers = Mutex::new(VecDeque::from(answers));
    Server::start(move |asked| {
        let first = asked.path.ends_with(WEIGHTS).then(|| answers.lock().expect("one thread").pop_front()).flatten();
        first.unwrap_or_else(|| good(asked))
    })
}

/// A good hub that always answers so for the weights.
pub(crate) fn with_always(answer: Answer) -> Server {
    Server::start(move |asked| if asked.path.ends_with(WEIGHTS) { answer.clone() } else { good(asked) })
}

/// A client that gives up after three tries and hardly waits.
pub(crate) fn client(endpoint: &str, token: Option<&str>) -> Hub {
    let patience = Patience {
        tries: 3,
        first_wait: Duration::from_millis(2),
        longest_wait: Duration::from_secs(2),
        connect: Duration::from_secs(5),
        silence: Duration::from_secs(5),
    };
    let config = HubConfig { endpoint: endpoint.to_owned(), token: token.and_then(Token::new), patience };
    Hub::new(config).expect("an address of loopback")
}

/// Goes on whatever is told.
pub(crate) fn on(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Pulls cadrille into the store.
pub(crate) fn pull(store: &ModelStore, server: &Server) -> Result<InstalledModel, StoreError> {
    let hub = client(&server.endpoint, None);
    let offer = hub.offer("cadrille", None, &mut on)?;
    store.pull(&hub, offer.accept_licence(), &mut on)
}

/// The names in a folder, sorted; none where there is no folder.
pub(crate) fn names(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
