//! Cells between levels, each solid or empty.

use glam::DVec2;
use rayon::prelude::*;

use super::arrangement::Border;
use super::{Arrangement, Curve, Evidence, Layers, MinCut};
use crate::part::SketchPlane;
use crate::profile::Circle;
use crate::progress::Deadline;
use crate::section::Area;
use crate::understand::CloudTarget;

/// The blocks of a cloud along a direction.
pub struct Blocks {
    arrangement: Arrangement,
    /// Heights between which blocks lie, increasing.
    levels: Vec<f64>,
    /// For each layer between levels, for each cell.
    solid: Vec<Vec<bool>>,
}

/// What a layer of unconfirmed wall costs, as the thickness of a surely solid layer that would outweigh it, by the size.
const WALL_PRICE: f64 = 0.04;
/// The multiple of that price that points between two blocks of one kind cost, as they are then unexplained: more than
/// one, so that a face that was seen outweighs one behind it that was not.
const UNEXPLAINED: f64 = 1.5;
/// The multiple of that price that a lid over a gap costs, where the plane about it was seen and the lid was not.
const GAP: f64 = 6.0;
/// Samples along the longest side.
const STEPS: f64 = 90.0;

impl Blocks {
    /// Labels the blocks that `curves` (in `plane`) and `levels` (along its normal) make between the corners `low` and `high`
    /// of the plane. `gaps` are round places at a height that nothing covers. `None` when the deadline is reached.
    #[expect(clippy::too_many_arguments, reason = "each is a thing of its own; callers have them apart")]
    pub fn new(
        target: &CloudTarget,
        evidence: &Evidence<'_>,
        plane: SketchPlane,
        curves: &[Curve],
        levels: &[f64],
        gaps: &[(Circle, f64)],
        [low, high]: [DVec2; 2],
        deadline: &Deadline,
    ) -> Option<Self> {
        let arrangement = Arrangement::new(curves, low, high, target.size / STEPS);
        let (cells, layers) = (arrangement.cells.len(), levels.len().saturating_sub(1));
        let node = |cell: usize, layer: usize| layer * cells + cell;
        let mut problem = MinCut::new(cells * layers);
        let price = WALL_PRICE * target.size;
        // What lies within.
        let inside: Vec<f64> = (0..cells * layers)
            .into_par_iter()
            .with_min_len(4)
            .map(|i| {
                if deadline.reached() {
                    return 0.0;
                }
                let (cell, layer) = (&arrangement.cells[i % cells], i / cells);
                let (from, to) = (levels[layer], levels[layer + 1]);
                let places =
                    cell.samples.iter().flat_map(|p| [0.25, 0.75].map(|t| plane.world(*p, from + (to - from) * t)));
                let values: Vec<f64> = places.map(|q| evidence.winding(q).clamp(0.0, 1.0)).collect();
                let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
                cell.area * (to - from) * (1.0 - 2.0 * mean)
            })
            .collect();
        for (i, cost) in inside.iter().enumerate() {
            problem.add_solid(i, *cost);
        }
        // Walls.
        for layer in 0..layers {
            if deadline.reached() {
                return None;
            }
            let (from, to) = (levels[layer], levels[layer + 1]);
            let rows = ((to - from) / (2.5 * target.spacing)).ceil().clamp(1.0, 8.0) as usize;
            let costs: Vec<[f64; 3]> = arrangement
                .borders
                .par_iter()
                .with_min_len(64)
                .map(|b| {
                    let normal = plane.x * b.normal.x + plane.y() * b.normal.y;
                    let row = |r: usize| from + (to - from) * (r as f64 + 0.5) / rows as f64;
                    let seen = (0..rows).map(|r| evidence.confirmed(plane.world(b.at, row(r)), normal, |_| true));
                    let [behind, ahead] = seen.fold([0.0; 2], |[b, a], [x, y]| [b + x, a + y]).map(|v| v / rows as f64);
                    wall(b.length * (to - from) * price, behind, ahead)
                })
                .collect();
            for (border, cost) in arrangement.borders.iter().zip(costs) {
                add_wall(&mut problem, border, cost, |cell| node(cell, layer));
            }
        }
        // Floors and ceilings.
        let cells_of_points: Vec<Option<usize>> =
            target.points.iter().map(|&p| arrangement.cell_at(plane.local(p).truncate())).collect();
        for (k, &height) in levels.iter().enumerate() {
            if deadline.reached() {
                return None;
            }
            let costs: Vec<[f64; 3]> = arrangement
                .samples
                .par_iter()
                .with_min_len(64)
                .map(|&(p, cell, area)| {
                    // Points of the floor about a hole say nothing of its mouth.
                    let own = |i: usize| cells_of_points[i] == Some(cell);
                    let [below, above] = evidence.confirmed(plane.world(p, height), plane.normal, own);
                    let mut mouths = gaps.iter().filter(|(_, h)| (h - height).abs() <= target.tolerance());
                    let bare = mouths.any(|(c, _)| p.distance(c.center) < 0.9 * c.radius);
                    wall(area * price * if bare { GAP } else { 1.0 }, below, above)
                })
                .collect();
            for (&(_, cell, _), cost) in arrangement.samples.iter().zip(costs) {
                let (below, above) = (k.checked_sub(1).map(|l| node(cell, l)), (k < layers).then(|| node(cell, k)));
                add(&mut problem, below, above, cost);
            }
        }
        let labels = problem.solve();
        let solid = labels.chunks(cells.max(1)).map(<[bool]>::to_vec).collect();
        Some(Self { arrangement, levels: levels.to_vec(), solid })
    }
}

impl Layers for Blocks {
    fn levels(&self) -> &[f64] {
        &self.levels
    }

    fn is_solid(&self, layer: usize, p: DVec2) -> bool {
        self.arrangement.cell_at(p).is_some_and(|c| self.solid[layer][c])
    }

    fn sections(&self) -> Vec<Area> {
        self.solid
            .iter()
            .map(|layer| {
                let chosen: Vec<usize> = (0..layer.len()).filter(|&c| layer[c]).collect();
                if chosen.is_empty() { Area::default() } else { self.arrangement.area_of(&chosen) }
            })
            .collect()
    }
}

/// Costs of a wall: none; with the material behind; with the material ahead. A wall against the points' normals costs so much
/// more that the cut stays exact.
fn wall(full: f64, behind: f64, ahead: f64) -> [f64; 3] {
    let turned = 2.0 * UNEXPLAINED - 1.0;
    let seen = (behind - ahead).abs();
    let (with, against) = (full * (1.0 - seen), full * (1.0 + turned * seen));
    let none = full * UNEXPLAINED * seen;
    if behind >= ahead { [none, with, against] } else { [none, against, with] }
}

fn add_wall(problem: &mut MinCut, border: &Border, cost: [f64; 3], node: impl Fn(usize) -> usize) {
    add(problem, border.behind.map(&node), border.ahead.map(&node), cost);
}

/// Adds a wall between two blocks; a block that is not there is empty.
fn add(problem: &mut MinCut, behind: Option<usize>, ahead: Option<usize>, [none, solid_behind, solid_ahead]: [f64; 3]) {
    match (behind, ahead) {
        (Some(b), Some(a)) => problem.add_pair(b, a, none, solid_behind, solid_ahead),
        (Some(b), None) => problem.add_solid(b, solid_behind - none),
        (None, Some(a)) => problem.add_solid(a, solid_ahead - none),
        (None, None) => {}
    }
}
