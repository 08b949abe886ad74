//! The heights at which a part's flat faces perpendicular to a direction lie.

use glam::DVec3;
use partwright_geometry::TriMesh;

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
