//! The manifest of a data set: which cases there are, what the program sees of each and what it is measured against.
//!
//! A manifest is a JSON object with `cases`, a list of objects with `id`, `cls`, `difficulty`, `dir` (relative to the
//! manifest) and `files` (relative to `dir`): `gt_mesh` is the true surface, `scan_mesh` or `scan_points` a scan. Other
//! fields are ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

/// A manifest that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("the manifest '{}' cannot be read: {source}", path.display())]
    Unreadable {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not a manifest.
    #[error("'{}' is not a manifest: {source}", path.display())]
    Malformed {
        /// The manifest.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A case has nothing to reconstruct from.
    #[error("case '{id}' of '{}' names neither gt_mesh nor scan_mesh nor scan_points", path.display())]
    NoInput {
        /// The manifest.
        path: PathBuf,
        /// The case.
        id: String,
    },
    /// Two cases have one id.
    #[error("'{}' holds the case '{id}' twice", path.display())]
    TwiceTheSame {
        /// The manifest.
        path: PathBuf,
        /// The case.
        id: String,
    },
    /// The selection leaves nothing.
    #[error("no case of '{}' is of class {}; it holds {known}", path.display(), asked.join(", "))]
    EmptySelection {
        /// The manifest.
        path: PathBuf,
        /// The classes asked for.
        asked: Vec<String>,
        /// The classes there are.
        known: String,
    },
}

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, unique in the manifest.
    pub id: String,
    /// The part of the data set it belongs to.
    pub class: String,
    /// How hard it is said to be.
    pub difficulty: String,
    /// What the program sees.
    pub input: CaseInput,
    /// The true surface, where there is one; else a result is measured against the scan itself.
    pub truth: Option<PathBuf>,
}

/// What the program sees of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseInput {
    /// A mesh, from which points can be sampled where points are asked for.
    Mesh(PathBuf),
    /// A point cloud, and nothing else.
    Cloud(PathBuf),
}

/// The cases of a data set, in the manifest's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The manifest's file.
    pub path: PathBuf,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Which of the cases to take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Only these classes; all when empty.
    pub classes: Vec<String>,
    /// Of these only every so manieth, beginning with the one at `offset`; all when 0 or 1.
    pub every: usize,
    /// Index of the first case taken.
    pub offset: usize,
    /// Only the first so many of what is left.
    pub limit: Option<usize>,
}

#[derive(Deserialize)]
struct RawManifest {
    cases: Vec<RawCase>,
}

#[derive(Deserialize)]
struct RawCase {
    id: String,
    cls: String,
    #[serde(default)]
    difficulty: Option<String>,
    dir: PathBuf,
    files: BTreeMap<String, PathBuf>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// A file that is not there or not a manifest, with the place.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let text = fs::read(path).map_err(|source| ManifestError::Unreadable { path: path.to_owned(), source })?;
        let raw: RawManifest = serde_json::from_slice(&text)
            .map_err(|source| ManifestError::Malformed { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut ids = std::collections::BTreeSet::new();
        let mut cases = Vec::with_capacity(raw.cases.len());
        for case in raw.cases {
            if !ids.insert(case.id.clone()) {
                return Err(ManifestError::TwiceTheSame { path: path.to_owned(), id: case.id });
            }
            let file = |name: &str| case.files.get(name).map(|file| folder.join(&case.dir).join(file));
            let truth = file("gt_mesh");
            let input = if let Some(points) = file("scan_points") {
                CaseInput::Cloud(points)
            } else if let Some(mesh) = file("scan_mesh").or_else(|| truth.clone()) {
                CaseInput::Mesh(mesh)
            } else {
                return Err(ManifestError::NoInput { path: path.to_owned(), id: case.id });
            };
            let difficulty = case.difficulty.unwrap_or_else(|| "unrated".to_owned());
            cases.push(Case { id: case.id, class: case.cls, difficulty, input, truth });
        }
        Ok(Self { path: path.to_owned(), cases })
    }

    /// The selected cases, in the manifest's order.
    ///
    /// # Errors
    /// Nothing is left.
    pub fn select(&self, selection: &Selection) -> Result<Vec<Case>, ManifestError> {
        let wanted = |case: &&Case| selection.classes.is_empty() || selection.classes.contains(&case.class);
        let limit = selection.limit.unwrap_or(usize::MAX);
        let cases: Vec<Case> = self
            .cases
            .iter()
            .filter(wanted)
            .skip(selection.offset)
            .step_by(selection.every.max(1))
            .take(limit)
            .cloned()
            .collect();
        if cases.is_empty() && !selection.classes.is_empty() {
            let known: std::collections::BTreeSet<&str> = self.cases.iter().map(|case| case.class.as_str()).collect();
            return Err(ManifestError::EmptySelection {
                path: self.path.clone(),
                asked: selection.classes.clone(),
                known: known.into_iter().collect::<Vec<_>>().join(", "),
            });
        }
        Ok(cases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Manifest, ManifestError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("manifest.json");
        fs::write(&path, text).expect("a temporary file");
        let manifest = Manifest::read(&path)?;
        // Paths are made relative again, so that tests can spell them.
        let strip = |path: PathBuf| path.strip_prefix(folder.path()).expect("below the manifest").to_owned();
        let cases = manifest.cases.into_iter().map(|case| Case {
            input: match case.input {
                CaseInput::Mesh(path) => CaseInput::Mesh(strip(path)),
                CaseInput::Cloud(path) => CaseInput::Cloud(strip(path)),
            },
            truth: case.truth.map(strip),
            ..case
        });
        Ok(Manifest { path: "manifest.json".into(), cases: cases.collect() })
    }

    const CASES: &str = r#"{"note": 1, "cases": [
        {"id": "a", "cls": "A", "difficulty": "easy", "dir": "x/a", "files": {"gt_mesh": "gt.ply", "text": "t.txt"}},
        {"id": "d", "cls": "D", "dir": "x/d", "files": {"scan_mesh": "scan.ply"}},
        {"id": "d2", "cls": "D2", "dir": "x/d2", "files": {"scan_points": "s.ply", "gt_mesh": "../a/gt.ply"}}]}"#;

