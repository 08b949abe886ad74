//! The features of a part in one form: planes that lie along the axes are CadQuery's `XY`, `YZ` or `ZX`, sketch
//! coordinates are coordinates in space, and a sweep runs from its lower to its upper end.

use glam::{DVec2, DVec3};

use super::drill::Drill;
use crate::part::{Feature, FeatureKind, Outline, Part, Region, Sweep};

/// A feature in that form.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) kind: FeatureKind,
    pub(super) body: Body,
    /// For [`Body::Prism`] in coordinates in space along [`across`]; for [`Body::Turned`] the first one is the distance
    /// from the axis; else in those of the plane.
    pub(super) regions: Vec<Region>,
}

/// How the regions become a body.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// Swept along an axis between two coordinates.
    Prism { axis: usize, low: f64, high: f64 },
    /// Turned about a line along the second of the axes [`across`] `normal`, through `origin`.
    Turned { normal: usize, origin: DVec3 },
    /// Drilled from one of the part's ends; the regions are circles.
    Drilled(Drill),
    /// Anything that does not lie along the axes.
    Oblique { feature: Feature },
}

/// The axes of the sketch whose plane has the normal `axis`.
pub(super) fn across(axis: usize) -> [usize; 2] {
    [(axis + 1) % 3, (axis + 2) % 3]
}

/// The features of `part`; coordinates are cleaned to `decimals`.
pub(super) fn steps(part: &Part, decimals: usize) -> Vec<Step> {
    part.features.iter().map(|f| step(f, decimals)).collect()
}

fn step(feature: &Feature, decimals: usize) -> Step {
    let plane = feature.plane;
    let oblique = || Step {
        kind: feature.kind,
        body: Body::Oblique { feature: feature.clone() },
        regions: feature.regions.clone(),
    };
    let (Some((normal, up)), Some((y, y_up))) = (along(plane.normal), along(plane.y())) else { return oblique() };
    let scale = 10f64.powi(decimals as i32);
    let clean = |v: f64| (v * scale).round() / scale;
    match feature.sweep {
        Sweep::Extrude { depth } => {
            let from = plane.origin[normal];
            let to = if up { from + depth } else { from - depth };
            let [u, v] = across(normal);
            let map = |p: DVec2| {
                let p = plane.world(p, 0.0);
                DVec2::new(clean(p[u]), clean(p[v]))
            };
            let body = Body::Prism { axis: normal, low: clean(from.min(to)), high: clean(from.max(to)) };
            Step { kind: feature.kind, body, regions: mapped(&feature.regions, map) }
        }
        Sweep::Revolve => {
            // The written plane has the axis of revolution as its y axis; the other two may be any.
            let normal = (y + 1) % 3;
            let map = |p: DVec2| {
                let along = plane.origin[y] + if y_up { p.y } else { -p.y };
                DVec2::new(clean(p.x), clean(along))
            };
            let origin = DVec3::from_array(plane.origin.to_array().map(clean));
            Step { kind: feature.kind, body: Body::Turned { normal, origin }, regions: mapped(&feature.regions, map) }
        }
    }
}

fn mapped(regions: &[Region], map: impl Fn(DVec2) -> DVec2) -> Vec<Region> {
    let outline = |o: &Outline| o.map(1.0, &map);
    regions.iter().map(|r| Region { outer: outline(&r.outer), holes: r.holes.iter().map(outline).collect() }).collect()
}

/// The coordinate axis a unit vector lies along, and whether it points up it.
fn along(direction: DVec3) -> Option<(usize, bool)> {
    (0..3).find(|&i| direction[i].abs() > 1.0 - 1e-12).map(|i| (i, direction[i] > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::SketchPlane;

    #[test]
    fn planes_that_look_down_are_turned_up() {
        let plane = SketchPlane { origin: DVec3::new(1.0, 2.0, 10.0), x: DVec3::Y, normal: DVec3::NEG_Z };
        let regions =
            vec![Region { outer: Outline::Circle { center: DVec2::new(3.0, 4.0), radius: 1.0 }, holes: Vec::new() }];
        let feature = Feature { kind: FeatureKind::Add, plane, regions, sweep: Sweep::Extrude { depth: 4.0 } };
        let step = step(&feature, 6);
        assert!(matches!(step.body, Body::Prism { axis: 2, low, high } if low + high > 15.9 && high - low < 4.1));
        // The plane's y axis is -Z x Y = X.
        assert_eq!(step.regions[0].outer, Outline::Circle { center: DVec2::new(5.0, 5.0), radius: 1.0 });
    }
}
