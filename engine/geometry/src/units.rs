//! The length unit of a scan, carried along rather than guessed.

/// A length unit as files and users name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LengthUnit {
    /// Millimetres.
    Millimetre,
    /// Centimetres.
    Centimetre,
    /// Metres.
    Metre,
    /// Inches (25.4 mm).
    Inch,
    /// The file does not say and nobody has confirmed one.
    #[default]
    Unknown,
}

impl LengthUnit {
    /// Millimetres in one unit; `None` while the unit is unknown.
    pub fn millimetres(self) -> Option<f64> {
        match self {
            Self::Millimetre => Some(1.0),
            Self::Centimetre => Some(10.0),
            Self::Metre => Some(1000.0),
            Self::Inch => Some(25.4),
            Self::Unknown => None,
        }
    }
}
