//! A part fitted to its scan once more.

use glam::DMat3;
use partwright_geometry::LengthUnit;

use super::association::{Posed, Reach};
use super::evidence::{Evidence, Sample};
use super::face::{Face, faces};
use super::gaussian::{Symmetric, deviation};
use super::least_squares::{Assigned, FitLimits, Fitted, MARGIN, fitted, ties};
use super::record::{Refined, Relation, Snap};
use super::snapping::Snapping;
use super::view::{View, view};
use super::{Precision, rounded};
use crate::part::Part;
use crate::progress::Deadline;

/// How a part is refined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RefineConfig {
    /// Whether relations and round numbers are looked for.
    pub snap: bool,
    /// The unit of the scan's coordinates.
    pub unit: LengthUnit,
}

/// Points farther from the part than this share of its size belong to nothing: the first for good scans of parts that are
/// nearly right, the second at most.
const FARTHEST: [f64; 2] = [0.015, 0.05];
/// Points this near always belong, however exact the rest is: facets of round faces stand off by as much.
const CLOSEST: f64 = 1.5e-3;
/// Rounding of files, as a share of the size: no noise is less.
const LEAST_NOISE: f64 = 1e-6;
/// A mesh whose part was written on a grid finer than this share of its size is exact.
const EXACT_STEP: f64 = 2e-5;
/// Parts of more numbers are left as they are: nobody reads or edits them.
const MOST_NUMBERS: usize = 500;
/// A turn of the part has to lower the mean square by this share, for a part whose axes are the scan's by the second.
const WORTH_TURNING: [f64; 2] = [0.02, 0.2];

/// `part` with its constants refined; `None` where nothing was gained or the deadline came first. In the strict frame of
/// `precision` nothing is snapped: its grid leaves no choice.
pub fn refined(
    part: &Part,
    scan_from_part: DMat3,
    precision: Precision,
    evidence: &Evidence,
    config: &RefineConfig,
    deadline: &Deadline,
) -> Option<Refined> {
    let points = evidence.turned(scan_from_part.transpose());
    let size = points.size;
    let (view, start) = view(part, 1e-9 * size);
    if start.is_empty() || start.len() > MOST_NUMBERS {
        return None;
    }
    let faces = faces(&view);
    let exact = points.is_mesh && precision.step() < EXACT_STEP * size;
    let scatter = scatter(&view, &faces, &start, &points);
    let most = (3.0 * scatter).clamp(FARTHEST[0] * size, FARTHEST[1] * size);
    let measured = |part: &Part, rotation: DMat3| {
        let (view, values) = self::view(part, 1e-9 * size);
        let faces = self::faces(&view);
        Posed { view: &view, faces: &faces, values: &values }.residual(&turned(&points.held_out, rotation), most)
    };
    let residual_before = measured(part, DMat3::IDENTITY);
    let start = Fitted { values: start, rotation: DMat3::IDENTITY };
    let fit =
        if exact { start } else { best_fit(&view, &faces, start, &points, [most, scatter], scan_from_part, deadline) };
    let precise = |decimals: usize| Precision { decimals, ..precision };
    let state = State { view: &view, faces: &faces, fit: &fit, points: &points, farthest: most, exact, precision };
    let (covariance, held_out, decimals) = state.knowledge()?;
    let scan_from_part = scan_from_part * fit.rotation.transpose();
    let finish = |values: &[f64], snaps: Vec<Snap>| {
        let part = rounded(&view.part(values)?, precise(decimals + halves(&snaps, decimals)));
        let residual_after = measured(&part, fit.rotation);
        let precision = precise(decimals + halves(&snaps, decimals));
        // An exact part moves within its own grid.
        let grace = if exact { precision.step() } else { 0.0 };
        (residual_after <= residual_before + grace).then_some(Refined {
            part,
            scan_from_part,
            precision,
            snaps,
            residual_before,
            residual_after,
        })
    };
    let mut best = if exact { None } else { finish(&fit.values, Vec::new()) };
    if config.snap && !precision.strict && !deadline.reached() {
        let posed = Posed { view: &view, faces: &faces, values: &fit.values };
        let mut snapping = Snapping::new(posed, covariance, &held_out);
        snapping.run(size, config.unit, deadline);
        if !deadline.reached() && snapping.snaps.iter().any(|s| s.kept) {
            let fitted = best.as_ref().map_or(residual_before, |b| b.residual_after);
            let snapped = finish(&snapping.values, std::mem::take(&mut snapping.snaps));
            // All snaps together may not cost more than a share of the noise either.
            best = snapped.filter(|s| s.residual_after <= fitted * MOST_RISE + precision.step()).or(best);
        }
    }
    best
}

