//! Wrong command lines, help and completions.

use tempfile::tempdir;

use crate::program::run;

#[test]
fn wrong_usage_ends_with_two() {
    let folder = tempdir().expect("a temporary folder");
    let check = |arguments: &[&str], part: &str| {
        run(folder.path(), arguments).expect(2, part);
    };
    check(&["fly"], "neither a command nor a file");
    check(&["reconstruct"], "required");
    check(&["reconstruct", "a.stl", "--units", "furlong"], "furlong");
    check(&["run", "a.py", "--batch", "b.jsonl"], "cannot be used with");
    check(&["bench"], "required");
}

#[test]
fn help_version_and_completions_are_on_standard_output() {
    let folder = tempdir().expect("a temporary folder");
    let check = |arguments: &[&str], part: &str| {
        let ran = run(folder.path(), arguments).expect(0, "");
        assert!(ran.text().contains(part), "{arguments:?}: {}", ran.text());
        assert!(!ran.text().contains("\u{1b}["), "no colour without a terminal");
    };
    check(&["--help"], "reconstruct");
    check(&["--version"], env!("CARGO_PKG_VERSION"));
    check(&["reconstruct", "--help"], "--units");
    check(&["completions", "bash"], "_partwright()");
    check(&["completions", "zsh"], "#compdef partwright");
    check(&["completions", "fish"], "complete -c partwright");
}
