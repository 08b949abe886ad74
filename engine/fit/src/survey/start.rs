//! First guesses at surfaces, from few points with normals: closed forms and linear systems, which need no guess themselves.
//!
//! Normals of a cylinder are square to its axis, those of a cone have one angle with it (the Gauss map, a great or a small
//! circle); a sphere is linear in its centre and power; a torus about a known axis is a circle in the half plane that turns
//! about it. Which of the two sides normals point to does not matter, except for a cone, where all have to agree.

use glam::{DMat3, DVec2, DVec3};
use partwright_geometry::cloud::Scatter;

use super::Surface;
use crate::profile::fit_circle;
use crate::refine::Symmetric;

/// A place of a surface and the normal there.
pub(super) type Tangent = (DVec3, DVec3);

/// The plane of least squares.
pub(super) fn plane(points: &[DVec3], tangents: &[Tangent]) -> Option<Surface> {
    let scatter = Scatter::of(points.iter().copied())?;
    let normal = scatter.directions[0];
    let side: f64 = tangents.iter().map(|t| t.1.dot(normal)).sum();
    Some(Surface::Plane { point: scatter.center, normal: if side < 0.0 { -normal } else { normal } })
}

/// The cylinder whose axis is squarest to all normals.
pub(super) fn cylinder(points: &[DVec3], tangents: &[Tangent]) -> Option<Surface> {
    let both = tangents.iter().flat_map(|t| [t.1, -t.1]);
    let scatter = Scatter::of(both)?;
    // A plane's normals are one direction: they say nothing of an axis.
    if scatter.variances[1] < 1e-5 {
        return None;
    }
    cylinder_along(points, scatter.directions[0])
}

/// The cylinder of a known axis.
pub(super) fn cylinder_along(points: &[DVec3], axis: DVec3) -> Option<Surface> {
    let u = axis.any_orthonormal_vector();
    let v = axis.cross(u);
    let middle = points.iter().sum::<DVec3>() / points.len().max(1) as f64;
    let flat: Vec<DVec2> = points.iter().map(|p| DVec2::new((p - middle).dot(u), (p - middle).dot(v))).collect();
    let circle = fit_circle(&flat)?;
    let point = middle + u * circle.center.x + v * circle.center.y;
    Some(Surface::Cylinder { point, axis, radius: circle.radius })
}

/// The cone whose tangent planes meet in its apex.
pub(super) fn cone(points: &[DVec3], tangents: &[Tangent]) -> Option<Surface> {
    let axis = Scatter::of(tangents.iter().map(|t| t.1))?.directions[0];
    let (mut matrix, mut right) = (DMat3::ZERO, DVec3::ZERO);
    for (p, n) in tangents {
        matrix += DMat3::from_cols(*n * n.x, *n * n.y, *n * n.z);
        right += *n * n.dot(*p);
    }
    if matrix.determinant().abs() < 1e-9 * (tangents.len() as f64).powi(3) {
        return None;
    }
    cone_about(points, matrix.inverse() * right, axis)
}

/// The cone of a known apex and axis, of either direction.
fn cone_about(points: &[DVec3], apex: DVec3, axis: DVec3) -> Option<Surface> {
    let middle = points.iter().sum::<DVec3>() / points.len().max(1) as f64;
    let axis = if axis.dot(middle - apex) < 0.0 { -axis } else { axis };
    let along = axis.dot(middle - apex);
    let angles = points.iter().map(|p| axis.angle_between(*p - apex)).filter(|a| a.is_finite());
    let half_angle_rad = angles.sum::<f64>() / points.len() as f64;
    let radius = along * half_angle_rad.tan();
    let fine = (0.03..1.54).contains(&half_angle_rad) && radius.is_finite() && radius > 0.0;
    fine.then_some(Surface::Cone { point: apex + axis * along, axis, radius, half_angle_rad })
}

/// The cone about a known axis: a line in the half plane that turns about it.
pub(super) fn cone_along(points: &[DVec3], (on_axis, axis): (DVec3, DVec3)) -> Option<Surface> {
    let meridian = meridian(points, on_axis, axis);
    let n = meridian.len() as f64;
    let mean = meridian.iter().sum::<DVec2>() / n;
    let (mut across, mut along, mut both) = (0.0, 0.0, 0.0);
    for p in &meridian {
        let d = *p - mean;
        across += d.x * d.x;
        along += d.y * d.y;
        both += d.x * d.y;
    }
    let angle = 0.5 * (2.0 * both).atan2(along - across);
    let (half_angle_rad, axis, height) = if angle < 0.0 { (-angle, -axis, -mean.y) } else { (angle, axis, mean.y) };
    let fine = (0.03..1.54).contains(&half_angle_rad) && mean.x > 0.0;
    fine.then_some(Surface::Cone { point: on_axis + axis * height, axis, radius: mean.x, half_angle_rad })
}

