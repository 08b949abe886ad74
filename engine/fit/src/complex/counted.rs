//! Blocks of a cloud without noise, labelled by counting points.
//!
//! Of a face that is part of the surface, as many points are expected as its area has room for at the cloud's density; of
//! one that is not, none. So the points alone say of every face between two blocks, however close to another face it is,
//! whether the blocks differ, and from the outside, which is empty, this goes on through all blocks. Nothing is asked of
//! normals' sides.

use glam::DVec2;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::partition::Partition;
use super::{Curve, Layers, SignedGraph};
use crate::progress::Deadline;
use crate::section::Area;

/// A point that lies on a wall or a level.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// On the curve of this index, at a height.
    Wall(usize, DVec2, f64),
    /// On the level of this index.
    Level(usize, DVec2),
}

/// Blocks labelled by counting.
pub struct CountedBlocks {
    partition: Partition,
    levels: Vec<f64>,
    solid: Vec<Vec<bool>>,
}

/// The share of a face's points that are expected where it is no part of the surface: points of others that happen to lie
/// in its plane.
const STRAY: f64 = 0.02;
/// Most blocks.
const MOST_BLOCKS: usize = 400_000;

impl CountedBlocks {
    /// Labels the blocks that `curves` and `levels` make between the corners `low` and `high`, of which points were `seen`,
    /// `density` to a unit of surface. `None` when the deadline is reached or there are too many blocks.
    pub fn new(
        curves: &[Curve],
        levels: &[f64],
        [low, high]: [DVec2; 2],
        seen: &[Seen],
        density: f64,
        deadline: &Deadline,
    ) -> Option<Self> {
        let partition = Partition::new(curves, low, high);
        let (cells, layers) = (partition.measures.len(), levels.len().saturating_sub(1));
        if cells * layers > MOST_BLOCKS || layers == 0 || deadline.reached() {
            return None;
        }
        let mut of_walls: FxHashMap<(usize, usize, usize, usize), f64> = FxHashMap::default();
        let mut of_levels: FxHashMap<(usize, usize), f64> = FxHashMap::default();
        for s in seen {
            match *s {
                Seen::Wall(curve, at, height) => {
                    let layer = levels.partition_point(|l| *l <= height);
                    if layer == 0 || layer > layers {
                        continue;
                    }
                    if let Some((behind, ahead)) = partition.about(curve, at) {
                        *of_walls.entry((curve, behind, ahead, layer - 1)).or_default() += 1.0;
                    }
                }
                Seen::Level(level, at) => {
                    if let Some(cell) = partition.cell_at(at) {
                        *of_levels.entry((level, cell)).or_default() += 1.0;
                    }
                }
            }
        }
        // Node 0 is the outside.
        let node = |cell: usize, layer: usize| if partition.outer[cell] { 0 } else { 1 + layer * cells + cell };
        let mut graph = SignedGraph::new(1 + cells * layers);
        for piece in &partition.pieces {
            if partition.outer[piece.behind] && partition.outer[piece.ahead] {
                continue;
            }
            for layer in 0..layers {
                let count = of_walls.get(&(piece.curve, piece.behind, piece.ahead, layer)).copied().unwrap_or(0.0);
                let expected = density * piece.length * (levels[layer + 1] - levels[layer]);
                graph.add(node(piece.behind, layer), node(piece.ahead, layer), evidence(count, expected));
            }
        }
        for cell in 0..cells {
            if partition.outer[cell] {
                continue;
            }
            for level in 0..=layers {
                let count = of_levels.get(&(level, cell)).copied().unwrap_or(0.0);
                let below = if level == 0 { 0 } else { node(cell, level - 1) };
                let above = if level == layers { 0 } else { node(cell, level) };
                graph.add(below, above, evidence(count, density * partition.measures[cell]));
            }
        }
        if deadline.reached() {
            return None;
        }
        let labels = graph.solve();
        let solid = (0..layers).map(|layer| (0..cells).map(|cell| labels[node(cell, layer)]).collect()).collect();
        Some(Self { partition, levels: levels.to_vec(), solid })
    }
}

/// By how much likelier `count` points are where `expected` were to be there than where hardly any were: the logarithm of
/// the ratio.
pub fn evidence(count: f64, expected: f64) -> f64 {
    count * -STRAY.ln() - expected * (1.0 - STRAY)
}

impl Layers for CountedBlocks {
    fn levels(&self) -> &[f64] {
        &self.levels
    }

    fn is_solid(&self, layer: usize, p: DVec2) -> bool {
        self.partition.cell_at(p).is_some_and(|c| self.solid[layer][c])
    }

    fn sections(&self) -> Vec<Area> {
        self.solid
            .par_iter()
            .map(|layer| {
                let chosen: Vec<usize> = (0..layer.len()).filter(|&c| layer[c]).collect();
                if chosen.is_empty() { Area::default() } else { self.partition.area_of(&chosen) }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use glam::Vec2Swizzles as _;
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn a_thin_cup_is_solid_only_in_its_walls() {
        // A box of 4 x 4 x 3, open above, with walls and floor of 0.05, which is less than the points are apart.
        let line = |normal: DVec2, offset: f64| Curve::Line { normal, offset };
        let offsets = [0.0, 0.05, 3.95, 4.0];
        let curves: Vec<Curve> = [DVec2::X, DVec2::Y].into_iter().flat_map(|n| offsets.map(|o| line(n, o))).collect();
        let levels = [0.0, 0.05, 3.0];
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let mut seen = Vec::new();
        let mut fill = |area: f64, place: &dyn Fn(f64, f64) -> Seen| {
            for _ in 0..(100.0 * area) as usize {
                seen.push(place(random.random(), random.random()));
            }
        };
        for (k, &o) in offsets.iter().enumerate() {
            let (from, width, foot) = if k == 0 || k == 3 { (0.0, 4.0, 0.0) } else { (0.05, 3.9, 0.05) };
            let height = 3.0 - foot;
            fill(width * height, &|s, t| Seen::Wall(k, DVec2::new(o, from + width * s), foot + height * t));
            fill(width * height, &|s, t| Seen::Wall(4 + k, DVec2::new(from + width * s, o), foot + height * t));
        }
        fill(16.0, &|s, t| Seen::Level(0, DVec2::new(4.0 * s, 4.0 * t)));
        fill(3.9 * 3.9, &|s, t| Seen::Level(1, DVec2::new(0.05 + 3.9 * s, 0.05 + 3.9 * t)));
        for swap in [false, true] {
            for far in [0.0, 3.95] {
                let rim = |s: f64, t: f64| {
                    let at = DVec2::new(far + 0.05 * s, 4.0 * t);
                    Seen::Level(2, if swap { at.yx() } else { at })
                };
                fill(0.2, &rim);
            }
        }
        let corners = [DVec2::splat(-0.1), DVec2::splat(4.1)];
        let found =
            CountedBlocks::new(&curves, &levels, corners, &seen, 100.0, &Deadline::default()).expect("no deadline");
        let sections = found.sections();
        assert!((sections[0].measure() - 16.0).abs() < 1e-3);
        assert!((sections[1].measure() - (16.0 - 3.9 * 3.9)).abs() < 1e-3);
    }
}