    #[test]
    fn the_input_is_the_scan_and_the_truth_is_the_truth() {
        let cases = read(CASES).expect("a good manifest").cases;
        let seen: Vec<_> = cases.iter().map(|case| (case.input.clone(), case.truth.clone())).collect();
        assert_eq!(
            seen,
            [
                (CaseInput::Mesh("x/a/gt.ply".into()), Some("x/a/gt.ply".into())),
                (CaseInput::Mesh("x/d/scan.ply".into()), None),
                (CaseInput::Cloud("x/d2/s.ply".into()), Some("x/d2/../a/gt.ply".into())),
            ]
        );
        assert_eq!(cases[1].difficulty, "unrated");
    }

    #[test]
    fn selections() {
        let manifest = read(CASES).expect("a good manifest");
        let check = |classes: &[&str], limit: Option<usize>, expected: &[&str]| {
            let classes = classes.iter().map(|&class| class.to_owned()).collect();
            let cases = manifest.select(&Selection { classes, limit, ..Selection::default() }).unwrap_or_default();
            assert_eq!(cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), expected);
        };
        check(&[], None, &["a", "d", "d2"]);
        check(&["D2", "A"], None, &["a", "d2"]);
        check(&[], Some(2), &["a", "d"]);
        check(&["E"], None, &[]);
        let parts = |offset: usize| {
            let cases = manifest.select(&Selection { every: 2, offset, ..Selection::default() }).unwrap_or_default();
            cases.into_iter().map(|case| case.id).collect::<Vec<_>>()
        };
        assert_eq!((parts(0), parts(1)), (vec!["a".to_owned(), "d2".to_owned()], vec!["d".to_owned()]));
        let error = manifest.select(&Selection { classes: vec!["E".into()], ..Selection::default() });
        assert!(error.is_err_and(|error| error.to_string().contains("A, D, D2")));
    }

    #[test]
    fn bad_manifests_are_refused() {
        let check = |text: &str, part: &str| {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        };
        check("", "not a manifest");
        check(r#"{"cases": [{"id": "a"}]}"#, "missing field `cls`");
        check(r#"{"cases": [{"id": "a", "cls": "A", "dir": "", "files": {"text": "t"}}]}"#, "neither gt_mesh");
        let twice = r#"{"id": "a", "cls": "A", "dir": "", "files": {"gt_mesh": "t"}}"#;
        check(&format!(r#"{{"cases": [{twice}, {twice}]}}"#), "twice");
    }
}
