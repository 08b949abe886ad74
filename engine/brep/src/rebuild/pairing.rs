//! Triangles of a boolean as a manifold half-edge mesh: welded, paired across material, pinched vertices split.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::boolean::FacetSoup;
use crate::canonical::{SurfaceTable, natural_normal};
use crate::facet::FacetTable;

/// Half-edge `3 * t + k` runs from corner `k` of triangle `t` to the next corner.
#[derive(Clone, Debug, Default)]
pub(crate) struct HalfedgeMesh {
    /// Corners.
    pub(crate) positions: Vec<DVec3>,
    /// Corner indices, counter-clockwise from outside.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// The facet of every triangle.
    pub(crate) facets: Vec<u32>,
    /// Whether the triangle bounds material on its facet's other side.
    pub(crate) inverted: Vec<bool>,
    /// The opposite of every half-edge.
    pub(crate) opposite: Vec<u32>,
}

/// Sine of the angle between surfaces that touch along an edge of their facets.
const TOUCHING: f64 = 1e-3;

/// The half-edge after `h` in its triangle.
pub(crate) fn next(h: u32) -> u32 {
    if h % 3 == 2 { h - 2 } else { h + 1 }
}

/// The half-edge before `h` in its triangle.
pub(crate) fn previous(h: u32) -> u32 {
    if h.is_multiple_of(3) { h + 2 } else { h - 1 }
}

impl HalfedgeMesh {
    /// Welds corners closer than `tolerance` and pairs half-edges so that each pair bounds one wedge of material: solids
    /// that merely touch come apart. Where one surface touches another along a line, both go on across it.
    pub(crate) fn from_soup(
        soup: &FacetSoup,
        tolerance: f64,
        table: &FacetTable,
        surfaces: &SurfaceTable,
    ) -> Result<Self, String> {
        let weld = weld(&soup.positions, tolerance);
        let mut mesh = Self { positions: soup.positions.clone(), ..Self::default() };
        let mut seen: FxHashMap<[u32; 3], Vec<usize>> = FxHashMap::default();
        let mut kept: Vec<Option<[u32; 3]>> = Vec::with_capacity(soup.triangles.len());
        for triangle in &soup.triangles {
            let [a, b, c] = triangle.map(|v| weld[v as usize]);
            if a == b || b == c || c == a {
                kept.push(None);
                continue;
            }
            // A triangle and its reverse bound nothing between them.
            let reverse = smallest_first([a, c, b]);
            if let Some(other) = seen.get_mut(&reverse).and_then(Vec::pop) {
                kept[other] = None;
                kept.push(None);
                continue;
            }
            seen.entry(smallest_first([a, b, c])).or_default().push(kept.len());
            kept.push(Some([a, b, c]));
        }
        for (i, triangle) in kept.into_iter().enumerate() {
            if let Some(triangle) = triangle {
                mesh.triangles.push(triangle);
                mesh.facets.push(soup.facets[i]);
                mesh.inverted.push(soup.inverted[i]);
            }
        }
        mesh.pair(table, surfaces)?;
        mesh.split_pinched();
        Ok(mesh)
    }

    /// First corner of a half-edge.
    pub(crate) fn from(&self, h: u32) -> u32 {
        self.triangles[h as usize / 3][h as usize % 3]
    }

    /// Last corner of a half-edge.
    pub(crate) fn to(&self, h: u32) -> u32 {
        self.from(next(h))
    }

    /// Position of a corner.
    pub(crate) fn position(&self, v: u32) -> DVec3 {
        self.positions[v as usize]
    }

    /// Twice the area vector of a triangle.
    pub(crate) fn double_area(&self, t: usize) -> DVec3 {
        let [a, b, c] = self.triangles[t].map(|v| self.position(v));
        (b - a).cross(c - a)
    }

