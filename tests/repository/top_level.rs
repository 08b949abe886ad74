//! The top level of the repository is fixed.

use std::process::Command;

use partwright_tests::root;

const TOP_LEVEL: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "assets",
    "engine",
    "packaging",
    "shaders",
    "tests",
];

#[test]
fn nothing_else_stands_at_the_top() {
    let listed = Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Some(listed) = listed.ok().filter(|output| output.status.success()) else {
        eprintln!("skipped: this is not a git checkout");
        return;
    };
    let mut names: Vec<String> = String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter_map(|path| path.split('/').next())
        .filter(|name| !name.starts_with('.'))
        .map(str::to_owned)
        .collect();
    names.dedup();
    names.sort();
    names.dedup();
    assert_eq!(names, TOP_LEVEL);
}
