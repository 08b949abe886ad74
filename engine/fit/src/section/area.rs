//! Planar areas bounded by polygons, with their set operations (by `i_overlay`).

use glam::DVec2;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay as _;

/// A closed polygon; the last point is joined to the first.
pub type Polygon = Vec<DVec2>;

/// One connected piece of an [`Area`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AreaShape {
    /// Outer boundary, counter-clockwise.
    pub outer: Polygon,
    /// Holes, clockwise.
    pub holes: Vec<Polygon>,
}

/// A planar point set bounded by polygons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    /// Its connected pieces, which do not overlap.
    pub shapes: Vec<AreaShape>,
}

/// Area of a polygon, positive when counter-clockwise.
pub fn signed_area(polygon: &[DVec2]) -> f64 {
    let Some(&first) = polygon.first() else { return 0.0 };
    let next = polygon.iter().skip(1).chain(std::iter::once(&first));
    0.5 * polygon.iter().zip(next).map(|(a, b)| (*a - first).perp_dot(*b - first)).sum::<f64>()
}

fn perimeter(polygon: &[DVec2]) -> f64 {
    let next = polygon.iter().skip(1).chain(polygon.first());
    polygon.iter().zip(next).map(|(a, b)| a.distance(*b)).sum()
}

type Contours = Vec<Vec<[f64; 2]>>;

fn contours<'a>(polygons: impl Iterator<Item = &'a Polygon>) -> Contours {
    polygons.map(|p| p.iter().map(DVec2::to_array).collect()).collect()
}

impl Area {
    /// The area that directed loops enclose: by winding number when `by_winding`, else by parity.
    pub fn enclosed(loops: &[Polygon], by_winding: bool) -> Self {
        let fill = if by_winding { FillRule::NonZero } else { FillRule::EvenOdd };
        let none: Contours = Vec::new();
        Self::from_overlay(contours(loops.iter()).overlay(&none, OverlayRule::Subject, fill))
    }

    fn from_overlay(shapes: Vec<Vec<Vec<[f64; 2]>>>) -> Self {
        let shapes = shapes
            .into_iter()
            .filter_map(|shape| {
                let mut loops =
                    shape.into_iter().map(|contour| contour.into_iter().map(DVec2::from_array).collect::<Polygon>());
                let mut outer = loops.next()?;
                if signed_area(&outer) < 0.0 {
                    outer.reverse();
                }
                let holes = loops
                    .map(|mut hole| {
                        if signed_area(&hole) > 0.0 {
                            hole.reverse();
                        }
                        hole
                    })
                    .collect();
                Some(AreaShape { outer, holes })
            })
            .collect();
        Self { shapes }
    }

    fn loops(&self) -> Contours {
        contours(self.shapes.iter().flat_map(|s| std::iter::once(&s.outer).chain(&s.holes)))
    }

    fn overlay(&self, other: &Self, rule: OverlayRule) -> Self {
        Self::from_overlay(self.loops().overlay(&other.loops(), rule, FillRule::NonZero))
    }

    /// Everything in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => self.overlay(other, OverlayRule::Union),
        }
    }

    /// This less the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return self.clone();
        }
        self.overlay(other, OverlayRule::Difference)
    }

    /// What both cover.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return Self::default();
        }
        self.overlay(other, OverlayRule::Intersect)
    }

    /// What exactly one of the two covers.
    #[must_use]
    pub fn difference_of_both(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => self.overlay(other, OverlayRule::Xor),
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Its measure.
    pub fn measure(&self) -> f64 {
        self.shapes.iter().map(|s| signed_area(&s.outer) + s.holes.iter().map(|h| signed_area(h)).sum::<f64>()).sum()
    }

    /// Without pieces and holes whose mean width (twice the area by the perimeter) is at most `width`.
    #[must_use]
    pub fn without_slivers(&self, width: f64) -> Self {
        let wide = |polygon: &Polygon| 2.0 * signed_area(polygon).abs() > width * perimeter(polygon);
        let shapes = self
            .shapes
            .iter()
            .filter(|s| {
                let area = signed_area(&s.outer) + s.holes.iter().map(|h| signed_area(h)).sum::<f64>();
                let length = perimeter(&s.outer) + s.holes.iter().map(|h| perimeter(h)).sum::<f64>();
                2.0 * area > width * length
            })
            .map(|s| AreaShape { outer: s.outer.clone(), holes: s.holes.iter().filter(|h| wide(h)).cloned().collect() })
            .collect();
        Self { shapes }
    }

    /// Mean width of the area: twice its measure by the length of its boundary; zero when empty.
    pub fn mean_width(&self) -> f64 {
        let length: f64 =
            self.shapes.iter().map(|s| perimeter(&s.outer) + s.holes.iter().map(|h| perimeter(h)).sum::<f64>()).sum();
        if length > 0.0 { 2.0 * self.measure() / length } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> Polygon {
        [(low, low), (high, low), (high, high), (low, high)].map(DVec2::from).to_vec()
    }

    #[test]
    fn holes_and_overlaps_follow_the_winding() {
        let check = |loops: &[Polygon], by_winding: bool, measure: f64, shapes: usize| {
            let area = Area::enclosed(loops, by_winding);
            assert!((area.measure() - measure).abs() < 1e-6, "{} instead of {measure}", area.measure());
            assert_eq!(area.shapes.len(), shapes);
        };
        let reversed = |mut p: Polygon| {
            p.reverse();
            p
        };
        check(&[square(0.0, 4.0)], true, 16.0, 1);
        check(&[square(0.0, 4.0), reversed(square(1.0, 2.0))], true, 15.0, 1);
        check(&[square(0.0, 4.0), square(1.0, 2.0)], true, 16.0, 1);
        check(&[square(0.0, 4.0), square(1.0, 2.0)], false, 15.0, 1);
        check(&[square(0.0, 1.0), square(2.0, 3.0)], true, 2.0, 2);
        check(&[square(0.0, 2.0), square(1.0, 3.0)], true, 7.0, 1);
    }

    #[test]
    fn set_operations_have_the_right_measure() {
        let area = |low, high| Area::enclosed(&[square(low, high)], true);
        let (a, b) = (area(0.0, 2.0), area(1.0, 3.0));
        for (found, expected) in [
            (a.union(&b), 7.0),
            (a.minus(&b), 3.0),
            (a.intersection(&b), 1.0),
            (a.difference_of_both(&b), 6.0),
            (a.union(&Area::default()), 4.0),
            (a.intersection(&Area::default()), 0.0),
        ] {
            assert!((found.measure() - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn slivers_go_and_bodies_stay() {
        let thin = [(0.0, 5.0), (4.0, 5.0), (4.0, 5.001), (0.0, 5.001)].map(DVec2::from).to_vec();
        let area = Area::enclosed(&[square(0.0, 4.0), thin], true);
        assert_eq!(area.shapes.len(), 2);
        assert!((area.without_slivers(0.01).measure() - 16.0).abs() < 1e-6);
    }
}
