//! Where results are written: files, replaced whole or not at all, or standard output.

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use partwright_geometry::save;

use crate::failure::Failure;

/// What a file holds, by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// An exact solid as STEP.
    Step,
    /// A mesh as STL.
    Stl,
    /// A mesh as PLY.
    Ply,
    /// A mesh as OBJ.
    Obj,
    /// A mesh as 3MF.
    ThreeMf,
    /// A CadQuery program.
    Program,
    /// A JSON object.
    Json,
    /// A picture.
    Png,
    /// A report to be read.
    Markdown,
}

impl FileKind {
    /// Everything a shape can be written as.
    pub(crate) const SHAPES: &[Self] = &[Self::Step, Self::Stl, Self::Ply, Self::Obj, Self::ThreeMf];
    /// Everything a mesh can be written as.
    pub(crate) const MESHES: &[Self] = &[Self::Stl, Self::Ply, Self::Obj, Self::ThreeMf];

    /// The extensions a file of this kind may have.
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Step => &["step", "stp"],
            Self::Stl => &["stl"],
            Self::Ply => &["ply"],
            Self::Obj => &["obj"],
            Self::ThreeMf => &["3mf"],
            Self::Program => &["py"],
            Self::Json => &["json"],
            Self::Png => &["png"],
            Self::Markdown => &["md"],
        }
    }

    /// The kind among `allowed` that the extension of `path` names.
    fn of(path: &Path, allowed: &[Self]) -> Result<Self, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let known = || {
            let names: Vec<&str> = allowed.iter().flat_map(|kind| kind.extensions()).copied().collect();
            format!("known extensions: .{}", names.join(", ."))
        };
        let Some(extension) = extension else {
            return Err(
                Failure::usage(format!("'{}' has no extension that says its format", path.display())).help(known())
            );
        };
        allowed.iter().copied().find(|kind| kind.extensions().contains(&extension.as_str())).ok_or_else(|| {
            Failure::usage(format!("'{}': the extension .{extension} is not known here", path.display())).help(known())
        })
    }
}

/// One place to write to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Destination {
    /// The file; `None` is standard output.
    path: Option<PathBuf>,
    /// What is written there.
    pub(crate) kind: FileKind,
}

impl Destination {
    /// Writes the whole of `bytes`: the file is replaced when all of them are on disk, or left as it was.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        if let Some(path) = &self.path {
            return save::atomically(path, |file| file.write_all(bytes))
                .map_err(|error: io::Error| Failure::failed(error.to_string()));
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("standard output cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Whether this is standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        self.path.is_none()
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => path.display().fmt(f),
            None => f.write_str("standard output"),
        }
    }
}

/// Checks destinations before any work is done: formats known, folders there, nothing written over an input or twice.
#[derive(Debug)]
pub(crate) struct Destinations<'a> {
    inputs: Vec<&'a Path>,
    taken: Vec<PathBuf>,
    stdout_taken: bool,
}

impl<'a> Destinations<'a> {
    /// No destination yet. With `json` standard output is taken by the JSON object.
    pub(crate) fn new(inputs: impl IntoIterator<Item = &'a Path>, json: bool) -> Self {
        Self { inputs: inputs.into_iter().collect(), taken: Vec::new(), stdout_taken: json }
    }

    /// Accepts one more path, of one of the kinds in `allowed`; `-` is standard output and takes the first kind.
    pub(crate) fn accept(&mut self, path: &Path, allowed: &[FileKind]) -> Result<Destination, Failure> {
        if path == Path::new("-") {
            if self.stdout_taken {
                return Err(Failure::usage("standard output can take one result only")
                    .help("give a file name instead of '-' for the others, and do not combine '-' with --json"));
            }
            self.stdout_taken = true;
            let kind = *allowed.first().ok_or_else(|| Failure::usage("nothing can be written to '-' here"))?;
            return Ok(Destination { path: None, kind });
        }
        let kind = FileKind::of(path, allowed)?;
        let whole = place(path)?;
        if self.inputs.iter().any(|input| input.canonicalize().is_ok_and(|input| input == whole)) {
            return Err(Failure::usage(format!("'{}' is the input and would be overwritten", path.display()))
                .help("choose another name for the output"));
        }
        if self.taken.contains(&whole) {
            return Err(Failure::usage(format!("'{}' is named twice as an output", path.display())));
        }
        self.taken.push(whole);
        Ok(Destination { path: Some(path.to_owned()), kind })
    }

    /// As [`Self::accept`] for a path that may not be given.
    pub(crate) fn accept_some(
        &mut self,
        path: Option<&Path>,
        allowed: &[FileKind],
    ) -> Result<Option<Destination>, Failure> {
        path.map(|path| self.accept(path, allowed)).transpose()
    }
}

/// The absolute path of a file that may not exist yet, in a folder that must.
fn place(path: &Path) -> Result<PathBuf, Failure> {
    if path.is_dir() {
        return Err(Failure::usage(format!("'{}' is a folder, not a file", path.display())));
    }
    if let Ok(whole) = path.canonicalize() {
        return Ok(whole);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder_whole = folder.canonicalize().map_err(|_| {
        Failure::failed(format!("'{}': the folder '{}' does not exist", path.display(), folder.display()))
            .help("create the folder first")
    })?;
    let name = path.file_name().ok_or_else(|| Failure::usage(format!("'{}' names no file", path.display())))?;
    Ok(folder_whole.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_the_extension() {
        let check = |name: &str, allowed: &[FileKind], expected: Option<FileKind>| {
            assert_eq!(FileKind::of(Path::new(name), allowed).ok(), expected, "{name}");
        };
        check("a.step", FileKind::SHAPES, Some(FileKind::Step));
        check("a.STP", FileKind::SHAPES, Some(FileKind::Step));
        check("a.b.3mf", FileKind::SHAPES, Some(FileKind::ThreeMf));
        check("a.step", FileKind::MESHES, None);
        check("a", FileKind::SHAPES, None);
        check("a.iges", FileKind::SHAPES, None);
        check("a.py", &[FileKind::Program], Some(FileKind::Program));
    }

    #[test]
    fn clashes_are_found_before_any_work() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let input = folder.path().join("in.stl");
        std::fs::write(&input, b"solid")?;
        let mut outputs = Destinations::new([input.as_path()], false);
        let dotted = folder.path().join(".").join("in.stl");
        assert!(outputs.accept(&dotted, FileKind::MESHES).is_err(), "the input under another spelling");
        assert!(outputs.accept(&folder.path().join("out.stl"), FileKind::MESHES).is_ok());
        assert!(outputs.accept(&folder.path().join("out.stl"), FileKind::MESHES).is_err(), "twice");
        assert!(outputs.accept(&folder.path().join("no/out.stl"), FileKind::MESHES).is_err(), "no such folder");
        assert!(outputs.accept(folder.path(), FileKind::MESHES).is_err(), "a folder");
        assert!(outputs.accept(Path::new("-"), FileKind::SHAPES).is_ok_and(|to| to.is_stdout()));
        assert!(outputs.accept(Path::new("-"), FileKind::MESHES).is_err(), "standard output twice");
        assert!(Destinations::new([], true).accept(Path::new("-"), FileKind::SHAPES).is_err(), "json and '-'");
        assert!(!folder.path().join("no").exists());
        Ok(())
    }
}
