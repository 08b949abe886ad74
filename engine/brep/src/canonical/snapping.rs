//! Coordinates that differ by rounding alone become equal, bit by bit, so that the mesh boolean sees contact as contact.

use glam::DVec3;

/// Replaces every coordinate by the representative of its cluster: per world axis, values closer than `tolerance` to
/// the next smaller one are one value. A representative is the roundest of a cluster (fewest decimals), so that exact
/// input stays exact.
pub(crate) fn snap_coordinates<'a>(meshes: impl Iterator<Item = &'a mut Vec<DVec3>>, tolerance: f64) {
    let mut meshes: Vec<&mut Vec<DVec3>> = meshes.collect();
    for axis in 0..3 {
        let mut values: Vec<f64> = meshes.iter().flat_map(|m| m.iter().map(|p| p[axis])).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup();
        let (starts, representatives) = clusters(&values, tolerance);
        for mesh in &mut meshes {
            for p in mesh.iter_mut() {
                let index = starts.partition_point(|s| *s <= p[axis]);
                p[axis] = representatives[index.saturating_sub(1)];
            }
        }
    }
}

/// Smallest value and representative of every cluster.
fn clusters(values: &[f64], tolerance: f64) -> (Vec<f64>, Vec<f64>) {
    let mut starts = Vec::new();
    let mut representatives = Vec::new();
    let mut from = 0;
    for i in 1..=values.len() {
        if i < values.len() && values[i] - values[i - 1] <= tolerance {
            continue;
        }
        let cluster = &values[from..i];
        starts.push(cluster[0]);
        representatives.push(representative(cluster, tolerance));
        from = i;
    }
    (starts, representatives)
}

/// The member nearest to a short decimal, as that decimal when it is within the cluster's reach.
fn representative(cluster: &[f64], tolerance: f64) -> f64 {
    let middle = cluster[cluster.len() / 2];
    for digits in 0..=6 {
        let unit = 10f64.powi(digits);
        let round = (middle * unit).round() / unit;
        if (round - cluster[0]).abs() <= tolerance && (round - cluster[cluster.len() - 1]).abs() <= tolerance {
            return round + 0.0;
        }
    }
    middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_noise_becomes_one_value() {
        let mut a = vec![DVec3::new(1.0 + 1e-15, 0.1 + 0.2, -1e-17)];
        let mut b = vec![DVec3::new(1.0, 0.3, 0.0), DVec3::new(1.001, 0.3, 5.0)];
        snap_coordinates([&mut a, &mut b].into_iter(), 1e-9);
        assert_eq!(a[0], DVec3::new(1.0, 0.3, 0.0));
        assert_eq!(b[0], a[0]);
        assert_eq!(b[1], DVec3::new(1.001, 0.3, 5.0));
    }

    #[test]
    fn values_that_are_not_round_keep_their_middle() {
        let v = std::f64::consts::PI;
        let mut a = vec![DVec3::splat(v), DVec3::splat(v + 1e-12), DVec3::splat(v + 2e-12)];
        snap_coordinates([&mut a].into_iter(), 1e-9);
        assert_eq!(a[0], a[2]);
        assert!((a[0].x - v).abs() < 1e-11);
    }
}
