//! Greedy choice of features by what they bring to the overlap with the scan, at a price for each.

use glam::DVec3;

use super::{Bits, Grid, occupied_by_draft, occupied_by_mesh, occupied_by_model};
use crate::part::FeatureKind;
use crate::progress::Deadline;
use crate::propose::Draft;
use crate::understand::Target;

/// A target's cells, and what a feature must bring.
pub struct Selection {
    grid: Grid,
    target: Bits,
    target_volume: f64,
    /// Overlap (IoU) that a feature of price one has to bring.
    price: f64,
    exact: bool,
    /// Lower and upper corner of the target's box.
    bounds: [DVec3; 2],
}

/// What it costs, in overlap, that a side of the model's box is off by the target's size: its size is the first thing that
/// is measured on a part, and something thin that sticks out has next to no volume.
const PRICE_OF_BOX: f64 = 0.3;

/// A feature that no section doubts is kept from this share of the target's volume on: a small hole is a hole.
const LEAST_SURE_SHARE: f64 = 2e-5;
/// A model this close is not corrected any more.
const CLOSE_ENOUGH: f64 = 0.9995;

impl Selection {
    /// Cells for `target`, about `resolution` along its longest side.
    pub fn new(target: &Target, resolution: usize, price: f64) -> Self {
        const MOST_LEVELS: usize = 20;
        let levels = [DVec3::X, DVec3::Y, DVec3::Z].map(|axis| {
            let mut levels = target.levels(axis, MOST_LEVELS);
            levels.dedup_by(|b, a| *b - *a <= target.tolerances.flatness);
            levels
        });
        let grid = Grid::new(&levels, resolution);
        let bits = occupied_by_mesh(&grid, &target.mesh, target.closed, target.oriented);
        let target_volume = grid.volume(&bits);
        Self { grid, target: bits, target_volume, price, exact: target.exact, bounds: target.bounds }
    }

    /// Estimated IoU of a model, less what its box is off. Once `deadline` is reached, of what of it was estimated until then.
    pub fn overlap(&self, model: &[Draft], deadline: &Deadline) -> f64 {
        let bits: Vec<(FeatureKind, Bits)> = self.bits(model, deadline);
        self.grid.iou(&occupied_by_model(&self.grid, bits.iter().map(|(k, b)| (*k, b))), &self.target)
            - self.misfit(model)
    }

    /// What the box of what is added is off.
    fn misfit<'a>(&self, model: impl IntoIterator<Item = &'a Draft>) -> f64 {
        let added = model.into_iter().filter(|d| d.feature.kind == FeatureKind::Add).filter_map(Draft::bounds);
        let [low, high] = self.bounds;
        let size = (high - low).max_element();
        added.reduce(|[l, h], [p, q]| [l.min(p), h.max(q)]).map_or(0.0, |[l, h]| {
            PRICE_OF_BOX * ((l - low).abs().element_sum() + (h - high).abs().element_sum()) / size
        })
    }

    /// The model with its cells and its overlap. Once `deadline` is reached, those of what of it was covered until then.
    pub fn evaluated(&self, drafts: Vec<Draft>, deadline: &Deadline) -> Evaluated {
        let bits = self.bits(&drafts, deadline);
        let cells = occupied_by_model(&self.grid, bits.iter().map(|(k, b)| (*k, b)));
        let overlap = self.grid.iou(&cells, &self.target) - self.misfit(&drafts);
        Evaluated { drafts, cells, overlap }
    }

    /// What a model is worth: its overlap less the price of its features.
    pub fn worth(&self, model: &Evaluated) -> f64 {
        model.overlap - self.price * model.drafts.iter().map(|d| d.feature.price()).sum::<f64>()
    }

    /// Whether correcting the model further is not worth the time.
    pub fn is_close(&self, model: &Evaluated) -> bool {
        !self.exact && model.overlap > CLOSE_ENOUGH
    }

    /// The price of one feature in overlap.
    pub fn price(&self) -> f64 {
        self.price
    }

    fn bits(&self, model: &[Draft], deadline: &Deadline) -> Vec<(FeatureKind, Bits)> {
        let in_time = model.iter().take_while(|_| !deadline.reached());
        in_time.map(|d| (d.feature.kind, occupied_by_draft(&self.grid, d))).collect()
    }

    /// The model with those of `candidates`, in order, that bring more than they cost; `None` where none does. Drafts whose
    /// sections did not change are taken by their volume, which is known; the others by the cells they set right.
    pub fn extended(&self, model: &Evaluated, candidates: Vec<Draft>, deadline: &Deadline) -> Option<Evaluated> {
        let mut reached: Option<Evaluated> = None;
        for draft in candidates {
            if deadline.reached() {
                break;
            }
            let now = reached.as_ref().unwrap_or(model);
            let own = occupied_by_draft(&self.grid, &draft);
            let cells = match draft.feature.kind {
                FeatureKind::Add => now.cells.union(&own),
                FeatureKind::Cut => now.cells.minus(&own),
            };
            let overlap = self.grid.iou(&cells, &self.target) - self.misfit(now.drafts.iter().chain([&draft]));
            let known = draft.sure && self.exact && draft.volume() > LEAST_SURE_SHARE * self.target_volume;
            // A draft too small for the grid changes no cell; one that makes things worse is refused even when sure.
            if (known && overlap >= now.overlap) || overlap > now.overlap + self.price * draft.feature.price() {
                let mut drafts = reached.map_or_else(|| model.drafts.clone(), |r| r.drafts);
                drafts.push(draft);
                reached = Some(Evaluated { drafts, cells, overlap });
            }
        }
        reached
    }
}

/// A model with the cells that it covers.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// Its features in order.
    pub drafts: Vec<Draft>,
    /// The cells inside it.
    pub cells: Bits,
    /// Estimated IoU with the target, less what its box is off.
    pub overlap: f64,
}

/// The model without features that bring less than they cost, latest first.
pub fn pruned(selection: &Selection, model: Vec<Draft>, deadline: &Deadline) -> Vec<Draft> {
    let bits = selection.bits(&model, deadline);
    if bits.len() < model.len() {
        return model;
    }
    let mut kept: Vec<(Draft, Bits)> = model.into_iter().zip(bits.into_iter().map(|b| b.1)).collect();
    let overlap = |kept: &[(Draft, Bits)], without: Option<usize>| {
        let used = kept.iter().enumerate().filter(|(i, _)| Some(*i) != without);
        let bits = occupied_by_model(&selection.grid, used.map(|(_, (d, b))| (d.feature.kind, b)));
        let used = kept.iter().enumerate().filter(|(i, _)| Some(*i) != without);
        selection.grid.iou(&bits, &selection.target) - selection.misfit(used.map(|(_, (d, _))| d))
    };
    let mut now = overlap(&kept, None);
    for i in (0..kept.len()).rev() {
        if deadline.reached() {
            break;
        }
        let draft = &kept[i].0;
        if kept.len() == 1
            || (selection.exact && draft.sure && draft.volume() > LEAST_SURE_SHARE * selection.target_volume)
        {
            continue;
        }
        let without = overlap(&kept, Some(i));
        if without > now - selection.price * draft.feature.price() {
            kept.remove(i);
            now = without;
        }
    }
    kept.into_iter().map(|(d, _)| d).collect()
}
