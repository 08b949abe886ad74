//! The section of a triangle mesh by a plane.
//!
//! Crossings are chained through the mesh's own edges, so that a welded closed mesh gives closed loops whatever its
//! triangles look like. A vertex on the plane counts as above it, which needs no tolerance. Loops left open by a mesh
//! with gaps are closed by joining nearest ends.

use glam::{DVec2, DVec3};
use partwright_geometry::TriMesh;
use rustc_hash::FxHashMap;

use super::{Area, Polygon};
use crate::part::SketchPlane;

/// A mesh made ready for many sections perpendicular to one direction.
pub struct MeshSlicer<'a> {
    mesh: &'a TriMesh,
    plane: SketchPlane,
    heights: Vec<f64>,
    /// Lower and upper height of each triangle, sorted by the lower one, with the triangle's index.
    spans: Vec<(f64, f64, u32)>,
    longest_span: f64,
    by_winding: bool,
}

impl<'a> MeshSlicer<'a> {
    /// Prepares sections by planes parallel to `plane`. `by_winding` says that the mesh's triangles are consistently
    /// oriented, so that overlapping bodies are united; otherwise the inside is told by parity.
    pub fn new(mesh: &'a TriMesh, plane: SketchPlane, by_winding: bool) -> Self {
        let heights: Vec<f64> = mesh.positions.iter().map(|&p| (p - plane.origin).dot(plane.normal)).collect();
        let mut spans: Vec<(f64, f64, u32)> = mesh
            .triangles
            .iter()
            .enumerate()
            .filter_map(|(i, t)| {
                let h = t.map(|v| heights[v as usize]);
                let (low, high) = (h[0].min(h[1]).min(h[2]), h[0].max(h[1]).max(h[2]));
                (low < high).then_some((low, high, i as u32))
            })
            .collect();
        spans.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let longest_span = spans.iter().map(|s| s.1 - s.0).fold(0.0, f64::max);
        Self { mesh, plane, heights, spans, longest_span, by_winding }
    }

    /// The plane at height zero.
    pub fn plane(&self) -> SketchPlane {
        self.plane
    }

    /// The area of the section at `height` over the plane, in the plane's coordinates.
    pub fn section(&self, height: f64) -> Area {
        Area::enclosed(&self.loops(height), self.by_winding)
    }

    /// The closed loops of the section, the solid to their left.
    pub fn loops(&self, height: f64) -> Vec<Polygon> {
        // `next[i]` runs from the crossing with one mesh edge to the crossing with another.
        let first = self.spans.partition_point(|s| s.0 < height - self.longest_span);
        let mut segments: Vec<[(u32, u32); 2]> = Vec::new();
        for &(low, high, index) in &self.spans[first..] {
            if low >= height {
                break;
            }
            if high < height {
                continue;
            }
            if let Some(segment) = self.crossing(index, height) {
                segments.push(segment);
            }
        }
        let mut starting_at: FxHashMap<(u32, u32), Vec<u32>> = FxHashMap::default();
        for (i, segment) in segments.iter().enumerate().rev() {
            starting_at.entry(segment[0]).or_default().push(i as u32);
        }
        let mut used = vec![false; segments.len()];
        let mut closed = Vec::new();
        let mut open: Vec<Vec<DVec2>> = Vec::new();
        // Chains that begin at a mesh border come first, so that they are not cut in the middle.
        let mut ends: rustc_hash::FxHashSet<(u32, u32)> = rustc_hash::FxHashSet::default();
        ends.extend(segments.iter().map(|s| s[1]));
        let order = (0..segments.len())
            .filter(|&i| !ends.contains(&segments[i][0]))
            .chain((0..segments.len()).filter(|&i| ends.contains(&segments[i][0])));
        for start in order {
            if used[start] {
                continue;
            }
            let mut chain = Vec::new();
            let mut current = start;
            let is_closed = loop {
                used[current] = true;
                chain.push(self.point(segments[current][0], height));
                let end = segments[current][1];
                if end == segments[start][0] {
                    break true;
                }
                let next = starting_at.get_mut(&end).and_then(|list| {
                    while let Some(i) = list.pop() {
                        if !used[i as usize] {
                            return Some(i as usize);
                        }
                    }
                    None
                });
                let Some(next) = next else {
                    chain.push(self.point(end, height));
                    break false;
                };
                current = next;
            };
            if is_closed { closed.push(chain) } else { open.push(chain) }
        }
        closed.extend(close_chains(open));
        closed.retain(|l| l.len() >= 3);
        closed
    }

