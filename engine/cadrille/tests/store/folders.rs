//! Models that were added, and the list of models.

use std::fs;
use std::path::{Path, PathBuf};

use partwright_cadrille::store::{Fault, ModelStore, Origin, StoreError};
use tempfile::tempdir;

use crate::hub::{good, names, on, pull};
use crate::server::Server;

/// A folder that looks like a checkpoint.
fn checkpoint(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(&path).expect("a temporary folder");
    for file in ["config.json", "tokenizer.json", "model-1.safetensors", "notes.txt"] {
        fs::write(path.join(file), format!("{name} {file}")).expect("a temporary file");
    }
    path
}

#[test]
fn a_folder_is_added_verified_and_forgotten() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    let mine = checkpoint(folder.path(), "mine");
    let (name, model) = store.add(&mine, None, None, &mut on).expect("a checkpoint");
    assert_eq!((name.as_str(), model.licence.as_str()), ("mine", "not stated"));
    assert_eq!(model.files.keys().collect::<Vec<_>>(), ["config.json", "model-1.safetensors", "tokenizer.json"]);
    assert_eq!(store.folder("mine").expect("installed"), mine.canonicalize().expect("a folder"));
    assert_eq!(store.verify("mine", &mut on).expect("readable files"), []);

    fs::write(mine.join("config.json"), "mine config.jsoN").expect("a temporary file");
    fs::write(mine.join("tokenizer.json"), "short").expect("a temporary file");
    fs::remove_file(mine.join("model-1.safetensors")).expect("it is there");
    let faults = store.verify("mine", &mut on).expect("readable files");
    let expected = [
        Fault::Content { file: "config.json".into() },
        Fault::Missing { file: "model-1.safetensors".into() },
        Fault::Length { file: "tokenizer.json".into(), expected: 19, found: 5 },
    ];
    assert_eq!(faults, expected);

    store.remove("mine").expect("installed");
    assert!(mine.join("config.json").exists(), "the user's files stay");
    assert!(matches!(store.remove("mine"), Err(StoreError::NotInstalled { .. })));
}

#[test]
fn the_default_is_the_first_then_as_chosen_then_what_is_left() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    assert_eq!(store.default_name().expect("no list yet"), None);
    assert!(names(store.root()).is_empty(), "asking creates nothing");
    for name in ["b", "c", "a"] {
        store.add(&checkpoint(folder.path(), name), None, Some("MIT"), &mut on).expect("a checkpoint");
    }
    let default = || store.default_name().expect("a list");
    assert_eq!(default().as_deref(), Some("b"));
    store.set_default("c").expect("installed");
    assert_eq!(default().as_deref(), Some("c"));
    assert!(matches!(store.set_default("d"), Err(StoreError::NotInstalled { .. })));
    store.remove("c").expect("installed");
    assert_eq!(default().as_deref(), Some("a"));
    assert_eq!(store.models().expect("a list").keys().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn folders_that_are_no_checkpoints_are_refused() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    for missing in ["config.json", "tokenizer.json", "model-1.safetensors"] {
        let path = checkpoint(folder.path(), &format!("without-{missing}"));
        fs::remove_file(path.join(missing)).expect("it is there");
        let error = store.add(&path, None, None, &mut on).expect_err("no checkpoint");
        assert!(matches!(error, StoreError::NotACheckpoint { .. }), "{error}");
    }
    let error = store.add(&folder.path().join("nowhere"), None, None, &mut on).expect_err("no folder");
    assert!(error.to_string().contains("nowhere"), "{error}");
    let spaced = checkpoint(folder.path(), "my model");
    let error = store.add(&spaced, None, None, &mut on).expect_err("a name with a space");
    assert!(matches!(error, StoreError::NameNotPlain { .. }), "{error}");
    assert!(store.add(&spaced, Some("my-model"), None, &mut on).is_ok());
}

#[test]
fn names_are_not_taken_over() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    let mine = checkpoint(folder.path(), "cadrille");
    store.add(&mine, None, None, &mut on).expect("a checkpoint");
    store.add(&mine, None, Some("MIT"), &mut on).expect("the same folder again");
    let other = checkpoint(folder.path(), "other");
    let error = store.add(&other, Some("cadrille"), None, &mut on).expect_err("taken");
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
    let server = Server::start(good);
    let error = pull(&store, &server).expect_err("taken");
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
    assert!(matches!(store.installed("cadrille").expect("a list").origin, Origin::Folder { .. }));
}

#[test]
fn a_removed_model_leaves_nothing() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    let server = Server::start(good);
    pull(&store, &server).expect("a good hub");
    store.remove("cadrille").expect("installed");
    assert_eq!(names(store.root()), [".lock", "models.json"]);
    // What a pull that never finished has left goes too.
    fs::create_dir(store.root().join("cadrille")).expect("a temporary folder");
    store.remove("cadrille").expect("a folder is there");
    assert_eq!(names(store.root()), [".lock", "models.json"]);
    for name in ["..", "", "models.json/..", "."] {
        assert!(matches!(store.remove(name), Err(StoreError::NotInstalled { .. })), "{name}");
    }
}

#[test]
fn one_change_at_a_time() {
    let folder = tempdir().expect("a temporary folder");
    let store = ModelStore::new(folder.path().join("models"));
    let mine = checkpoint(folder.path(), "mine");
    let inner = store.clone();
    let mut busy = false;
    let mut watch = |_: &partwright_cadrille::store::Progress<'_>| {
        busy = matches!(inner.remove("anything"), Err(StoreError::Busy { .. }));
        std::ops::ControlFlow::Continue(())
    };
    store.add(&mine, None, None, &mut watch).expect("a checkpoint");
    assert!(busy, "the store was changed by two at once");
    store.remove("mine").expect("the lock is free again");
}
