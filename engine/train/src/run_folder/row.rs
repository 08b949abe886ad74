//! Lines of the tables.

use crate::sft::Evaluation;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Steps made, this one included.
    pub step: u64,
    /// Mean loss of a token.
    pub loss: f64,
    /// Length of all gradients, before they were shortened.
    pub norm: f64,
    /// Learning rate.
    pub rate: f64,
    /// Samples learned from.
    pub samples: usize,
    /// Tokens read.
    pub tokens: usize,
    /// Time of the step in seconds.
    pub seconds: f64,
    /// Of this, the time spent waiting for samples.
    pub waited: f64,
}

/// One examination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Examined {
    /// Steps made before it.
    pub step: u64,
    /// What was found.
    pub evaluation: Evaluation,
}

impl Row {
    /// The first line of the table.
    pub(super) const HEAD: &str = "step,loss,gradient_norm,rate,samples,tokens,seconds,waited_seconds";

    /// A line. Losses are written so that reading gives the very same number.
    pub(super) fn line(&self) -> String {
        let Self { step, loss, norm, rate, samples, tokens, seconds, waited } = self;
        format!("{step},{loss},{norm},{rate},{samples},{tokens},{seconds:.4},{waited:.4}")
    }

    /// Reads a line.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        let mut fields = line.split(',');
        let row = Self {
            step: fields.next()?.parse().ok()?,
            loss: fields.next()?.parse().ok()?,
            norm: fields.next()?.parse().ok()?,
            rate: fields.next()?.parse().ok()?,
            samples: fields.next()?.parse().ok()?,
            tokens: fields.next()?.parse().ok()?,
            seconds: fields.next()?.parse().ok()?,
            waited: fields.next()?.parse().ok()?,
        };
        fields.next().is_none().then_some(row)
    }
}

impl Examined {
    /// The first line of the table.
    pub(super) const HEAD: &str = "step,parts,invalid_ratio,mean_iou,median_chamfer_x1000,exact";

    /// A line.
    pub(super) fn line(&self) -> String {
        let Evaluation { count, invalid_ratio, iou, chamfer, exact } = self.evaluation;
        format!("{},{count},{invalid_ratio},{iou},{chamfer},{exact}", self.step)
    }

    /// Reads a line.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        let mut fields = line.split(',');
        let step = fields.next()?.parse().ok()?;
        let count = fields.next()?.parse().ok()?;
        let mut number = || fields.next()?.parse::<f64>().ok();
        let (invalid_ratio, iou, chamfer, exact) = (number()?, number()?, number()?, number()?);
        Some(Self { step, evaluation: Evaluation { count, invalid_ratio, iou, chamfer, exact } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back() {
        let row = Row {
            step: 3,
            loss: 0.1 + 0.2,
            norm: 1e-9,
            rate: 0.001,
            samples: 64,
            tokens: 9000,
            seconds: 1.5,
            waited: 0.25,
        };
        assert_eq!(Row::of_line(&row.line()), Some(row));
        assert_eq!(Row::HEAD.split(',').count(), row.line().split(',').count());
        let evaluation = Evaluation { count: 8, invalid_ratio: 0.125, iou: 0.7, chamfer: f64::INFINITY, exact: 0.0 };
        let examined = Examined { step: 9, evaluation };
        assert_eq!(Examined::of_line(&examined.line()), Some(examined));
        assert_eq!(Examined::HEAD.split(',').count(), examined.line().split(',').count());
        assert_eq!(Row::of_line("3,0.5"), None);
    }
}
