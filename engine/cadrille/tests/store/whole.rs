//! Pulls that succeed, straight or after trouble.

use std::fs;
use std::ops::ControlFlow;

use partwright_cadrille::store::{ModelStore, Stage, StoreError};
use tempfile::{TempDir, tempdir};

use crate::hub::{FILES, REPOSITORY, WEIGHTS, client, good, listing, names, on, pull, sha256, weights, with_first};
use crate::server::{Answer, Server};

const INSTALLED: [&str; 3] = ["config.json", WEIGHTS, "tokenizer.json"];

fn store() -> (TempDir, ModelStore) {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    (folder, store)
}

/// The model is there, whole, and nothing else is.
#[track_caller]
fn expect_whole(store: &ModelStore) {
    let folder = store.folder("cadrille").expect("an installed model");
    assert_eq!(names(&folder), INSTALLED);
    assert!(fs::read(folder.join(WEIGHTS)).expect("the weights") == weights(), "the weights differ");
    assert_eq!(store.verify("cadrille", &mut on).expect("readable files"), []);
}

#[test]
fn a_model_is_pulled_with_what_it_needs_and_no_more() {
    let (_folder, store) = store();
    let server = Server::start(good);
    let hub = client(&server.endpoint, None);
    let offer = hub.offer("cadrille", None, &mut on).expect("a good hub");
    assert_eq!((offer.name.as_str(), offer.licence.as_str()), ("cadrille", "CC BY-NC 4.0"));
    assert_eq!(offer.repository.to_string(), REPOSITORY);
    assert_eq!(offer.files().collect::<Vec<_>>(), ["tokenizer.json", "config.json", WEIGHTS]);
    assert!(offer.bytes() > 600_000);
    let mut last = [0, 0];
    let mut watch = |progress: &partwright_cadrille::store::Progress<'_>| {
        assert!(progress.all_bytes[0] >= last[0] && progress.all_bytes[0] <= progress.all_bytes[1], "{progress:?}");
        last = progress.all_bytes;
        ControlFlow::Continue(())
    };
    let total = offer.bytes();
    let model = store.pull(&hub, offer.accept_licence(), &mut watch).expect("a good hub");
    assert_eq!(last, [total, total]);
    assert_eq!(model.files[WEIGHTS].sha256, sha256(&weights()));
    assert_eq!(model.bytes(), total);
    assert_eq!(store.default_name().expect("a list").as_deref(), Some("cadrille"));
    expect_whole(&store);
    assert!(server.asked().iter().all(|asked| !asked.path.ends_with("README.md")));
}

#[test]
fn a_broken_connection_is_taken_up_where_it_broke() {
    let (_folder, store) = store();
    let whole = Answer::of(200, weights());
    let server = with_first(vec![whole.cut(250_000)]);
    pull(&store, &server).expect("the second try succeeds");
    expect_whole(&store);
    let ranges = server.ranges(WEIGHTS);
    assert!(matches!(ranges[..], [None, Some(1..=250_000)]), "{ranges:?}");
}

#[test]
fn a_pull_goes_on_where_the_last_one_gave_up() {
    let (_folder, store) = store();
    let broken = || Answer::of(200, weights()).cut(300_000);
    let server = with_first(vec![broken(), Answer::status(503), Answer::status(503)]);
    let error = pull(&store, &server).expect_err("three tries fail");
    assert!(matches!(error, StoreError::ConnectionLost { tries: 3, .. }), "{error}");
    assert!(matches!(store.folder("cadrille"), Err(StoreError::NotInstalled { .. })), "nothing half is installed");
    let part = store.root().join("cadrille").join(format!("{WEIGHTS}.part"));
    let there = fs::metadata(part).expect("what has arrived").len() as usize;
    assert!(there > 0);
    pull(&store, &server).expect("the hub is well again");
    expect_whole(&store);
    assert_eq!(server.ranges(WEIGHTS).last(), Some(&Some(there)));
}

#[test]
fn a_stopped_pull_goes_on_too() {
    let (_folder, store) = store();
    let server = Server::start(good);
    let hub = client(&server.endpoint, None);
    let offer = hub.offer("cadrille", None, &mut on).expect("a good hub");
    let mut stop = |progress: &partwright_cadrille::store::Progress<'_>| {
        let enough = progress.stage == Stage::Downloading && progress.file == WEIGHTS;
        if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let error = store.pull(&hub, offer.accept_licence(), &mut stop).expect_err("it was stopped");
    assert!(matches!(error, StoreError::Cancelled), "{error}");
    pull(&store, &server).expect("a good hub");
    expect_whole(&store);
    assert!(matches!(server.ranges(WEIGHTS)[..], [None, Some(_)]));
}