/// All relations together may raise the held-out residual by this factor over that of the fit.
const MOST_RISE: f64 = 1.02;

fn turned(samples: &[Sample], rotation: DMat3) -> Vec<Sample> {
    samples.iter().map(|s| Sample { position: rotation * s.position, normal: s.normal.map(|n| rotation * n) }).collect()
}

/// The spread of the points about the part as proposed.
fn scatter(view: &View, faces: &[Face], start: &[f64], points: &Evidence) -> f64 {
    let posed = Posed { view, faces, values: start };
    let reach = Reach { tolerance: FARTHEST[1] * points.size, margin: 0.0, skin: 1e-4 * points.size };
    Assigned::new(posed, &points.fit, reach, LEAST_NOISE * points.size).overall
}

fn best_fit(
    view: &View,
    faces: &[Face],
    start: Fitted,
    points: &Evidence,
    [farthest, scatter]: [f64; 2],
    scan_from_part: DMat3,
    deadline: &Deadline,
) -> Fitted {
    let size = points.size;
    let limits = FitLimits {
        size,
        farthest,
        closest: CLOSEST * size,
        margin: (MARGIN * scatter).min(0.5 * farthest),
        least_noise: LEAST_NOISE * size,
        rounds: 6,
    };
    let judge = |fitted: &Fitted| {
        let samples = turned(&points.held_out, fitted.rotation);
        Posed { view, faces, values: &fitted.values }.residual(&samples, limits.farthest)
    };
    let (straight, residual) = fitted(view, faces, start, &points.fit, (false, limits), &judge, deadline);
    let limits = FitLimits { rounds: 4, farthest: 0.5 * limits.farthest, ..limits };
    let (askew, turned) = fitted(view, faces, straight.clone(), &points.fit, (true, limits), &judge, deadline);
    let worth = WORTH_TURNING[usize::from(scan_from_part == DMat3::IDENTITY)];
    if turned * turned < (1.0 - worth) * residual * residual { askew } else { straight }
}

/// Where a fit ended.
struct State<'a> {
    view: &'a View,
    faces: &'a [Face],
    fit: &'a Fitted,
    points: &'a Evidence,
    farthest: f64,
    exact: bool,
    precision: Precision,
}

impl State<'_> {
    /// The covariance of the numbers, the held-out points by face, and the decimals that the numbers deserve.
    fn knowledge(&self) -> Option<(Symmetric, Assigned, usize)> {
        let size = self.points.size;
        let n = self.fit.values.len();
        let posed = Posed { view: self.view, faces: self.faces, values: &self.fit.values };
        let step = self.precision.step();
        let near = if self.exact { 4.0 * step } else { CLOSEST * size };
        let assigned = |samples: &[Sample], tolerance: f64, margin: f64| {
            let samples = turned(samples, self.fit.rotation);
            let reach = Reach { tolerance, margin, skin: 1e-4 * size };
            Assigned::new(posed, &samples, reach, if self.exact { step } else { LEAST_NOISE * size })
        };
        if self.exact {
            let held_out = assigned(&self.points.held_out, near, step);
            let mut covariance = Symmetric::zero(n);
            for i in 0..n {
                covariance.add_diagonal(i, step * step);
            }
            return Some((covariance, held_out, self.precision.decimals));
        }
        let scatter = assigned(&self.points.fit, self.farthest, 0.0).overall;
        let tolerance = (6.0 * scatter).clamp(near.min(self.farthest), self.farthest);
        let [fit, held_out] =
            [&self.points.fit, &self.points.held_out].map(|s| assigned(s, tolerance, MARGIN * scatter));
        let (mut information, _) = fit.normal_equations(posed, false, 1e-7 * size);
        // What no point sees is known as well as the proposal's grid of cells had it: about twice the noise.
        let prior = (2.0 * fit.overall).max(step);
        for i in 0..n {
            information.add_diagonal(i, 1.0 / (prior * prior));
        }
        for tie in ties(self.view) {
            information.add_square(&tie, 1.0 / (fit.overall * fit.overall));
        }
        let covariance = information.inverse()?;
        let mut spreads: Vec<f64> = (0..n).map(|i| deviation(&covariance, &[(i, 1.0)])).collect();
        spreads.sort_unstable_by(f64::total_cmp);
        let error = (0.3 * spreads[n / 2]).max(LEAST_NOISE * size);
        let decimals = if self.precision.strict { self.precision.decimals } else { Precision::within(error).decimals };
        Some((covariance, held_out, decimals))
    }
}

