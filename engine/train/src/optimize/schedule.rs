//! The learning rate over the steps: a linear beginning, then half a cosine.

/// The rate of each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The highest rate.
    pub peak: f64,
    /// Steps until it is reached.
    pub warm_up: u64,
    /// All steps; after them the rate stays at its end.
    pub steps: u64,
    /// The rate at the end as a share of the highest.
    pub end: f64,
}

impl Schedule {
    /// The rate of a step, counted from 0.
    pub fn rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.peak * (step + 1) as f64 / self.warm_up as f64;
        }
        let span = self.steps.saturating_sub(self.warm_up).max(1);
        let done = ((step - self.warm_up) as f64 / span as f64).min(1.0);
        let cosine = f64::midpoint(1.0, (std::f64::consts::PI * done).cos());
        self.peak * (self.end + (1.0 - self.end) * cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_by_hand() {
        let schedule = Schedule { peak: 2.0, warm_up: 4, steps: 12, end: 0.1 };
        let check = |step, want: f64| assert!((schedule.rate(step) - want).abs() < 1e-12, "{step}");
        check(0, 0.5);
        check(3, 2.0);
        check(4, 2.0);
        // Half of the eight steps that are left: halfway between 2 and 0.2.
        check(8, 1.1);
        // A quarter: cos 45 degrees.
        check(6, 0.2 + 1.8 * (1.0 + 0.5f64.sqrt()) / 2.0);
        check(12, 0.2);
        check(100, 0.2);
        assert!((Schedule { peak: 1.0, warm_up: 0, steps: 0, end: 0.0 }.rate(0) - 1.0).abs() < 1e-12);
    }
}
