//! Pulls that must fail, with the right word and nothing half installed.

use partwright_cadrille::store::{ModelStore, StoreError};
use serde_json::json;
use tempfile::tempdir;

use crate::hub::{FILES, WEIGHTS, client, good, listing, names, on, pull, weights, with_always};
use crate::server::{Answer, Server};

/// Pulls from the server into a new store, which must fail, leave no model and nothing under the weights' name.
#[track_caller]
fn fails(server: &Server) -> StoreError {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path());
    let error = pull(&store, server).expect_err("this hub is bad");
    assert!(store.models().expect("a list").is_empty());
    assert!(!names(&folder.path().join("cadrille")).contains(&WEIGHTS.to_owned()));
    error
}

#[test]
fn a_wrong_hash_is_told_and_the_file_dropped() {
    let mut wrong = weights();
    wrong[300_000] ^= 1;
    let server = with_always(Answer::of(200, wrong));
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path());
    let error = pull(&store, &server).expect_err("the file is not what the list says");
    assert!(matches!(&error, StoreError::HashWrong { file, .. } if file == WEIGHTS), "{error}");
    assert_eq!(names(&folder.path().join("cadrille")), ["config.json", "tokenizer.json"]);
    assert_eq!(server.ranges(WEIGHTS).len(), 1, "what is wrong is not downloaded again and again");
}

#[test]
fn lies_about_the_length_are_told() {
    // Another length than the list's, claimed and sent.
    let error = fails(&with_always(Answer::of(200, weights()[..500_000].to_vec())));
    assert!(matches!(error, StoreError::LengthWrong { expected: 600_000, received: 500_000, .. }), "{error}");
    // The list's length claimed, less sent, again and again without an end.
    let error = fails(&with_always(Answer::of(200, weights()).cut(0)));
    assert!(matches!(error, StoreError::ConnectionLost { tries: 3, .. }), "{error}");
    // No length claimed, more sent than the list says.
    let mut longer = weights();
    longer.extend([0; 1000]);
    let error = fails(&with_always(Answer::of(200, longer).claiming(None)));
    assert!(matches!(error, StoreError::LengthWrong { expected: 600_000, .. }), "{error}");
}

#[test]
fn strange_ranges_are_told() {
    let server = Server::start(|asked| match asked.from {
        None if asked.path.ends_with(WEIGHTS) => good(asked).cut(250_000),
        Some(_) => Answer::of(206, weights()).header("Content-Range", "bytes 0-599999/600000"),
        None => good(asked),
    });
    let error = fails(&server);
    assert!(matches!(error, StoreError::AnswerNotUnderstood { .. }), "{error}");
}

#[test]
fn refusals_say_what_to_do() {
    let check = |status: u16, part: &str| {
        for server in [with_always(Answer::status(status)), Server::start(move |_| Answer::status(status))] {
            let error = fails(&server).to_string();
            assert!(error.contains("maksimko123/cadrille") && error.contains(part), "{status}: {error}");
            let asked = server.asked();
            let refused = asked.iter().filter(|asked| asked.path.ends_with(WEIGHTS) || asked.path.starts_with("/api"));
            assert!(refused.count() <= 2, "a refusal is final: {asked:?}");
        }
    };
    check(401, "HF_TOKEN");
    check(403, "accept the licence");
    check(404, "check the spelling");
    check(418, "418");
}

#[test]
fn a_hub_that_wants_an_hour_is_left_alone() {
    let server = with_always(Answer::status(429).header("Retry-After", "3600"));
    let error = fails(&server);
    assert!(matches!(error, StoreError::RateLimited { wait_secs: 3600, .. }), "{error}");
    assert_eq!(server.ranges(WEIGHTS).len(), 1);
    let error = fails(&with_always(Answer::status(429)));
    assert!(matches!(error, StoreError::ConnectionLost { tries: 3, .. }), "{error}");
}

#[test]
fn redirections_in_a_circle_end() {
    let error = fails(&with_always(Answer::status(302).header("Location", format!("/x/{WEIGHTS}"))));
    assert!(matches!(error, StoreError::RedirectRefused { .. }), "{error}");
    let error = fails(&with_always(Answer::status(302).header("Location", "file:///etc/passwd")));
    assert!(matches!(error, StoreError::RedirectRefused { .. }), "{error}");
}

fn with_list(list: String) -> Server {
    Server::start(
        move |asked| {
            if asked.path.starts_with("/api") { Answer::of(200, list.clone().into_bytes()) } else { good(asked) }
        },
    )
}

#[test]
fn hostile_and_useless_lists_download_nothing() {
    let check = |list: String, part: &str| {
        let server = with_list(list);
        let error = fails(&server).to_string();
        assert!(error.contains(part), "{error}");
        assert!(server.asked().iter().all(|asked| asked.path.starts_with("/api")));
    };
    for name in ["../model.safetensors", "/etc/model.safetensors", "a\\..\\model.safetensors"] {
        let mut list = listing(FILES);
        list["siblings"].as_array_mut().expect("a list").push(json!({ "rfilename": name, "size": 3 }));
        check(list.to_string(), "could be written elsewhere");
    }
    check(listing(&["config.json", "tokenizer.json"]).to_string(), "no *.safetensors");
    check(listing(&[WEIGHTS]).to_string(), "no config.json");
    check("<html>welcome</html>".to_owned(), "not understood");
    check("[]".to_owned(), "not understood");
}

#[test]
fn what_does_not_fit_is_not_begun() {
    let mut list = listing(FILES);
    let large = json!({ "rfilename": "model-2.safetensors", "size": 1_u64 << 60, "lfs": { "sha256": "00", "size": 1_u64 << 60 } });
    list["siblings"].as_array_mut().expect("a list").push(large);
    let server = with_list(list.to_string());
    let error = fails(&server);
    assert!(matches!(error, StoreError::DiskFull { needed, .. } if needed > 1 << 60), "{error}");
    assert!(server.asked().iter().all(|asked| asked.path.starts_with("/api")));
}

#[test]
fn a_machine_that_is_not_there_is_told() {
    // A port that was free a moment ago: nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let error = client(&format!("http://{free}"), None).offer("cadrille", None, &mut on).expect_err("nobody is there");
    assert!(matches!(error, StoreError::ConnectionLost { tries: 3, .. }), "{error}");
    let error = client("http://127.0.0.1:1", None).offer("no such", None, &mut on).expect_err("no such name");
    assert!(matches!(error, StoreError::UnknownModel { .. }), "{error}");
}
