//! Points that lie in rows, in a grid or on a circle.

use glam::DVec2;

/// A rectangular grid, every place of it taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) center: DVec2,
    /// Distance between neighbours; zero along a direction with one place.
    pub(super) spacing: DVec2,
    pub(super) count: [usize; 2],
}

/// Places on a circle at equal angles, all the way round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ring {
    pub(super) center: DVec2,
    pub(super) radius: f64,
    /// Angle of the first place from the x axis, degrees.
    pub(super) start_degrees: f64,
    pub(super) count: usize,
}

/// The grid that `points` fill; every one lies within `tolerance` of its place. At least two points.
pub(super) fn grid(points: &[DVec2], tolerance: f64) -> Option<Grid> {
    if points.len() < 2 {
        return None;
    }
    let row = |values: Vec<f64>| -> Option<(f64, f64, usize)> {
        let values = distinct(values, tolerance);
        let (first, last) = (*values.first()?, *values.last()?);
        let n = values.len();
        let spacing = if n > 1 { (last - first) / (n - 1) as f64 } else { 0.0 };
        let even = values.iter().enumerate().all(|(i, v)| (first + spacing * i as f64 - v).abs() <= tolerance);
        even.then_some((f64::midpoint(first, last), spacing, n))
    };
    let (x, dx, nx) = row(points.iter().map(|p| p.x).collect())?;
    let (y, dy, ny) = row(points.iter().map(|p| p.y).collect())?;
    // As many points as places, no two of them in one place.
    let mut places: Vec<(usize, usize)> = points
        .iter()
        .map(|p| {
            let index = |v: f64, center: f64, spacing: f64, n: usize| {
                if n > 1 { ((v - center) / spacing + (n - 1) as f64 / 2.0).round() as usize } else { 0 }
            };
            (index(p.x, x, dx, nx), index(p.y, y, dy, ny))
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    (places.len() == points.len() && nx * ny == points.len()).then_some(Grid {
        center: DVec2::new(x, y),
        spacing: DVec2::new(dx, dy),
        count: [nx, ny],
    })
}

/// The ring that `points` make up; every one lies within `tolerance` of its place. At least three points.
pub(super) fn ring(points: &[DVec2], tolerance: f64) -> Option<Ring> {
    let n = points.len();
    if n < 3 {
        return None;
    }
    let center = points.iter().sum::<DVec2>() / n as f64;
    // As fine as the points, which were rounded themselves.
    let fine = 10f64.powf((tolerance * 2.0).log10().floor());
    let snapped = |v: f64, step: f64| (v / step).round() * step;
    let center = DVec2::new(snapped(center.x, fine / 2.0), snapped(center.y, fine / 2.0));
    let radius = points.iter().map(|p| p.distance(center)).sum::<f64>() / n as f64;
    if radius <= 4.0 * tolerance {
        return None;
    }
    let radius = snapped(radius, fine / 2.0);
    let step = 360.0 / n as f64;
    let mean = {
        // The angles modulo the step, averaged about the first one.
        let first = (points[0] - center).to_angle().to_degrees();
        let off = |p: &DVec2| {
            let turn = ((*p - center).to_angle().to_degrees() - first) / step;
            (turn - turn.round()) * step
        };
        first + points.iter().map(off).sum::<f64>() / n as f64
    };
    let start = mean.rem_euclid(step);
    let fits = |ring: &Ring| {
        let mut taken = vec![false; n];
        points.iter().all(|p| {
            let d = *p - ring.center;
            let index = ((d.to_angle().to_degrees() - ring.start_degrees) / step).round().rem_euclid(n as f64) as usize;
            let place =
                ring.center + ring.radius * DVec2::from_angle((ring.start_degrees + step * index as f64).to_radians());
            !std::mem::replace(&mut taken[index], true) && (place - *p).abs().max_element() <= tolerance
        })
    };
    // The roundest angle that puts every point in its place.
    [0, 1, 2, 4, 6].into_iter().find_map(|decimals| {
        let angle = snapped(start, 10f64.powi(-decimals)).rem_euclid(step);
        let angle = if (angle - step).abs() < 1e-9 { 0.0 } else { angle };
        let ring = Ring { center, radius, start_degrees: angle, count: n };
        fits(&ring).then_some(ring)
    })
}

fn distinct(mut values: Vec<f64>, tolerance: f64) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| (*a - *b).abs() <= tolerance);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_full_and_even() {
        let check = |points: &[(f64, f64)], expected: Option<(DVec2, DVec2, [usize; 2])>| {
            let points: Vec<DVec2> = points.iter().map(|&p| p.into()).collect();
            assert_eq!(grid(&points, 1e-6).map(|g| (g.center, g.spacing, g.count)), expected);
        };
        let v = DVec2::new;
        check(&[(0.0, 0.0), (10.0, 0.0)], Some((v(5.0, 0.0), v(10.0, 0.0), [2, 1])));
        check(&[(0.0, 0.0), (10.0, 4.0), (0.0, 4.0), (10.0, 0.0)], Some((v(5.0, 2.0), v(10.0, 4.0), [2, 2])));
        check(&[(0.0, 0.0), (10.0, 4.0), (0.0, 4.0)], None);
        check(&[(0.0, 0.0), (10.0, 0.0), (21.0, 0.0)], None);
        check(&[(0.0, 0.0), (10.0, 4.0)], None);
    }

    #[test]
    fn rings_go_all_the_way_round() {
        let places = |n: usize, radius: f64, start: f64, rounded: f64| -> Vec<DVec2> {
            (0..n)
                .map(|i| {
                    let p = radius * DVec2::from_angle((start + 360.0 * i as f64 / n as f64).to_radians());
                    DVec2::new(7.0, -2.0) + (p / rounded).round() * rounded
                })
                .collect()
        };
        let found = ring(&places(6, 20.0, 30.0, 1e-4), 0.6e-4).expect("six holes on a circle");
        assert_eq!((found.count, found.start_degrees), (6, 30.0));
        assert!((found.radius - 20.0).abs() < 1e-4 && found.center.distance(DVec2::new(7.0, -2.0)) < 1e-4);
        assert_eq!(ring(&places(6, 20.0, 30.0, 1e-4)[..5], 0.6e-4), None);
        assert!(ring(&places(3, 5.0, 17.25, 1e-3), 0.6e-3).is_some());
    }
}