/// The sphere of least squares of the points' powers.
pub(super) fn sphere(points: &[DVec3]) -> Option<Surface> {
    let middle = points.iter().sum::<DVec3>() / points.len().max(1) as f64;
    // |d|^2 = 2 c . d + k, linear in the centre c and k.
    let mut matrix = Symmetric::zero(4);
    let mut right = vec![0.0; 4];
    for p in points {
        let d = *p - middle;
        let row = [(0, 2.0 * d.x), (1, 2.0 * d.y), (2, 2.0 * d.z), (3, 1.0)];
        matrix.add_square(&row, 1.0);
        for (i, value) in row {
            right[i] += value * d.length_squared();
        }
    }
    let solved = matrix.inverse()?.times(&right);
    let center = DVec3::new(solved[0], solved[1], solved[2]);
    let radius = (solved[3] + center.length_squared()).sqrt();
    (radius.is_finite() && radius > 0.0).then_some(Surface::Sphere { center: middle + center, radius })
}

/// The torus about a known axis, given by a point and its direction.
pub(super) fn torus(points: &[DVec3], (on_axis, axis): (DVec3, DVec3)) -> Option<Surface> {
    let circle = fit_circle(&meridian(points, on_axis, axis))?;
    (circle.center.x > 0.05 * circle.radius).then_some(Surface::Torus {
        center: on_axis + axis * circle.center.y,
        axis,
        major: circle.center.x,
        minor: circle.radius,
    })
}

/// Points as distance from an axis and height along it.
fn meridian(points: &[DVec3], on_axis: DVec3, axis: DVec3) -> Vec<DVec2> {
    points
        .iter()
        .map(|p| {
            let d = *p - on_axis;
            DVec2::new(d.reject_from_normalized(axis).length(), d.dot(axis))
        })
        .collect()
}

/// The axis that all normals' lines meet, as those of a surface of revolution do: the linear complex of least squares after
/// H. Pottmann, T. Randrup, "Rotational and helical surface approximation for reverse engineering", Computing 60 (1998).
/// Iterated inversely, as the least eigenvector is wanted; `None` where lines meet no one axis better than others.
pub(super) fn axis_of_revolution(tangents: &[Tangent]) -> Option<(DVec3, DVec3)> {
    let middle = tangents.iter().map(|t| t.0).sum::<DVec3>() / tangents.len().max(1) as f64;
    let scale = tangents.iter().map(|t| t.0.distance(middle)).fold(f64::MIN_POSITIVE, f64::max);
    let mut matrix = Symmetric::zero(6);
    for (p, n) in tangents {
        let moment = ((*p - middle) / scale).cross(*n);
        let row = [(0, n.x), (1, n.y), (2, n.z), (3, moment.x), (4, moment.y), (5, moment.z)];
        matrix.add_square(&row, 1.0);
    }
    for i in 0..6 {
        matrix.add_diagonal(i, 1e-11 * tangents.len() as f64);
    }
    let inverse = matrix.inverse()?;
    let mut vector = vec![0.37, -0.21, 0.44, 0.53, 0.61, -0.29];
    for _ in 0..60 {
        let next = inverse.times(&vector);
        let length = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !length.is_finite() || length <= 0.0 {
            return None;
        }
        vector = next.iter().map(|x| x / length).collect();
    }
    let (moment, axis) = (DVec3::new(vector[0], vector[1], vector[2]), DVec3::new(vector[3], vector[4], vector[5]));
    let square = axis.length_squared();
    (square > 1e-6).then(|| (middle + scale * axis.cross(moment) / square, axis.normalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A patch of points on a surface with their normals.
    fn patch(surface: &Surface) -> (Vec<DVec3>, Vec<Tangent>) {
        let grid = (0..12).flat_map(|i| {
            (0..12).map(move |j| DVec3::new(2.0 + f64::from(i) / 4.0, f64::from(j) / 3.0, f64::from(i + j) / 5.0))
        });
        grid.map(|p| surface.closest(p)).map(|p| (p, (p, surface.normal(p)))).unzip()
    }

    fn check(truth: Surface, start: impl Fn(&[DVec3], &[Tangent]) -> Option<Surface>) {
        let (points, tangents) = patch(&truth);
        let found = start(&points, &tangents).unwrap();
        let off = points.iter().map(|p| found.distance(*p).abs()).fold(0.0, f64::max);
        assert!(off < 1e-6, "{found:?} for {truth:?}");
    }

    #[test]
    fn exact_points_give_their_surface() {
        let axis = DVec3::new(0.2, 0.1, 1.0).normalize();
        check(Surface::Plane { point: DVec3::ZERO, normal: axis }, plane);
        check(Surface::Cylinder { point: DVec3::ZERO, axis, radius: 2.0 }, cylinder);
        let tapered = Surface::Cone { point: DVec3::ZERO, axis, radius: 2.0, half_angle_rad: 0.5 };
        check(tapered, cone);
        check(tapered, |p, _| cone_along(p, (DVec3::ZERO, axis)));
        check(tapered, |p, _| cone_along(p, (DVec3::ZERO, -axis)));
        check(Surface::Sphere { center: DVec3::ZERO, radius: 2.0 }, |p, _| sphere(p));
        let ring = Surface::Torus { center: DVec3::Z, axis, major: 3.0, minor: 1.0 };
        check(ring, |p, _| torus(p, (DVec3::Z, axis)));
        check(ring, |p, t| torus(p, axis_of_revolution(t)?));
    }
}