/// How many decimals more the halves of round diameters and fractions of inches need.
fn halves(snaps: &[Snap], decimals: usize) -> usize {
    let scale = 10f64.powi(decimals as i32);
    let needs = |s: &Snap| {
        let length = if s.what.starts_with("diameter") { s.after / 2.0 } else { s.after };
        let round = matches!(s.relation, Relation::Round | Relation::StandardHole | Relation::Inch);
        s.kept && round && ((length * scale).round() - length * scale).abs() > 1e-6 * scale.max(1.0) * length.abs()
    };
    usize::from(snaps.iter().any(needs))
}

#[cfg(test)]
mod tests {
    use glam::{DVec2, DVec3};
    use partwright_geometry::{Geometry, PointCloud};
    use proptest::prelude::{ProptestConfig, prop_assert, proptest};
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::part::{Feature, FeatureKind, Outline, Region, SketchPlane, Sweep};

    /// A plate with a row of holes through it, all of one radius.
    struct Plate {
        low: DVec3,
        high: DVec3,
        holes: Vec<DVec2>,
        radius: f64,
    }

    impl Plate {
        fn part(&self) -> Part {
            let (low, high) = (self.low.truncate(), self.high.truncate());
            let corners = [low, DVec2::new(high.x, low.y), high, DVec2::new(low.x, high.y)];
            let circle = |&center: &DVec2| Outline::Circle { center, radius: self.radius };
            let region = Region { outer: Outline::polygon(&corners), holes: self.holes.iter().map(circle).collect() };
            let plane = SketchPlane::through(DVec3::Z * self.low.z, DVec3::Z);
            let sweep = Sweep::Extrude { depth: self.high.z - self.low.z };
            Part { features: vec![Feature { kind: FeatureKind::Add, plane, regions: vec![region], sweep }] }
        }

        /// Points on its surface, off by normal noise along the surface's normal.
        fn scan(&self, count: usize, noise: f64, turn: DMat3) -> Geometry {
            let mut random = StdRng::seed_from_u64(11);
            let mut positions = Vec::new();
            let (size, walls) = (self.high - self.low, self.holes.len() + 2);
            while positions.len() < count {
                let mut unit = || random.random::<f64>();
                let off = noise * ((0..12).map(|_| unit()).sum::<f64>() - 6.0);
                let at = self.low + size * DVec3::new(unit(), unit(), unit());
                let kind = (unit() * (walls as f64 + 6.0)) as usize;
                let end = if unit() < 0.5 { self.low } else { self.high };
                let p = if let Some(center) = self.holes.get(kind) {
                    let out = DVec2::from_angle(std::f64::consts::TAU * unit());
                    (*center + out * (self.radius + off)).extend(at.z)
                } else if kind == self.holes.len() {
                    DVec3::new(end.x + off, at.y, at.z)
                } else if kind == self.holes.len() + 1 {
                    DVec3::new(at.x, end.y + off, at.z)
                } else if self.holes.iter().all(|c| c.distance(at.truncate()) > self.radius) {
                    at.truncate().extend(end.z + off)
                } else {
                    continue;
                };
                positions.push(turn * p);
            }
            Geometry::Cloud(PointCloud { positions, ..PointCloud::default() })
        }
    }

