//! The README's commands are the ones that continuous integration runs.

use std::fs;

use partwright_tests::root;

fn lines_with(text: &str, part: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| line.contains(part)).map(str::to_owned).collect()
}

#[test]
fn the_tests_of_the_readme_are_those_of_ci() -> std::io::Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let ci = fs::read_to_string(root().join(".ci/run"))?;
    let documented = lines_with(&readme, "cargo test ");
    let [documented] = documented.as_slice() else {
        panic!("the README should give one test command, not {documented:?}");
    };
    let run: Vec<String> =
        lines_with(&ci, "step cargo test ").iter().map(|line| line.replace("step ", "packaging/with-rust ")).collect();
    assert_eq!(run, std::slice::from_ref(documented));
    Ok(())
}

#[test]
fn the_files_that_the_readme_names_exist() -> std::io::Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    // Paths in code spans and commands that begin with a folder of the repository; what a command writes has no folder.
    let folders = ["app/", "assets/", "engine/", "packaging/", "shaders/", "tests/", ".ci/"];
    let words = readme.split(|c: char| c.is_whitespace() || "`()[]<>\"',".contains(c));
    let mut named = 0;
    for word in words {
        let word = word.trim_end_matches(['.', ':', ';']);
        if folders.iter().any(|folder| word.starts_with(folder)) {
            named += 1;
            assert!(root().join(word).exists(), "the README names '{word}', which does not exist");
        }
    }
    assert!(named > 0, "the README names no file at all");
    Ok(())
}
