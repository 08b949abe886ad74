//! What a STEP file says besides the geometry.

use partwright_geometry::LengthUnit;

/// Names, unit and time of a STEP file.
#[derive(Clone, Debug, PartialEq)]
pub struct StepConfig {
    /// The product's name.
    pub product: String,
    /// The unit the coordinates are in; unknown is written as millimetres.
    pub unit: LengthUnit,
    /// The program named as the originating system.
    pub program: String,
    /// The file's own name as its header gives it (may be empty).
    pub file_name: String,
    /// ISO 8601 time stamp; empty by default, so that the same solids give the same bytes.
    pub time_stamp: String,
}

impl Default for StepConfig {
    fn default() -> Self {
        Self {
            product: "part".to_owned(),
            unit: LengthUnit::Millimetre,
            program: concat!("Partwright ", env!("CARGO_PKG_VERSION")).to_owned(),
            file_name: String::new(),
            time_stamp: String::new(),
        }
    }
}