    fn plate() -> Plate {
        Plate {
            low: DVec3::ZERO,
            high: DVec3::new(60.0, 40.0, 9.93),
            holes: [(10.0, 20.0), (30.0, 20.0), (50.0, 20.0)].map(DVec2::from).to_vec(),
            radius: 3.3,
        }
    }

    /// The plate as a proposal might have it.
    fn proposed() -> Plate {
        Plate {
            low: DVec3::new(-0.3, 0.2, 0.1),
            high: DVec3::new(60.4, 40.25, 9.7),
            holes: [(10.3, 19.8), (29.7, 20.2), (50.2, 20.1)].map(DVec2::from).to_vec(),
            radius: 3.0,
        }
    }

    fn refine(start: &Part, scan: &Geometry, snap: bool, unit: LengthUnit) -> Option<Refined> {
        let evidence = Evidence::new(scan, 8192, 0).expect("the scan has an extent");
        let precision = Precision { decimals: 2, strict: false };
        let config = RefineConfig { snap, unit };
        refined(start, DMat3::IDENTITY, precision, &evidence, &config, &Deadline::default())
    }

    /// Corners of the box, then centres and radii of the holes.
    fn dimensions(part: &Part) -> Vec<f64> {
        let [feature] = &part.features[..] else { return Vec::new() };
        let Sweep::Extrude { depth } = feature.sweep else { return Vec::new() };
        let [low, high] = feature.regions[0].outer.bounds(1.0);
        let mut all = vec![low.x, low.y, high.x, high.y, feature.plane.origin.z, depth];
        for hole in &feature.regions[0].holes {
            if let Outline::Circle { center, radius } = hole {
                all.extend([center.x, center.y, *radius]);
            }
        }
        all
    }

