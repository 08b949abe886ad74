//! Nearest neighbours among fixed points (a k-d tree by `kiddo`).

use std::num::NonZero;

use glam::DVec3;
use kiddo::{ImmutableKdTree, SquaredEuclidean};

/// A k-d tree over points. Points with a coordinate that is not finite are left out; indices still refer to the list given.
pub struct NearestPoints {
    tree: Option<ImmutableKdTree<f64, 3>>,
    /// The index in the caller's list of each point in the tree.
    index: Vec<u32>,
}

impl NearestPoints {
    /// Builds the tree in O(n log n).
    pub fn new(points: &[DVec3]) -> Self {
        let (index, finite): (Vec<u32>, Vec<[f64; 3]>) =
            (0u32..).zip(points).filter(|(_, p)| p.is_finite()).map(|(i, p)| (i, p.to_array())).unzip();
        let tree = if finite.is_empty() { None } else { ImmutableKdTree::new_from_slice(&finite).ok() };
        Self { tree, index }
    }

    /// The number of points in the tree.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no point to be near to.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Index of and distance to the point nearest to `point`; `None` without points or when `point` is not finite.
    pub fn nearest(&self, point: DVec3) -> Option<(usize, f64)> {
        let tree = self.tree.as_ref().filter(|_| point.is_finite())?;
        let found = tree.query(&point.to_array()).nearest_one::<SquaredEuclidean<f64>>().execute();
        Some((self.index[found.item as usize] as usize, found.distance.sqrt()))
    }

    /// Indices of and distances to the `count` nearest points, nearest first; fewer when there are fewer.
    pub fn nearest_n(&self, point: DVec3, count: usize) -> Vec<(usize, f64)> {
        let (Some(tree), Some(count)) =
            (self.tree.as_ref().filter(|_| point.is_finite()), NonZero::new(count.min(self.len())))
        else {
            return Vec::new();
        };
        let found = tree.query(&point.to_array()).nearest_n::<SquaredEuclidean<f64>>(count).execute();
        self.in_order(found.into_iter().map(|n| (n.item, n.distance)))
    }

    /// Indices of and distances to all points within `radius`, its surface included, nearest first.
    pub fn within(&self, point: DVec3, radius: f64) -> Vec<(usize, f64)> {
        let Some(tree) = self.tree.as_ref().filter(|_| point.is_finite() && radius >= 0.0) else {
            return Vec::new();
        };
        let found = tree.query(&point.to_array()).within::<SquaredEuclidean<f64>>(radius * radius).execute();
        self.in_order(found.into_iter().map(|n| (n.item, n.distance)))
    }

    /// Callers' indices, by distance and then by index: the order within the tree must not show.
    fn in_order(&self, found: impl Iterator<Item = (u32, f64)>) -> Vec<(usize, f64)> {
        let mut found: Vec<(usize, f64)> =
            found.map(|(item, squared)| (self.index[item as usize] as usize, squared.sqrt())).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points() -> impl Strategy<Value = Vec<DVec3>> {
        // Coarse coordinates give ties and coinciding points.
        prop::collection::vec((-4..4i32, -4..4i32, -4..4i32), 1..200)
            .prop_map(|v| v.iter().map(|&(x, y, z)| DVec3::new(x as f64, y as f64, z as f64) / 4.0).collect())
    }

    proptest! {
        #[test]
        fn distances_agree_with_trying_all(points in points(), x in -2.0..2.0f64, y in -2.0..2.0f64, z in -2.0..2.0f64, n in 1usize..50) {
            let query = DVec3::new(x, y, z);
            let tree = NearestPoints::new(&points);
            let mut all: Vec<f64> = points.iter().map(|p| p.distance(query)).collect();
            all.sort_by(f64::total_cmp);
            let (index, distance) = tree.nearest(query).unwrap();
            prop_assert!((distance - all[0]).abs() < 1e-12 && (points[index].distance(query) - distance).abs() < 1e-12);
            let several = tree.nearest_n(query, n);
            prop_assert_eq!(several.len(), n.min(points.len()));
            for ((i, d), expected) in several.iter().zip(&all) {
                prop_assert!((d - expected).abs() < 1e-12 && (points[*i].distance(query) - d).abs() < 1e-12);
            }
            let near = tree.within(query, 0.7);
            prop_assert_eq!(near.len(), all.iter().filter(|d| **d <= 0.7).count());
        }
    }

    #[test]
    fn odd_input_is_met() {
        assert!(NearestPoints::new(&[]).nearest(DVec3::ZERO).is_none());
        assert!(NearestPoints::new(&[]).nearest_n(DVec3::ZERO, 3).is_empty());
        let with_nan = NearestPoints::new(&[DVec3::NAN, DVec3::X]);
        assert_eq!(with_nan.nearest(DVec3::ZERO), Some((1, 1.0)));
        assert!(with_nan.nearest(DVec3::NAN).is_none());
        assert!(with_nan.nearest_n(DVec3::ZERO, 0).is_empty());
        // More coinciding points than a leaf of the tree holds.
        let same = NearestPoints::new(&vec![DVec3::ONE; 1000]);
        assert!(same.nearest(DVec3::ONE).unwrap().1.abs() < f64::MIN_POSITIVE);
        assert_eq!(same.nearest_n(DVec3::ONE, 1000).len(), 1000);
        assert_eq!(same.within(DVec3::ONE, 0.0).len(), 1000);
    }
}
