//! No source file grows beyond what one reads in one sitting.

use std::fs;

use partwright_tests::{files_below, root};

const LONGEST: usize = 600;

#[test]
fn no_file_is_too_long() -> std::io::Result<()> {
    let mut too_long = Vec::new();
    for path in files_below(root(), &["rs", "py", "wgsl"])? {
        let lines = fs::read_to_string(&path)?.lines().count();
        if lines > LONGEST {
            too_long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(too_long.is_empty(), "longer than {LONGEST} lines:\n{}", too_long.join("\n"));
    Ok(())
}