    /// Connected sets of triangles.
    pub(crate) fn shells(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.triangles.len()];
        let mut shells = Vec::new();
        for seed in 0..self.triangles.len() {
            if std::mem::replace(&mut seen[seed], true) {
                continue;
            }
            let mut shell = vec![seed];
            let mut next = 0;
            while let Some(&t) = shell.get(next) {
                next += 1;
                for k in 0..3 {
                    let other = self.opposite[3 * t + k] as usize / 3;
                    if !std::mem::replace(&mut seen[other], true) {
                        shell.push(other);
                    }
                }
            }
            shells.push(shell);
        }
        shells
    }

    /// The mesh without some of its shells, whose triangles are told by `dropped`.
    pub(crate) fn without(&self, dropped: &[bool]) -> Self {
        let mut mesh = Self::default();
        let mut triangle_of = vec![u32::MAX; self.triangles.len()];
        let mut vertex_of = vec![u32::MAX; self.positions.len()];
        for (t, triangle) in self.triangles.iter().enumerate().filter(|(t, _)| !dropped[*t]) {
            triangle_of[t] = mesh.triangles.len() as u32;
            let corners = triangle.map(|v| {
                let vertex = &mut vertex_of[v as usize];
                if *vertex == u32::MAX {
                    *vertex = mesh.positions.len() as u32;
                    mesh.positions.push(self.position(v));
                }
                *vertex
            });
            mesh.triangles.push(corners);
            mesh.facets.push(self.facets[t]);
            mesh.inverted.push(self.inverted[t]);
        }
        let kept = (0..self.triangles.len()).filter(|t| !dropped[*t]);
        mesh.opposite = kept
            .flat_map(|t| &self.opposite[3 * t..3 * t + 3])
            .map(|h| 3 * triangle_of[*h as usize / 3] + h % 3)
            .collect();
        mesh
    }

    fn pair(&mut self, table: &FacetTable, surfaces: &SurfaceTable) -> Result<(), String> {
        let count = 3 * self.triangles.len() as u32;
        let mut edges: Vec<(u32, u32, u32)> = (0..count)
            .map(|h| {
                let (a, b) = (self.from(h), self.to(h));
                (a.min(b), a.max(b), h)
            })
            .collect();
        edges.sort_unstable();
        self.opposite = vec![u32::MAX; count as usize];
        for group in edges.chunk_by(|x, y| x.0 == y.0 && x.1 == y.1) {
            let forward = group.iter().filter(|(a, _, h)| self.from(*h) == *a).count();
            if 2 * forward != group.len() {
                let p = self.position(group[0].0);
                return Err(format!("the facets are open along an edge at ({:.6}, {:.6}, {:.6})", p.x, p.y, p.z));
            }
            if let [(_, _, g), (_, _, h)] = group {
                self.join(*g, *h);
            } else if let Some([(g, h), (i, j)]) = self.touching(group, table, surfaces) {
                self.join(g, h);
                self.join(i, j);
            } else {
                self.pair_by_angle(group);
            }
        }
        Ok(())
    }

    fn join(&mut self, g: u32, h: u32) {
        self.opposite[g as usize] = h;
        self.opposite[h as usize] = g;
    }

    /// The half-edges of two surfaces that touch along an edge and both go on across it, in pairs of one surface.
    fn touching(
        &self,
        group: &[(u32, u32, u32)],
        table: &FacetTable,
        surfaces: &SurfaceTable,
    ) -> Option<[(u32, u32); 2]> {
        let [first, others @ ..] = group else { return None };
        if others.len() != 3 {
            return None;
        }
        let key = |h: u32| {
            let t = h as usize / 3;
            let facet = table.facets[self.facets[t] as usize];
            (table.faces[facet.face as usize].surface, facet.natural != self.inverted[t], self.from(h) == first.0)
        };
        let goes_on = |g: u32, h: u32| {
            let ((s, natural, forward), (t, other, along)) = (key(g), key(h));
            s == t && natural == other && forward != along
        };
        let second = others.iter().position(|o| goes_on(first.2, o.2))?;
        let rest: Vec<u32> = others.iter().enumerate().filter(|(i, _)| *i != second).map(|(_, o)| o.2).collect();
        let (i, j) = (*rest.first()?, *rest.last()?);
        if !goes_on(i, j) || key(i).0 == key(first.2).0 {
            return None;
        }
        let p = self.position(first.0).midpoint(self.position(first.1));
        let [m, n] = [first.2, i].map(|h| natural_normal(surfaces.surface(key(h).0), p));
        (m.cross(n).length() <= TOUCHING).then_some([(first.2, others[second].2), (i, j)])
    }

    /// Around an edge shared by more than two triangles, material lies between a backward half-edge and the next forward
    /// one, counter-clockwise about the edge.
    fn pair_by_angle(&mut self, group: &[(u32, u32, u32)]) {
        let (a, b) = (group[0].0, group[0].1);
        let axis = (self.position(b) - self.position(a)).normalize_or_zero();
        let x = axis.any_orthonormal_vector();
        let y = axis.cross(x);
        let mut around: Vec<(f64, bool, u32)> = group
            .iter()
            .map(|&(_, _, h)| {
                let apex = self.position(self.from(previous(h))) - self.position(a);
                (apex.dot(y).atan2(apex.dot(x)), self.from(h) == a, h)
            })
            .collect();
        around.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)).then(p.2.cmp(&q.2)));
        // Start where every prefix has at least as many openings (backward) as closings (forward).
        let (mut depth, mut lowest, mut start) = (0, 0, 0);
        for (i, (_, forward, _)) in around.iter().enumerate() {
            depth += if *forward { -1 } else { 1 };
            if depth < lowest {
                lowest = depth;
                start = i + 1;
            }
        }
        let mut open = Vec::new();
        for i in 0..around.len() {
            let (_, forward, h) = around[(start + i) % around.len()];
            if !forward {
                open.push(h);
            } else if let Some(g) = open.pop() {
                self.join(g, h);
            }
        }
    }

    /// Gives every fan of triangles round a vertex a vertex of its own.
    fn split_pinched(&mut self) {
        let count = self.opposite.len();
        let mut fan = vec![u32::MAX; count];
        let mut positions = Vec::with_capacity(self.positions.len());
        for h in 0..count as u32 {
            if fan[h as usize] != u32::MAX {
                continue;
            }
            let vertex = positions.len() as u32;
            positions.push(self.position(self.from(h)));
            let mut g = h;
            while fan[g as usize] == u32::MAX {
                fan[g as usize] = vertex;
                g = self.opposite[previous(g) as usize];
            }
        }
        for (t, triangle) in self.triangles.iter_mut().enumerate() {
            for (k, corner) in triangle.iter_mut().enumerate() {
                *corner = fan[3 * t + k];
            }
        }
        self.positions = positions;
    }
}

