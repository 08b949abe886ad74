//! Pockets that leave walls of one thickness: the part is a shell, and its wall is a dimension of its own.

use super::canonical::{Body, Step};
use super::dimension::{Drawing, Naming};
use super::role::flat_bounds;
use crate::part::FeatureKind;

/// Walls are thinner than this share of the part's smaller side.
const WALL: f64 = 0.2;

impl Drawing {
    /// Where the step hollows the first feature and leaves walls of one thickness all round: puts the inner faces there, by
    /// one parameter, and says so.
    pub(super) fn walls(&mut self, step: &Step, naming: &mut Naming<'_>) -> bool {
        let Body::Prism { axis, low, high } = step.body else { return false };
        let [region] = &step.regions[..] else { return false };
        if step.kind != FeatureKind::Cut || naming.first || !region.holes.is_empty() {
            return false;
        }
        let (from, to) = flat_bounds(&step.regions);
        let ends = naming.tables.map(|table| self.dimensions.tables[table].extent.clone());
        let [Some(u), Some(v)] = ends else { return false };
        let wall = from.x - u[0].0;
        let size = (u[1].0 - u[0].0).min(v[1].0 - v[0].0);
        let tolerance = self.dimensions.tolerance;
        let same = |a: f64| (a - wall).abs() <= tolerance;
        let even = same(u[1].0 - to.x) && same(from.y - v[0].0) && same(v[1].0 - to.y);
        if !even || wall <= tolerance || wall > WALL * size {
            return false;
        }
        let name = "wall_thickness";
        let mut known = std::mem::take(&mut self.walls);
        let thickness = self.dimensions.shared_length(&mut known, wall, name, "all round");
        self.walls = known;
        for (table, [low, high], [at, to]) in
            [(naming.tables[0], u, [from.x, to.x]), (naming.tables[1], v, [from.y, to.y])]
        {
            self.dimensions.put_face(table, at, &low.1.plus(&thickness));
            self.dimensions.put_face(table, to, &high.1.minus(&thickness));
        }
        // The floor, where it is as thick.
        if let Some([bottom, top]) = self.dimensions.tables[axis].extent.clone() {
            if same(low - bottom.0) {
                self.dimensions.put_face(axis, low, &bottom.1.plus(&thickness));
            }
            if same(top.0 - high) {
                self.dimensions.put_face(axis, high, &top.1.minus(&thickness));
            }
        }
        true
    }
}