    /// The two mesh edges that `triangle` crosses the plane in, ordered so that the solid lies to the left.
    fn crossing(&self, triangle: u32, height: f64) -> Option<[(u32, u32); 2]> {
        let corners = self.mesh.triangles[triangle as usize];
        let above = corners.map(|v| self.heights[v as usize] >= height);
        let edge = |a: usize, b: usize| (corners[a].min(corners[b]), corners[a].max(corners[b]));
        for i in 0..3 {
            let (j, k) = ((i + 1) % 3, (i + 2) % 3);
            if above[i] != above[j] && above[i] != above[k] {
                // Corner i is alone on its side; the edges i-j and k-i are crossed.
                return Some(if above[i] { [edge(i, j), edge(k, i)] } else { [edge(k, i), edge(i, j)] });
            }
        }
        None
    }

    fn point(&self, (a, b): (u32, u32), height: f64) -> DVec2 {
        let (p, q): (DVec3, DVec3) = (self.mesh.positions[a as usize], self.mesh.positions[b as usize]);
        let (hp, hq) = (self.heights[a as usize], self.heights[b as usize]);
        let t = ((height - hp) / (hq - hp)).clamp(0.0, 1.0);
        self.plane.local(p.lerp(q, t)).truncate()
    }
}

/// Joins open chains into loops: the end of one to the nearest start among all, its own included.
fn close_chains(mut open: Vec<Vec<DVec2>>) -> Vec<Polygon> {
    const MOST_JOINED: usize = 256;
    open.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
    open.truncate(MOST_JOINED);
    let mut loops = Vec::new();
    while !open.is_empty() {
        let mut chain = open.remove(0);
        while let Some((&start, &end)) = chain.first().zip(chain.last()) {
            let own = end.distance(start);
            let nearest = open
                .iter()
                .enumerate()
                .filter_map(|(i, c)| c.first().map(|s| (i, end.distance(*s))))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            match nearest {
                Some((i, distance)) if distance < own => chain.extend(open.remove(i)),
                _ => break,
            }
        }
        loops.push(chain);
    }
    loops
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuboid(low: DVec3, high: DVec3) -> TriMesh {
        let positions = (0..8)
            .map(|i| {
                let pick = |bit: usize, l: f64, h: f64| if i >> bit & 1 == 1 { h } else { l };
                DVec3::new(pick(0, low.x, high.x), pick(1, low.y, high.y), pick(2, low.z, high.z))
            })
            .collect();
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect();
        TriMesh { positions, triangles }
    }

    #[test]
    fn a_box_is_cut_into_rectangles_in_every_direction() {
        let mesh = cuboid(DVec3::new(1.0, 2.0, 3.0), DVec3::new(4.0, 7.0, 11.0));
        let check = |normal: DVec3, height: f64, measure: f64| {
            let plane = SketchPlane::through(DVec3::ZERO, normal);
            let section = MeshSlicer::new(&mesh, plane, true).section(height);
            assert!((section.measure() - measure).abs() < 1e-6, "{normal}: {}", section.measure());
        };
        check(DVec3::Z, 5.0, 15.0);
        check(DVec3::X, 2.0, 40.0);
        check(DVec3::Y, 6.0, 24.0);
        check(DVec3::NEG_Z, -5.0, 15.0);
        check(DVec3::Z, 12.0, 0.0);
        check(DVec3::Z, 3.5, 15.0);
    }

    #[test]
    fn a_missing_triangle_leaves_the_section_closed() {
        let mut mesh = cuboid(DVec3::ZERO, DVec3::ONE);
        mesh.triangles.remove(4);
        let plane = SketchPlane::through(DVec3::ZERO, DVec3::Z);
        let section = MeshSlicer::new(&mesh, plane, true).section(0.25);
        assert!((section.measure() - 1.0).abs() < 1e-6);
    }
}
