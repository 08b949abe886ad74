//! The heights at which a part's flat faces perpendicular to a direction lie.

use glam::DVec3;
use partwright_geometry::TriMesh;
use rustc_hash::FxHashMap;

/// Heights along the unit `axis` (from the origin) of faces perpendicular to it, increasing, with the outermost heights of
/// the mesh always among them; at most `most`, those of the largest faces first.
///
/// A triangle is perpendicular when its corners' heights differ by at most `flatness`; faces closer together than
/// `flatness` are one.
pub fn levels_along(mesh: &TriMesh, axis: DVec3, flatness: f64, most: usize) -> Vec<f64> {
    let heights: Vec<f64> = mesh.positions.iter().map(|p| p.dot(axis)).collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut faces: Vec<(f64, f64)> = Vec::new();
    for t in &mesh.triangles {
        let h = t.map(|v| heights[v as usize]);
        let (bottom, top) = (h[0].min(h[1]).min(h[2]), h[0].max(h[1]).max(h[2]));
        (low, high) = (low.min(bottom), high.max(top));
        if top - bottom <= flatness {
            let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
            let cross = (b - a).cross(c - a) / 2.0;
            // A sliver that happens to lie level is no face: it has to look along the axis, too.
            let looking = cross.dot(axis).abs();
            if looking > 0.7 * cross.length() && looking > 0.0 {
                faces.push(((h[0] + h[1] + h[2]) / 3.0, looking));
            }
        }
    }
    if low >= high {
        return Vec::new();
    }
    faces.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut levels: Vec<(f64, f64)> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for (height, area) in faces {
        match levels.last_mut() {
            Some((mean, weight)) if height - last <= flatness => {
                *mean = (*mean * *weight + height * area) / (*weight + area);
                *weight += area;
            }
            _ => levels.push((height, area)),
        }
        last = height;
    }
    levels.retain(|l| l.0 > low + flatness && l.0 < high - flatness);
    levels.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.total_cmp(&b.0)));
    levels.truncate(most.saturating_sub(2));
    let mut heights: Vec<f64> = levels.into_iter().map(|l| l.0).chain([low, high]).collect();
    heights.sort_unstable_by(f64::total_cmp);
    heights
}

/// Heights along the unit `axis` at which the shape of the section may change without a face there: of level edges between
/// faces that meet at an angle, and of tips; increasing, at most `most`, those of the longest edges first.
pub fn breaks_along(mesh: &TriMesh, axis: DVec3, flatness: f64, most: usize) -> Vec<f64> {
    /// Facets of one curved wall meet at less than this, edges of a chamfer at more.
    const LEAST_ANGLE_RAD: f64 = 0.3;
    let heights: Vec<f64> = mesh.positions.iter().map(|p| p.dot(axis)).collect();
    let normal = |t: &[u32; 3]| {
        let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
        (b - a).cross(c - a).normalize_or_zero()
    };
    let mut sides: FxHashMap<(u32, u32), DVec3> = FxHashMap::default();
    // A vertex is no tip once a neighbour lies above it and another below it, or one as high.
    let mut around = vec![(false, false); heights.len()];
    let mut found: Vec<(f64, f64)> = Vec::new();
    for t in &mesh.triangles {
        let own = normal(t);
        for k in 0..3 {
            let (a, b) = (t[k], t[(k + 1) % 3]);
            let rise = heights[b as usize] - heights[a as usize];
            if rise.abs() > flatness {
                around[a as usize].0 |= rise > 0.0;
                around[a as usize].1 |= rise < 0.0;
                around[b as usize].0 |= rise < 0.0;
                around[b as usize].1 |= rise > 0.0;
            } else {
                around[a as usize] = (true, true);
                around[b as usize] = (true, true);
                // Each edge is met from both sides; the second side decides.
                if let Some(other) = sides.get(&(b, a)) {
                    let length = mesh.positions[a as usize].distance(mesh.positions[b as usize]);
                    let level = |n: DVec3| n.dot(axis).abs() > 1.0 - 1e-6;
                    if other.angle_between(own) > LEAST_ANGLE_RAD && !level(*other) && !level(own) {
                        found.push((heights[a as usize], length));
                    }
                } else {
                    sides.insert((a, b), own);
                }
            }
        }
    }
    let used = around.iter().zip(&heights).filter(|(a, _)| **a == (true, false) || **a == (false, true));
    found.extend(used.map(|(_, &height)| (height, 0.0)));
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (height, length) in found {
        match merged.last_mut() {
            Some((last, total)) if height - *last <= flatness => *total += length,
            _ => merged.push((height, length)),
        }
    }
    merged.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.total_cmp(&b.0)));
    merged.truncate(most);
    let mut heights: Vec<f64> = merged.into_iter().map(|b| b.0).collect();
    heights.sort_unstable_by(f64::total_cmp);
    heights
}
