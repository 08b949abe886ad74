//! What kind of programs are made.

use serde::{Deserialize, Serialize};

/// Which programs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Sketches of circles and turned rectangles, extruded and united: what CAD-Recode was trained on.
    #[default]
    CadRecode,
    /// What people model and CAD-Recode's programs lack: symmetric extrusions, extruded cuts, revolutions.
    Deepcad,
    /// Both, by [`GeneratorConfig::deepcad_share`].
    Mixed,
}

/// How programs are made, and what is kept with each. One seed and configuration always give the same samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeneratorConfig {
    /// Seed of everything random.
    pub seed: u64,
    /// Which programs.
    pub style: Style,
    /// Share of the second style in [`Style::Mixed`], 0 to 1.
    pub deepcad_share: f64,
    /// Share of plain programs, 0 to 1: one or two bodies of one or two circles and rectangles each. A network may begin
    /// with a share of 1 and come down.
    pub simple_share: f64,
    /// Points on the surface of each part.
    pub points: usize,
    /// Whether the four views are drawn; they take far longer than all the rest.
    pub views: bool,
    /// Descriptions of each part, all in different wordings; at most 12.
    pub captions: usize,
    /// Longer programs are dropped. 700 keeps what 94 of 100 outputs of CAD-Recode have.
    pub most_bytes: usize,
    /// Parts of less volume are dropped, in units of the program's frame; the box of a part has up to 8,000,000.
    pub least_volume: f64,
}

impl Default for GeneratorConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            style: Style::CadRecode,
            deepcad_share: 0.3,
            simple_share: 0.0,
            points: 2048,
            views: false,
            captions: 4,
            most_bytes: 700,
            least_volume: 2000.0,
        }
    }
}

/// Why a configuration makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeneratorConfigError {
    /// A share is not between 0 and 1.
    #[error("`{name}` is {value}; it is a share, from 0 to 1")]
    NotAShare {
        /// The field.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// Hardly any program is so short.
    #[error("`most_bytes` is {0}; programs need {SHORTEST} bytes at least")]
    TooShort(usize),
    /// The volume is no number, or no part has it.
    #[error("`least_volume` is {0}; it is a volume from 0 to {MOST_VOLUME}")]
    Volume(f64),
    /// There are not so many wordings.
    #[error("`captions` is {0}; there are {MOST_CAPTIONS} wordings at most")]
    TooManyCaptions(usize),
}

/// Below this programs with a sketch do not fit.
const SHORTEST: usize = 160;
/// Above this most parts are dropped.
const MOST_VOLUME: f64 = 100_000.0;
/// The wordings there are.
pub(crate) const MOST_CAPTIONS: usize = 12;

impl GeneratorConfig {
    /// Whether programs can be made as it says.
    ///
    /// # Errors
    /// The first field that makes no sense.
    pub fn check(&self) -> Result<(), GeneratorConfigError> {
        for (name, value) in [("deepcad_share", self.deepcad_share), ("simple_share", self.simple_share)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(GeneratorConfigError::NotAShare { name, value });
            }
        }
        if self.most_bytes < SHORTEST {
            return Err(GeneratorConfigError::TooShort(self.most_bytes));
        }
        if !(0.0..=MOST_VOLUME).contains(&self.least_volume) {
            return Err(GeneratorConfigError::Volume(self.least_volume));
        }
        if self.captions > MOST_CAPTIONS {
            return Err(GeneratorConfigError::TooManyCaptions(self.captions));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_named() {
        assert_eq!(GeneratorConfig::default().check(), Ok(()));
        let check = |change: &dyn Fn(&mut GeneratorConfig), named: &str| {
            let mut config = GeneratorConfig::default();
            change(&mut config);
            let error = config.check().unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        };
        check(&|config| config.simple_share = 1.5, "simple_share");
        check(&|config| config.deepcad_share = f64::NAN, "deepcad_share");
        check(&|config| config.most_bytes = 3, "most_bytes");
        check(&|config| config.least_volume = -1.0, "least_volume");
        check(&|config| config.captions = 99, "captions");
    }
}
