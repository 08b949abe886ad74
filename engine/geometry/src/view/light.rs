//! The light of `Open3D`'s visualizer: Phong's model, two lamps before the part and two behind it.
//!
//! Source: `Open3D` 0.18, `shader/glsl/PhongFragmentShader.glsl`, `shader/PhongShader.cpp` and the constants of
//! `visualizer/RenderOption.h`. There is no ambient light.

use glam::DVec3;

/// Distance of the lamps from the middle of the part's box, in longest sides of the box.
const DISTANCE: f64 = 2.0;
/// Each lamp stands twice at its place.
const LAMPS_AT_A_PLACE: f64 = 2.0;
/// Strength of the light that goes every way, for one lamp.
const DIFFUSE: f64 = 0.66;
/// Strength of the highlight, for one lamp; its colour is white.
const SPECULAR: f64 = 0.2;
/// Exponent of the highlight.
const SHININESS: u32 = 100;

/// The lamps, which go with the camera.
#[derive(Clone, Copy, Debug)]
pub(super) struct Light {
    lamps: [DVec3; 2],
}

impl Light {
    /// The lamps for a view that looks along the unit vector `forward` at a part whose box has this middle and longest side.
    pub(super) fn new(center: DVec3, longest_side: f64, forward: DVec3) -> Self {
        let away = DISTANCE * longest_side * forward;
        Self { lamps: [center - away, center + away] }
    }

    /// The colour, RGB from 0 to 1, of a surface at `point` with a unit normal on the eye's side.
    pub(super) fn color(&self, surface: DVec3, point: DVec3, normal: DVec3, eye: DVec3) -> DVec3 {
        let to_eye = (eye - point).normalize_or_zero();
        let mut color = DVec3::ZERO;
        for lamp in self.lamps {
            let to_lamp = (lamp - point).normalize_or_zero();
            let cosine = normal.dot(to_lamp);
            let mirrored = 2.0 * cosine * normal - to_lamp;
            // As in the shader, the highlight does not ask whether the lamp is behind the surface: edges seen flatly shine.
            let highlight = power(to_eye.dot(mirrored).clamp(0.0, 1.0), SHININESS);
            color +=
                LAMPS_AT_A_PLACE * (DIFFUSE * cosine.clamp(0.0, 1.0) * surface + DVec3::splat(SPECULAR * highlight));
        }
        color.clamp(DVec3::ZERO, DVec3::ONE)
    }
}

/// By multiplications alone, which give the same everywhere; `powf` and `powi` promise no such thing.
fn power(base: f64, mut exponent: u32) -> f64 {
    let (mut square, mut product) = (base, 1.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    const EYE: DVec3 = DVec3::new(0.0, 0.0, 1.5);

    /// Colour at the origin of a grey surface that is turned away from the eye by an angle.
    fn turned(angle_rad: f64) -> f64 {
        let light = Light::new(DVec3::ZERO, 1.0, DVec3::NEG_Z);
        let normal = DVec3::new(angle_rad.sin(), 0.0, angle_rad.cos());
        light.color(DVec3::splat(0.5), DVec3::ZERO, normal, EYE).x
    }

    #[test]
    fn what_turns_away_becomes_darker() {
        assert!((turned(0.0) - 1.0).abs() < 1e-12, "the highlight is added: {}", turned(0.0));
        // Beyond the highlight only the diffuse part is left: 2 lamps of 0.66 on half a colour.
        assert!((turned(1.0) - 0.66 * 1_f64.cos()).abs() < 1e-6, "{}", turned(1.0));
        assert!(turned(0.5) > turned(0.8) && turned(0.8) > turned(1.1));
    }

    #[test]
    fn what_is_seen_flatly_shines_from_behind() {
        assert!(turned(1.57) > 0.39, "{}", turned(1.57));
        assert!(turned(1.4) < 0.15, "{}", turned(1.4));
    }

    #[test]
    fn powers() {
        assert!((power(0.99, 100) - 0.99_f64.powi(100)).abs() < 1e-14);
        assert!((power(0.3, 0) - 1.0).abs() < 1e-15);
    }
}
