//! Furthest point sampling (Eldar et al., 1997; Gonzalez' k-centre greedy): a few points that cover a cloud evenly.

use glam::DVec3;

/// Indices of `count` points of `points`, each the furthest from all chosen before it, starting with `first`.
///
/// Ties go to the lower index, so the result depends on nothing but the input. At most `points.len()` indices
/// are returned, without repetition. Points with a coordinate that is not finite are never chosen, `first` included,
/// in whose place the lowest usable index starts.
///
/// Costs `points.len() * count` distances: 8192 -> 256 takes a few milliseconds.
pub fn furthest_points(points: &[DVec3], count: usize, first: usize) -> Vec<usize> {
    let usable: Vec<usize> = (0..points.len()).filter(|&i| points[i].is_finite()).collect();
    let count = count.min(usable.len());
    let mut chosen = Vec::with_capacity(count);
    if count == 0 {
        return chosen;
    }
    // Three plain arrays let the compiler keep four distances in one vector register.
    let (xs, ys, zs): (Vec<f64>, Vec<f64>, Vec<f64>) = (
        usable.iter().map(|&i| points[i].x).collect(),
        usable.iter().map(|&i| points[i].y).collect(),
        usable.iter().map(|&i| points[i].z).collect(),
    );
    let mut squared = vec![f64::INFINITY; usable.len()];
    let mut next = usable.binary_search(&first).unwrap_or(0);
    loop {
        chosen.push(usable[next]);
        if chosen.len() == count {
            return chosen;
        }
        let (x, y, z) = (xs[next], ys[next], zs[next]);
        for (((squared, xi), yi), zi) in squared.iter_mut().zip(&xs).zip(&ys).zip(&zs) {
            let distance = (xi - x) * (xi - x) + (yi - y) * (yi - y) + (zi - z) * (zi - z);
            *squared = if distance < *squared { distance } else { *squared };
        }
        // A chosen point is marked, so that coinciding points (all at distance 0) still give distinct indices.
        squared[next] = -1.0;
        next = index_of_largest(&squared);
    }
}

/// The lowest index of the largest value. The maximum is found first, in lanes, and its place second.
fn index_of_largest(values: &[f64]) -> usize {
    let mut lanes = [f64::NEG_INFINITY; 8];
    let chunks = values.chunks_exact(8);
    let rest = chunks.remainder().iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = if value > *lane { value } else { *lane };
        }
    }
    let largest = lanes.iter().fold(rest, |a, &b| if b > a { b } else { a });
    values.iter().position(|&value| value >= largest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, written down without any care for speed.
    fn by_definition(points: &[DVec3], count: usize, first: usize) -> Vec<usize> {
        let mut chosen = vec![first];
        while chosen.len() < count.min(points.len()) {
            let gap =
                |i: usize| chosen.iter().map(|&c| points[i].distance_squared(points[c])).fold(f64::INFINITY, f64::min);
            let mut best: Option<(usize, f64)> = None;
            for i in (0..points.len()).filter(|i| !chosen.contains(i)) {
                if best.is_none_or(|(_, d)| gap(i) > d) {
                    best = Some((i, gap(i)));
                }
            }
            chosen.push(best.unwrap().0);
        }
        chosen
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(coords in prop::collection::vec((0..6i32, 0..6i32, 0..6i32), 1..60), count in 1usize..40) {
            // A small integer grid is full of ties and of coinciding points.
            let points: Vec<DVec3> = coords.iter().map(|&(x, y, z)| DVec3::new(x as f64, y as f64, z as f64)).collect();
            let first = count % points.len();
            prop_assert_eq!(furthest_points(&points, count, first), by_definition(&points, count, first));
        }
    }

    #[test]
    fn bad_input_is_met() {
        assert!(furthest_points(&[], 4, 0).is_empty());
        assert!(furthest_points(&[DVec3::NAN], 4, 0).is_empty());
        assert!(furthest_points(&[DVec3::X], 0, 0).is_empty());
        assert_eq!(furthest_points(&[DVec3::NAN, DVec3::X, DVec3::ZERO], 9, 0), [1, 2]);
        assert_eq!(furthest_points(&[DVec3::X, DVec3::ZERO], 2, 99), [0, 1]);
    }
}
