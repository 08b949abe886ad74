//! Arguments of `partwright model`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `partwright model`.
#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    #[command(subcommand)]
    pub(crate) action: ModelAction,
}

/// What to do with models.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelAction {
    /// List the installed models, and those that can be pulled by name
    List,
    /// Download a model from a hub (`HF_ENDPOINT`, `HF_TOKEN`); a broken download goes on where it stopped
    Pull {
        /// A known name, or OWNER/REPO
        model: String,
        /// The name it gets here
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Accept the licence of the model without being asked
        #[arg(long)]
        accept_license: bool,
    },
    /// Install a checkpoint from a folder, which stays where it is
    Add {
        /// The folder with config.json, tokenizer.json and *.safetensors
        folder: PathBuf,
        /// The name it gets here; the folder's own when not given
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// The licence of its weights, to be remembered
        #[arg(long, value_name = "LICENSE")]
        license: Option<String>,
    },
    /// Write a model that was trained here with weights of 16 bits, half as large
    Pack {
        /// The folder of the model
        folder: PathBuf,
        /// The folder to be made
        out: PathBuf,
    },
    /// Check that the files of models are as they were installed
    Verify {
        /// The models; all when none is named
        names: Vec<String>,
    },
    /// Remove a model; the files of one that was added stay
    Remove {
        /// The model
        name: String,
    },
    /// Say which model is used when none is named, or choose it
    Default {
        /// The model to choose
        name: Option<String>,
    },
}