fn smallest_first([a, b, c]: [u32; 3]) -> [u32; 3] {
    if a < b && a < c {
        [a, b, c]
    } else if b < c {
        [b, c, a]
    } else {
        [c, a, b]
    }
}

/// For every position the first one within the tolerance.
fn weld(positions: &[DVec3], tolerance: f64) -> Vec<u32> {
    let mut cells: FxHashMap<[i64; 3], Vec<u32>> = FxHashMap::default();
    let cell = |p: DVec3| (p / (8.0 * tolerance)).floor().to_array().map(|c| c as i64);
    let mut target = Vec::with_capacity(positions.len());
    for (i, p) in positions.iter().enumerate() {
        let (low, high) = (cell(*p - tolerance), cell(*p + tolerance));
        let mut found = None;
        for x in low[0]..=high[0] {
            for y in low[1]..=high[1] {
                for z in low[2]..=high[2] {
                    let near = cells.get(&[x, y, z]).into_iter().flatten();
                    for &j in near {
                        if positions[j as usize].distance_squared(*p) <= tolerance * tolerance {
                            found = Some(found.map_or(j, |f: u32| f.min(j)));
                        }
                    }
                }
            }
        }
        target.push(found.unwrap_or(i as u32));
        if found.is_none() {
            cells.entry(cell(*p)).or_default().push(i as u32);
        }
    }
    target
}