    fn worst(found: &Part, truth: &Plate) -> f64 {
        let (found, truth) = (dimensions(found), dimensions(&truth.part()));
        assert_eq!(found.len(), truth.len());
        found.iter().zip(&truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn a_plate_is_measured_to_well_under_the_noise() {
        let noise = 0.1;
        let scan = plate().scan(8000, noise, DMat3::IDENTITY);
        let found = refine(&proposed().part(), &scan, false, LengthUnit::Unknown).expect("it gets better");
        assert!(found.residual_after < 1.1 * noise && found.residual_before > 1.5 * noise, "{found:?}");
        assert!(worst(&found.part, &plate()) < 0.25 * noise, "{:?}", dimensions(&found.part));
        assert_eq!(found, refine(&proposed().part(), &scan, false, LengthUnit::Unknown).expect("as before"));
    }

    #[test]
    fn snapping_finds_round_numbers_and_leaves_what_is_none() {
        let scan = plate().scan(8000, 0.05, DMat3::IDENTITY);
        let found = refine(&proposed().part(), &scan, true, LengthUnit::Millimetre).expect("it gets better");
        assert!(worst(&found.part, &plate()) < 1e-9, "{:?} {:#?}", dimensions(&found.part), found.snaps);
        let kept = |relation: Relation| found.snaps.iter().filter(|s| s.kept && s.relation == relation).count();
        assert!(kept(Relation::EqualRadius) == 2 && kept(Relation::Round) >= 3, "{:#?}", found.snaps);
        assert!(kept(Relation::StandardHole) + kept(Relation::Round) >= 4);
    }

    #[test]
    fn a_part_that_lies_askew_is_turned() {
        let turn = DMat3::from_axis_angle(DVec3::new(1.0, 2.0, 3.0).normalize(), 0.004);
        let frame = DMat3::from_axis_angle(DVec3::X, 0.7);
        let scan = plate().scan(8000, 0.02, frame * turn);
        let evidence = Evidence::new(&scan, 8192, 0).expect("the scan has an extent");
        let precision = Precision { decimals: 3, strict: false };
        let config = RefineConfig { snap: false, unit: LengthUnit::Unknown };
        let found = refined(&plate().part(), frame, precision, &evidence, &config, &Deadline::default());
        let found = found.expect("it gets better");
        let angle =
            glam::DQuat::from_mat3(&(found.scan_from_part.transpose() * frame * turn)).to_scaled_axis().length();
        assert!(angle < 3e-4, "{angle}");
    }

    /// Points on the walls and, of an extrusion, the ends of a part of one region without holes.
    fn scan_of(part: &Part, count: usize, noise: f64) -> Geometry {
        let mut random = StdRng::seed_from_u64(5);
        let feature = &part.features[0];
        let outline = feature.regions[0].outer.points(1e-4);
        let (view, values) = view(part, 1e-9);
        let [low, high] = feature.regions[0].outer.bounds(1e-4);
        let mut positions = Vec::new();
        let total: f64 = (0..outline.len()).map(|i| outline[i].distance(outline[(i + 1) % outline.len()])).sum();
        while positions.len() < count {
            let mut unit = || random.random::<f64>();
            let off = noise * ((0..12).map(|_| unit()).sum::<f64>() - 6.0);
            let mut along = unit() * total;
            let mut i = 0;
            while along > outline[i].distance(outline[(i + 1) % outline.len()]) {
                along -= outline[i].distance(outline[(i + 1) % outline.len()]);
                i += 1;
            }
            let direction = (outline[(i + 1) % outline.len()] - outline[i]).normalize_or_zero();
            let wall = outline[i] + direction * along + direction.perp() * off;
            positions.push(match feature.sweep {
                Sweep::Revolve => {
                    let (sine, cosine) = (std::f64::consts::TAU * unit()).sin_cos();
                    let plane = feature.plane;
                    plane.origin + plane.y() * wall.y + (plane.x * cosine + plane.normal * sine) * wall.x
                }
                Sweep::Extrude { depth } if unit() < 0.5 => feature.plane.world(wall, depth * unit()),
                Sweep::Extrude { depth } => {
                    let at = low + (high - low) * DVec2::new(unit(), unit());
                    if !super::super::face::contains(&view.features[0].regions[0], &values, at) {
                        continue;
                    }
                    feature.plane.world(at, if unit() < 0.5 { off } else { depth + off })
                }
            });
        }
        Geometry::Cloud(PointCloud { positions, ..PointCloud::default() })
    }

    fn single(plane: SketchPlane, outer: Outline, sweep: Sweep) -> Part {
        let regions = vec![Region { outer, holes: Vec::new() }];
        Part { features: vec![Feature { kind: FeatureKind::Add, plane, regions, sweep }] }
    }

    #[test]
    fn arcs_run_on_smoothly_again() {
        let slot = |half: f64, radius: f64, rise: f64, skew: f64| {
            use crate::part::PathEdge::{Arc, Line};
            let at = |x: f64, y: f64| DVec2::new(x, y);
            let edges = vec![
                Line { end: at(half, -radius - skew) },
                Arc { mid: at(half + rise, 0.0), end: at(half, radius) },
                Line { end: at(-half, radius) },
                Arc { mid: at(-half - radius, 0.0), end: at(-half, -radius) },
            ];
            let outer = Outline::Path { start: at(-half, -radius), edges };
            single(SketchPlane::through(DVec3::ZERO, DVec3::X), outer, Sweep::Extrude { depth: 6.0 })
        };
        let scan = scan_of(&slot(20.0, 8.0, 8.0, 0.0), 6000, 0.05);
        let found = refine(&slot(20.1, 7.9, 7.6, 0.1), &scan, true, LengthUnit::Millimetre).expect("it gets better");
        let Outline::Path { start, edges } = &found.part.features[0].regions[0].outer else {
            unreachable!("it stays a path")
        };
        let mut from = *start;
        for edge in edges {
            if let crate::part::PathEdge::Arc { mid, end } = *edge {
                let (center, radius) = crate::part::circle_through(from, mid, end).expect("it stays round");
                assert!((radius - 8.0).abs() < 0.02 && center.y.abs() < 0.02, "{center} {radius} {:#?}", found.snaps);
            }
            from = edge.end();
        }
        assert!(found.residual_after < 0.06, "{}", found.residual_after);
        assert!(found.snaps.iter().any(|s| s.kept && s.relation == Relation::Tangent), "{:#?}", found.snaps);
    }

    #[test]
    fn a_turned_part_is_measured() {
        let turned = |r: f64, tip: f64, height: f64, x: f64| {
            let points = [(0.0, 0.0), (r, 0.0), (r, height), (tip, height + 10.0), (0.0, height + 10.0)];
            let outer = Outline::polygon(&points.map(DVec2::from));
            let plane = SketchPlane { origin: DVec3::new(x, 0.0, 0.0), x: DVec3::X, normal: DVec3::NEG_Y };
            single(plane, outer, Sweep::Revolve)
        };
        let scan = scan_of(&turned(12.0, 5.0, 15.0, 3.0), 6000, 0.05);
        let found = refine(&turned(11.8, 5.2, 15.2, 2.9), &scan, true, LengthUnit::Millimetre).expect("it gets better");
        let truth = turned(12.0, 5.0, 15.0, 3.0);
        assert_eq!(found.part.features[0].regions, truth.features[0].regions, "{:#?}", found.snaps);
        assert!(found.part.features[0].plane.origin.distance(DVec3::X * 3.0) < 0.01);
    }

    #[test]
    fn a_reached_deadline_changes_nothing() {
        let deadline = Deadline::default();
        deadline.cancel().cancel();
        let scan = plate().scan(3000, 0.05, DMat3::IDENTITY);
        let evidence = Evidence::new(&scan, 8192, 0).expect("the scan has an extent");
        let config = RefineConfig { snap: true, unit: LengthUnit::Millimetre };
        let precision = Precision { decimals: 2, strict: false };
        let found = refined(&proposed().part(), DMat3::IDENTITY, precision, &evidence, &config, &deadline);
        assert!(found.is_none_or(|f| f.snaps.is_empty() && f.residual_after <= f.residual_before));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
        #[test]
        fn the_held_out_residual_never_rises(
            noise in 0.005..0.3_f64,
            height in 4.0..12.0_f64,
            off in -0.5..0.5_f64,
            unit in 0..3_usize,
        ) {
            let truth = Plate { high: DVec3::new(60.0, 40.0, height), ..plate() };
            let scan = truth.scan(2000, noise, DMat3::IDENTITY);
            let start = Plate { high: DVec3::new(60.0 + off, 40.0 - off, height), ..plate() };
            let unit = [LengthUnit::Millimetre, LengthUnit::Inch, LengthUnit::Unknown][unit];
            if let Some(found) = refine(&start.part(), &scan, true, unit) {
                prop_assert!(found.residual_after <= found.residual_before, "{:?}", found);
            }
        }
    }

    #[test]
    fn holes_on_a_circle_are_put_in_their_places() {
        let ring = |radius: f64, start: f64| {
            let turn = |i: i32| DVec2::from_angle((start + 60.0 * f64::from(i)).to_radians());
            (0..6).map(|i| DVec2::new(30.0, 20.0) + radius * turn(i)).collect::<Vec<DVec2>>()
        };
        let scan = Plate { holes: ring(14.0, 30.0), ..plate() }.scan(20_000, 0.03, DMat3::IDENTITY);
        let mut start = Plate { holes: ring(14.2, 30.5), ..proposed() };
        start.holes[2] += DVec2::new(0.2, -0.1);
        let found = refine(&start.part(), &scan, true, LengthUnit::Millimetre).expect("it can be refined");
        assert!(found.snaps.iter().any(|s| s.relation == Relation::Polar && s.kept), "{:?}", found.snaps);
        let all = dimensions(&found.part);
        let holes: Vec<DVec2> = all[6..].chunks_exact(3).map(|h| DVec2::new(h[0], h[1])).collect();
        // The grid of the program's numbers is a hundredth.
        for (hole, place) in holes.iter().zip(ring(14.0, 30.0)) {
            assert!(hole.distance(place) < 0.012, "{holes:?}");
        }
    }
}
