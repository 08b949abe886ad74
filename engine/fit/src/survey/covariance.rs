//! What a fit knows of a surface's parameters.

use glam::DVec3;

/// A parameter by which a fitted surface may move. `u` and `v` are two directions square to the normal or axis and to each
/// other, as [`super::fit::tangents`] gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// The surface's point or centre along `u`, a length.
    AlongU,
    /// The point or centre along `v`, a length.
    AlongV,
    /// The centre along the axis (for a sphere the third direction), a length.
    AlongAxis,
    /// A plane's distance along its normal, at its middle, a length.
    Offset,
    /// The tilt of the normal or axis towards `u`, in radians.
    TiltU,
    /// The tilt of the normal or axis towards `v`, in radians.
    TiltV,
    /// The radius of a cylinder, sphere, or of a cone at its point, a length.
    Radius,
    /// A cone's half angle, in radians.
    HalfAngle,
    /// A torus' major radius, a length.
    Major,
    /// A torus' minor radius, a length.
    Minor,
}

/// A symmetric matrix of second moments of the errors of a surface's parameters: sigma squared times the inverse of J^T J,
/// where J holds the derivatives of the points' distances. Entries have the product of their parameters' units.
///
/// It says how points' independent errors go on, not how far the surface is from what it was meant to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariance {
    parameters: &'static [Parameter],
    entries: Vec<f64>,
}

impl Covariance {
    /// Of entries by rows, as many as there are pairs of parameters.
    pub(super) fn new(parameters: &'static [Parameter], entries: Vec<f64>) -> Self {
        debug_assert_eq!(entries.len(), parameters.len() * parameters.len());
        Self { parameters, entries }
    }

    /// Of a share more or fewer points.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        Self { parameters: self.parameters, entries: self.entries.iter().map(|e| e * factor).collect() }
    }

    /// The same knowledge where the tangent directions `old` are named by `new`, which span the same plane; for a sphere,
    /// whose directions are the coordinate axes, all three are turned.
    pub(super) fn about(&self, old: [DVec3; 2], new: [DVec3; 2], is_sphere: bool) -> Self {
        let third = old[0].cross(old[1]);
        let (from, to) = ([old[0], old[1], third], [new[0], new[1], new[0].cross(new[1])]);
        let n = self.parameters.len();
        let pairs = [
            [Parameter::AlongU, Parameter::AlongV, Parameter::AlongAxis],
            [Parameter::TiltU, Parameter::TiltV, Parameter::AlongAxis],
        ];
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            matrix[i * n + i] = 1.0;
        }
        for (k, names) in pairs.iter().enumerate() {
            let places = names.map(|name| self.parameters.iter().position(|p| *p == name));
            let many = if is_sphere && k == 0 { 3 } else { 2 };
            for i in 0..many {
                for j in 0..many {
                    if let (Some(row), Some(column)) = (places[i], places[j]) {
                        matrix[row * n + column] = to[i].dot(from[j]);
                    }
                }
            }
        }
        let product = |a: &[f64], b: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            (0..n * n).map(|k| (0..n).map(|m| a[k / n * n + m] * b(m, k % n)).sum()).collect()
        };
        let half = product(&matrix, &|i, j| self.entries[i * n + j]);
        let entries = product(&half, &|i, j| matrix[j * n + i]);
        Self { parameters: self.parameters, entries }
    }

    /// The parameters in the order of the rows.
    pub fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// The entry of two rows.
    pub fn entry(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.parameters.len() + column]
    }

    /// The standard deviation of a parameter; `None` where the surface does not have it.
    pub fn deviation(&self, parameter: Parameter) -> Option<f64> {
        let i = self.parameters.iter().position(|p| *p == parameter)?;
        Some(self.entry(i, i).max(0.0).sqrt())
    }

    /// The standard deviation of the radius by which the surface is called ([`super::Surface::radius`]), a length.
    pub fn radius(&self) -> Option<f64> {
        self.deviation(Parameter::Radius).or_else(|| self.deviation(Parameter::Minor))
    }

    /// The standard deviation of the place: of a plane along its normal, else of the axis or centre in its worst direction.
    pub fn place(&self) -> f64 {
        let lengths = [Parameter::Offset, Parameter::AlongU, Parameter::AlongV, Parameter::AlongAxis];
        lengths.iter().filter_map(|p| self.deviation(*p)).fold(0.0, f64::max)
    }

    /// The standard deviation of the direction of the normal or axis, towards its worst side, in radians; `None` for a
    /// sphere, which has none.
    pub fn direction_rad(&self) -> Option<f64> {
        Some(self.deviation(Parameter::TiltU)?.max(self.deviation(Parameter::TiltV)?))
    }
}
