//! What is told of a program that a network wrote.

use partwright_cadrille::sampling::End;
use partwright_cadrille::writer::WrittenProgram;

/// Where a network's program comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The network's name.
    pub model: String,
    /// What it was shown: `points`, `pictures`, `descriptions`.
    pub shown: &'static str,
    /// Number of the sample; 0 is the likeliest program.
    pub sample: u64,
    /// Tokens of it.
    pub tokens: usize,
    /// Sum of the logarithms of their probabilities.
    pub log_probability: f64,
    /// How many of the samples are this very program.
    pub times: usize,
    /// Whether it broke off, and only its whole calls are left.
    pub cut_short: bool,
    /// Rounds of improvement that led to it; 0 for what was written from the scan alone.
    pub round: usize,
    /// Stray bodies that were left out of it.
    pub without_bodies: usize,
    /// Mean overlap with what the other samples make, each in a box of its own; `None` where there is none to compare with.
    pub agreement: Option<f64>,
}

impl Written {
    pub(super) fn new(model: &str, shown: &'static str, program: &WrittenProgram) -> Self {
        Self {
            model: model.to_owned(),
            shown,
            sample: program.sample,
            tokens: program.tokens,
            log_probability: program.log_probability,
            times: 1,
            cut_short: !matches!(program.end, End::Token(_)),
            round: 0,
            without_bodies: 0,
            agreement: None,
        }
    }

    /// The mean logarithm of a token's probability, the end's included.
    pub fn log_probability_per_token(&self) -> f64 {
        self.log_probability / (self.tokens + 1) as f64
    }
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "written by {}: sample {} from {}", self.model, self.sample + 1, self.shown)?;
        match self.round {
            0 => {}
            1 => write!(f, ", improved once")?,
            n => write!(f, ", improved {n} times")?,
        }
        if self.times > 1 {
            write!(f, ", {} times", self.times)?;
        }
        if self.cut_short {
            write!(f, ", which broke off")?;
        }
        match self.without_bodies {
            0 => Ok(()),
            1 => write!(f, ", without a stray body"),
            n => write!(f, ", without {n} stray bodies"),
        }
    }
}