#[test]
fn a_server_without_ranges_is_met() {
    let (_folder, store) = store();
    let whole = || Answer::of(200, weights());
    let server = with_first(vec![whole().cut(250_000), whole()]);
    pull(&store, &server).expect("the whole file comes at the second try");
    expect_whole(&store);
}

#[test]
fn a_piece_of_an_older_version_is_replaced() {
    let (_folder, store) = store();
    let folder = store.root().join("cadrille");
    fs::create_dir_all(&folder).expect("a temporary folder");
    let server = Server::start(good);
    for length in [1000, 600_000, 700_000] {
        fs::write(folder.join(format!("{WEIGHTS}.part")), vec![7; length]).expect("a temporary file");
        let _ = fs::remove_file(folder.join(WEIGHTS));
        pull(&store, &server).expect("a good hub");
        expect_whole(&store);
    }
}

#[test]
fn a_second_pull_checks_and_repairs() {
    let (_folder, store) = store();
    let server = Server::start(good);
    pull(&store, &server).expect("a good hub");
    pull(&store, &server).expect("a good hub");
    assert_eq!(server.ranges(WEIGHTS), [None], "right weights are not downloaded again");
    let mut damaged = weights();
    damaged[77] ^= 1;
    fs::write(store.root().join("cadrille").join(WEIGHTS), damaged).expect("a temporary file");
    assert_eq!(store.verify("cadrille", &mut on).expect("readable files").len(), 1);
    pull(&store, &server).expect("a good hub");
    expect_whole(&store);
}

#[test]
fn a_busy_hub_is_asked_again() {
    for first in [Answer::status(503), Answer::status(429).header("Retry-After", "0"), Answer::status(500)] {
        let (_folder, store) = store();
        let server = with_first(vec![first.clone(), first]);
        pull(&store, &server).expect("the third try succeeds");
        expect_whole(&store);
        assert_eq!(server.ranges(WEIGHTS), [None; 3]);
    }
}

#[test]
fn a_list_that_is_refused_first_is_asked_again() {
    let (_folder, store) = store();
    let count = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |asked| {
        let first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        if first { Answer::status(429).header("Retry-After", "1") } else { good(asked) }
    });
    let begin = std::time::Instant::now();
    pull(&store, &server).expect("the second try succeeds");
    assert!(begin.elapsed().as_secs_f64() > 0.9, "the wait that is asked for is kept");
    expect_whole(&store);
}

#[test]
fn redirections_are_followed_and_the_token_stays_at_home() {
    let (_folder, store) = store();
    let elsewhere = Server::start(good);
    let away = elsewhere.endpoint.clone();
    let server = Server::start(move |asked| {
        let path = &asked.path;
        if path.ends_with(WEIGHTS) {
            Answer::status(302).header("Location", format!("{away}{path}"))
        } else if path.ends_with("config.json") && !path.contains("moved") {
            Answer::status(307).header("Location", "/moved/config.json")
        } else {
            good(asked)
        }
    });
    let hub = client(&server.endpoint, Some("hf_secret"));
    let offer = hub.offer("cadrille", None, &mut on).expect("a good hub");
    store.pull(&hub, offer.accept_licence(), &mut on).expect("a good hub");
    expect_whole(&store);
    let token = Some("Bearer hf_secret".to_owned());
    assert!(server.asked().iter().all(|asked| asked.token == token));
    assert!(server.asked().iter().any(|asked| asked.path == "/moved/config.json"));
    assert_eq!(elsewhere.asked().len(), 1);
    assert!(elsewhere.asked().iter().all(|asked| asked.token.is_none()), "the token left the hub");
}

#[test]
fn a_repository_without_a_tokenizer_gets_that_of_its_base() {
    let (_folder, store) = store();
    let server = Server::start(|asked| {
        if asked.path.starts_with("/api/models/maksimko123/") {
            let files: Vec<&str> = FILES.iter().copied().filter(|file| *file != "tokenizer.json").collect();
            return Answer::of(200, listing(&files).to_string().into_bytes());
        }
        good(asked)
    });
    pull(&store, &server).expect("a good hub");
    expect_whole(&store);
    let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert!(paths.contains(&"/Qwen/Qwen2-VL-2B-Instruct/resolve/main/tokenizer.json".to_owned()), "{paths:?}");
    assert!(!paths.contains(&"/Qwen/Qwen2-VL-2B-Instruct/resolve/main/model.safetensors".to_owned()), "{paths:?}");
}
