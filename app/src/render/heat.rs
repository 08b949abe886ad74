//! The colours of deviations.

/// Colouring by deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heat {
    /// The deviation at the end of the scale, in the scan's unit.
    pub scale: f32,
    /// Deviations up to this are as good as none.
    pub tolerance: f32,
}

/// Within tolerance; then on the positive side half way and at the end; then on the negative side.
const GOOD: [f32; 3] = [0.46, 0.72, 0.50];
const POSITIVE: [[f32; 3]; 2] = [[0.96, 0.80, 0.30], [0.85, 0.16, 0.14]];
const NEGATIVE: [[f32; 3]; 2] = [[0.30, 0.70, 0.90], [0.14, 0.22, 0.80]];

impl Heat {
    /// The usual colouring of a scan whose longest side is `size` and of whose deviations 95 % are within `p95`: green up
    /// to `tolerance`, or 1/500 of the size; the scale ends at three times that, or at `p95` where that is more.
    pub fn fitting(tolerance: Option<f64>, size: f64, p95: f64) -> Self {
        let tolerance = tolerance.unwrap_or(size / 500.0);
        Self { scale: (3.0 * tolerance).max(p95) as f32, tolerance: tolerance as f32 }
    }

    /// The sRGB colour of a deviation: `heat_color` of `shaders/view.wgsl`, for the legend.
    pub fn color(self, value: f32) -> [f32; 3] {
        let excess = (value.abs() - self.tolerance).max(0.0) / (self.scale - self.tolerance).max(1e-30);
        let t = excess.clamp(0.0, 1.0);
        let [middle, far] = if value < 0.0 { NEGATIVE } else { POSITIVE };
        let mix = |a: [f32; 3], b: [f32; 3], t: f32| std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
        if t < 0.5 { mix(GOOD, middle, t * 2.0) } else { mix(middle, far, (t - 0.5) * 2.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_has_the_same_colors() {
        let source = include_str!("../../../shaders/view.wgsl");
        for [r, g, b] in [GOOD, POSITIVE[0], POSITIVE[1], NEGATIVE[0], NEGATIVE[1]] {
            let written = format!("vec3<f32>({r:.2}, {g:.2}, {b:.2})");
            assert!(source.contains(&written), "{written}");
        }
    }

    #[test]
    fn the_scale_begins_at_the_tolerance_and_ends_at_its_end() {
        let heat = Heat { scale: 3.0, tolerance: 1.0 };
        for (value, expected) in [(0.9, GOOD), (2.0, POSITIVE[0]), (3.0, POSITIVE[1]), (-9.0, NEGATIVE[1])] {
            let far = heat.color(value).iter().zip(expected).any(|(a, b)| (a - b).abs() > 1e-6);
            assert!(!far, "{value}: {:?}", heat.color(value));
        }
    }
}
