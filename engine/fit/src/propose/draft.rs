//! A feature under consideration, with the polygons it was fitted to.

use glam::{DVec2, DVec3};
use partwright_geometry::TriMesh;

use crate::part::{Feature, FeatureKind, Region, SketchPlane, Sweep};
use crate::section::{Area, MeshSlicer, Polygon, section_of_prism, signed_area};

/// A feature and, for each of its regions, the loops (outer first) of the section it was fitted to. Comparisons with the
/// scan use the loops: they share its facets, so that a curved wall leaves no sliver between model and scan.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What would be written into the program.
    pub feature: Feature,
    /// Loops of each region, in the feature's plane.
    pub polygons: Vec<Vec<Polygon>>,
    /// Whether the sections it was fitted to did not change over its depth, so that its volume needs no estimate.
    pub sure: bool,
}

impl Draft {
    /// A draft of a feature that was not fitted to polygons: its own outlines, as chords.
    pub fn of(feature: Feature, chord_tolerance: f64) -> Self {
        let polygons = feature.regions.iter().map(|r| region_polygons(r, chord_tolerance)).collect();
        Self { feature, polygons, sure: false }
    }

    /// The volume of the draft as its loops have it.
    pub fn volume(&self) -> f64 {
        let measure: fn(&Polygon) -> f64 = match self.feature.sweep {
            Sweep::Extrude { .. } => |l| signed_area(l).abs(),
            Sweep::Revolve => |l| std::f64::consts::TAU * moment(l).abs(),
        };
        let area =
            |loops: &Vec<Polygon>| loops.first().map_or(0.0, measure) - loops.iter().skip(1).map(measure).sum::<f64>();
        let areas = self.polygons.iter().map(area).sum::<f64>();
        match self.feature.sweep {
            Sweep::Extrude { depth } => depth * areas,
            Sweep::Revolve => areas,
        }
    }

    /// Lower and upper corner of a box around the draft; `None` without points.
    pub fn bounds(&self) -> Option<[DVec3; 2]> {
        let plane = &self.feature.plane;
        let points = self.polygons.iter().filter_map(|loops| loops.first()).flatten();
        match self.feature.sweep {
            Sweep::Extrude { depth } => {
                let corners = points.flat_map(|p| [plane.world(*p, 0.0), plane.world(*p, depth)]);
                corners.map(|c| [c, c]).reduce(|[l, h], [p, q]| [l.min(p), h.max(q)])
            }
            Sweep::Revolve => {
                let axis = plane.y();
                // A circle about the axis reaches so far along each coordinate.
                let across = (DVec3::ONE - axis * axis).max(DVec3::ZERO).map(f64::sqrt);
                let rings = points.map(|p| (plane.origin + axis * p.y, across * p.x.max(0.0)));
                rings.map(|(c, r)| [c - r, c + r]).reduce(|[l, h], [p, q]| [l.min(p), h.max(q)])
            }
        }
    }

    /// The section by `plane`, in the plane's coordinates.
    pub fn section(&self, plane: &SketchPlane) -> Area {
        self.polygons.iter().fold(Area::default(), |all, loops| {
            all.union(&match self.feature.sweep {
                Sweep::Extrude { depth } => section_of_prism(&self.feature.plane, loops, depth, plane),
                Sweep::Revolve if plane.normal.dot(self.feature.plane.y()).abs() > 1.0 - 1e-12 => {
                    rings(&self.feature.plane, loops, plane)
                }
                Sweep::Revolve => {
                    let mesh = revolved_mesh(&self.feature.plane, loops);
                    MeshSlicer::new(&mesh, *plane, false).section(0.0)
                }
            })
        })
    }
}

/// The first moment of a polygon about the y axis; its turned volume by a full turn (Pappus).
fn moment(polygon: &Polygon) -> f64 {
    let next = polygon.iter().skip(1).chain(polygon.first());
    polygon.iter().zip(next).map(|(a, b)| (a.x + b.x) * a.perp_dot(*b)).sum::<f64>() / 6.0
}

