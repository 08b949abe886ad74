//! Tells a surface tessellated by a CAD program from one that was scanned, where nothing of it is flat.
//!
//! Vertices of a tessellated sphere, torus or spline surface lie on the surface itself: a paraboloid through a facet's
//! neighbourhood leaves a small part of what a plane leaves. In a scan noise stays with either; a scan whose noise was
//! smoothed away has facets so small that a plane leaves next to nothing.

use glam::DVec3;
use partwright_geometry::TriMesh;

/// Facets looked at.
const SAMPLES: usize = 400;
/// Neighbours that look farther away from the facet's direction (cosine) belong to another face.
const SAME_FACE: f64 = 0.8;
/// What the paraboloid may leave of what the plane leaves.
const LEFT: f64 = 0.12;
/// Rises over the plane below this share of the size are no facets of a tessellation.
const LEAST_RISE: f64 = 4e-5;

/// The share of the surface whose vertices lie on smooth curved faces. `size` is the mesh's longest side.
pub(super) fn smooth_share(mesh: &TriMesh, size: f64) -> f64 {
    let crosses: Vec<DVec3> = mesh
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
            (b - a).cross(c - a) / 2.0
        })
        .collect();
    // Triangles around each vertex, as one list with offsets.
    let mut offsets = vec![0u32; mesh.positions.len() + 1];
    for &v in mesh.triangles.iter().flatten() {
        offsets[v as usize + 1] += 1;
    }
    for i in 1..offsets.len() {
        offsets[i] += offsets[i - 1];
    }
    let mut next = offsets.clone();
    let mut around = vec![0u32; 3 * mesh.triangles.len()];
    for (i, t) in mesh.triangles.iter().enumerate() {
        for &v in t {
            around[next[v as usize] as usize] = i as u32;
            next[v as usize] += 1;
        }
    }
    let total: f64 = crosses.iter().map(|c| c.length()).sum();
    let (mut sum, mut wanted) = (0.0, 0.5 * total / SAMPLES as f64);
    let (mut smooth, mut seen) = (0usize, 0usize);
    for (i, cross) in crosses.iter().enumerate() {
        sum += cross.length();
        let mut weight = 0;
        while sum > wanted && weight < SAMPLES {
            wanted += total / SAMPLES as f64;
            weight += 1;
        }
        if weight == 0 {
            continue;
        }
        seen += weight;
        let normal = cross.normalize_or_zero();
        let same = |t: u32| crosses[t as usize].normalize_or_zero().dot(normal) > SAME_FACE;
        let mut corners: Vec<u32> = mesh.triangles[i].to_vec();
        for _ in 0..2 {
            let triangles =
                corners.iter().flat_map(|&v| &around[offsets[v as usize] as usize..offsets[v as usize + 1] as usize]);
            let mut wider: Vec<u32> =
                triangles.filter(|t| same(**t)).flat_map(|t| mesh.triangles[*t as usize]).collect();
            wider.extend(&corners);
            wider.sort_unstable();
            wider.dedup();
            corners = wider;
            if corners.len() >= 16 {
                break;
            }
        }
        let points: Vec<DVec3> = corners.iter().map(|&v| mesh.positions[v as usize]).collect();
        if is_smooth(&points, normal, LEAST_RISE * size) {
            smooth += weight;
        }
    }
    smooth as f64 / seen.max(1) as f64
}

/// Whether a paraboloid over the plane square to `normal` explains what points rise over it.
fn is_smooth(points: &[DVec3], normal: DVec3, least_rise: f64) -> bool {
    if points.len() < 9 || normal == DVec3::ZERO {
        return false;
    }
    let (x, y) = normal.any_orthonormal_pair();
    let mean = points.iter().sum::<DVec3>() / points.len() as f64;
    let scale = points.iter().map(|p| p.distance(mean)).fold(f64::MIN_POSITIVE, f64::max);
    let rows: Vec<([f64; 6], f64)> = points
        .iter()
        .map(|p| {
            let d = (*p - mean) / scale;
            let (u, v) = (d.dot(x), d.dot(y));
            ([1.0, u, v, u * u, u * v, v * v], d.dot(normal))
        })
        .collect();
    let left = |terms: usize| {
        let degrees = rows.len() as f64 - terms as f64;
        (residual(&rows, terms) / degrees.max(1.0)).sqrt()
    };
    let flat = left(3);
    flat * scale > least_rise && left(6) < LEFT * flat
}

/// The sum of squares that the first `terms` columns leave.
fn residual(rows: &[([f64; 6], f64)], terms: usize) -> f64 {
    let mut matrix = [[0.0; 7]; 6];
    for (row, value) in rows {
        for i in 0..terms {
            for j in 0..terms {
                matrix[i][j] += row[i] * row[j];
            }
            matrix[i][6] += row[i] * value;
        }
    }
    for (i, row) in matrix.iter_mut().enumerate().take(terms) {
        // Points in a row do not tell every term.
        row[i] += 1e-9 * rows.len() as f64;
    }
    for i in 0..terms {
        for j in i + 1..terms {
            let factor = matrix[j][i] / matrix[i][i];
            let upper = matrix[i];
            for (value, above) in matrix[j].iter_mut().zip(upper).skip(i) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = [0.0; 6];
    for i in (0..terms).rev() {
        let known: f64 = (i + 1..terms).map(|j| matrix[i][j] * solution[j]).sum();
        solution[i] = (matrix[i][6] - known) / matrix[i][i];
    }
    rows.iter().map(|(row, value)| (row.iter().zip(solution).map(|(a, b)| a * b).sum::<f64>() - value).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sphere of `n` rings with vertices off by up to `noise`.
    fn sphere(n: u32, noise: f64) -> TriMesh {
        let mut mesh = TriMesh::default();
        for i in 0..=n {
            for j in 0..2 * n {
                let (a, b) = (
                    std::f64::consts::PI * f64::from(i) / f64::from(n),
                    std::f64::consts::PI * f64::from(j) / f64::from(n),
                );
                let off = noise * (f64::from((i * 37 + j * 101) % 29) / 14.5 - 1.0);
                mesh.positions.push(DVec3::new(a.sin() * b.cos(), a.sin() * b.sin(), a.cos()) * (1.0 + off));
            }
        }
        let at = |i: u32, j: u32| i * 2 * n + j % (2 * n);
        for i in 0..n {
            for j in 0..2 * n {
                mesh.triangles
                    .extend([[at(i, j), at(i + 1, j), at(i + 1, j + 1)], [at(i, j), at(i + 1, j + 1), at(i, j + 1)]]);
            }
        }
        mesh
    }

    #[test]
    fn a_tessellated_sphere_is_smooth_and_a_scanned_one_is_not() {
        let share = |n: u32, noise: f64| smooth_share(&sphere(n, noise), 2.0);
        assert!(share(16, 0.0) > 0.9, "{}", share(16, 0.0));
        assert!(share(30, 0.0) > 0.9);
        assert!(share(60, 2e-3) < 0.3, "{}", share(60, 2e-3));
        assert!(share(200, 1e-4) < 0.3, "{}", share(200, 1e-4));
    }
}
