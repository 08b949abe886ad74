//! The folder itself.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::curves::curves;
use super::state::checkpoint;
use super::{Examined, Row, State};
use crate::sft::{SftConfig, TrainError, Trainer};

/// Why files of a run cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file or the folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Access {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder is that of a run which does something else.
    #[error(
        "{} holds a run of another configuration (see its config.toml); name another folder, or go on with the old \
         configuration", path.display()
    )]
    AnotherRun {
        /// The folder.
        path: PathBuf,
    },
    /// The state is damaged.
    #[error("{} cannot be read as the state of a run; delete it to begin anew", path.display())]
    StateDamaged {
        /// The file.
        path: PathBuf,
    },
    /// The state cannot be written.
    #[error("the state cannot be written: {0}")]
    State(#[from] safetensors::SafeTensorError),
    /// The configuration cannot be written.
    #[error(transparent)]
    Config(#[from] crate::sft::SftConfigError),
}

/// The folder of a run.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// The folder at a path, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder ready, and gives the state to go on from where there is one. Lines of tables that came after
    /// this state are dropped: their steps will be made again.
    ///
    /// # Errors
    /// [`FolderError`], by cause.
    pub fn begin(&self, config: &SftConfig) -> Result<Option<State>, FolderError> {
        fs::create_dir_all(&self.path).map_err(self.at(&self.path))?;
        let state = self.state()?;
        if state.is_some() {
            let text = self.read("config.toml")?.unwrap_or_default();
            let known = SftConfig::parse(&text).is_ok_and(|before| config.continues(&before));
            if !known {
                return Err(FolderError::AnotherRun { path: self.path.clone() });
            }
        }
        let text = format!("# What this run does, with all defaults.\n{}", config.to_text()?);
        self.write("config.toml", text.as_bytes())?;
        let done = state.as_ref().map_or(0, |state| state.step);
        let rows = self.rows()?.into_iter().filter(|row| row.step <= done).map(|row| row.line());
        self.write("losses.csv", table(Row::HEAD, rows).as_bytes())?;
        let examined = self.examined()?.into_iter().filter(|row| row.step <= done).map(|row| row.line());
        self.write("examinations.csv", table(Examined::HEAD, examined).as_bytes())?;
        Ok(state)
    }

    /// The saved state, where there is one.
    ///
    /// # Errors
    /// [`FolderError`], by cause.
    pub fn state(&self) -> Result<Option<State>, FolderError> {
        let path = self.path.join("state.safetensors");
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&path).map_err(self.at(&path))?;
        State::of_bytes(&bytes).map(Some).ok_or(FolderError::StateDamaged { path })
    }

    /// The steps that were made.
    ///
    /// # Errors
    /// A table that cannot be read; lines that make no sense are left out.
    pub fn rows(&self) -> Result<Vec<Row>, FolderError> {
        Ok(self.read("losses.csv")?.unwrap_or_default().lines().filter_map(Row::of_line).collect())
    }

    /// The examinations that were held.
    ///
    /// # Errors
    /// As above.
    pub fn examined(&self) -> Result<Vec<Examined>, FolderError> {
        Ok(self.read("examinations.csv")?.unwrap_or_default().lines().filter_map(Examined::of_line).collect())
    }

    /// Adds a step.
    ///
    /// # Errors
    /// A table that cannot be written.
    pub fn add_row(&self, row: &Row) -> Result<(), FolderError> {
        self.append("losses.csv", &row.line())
    }

    /// Adds an examination.
    ///
    /// # Errors
    /// A table that cannot be written.
    pub fn add_examined(&self, examined: &Examined) -> Result<(), FolderError> {
        self.append("examinations.csv", &examined.line())
    }

    /// Saves the state, the model and the curves. The state comes last: what is in it was saved.
    ///
    /// # Errors
    /// [`TrainError`], by cause.
    pub fn save(&self, trainer: &Trainer) -> Result<(), TrainError> {
        let (config, tokenizer) = trainer.description();
        let model = self.path.join("model");
        fs::create_dir_all(&model).map_err(self.at(&model))?;
        let text = |json: &serde_json::Value| format!("{json:#}\n");
        self.write("model/config.json", text(config).as_bytes())?;
        let generation = json!({ "eos_token_id": config["eos_token_id"], "pad_token_id": config["pad_token_id"] });
        self.write("model/generation_config.json", text(&generation).as_bytes())?;
        self.write("model/tokenizer.json", tokenizer.as_bytes())?;
        self.write("model/model.safetensors", &checkpoint(&trainer.mean_weights()?)?)?;
        self.write("curves.html", curves(&self.rows()?, &self.examined()?).as_bytes())?;
        let bytes = trainer.state()?.to_bytes().map_err(FolderError::from)?;
        self.write("state.safetensors", &bytes)?;
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Option<String>, FolderError> {
        let path = self.path.join(name);
        if !path.exists() {
            return Ok(None);
        }
        fs::read_to_string(&path).map(Some).map_err(self.at(&path))
    }

    /// Writes aside and renames.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.path.join(name);
        let aside = path.with_added_extension("new");
        let written = File::create(&aside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(self.at(&aside))?;
        fs::rename(&aside, &path).map_err(self.at(&path))
    }

    fn append(&self, name: &str, line: &str) -> Result<(), FolderError> {
        let path = self.path.join(name);
        let opened = File::options().append(true).create(true).open(&path);
        opened.and_then(|mut file| writeln!(file, "{line}")).map_err(self.at(&path))
    }

    #[expect(clippy::unused_self, reason = "it reads as what it is: the folder's errors")]
    fn at(&self, path: &Path) -> impl Fn(std::io::Error) -> FolderError + use<> {
        let path = path.to_owned();
        move |source| FolderError::Access { path: path.clone(), source }
    }
}

fn table(head: &str, lines: impl Iterator<Item = String>) -> String {
    let mut text = format!("{head}\n");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}