/// The section square to its axis of the body that turned loops sweep.
fn rings(own: &SketchPlane, loops: &[Polygon], plane: &SketchPlane) -> Area {
    const STEPS: u32 = 96;
    let height = (plane.origin - own.origin).dot(own.y());
    let center = plane.local(own.origin).truncate();
    let mut radii: Vec<f64> = Vec::new();
    for polygon in loops {
        let next = polygon.iter().skip(1).chain(polygon.first());
        for (a, b) in polygon.iter().zip(next).filter(|(a, b)| (a.y > height) != (b.y > height)) {
            radii.push(a.x + (height - a.y) / (b.y - a.y) * (b.x - a.x));
        }
    }
    let circle = |radius: &f64| -> Polygon {
        let at = |i: u32| DVec2::from_angle(std::f64::consts::TAU * f64::from(i) / f64::from(STEPS));
        (0..STEPS).map(|i| center + at(i) * *radius).collect()
    };
    let circles: Vec<Polygon> = radii.iter().filter(|r| **r > 0.0).map(circle).collect();
    Area::enclosed(&circles, false)
}

/// The section by `plane` of the model that drafts make up in their order.
pub fn section_of_model(drafts: &[Draft], plane: &SketchPlane) -> Area {
    drafts.iter().fold(Area::default(), |area, draft| {
        let section = draft.section(plane);
        match draft.feature.kind {
            FeatureKind::Add => area.union(&section),
            FeatureKind::Cut => area.minus(&section),
        }
    })
}

fn region_polygons(region: &Region, chord_tolerance: f64) -> Vec<Polygon> {
    std::iter::once(&region.outer).chain(&region.holes).map(|o| o.points(chord_tolerance)).collect()
}

/// The surface that loops sweep when turned about the plane's y axis, in 96 steps.
pub fn revolved_mesh(plane: &SketchPlane, loops: &[Polygon]) -> TriMesh {
    const STEPS: u32 = 96;
    let mut mesh = TriMesh::default();
    for polygon in loops {
        let base = mesh.positions.len() as u32;
        let n = polygon.len() as u32;
        for step in 0..STEPS {
            let (sine, cosine) = (std::f64::consts::TAU * f64::from(step) / f64::from(STEPS)).sin_cos();
            for p in polygon {
                let x = p.x.max(0.0);
                mesh.positions
                    .push(plane.origin + plane.x * (x * cosine) + plane.normal * (x * sine) + plane.y() * p.y);
            }
        }
        for step in 0..STEPS {
            let (a, b) = (base + step * n, base + (step + 1) % STEPS * n);
            for i in 0..n {
                let j = (i + 1) % n;
                mesh.triangles.push([a + i, a + j, b + j]);
                mesh.triangles.push([a + i, b + j, b + i]);
            }
        }
    }
    mesh
}

#[cfg(test)]
mod bounds_tests {
    use super::*;
    use crate::part::Outline;

    #[test]
    fn boxes_of_what_is_swept() {
        let check = |sweep: Sweep, plane: SketchPlane, low: [f64; 3], high: [f64; 3]| {
            let corners = [(1.0, -2.0), (4.0, -2.0), (4.0, 3.0), (1.0, 3.0)].map(DVec2::from);
            let regions = vec![Region { outer: Outline::polygon(&corners), holes: Vec::new() }];
            let feature = Feature { kind: FeatureKind::Add, plane, regions, sweep };
            let [l, h] = Draft::of(feature, 0.1).bounds().expect("there are points");
            assert!(l.distance(low.into()) < 1e-9 && h.distance(high.into()) < 1e-9, "{l} {h}");
        };
        let upright = SketchPlane { origin: DVec3::ZERO, x: DVec3::X, normal: DVec3::NEG_Y };
        let level = SketchPlane::through(DVec3::Z, DVec3::Z);
        check(Sweep::Extrude { depth: 5.0 }, level, [1.0, -2.0, 1.0], [4.0, 3.0, 6.0]);
        check(Sweep::Revolve, upright, [-4.0, -4.0, -2.0], [4.0, 4.0, 3.0]);
    }
}
