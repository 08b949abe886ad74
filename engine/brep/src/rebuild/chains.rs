//! Half-edges between two faces, strung together from corner to corner.

use super::pairing::{HalfedgeMesh, next};
use super::regions::Regions;

/// The boundaries between faces.
#[derive(Debug)]
pub(crate) struct Chains {
    /// Every chain as consecutive half-edges, all of the same two faces.
    pub(crate) all: Vec<Vec<u32>>,
    /// For every half-edge its chain and whether it runs along it; `None` inside a face.
    pub(crate) of_halfedge: Vec<Option<(u32, bool)>>,
    /// For every corner vertex and every start of a closed chain: the faces round it; empty elsewhere.
    pub(crate) faces_at: Vec<Vec<u32>>,
}

impl Chains {
    /// Finds all chains. They also end where `sharp` says of a vertex and a face that the face comes to a point there.
    pub(crate) fn new(mesh: &HalfedgeMesh, regions: &Regions, sharp: impl Fn(u32, u32) -> bool) -> Self {
        let count = mesh.opposite.len() as u32;
        let boundary = |h: u32| {
            let [f, g] = regions.sides(mesh, h);
            f != g
        };
        let mut leaving: Vec<Vec<u32>> = vec![Vec::new(); mesh.positions.len()];
        for h in (0..count).filter(|h| boundary(*h)) {
            leaving[mesh.from(h) as usize].push(h);
        }
        let unordered = |h: u32| {
            let [f, g] = regions.sides(mesh, h);
            (f.min(g), f.max(g))
        };
        let corner = |v: u32| {
            let out = &leaving[v as usize];
            match out[..] {
                [g, h] if unordered(g) == unordered(h) => regions.sides(mesh, g).into_iter().any(|f| sharp(v, f)),
                _ => true,
            }
        };
        let mut found = Self {
            all: Vec::new(),
            of_halfedge: vec![None; count as usize],
            faces_at: vec![Vec::new(); mesh.positions.len()],
        };
        let from_corners = (0..count).filter(|h| boundary(*h) && corner(mesh.from(*h)));
        let round = (0..count).filter(|h| boundary(*h));
        let starts: Vec<u32> = from_corners.chain(round).collect();
        for start in starts {
            if found.of_halfedge[start as usize].is_some() {
                continue;
            }
            let mut chain = vec![start];
            let mut h = start;
            loop {
                let v = mesh.to(h);
                if v == mesh.from(start) || corner(v) {
                    break;
                }
                let back = mesh.opposite[h as usize];
                let Some(&onward) = leaving[v as usize].iter().find(|g| **g != back) else { break };
                chain.push(onward);
                h = onward;
            }
            found.add(mesh, chain);
        }
        for chain in &found.all {
            for v in [mesh.from(chain[0]), mesh.to(chain[chain.len() - 1])] {
                let mut faces: Vec<u32> = leaving[v as usize].iter().flat_map(|h| regions.sides(mesh, *h)).collect();
                faces.sort_unstable();
                faces.dedup();
                found.faces_at[v as usize] = faces;
            }
        }
        found
    }

    fn add(&mut self, mesh: &HalfedgeMesh, chain: Vec<u32>) {
        let id = self.all.len() as u32;
        for &h in &chain {
            self.of_halfedge[h as usize] = Some((id, true));
            self.of_halfedge[mesh.opposite[h as usize] as usize] = Some((id, false));
        }
        self.all.push(chain);
    }

    /// The closed walks of chains round every face, with the direction of each chain.
    pub(crate) fn loops(&self, mesh: &HalfedgeMesh, regions: &Regions) -> Vec<Vec<Vec<(u32, bool)>>> {
        let mut loops = vec![Vec::new(); regions.faces.len()];
        let mut used = vec![false; self.of_halfedge.len()];
        // A loop starts with the first half-edge of a chain, so that whole chains follow one another.
        for (id, chain) in self.all.iter().enumerate() {
            let along = chain[0];
            let against = mesh.opposite[chain[chain.len() - 1] as usize];
            for (start, forward) in [(along, true), (against, false)] {
                if used[start as usize] {
                    continue;
                }
                let mut walk = vec![(id as u32, forward)];
                let mut h = start;
                loop {
                    used[h as usize] = true;
                    let mut g = next(h);
                    while self.of_halfedge[g as usize].is_none() {
                        g = next(mesh.opposite[g as usize]);
                    }
                    if g == start {
                        break;
                    }
                    if let Some(step) = self.of_halfedge[g as usize]
                        && (self.of_halfedge[h as usize] != Some(step) || self.starts(mesh, g))
                    {
                        walk.push(step);
                    }
                    h = g;
                }
                loops[regions.of_triangle[start as usize / 3] as usize].push(walk);
            }
        }
        loops
    }

    /// Whether `h` is the first half-edge of its chain in its own direction.
    fn starts(&self, mesh: &HalfedgeMesh, h: u32) -> bool {
        let Some((id, forward)) = self.of_halfedge[h as usize] else { return false };
        let chain = &self.all[id as usize];
        if forward { chain[0] == h } else { mesh.opposite[chain[chain.len() - 1] as usize] == h }
    }
}
