//! What CadQuery made of the cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::KernelCaseError;

/// CadQuery's values of one case; lengths in the program's unit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Reference {
    /// Volume.
    #[serde(rename = "vol")]
    pub volume: f64,
    /// Area.
    pub area: f64,
    /// Lower corner, then upper corner of the bounding box.
    #[serde(rename = "bb")]
    pub bounds: [f64; 6],
    /// Number of solids.
    #[serde(rename = "nsolids")]
    pub solids: usize,
    /// Number of faces.
    #[serde(rename = "nfaces")]
    pub faces: usize,
}

/// Reads `reference.json` of a folder of cases, by case.
///
/// # Errors
/// A file that is not there or not of this form.
pub fn references(folder: &Path) -> Result<BTreeMap<String, Reference>, KernelCaseError> {
    let path = folder.join("reference.json");
    let text = fs::read(&path).map_err(|source| KernelCaseError::Unreadable { path: path.clone(), source })?;
    serde_json::from_slice(&text).map_err(|source| KernelCaseError::Malformed { path, source })
}
