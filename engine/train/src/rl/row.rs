//! Lines of the tables of reinforcement learning.

use super::Attempted;
use crate::run_folder::{Field, page};

/// What answers are worth, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// Answers.
    pub count: usize,
    /// Their mean reward.
    pub reward: f64,
    /// Share of those that made nothing.
    pub invalid_ratio: f64,
    /// Mean intersection over union of those that made something.
    pub iou: f64,
}

impl Worth {
    /// Of all answers.
    pub fn of(attempted: &[Attempted]) -> Self {
        let rewards: Vec<_> = attempted.iter().flat_map(|one| one.answers.iter().map(|answer| answer.reward)).collect();
        let overlaps: Vec<f64> = rewards.iter().filter_map(crate::reward::Reward::iou).collect();
        // The sum of nothing is minus zero.
        let mean = |sum: f64, count: usize| (sum + 0.0) / count.max(1) as f64;
        Self {
            count: rewards.len(),
            reward: mean(rewards.iter().map(|reward| reward.value).sum(), rewards.len()),
            invalid_ratio: mean((rewards.len() - overlaps.len()) as f64, rewards.len()),
            iou: mean(overlaps.iter().sum(), overlaps.len()),
        }
    }
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RlRow {
    /// Steps made, this one included.
    pub step: u64,
    /// What the answers were worth; of a step that wrote none, nothing.
    pub worth: Worth,
    /// Answers or pairs that were learned from.
    pub kept: usize,
    /// The last loss of the step.
    pub loss: f64,
    /// Length of its gradients, before they were shortened.
    pub norm: f64,
    /// Time of the step in seconds.
    pub seconds: f64,
}

/// One examination: the likeliest answer for parts that are never learned from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RlExamined {
    /// Steps made before it.
    pub step: u64,
    /// What was found.
    pub worth: Worth,
}

impl RlRow {
    /// The first line of the table.
    pub const HEAD: &str = "step,answers,mean_reward,invalid_ratio,mean_iou,kept,loss,gradient_norm,seconds";

    /// A line.
    pub fn line(&self) -> String {
        let Self { step, worth: Worth { count, reward, invalid_ratio, iou }, kept, loss, norm, seconds } = self;
        format!("{step},{count},{reward},{invalid_ratio},{iou},{kept},{loss},{norm},{seconds:.3}")
    }
}

impl RlExamined {
    /// The first line of the table.
    pub const HEAD: &str = "step,parts,mean_reward,invalid_ratio,mean_iou";

    /// A line.
    pub fn line(&self) -> String {
        let Self { step, worth: Worth { count, reward, invalid_ratio, iou } } = self;
        format!("{step},{count},{reward},{invalid_ratio},{iou}")
    }
}

/// Both tables as pictures.
pub(super) fn curves(rows: &str, examined: &str) -> String {
    let column = |table: &str, column: usize| -> Vec<(f64, f64)> {
        let numbers = table.lines().skip(1).filter_map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            Some((fields.first()?.parse().ok()?, fields.get(column)?.parse().ok()?))
        });
        numbers.collect()
    };
    let fields: [Field; 6] = [
        ("Mean reward of drawn answers", column(rows, 2)),
        ("Share of drawn answers that are invalid", column(rows, 3)),
        ("Mean IoU of the likeliest answer on parts kept for examinations", column(examined, 4)),
        ("Share of these that are invalid", column(examined, 3)),
        ("Loss", column(rows, 6)),
        ("Length of the gradients", column(rows, 7)),
    ];
    page(&fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_as_many_fields_as_their_head() {
        let worth = Worth { count: 3, reward: 1.0, invalid_ratio: 0.5, iou: 0.25 };
        let row = RlRow { step: 1, worth, kept: 2, loss: 0.1, norm: 0.2, seconds: 1.0 };
        let fields = |line: &str| line.split(',').count();
        assert_eq!(fields(&row.line()), fields(RlRow::HEAD));
        let examined = RlExamined { step: 1, worth };
        assert_eq!(fields(&examined.line()), fields(RlExamined::HEAD));
        let rows = format!("{}\n{}\n", RlRow::HEAD, row.line());
        let page = curves(&rows, &format!("{}\n{}\n", RlExamined::HEAD, examined.line()));
        assert_eq!(page.matches("<svg").count(), 6);
    }
}
