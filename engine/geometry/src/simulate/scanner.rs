//! What all views make together.

use glam::DVec3;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::random::{direction, small_motion, spread};
use super::view::{Seen, View};
use super::{ScannerConfig, SimulateError};
use crate::nearest::NearestPoints;
use crate::query::MeshQuery;
use crate::{PointCloud, Similarity, TriMesh};

/// A simulated scan.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// The points of all views.
    pub cloud: PointCloud,
    /// The view of every point; strays have the number of views.
    pub view_of: Vec<u32>,
    /// Where the views looked from, as unit vectors from the shape.
    pub directions: Vec<DVec3>,
    /// The motion by which each view's registration is wrong.
    pub registration: Vec<Similarity>,
    /// The sheets of all views as one mesh, without strays: neighbouring cells of a picture are joined where the surface
    /// does not jump.
    pub mesh: TriMesh,
}

/// Cells of the picture by which is found how many rays are needed.
const TRIAL_SIDE: u32 = 48;
/// The largest picture, which bounds memory and time.
const MOST_SIDE: u32 = 8192;
/// More rays than points are wanted for, so that there are enough.
const SPARE: f64 = 1.08;
/// The radius of a patch that drops out, in shares of the shape's radius.
const PATCH: [f64; 2] = [0.03, 0.15];
/// Strays lie in a box so much larger than the shape's.
const STRAY_BOX: f64 = 1.2;
/// Of the strays so many fly along their ray off the surface, as at edges; the others lie anywhere.
const FLYING: f64 = 0.5;
/// How far they fly at most, in radii.
const FLIGHT: f64 = 0.3;
/// The longest side of a sheet's triangle, in cells.
const JUMP: f64 = 4.0;

/// Scans `shape`, whose triangles are wound counter-clockwise seen from outside.
///
/// # Errors
/// The shape is no surface, has no extent, or nothing of it is seen.
pub fn scan_of(shape: &TriMesh, config: &ScannerConfig) -> Result<Simulated, SimulateError> {
    let query = MeshQuery::new(shape)?;
    let bounds = query.bounds();
    let (center, radius) = (bounds.center(), bounds.diagonal() / 2.0);
    if !radius.is_normal() {
        return Err(SimulateError::NoExtent);
    }
    let mut random = ChaCha8Rng::seed_from_u64(config.seed);
    let directions: Vec<DVec3> = if config.directions.is_empty() {
        spread(config.views.max(1), config.one_sided, &mut random)
    } else {
        config.directions.iter().filter_map(|d| d.try_normalize()).collect()
    };
    let views: Vec<View> = directions.iter().map(|&d| View::new(center, radius, d)).collect();
    let registration: Vec<Similarity> = (0..views.len())
        .map(|i| {
            let motion = small_motion(center, radius, config.registration_error, &mut random);
            if i == 0 { Similarity::IDENTITY } else { motion }
        })
        .collect();
    let strays = ((config.outliers.clamp(0.0, 1.0) * config.points as f64).round() as usize).min(config.points);
    let wanted = config.points - strays;
    let trial: usize = look(&views, &query, config, TRIAL_SIDE).iter().map(Vec::len).sum();
    if trial == 0 {
        return Err(SimulateError::NothingSeen);
    }
    let side = (f64::from(TRIAL_SIDE) * (SPARE * wanted as f64 / trial as f64).sqrt()).ceil();
    let side = (side as u32).clamp(2, MOST_SIDE);
    let mut seen = look(&views, &query, config, side);
    for (view, motion) in seen.iter_mut().zip(&registration) {
        for hit in view {
            (hit.point, hit.normal) = (motion.point(hit.point), motion.direction(hit.normal));
        }
    }
    let all: Vec<(u32, Seen)> =
        (0u32..).zip(&seen).flat_map(|(view, hits)| hits.iter().map(move |hit| (view, *hit))).collect();
    let mut kept: Vec<usize> = (0..all.len()).collect();
    kept.shuffle(&mut random);
    kept.truncate(wanted);
    kept.sort_unstable();
    let gone = dropped(&all, config.dropout, radius, &mut random);
    kept.retain(|&i| !gone[i]);
    let mut scan = Gathered::default();
    for &i in &kept {
        let (view, hit) = all[i];
        scan.push(hit.point, hit.normal, view);
    }
    for _ in 0..strays {
        let ray = kept.get(random.random_range(0..kept.len().max(1))).map(|&i| all[i].1);
        let flies = random.random::<f64>() < FLYING;
        let point = if let Some(hit) = ray.filter(|_| flies) {
            hit.point + (2.0 * random.random::<f64>() - 1.0) * FLIGHT * radius * hit.ray
        } else {
            let place = DVec3::new(random.random(), random.random(), random.random()) - 0.5;
            center + STRAY_BOX * place * bounds.size()
        };
        scan.push(point, direction(&mut random), views.len() as u32);
    }
    let mesh = sheets(&views, &seen, side, &gone);
    let normals = config.normals.then_some(scan.normals);
    let cloud = PointCloud { positions: scan.positions, normals, colors: None };
    Ok(Simulated { cloud, view_of: scan.view_of, directions, registration, mesh })
}

#[derive(Default)]
struct Gathered {
    positions: Vec<DVec3>,
    normals: Vec<DVec3>,
    view_of: Vec<u32>,
}

impl Gathered {
    fn push(&mut self, point: DVec3, normal: DVec3, view: u32) {
        self.positions.push(point);
        self.normals.push(normal);
        self.view_of.push(view);
    }
}

fn look(views: &[View], query: &MeshQuery, config: &ScannerConfig, side: u32) -> Vec<Vec<Seen>> {
    (0u64..).zip(views).map(|(stream, view)| view.look(query, config, side, stream)).collect()
}

/// Which points drop out: all within patches around some of them, until the share is reached.
fn dropped(all: &[(u32, Seen)], share: f64, radius: f64, random: &mut ChaCha8Rng) -> Vec<bool> {
    let mut gone = vec![false; all.len()];
    let most = (share.clamp(0.0, 1.0) * all.len() as f64).round() as usize;
    let mut count = 0;
    if most == 0 {
        return gone;
    }
    let points: Vec<DVec3> = all.iter().map(|(_, hit)| hit.point).collect();
    let tree = NearestPoints::new(&points);
    // Patches may fall onto one another, so the share is not reached for certain; nearly all is enough.
    for _ in 0..100_000 {
        if count >= most {
            break;
        }
        let middle = points[random.random_range(0..points.len())];
        let size = PATCH[0] + (PATCH[1] - PATCH[0]) * random.random::<f64>();
        for (i, _) in tree.within(middle, size * radius) {
            if count < most && !gone[i] {
                gone[i] = true;
                count += 1;
            }
        }
    }
    gone
}

/// The sheets: two triangles between every four neighbouring cells, one between three.
fn sheets(views: &[View], seen: &[Vec<Seen>], side: u32, gone: &[bool]) -> TriMesh {
    let mut mesh = TriMesh::default();
    let mut first = 0;
    for (view, hits) in views.iter().zip(seen) {
        let mut cells = vec![u32::MAX; (side * side) as usize];
        for (hit, _) in hits.iter().zip(&gone[first..]).filter(|(_, gone)| !**gone) {
            cells[(hit.cell[0] * side + hit.cell[1]) as usize] = mesh.positions.len() as u32;
            mesh.positions.push(hit.point);
        }
        first += hits.len();
        let longest = JUMP * view.cell(side);
        let at = |row: u32, column: u32| cells[(row * side + column) as usize];
        for row in 0..side - 1 {
            for column in 0..side - 1 {
                // Counter-clockwise as the view sees them.
                let quad = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
                for triangle in [[quad[0], quad[1], quad[2]], [quad[0], quad[2], quad[3]]] {
                    let Some([a, b, c]) = mesh.corners(triangle) else { continue };
                    if a.distance(b).max(b.distance(c)).max(c.distance(a)) > longest {
                        continue;
                    }
                    let outside = (b - a).cross(c - a).dot(view.eye - a) > 0.0;
                    mesh.triangles.push(if outside { triangle } else { [triangle[0], triangle[2], triangle[1]] });
                }
            }
        }
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::{cuboid, sphere};

    fn cube() -> TriMesh {
        cuboid(DVec3::splat(-1.0), DVec3::splat(1.0))
    }

    fn rms(scan: &Simulated, shape: &TriMesh) -> f64 {
        let query = MeshQuery::new(shape).unwrap();
        let squared: f64 = scan.cloud.positions.iter().map(|&p| query.distance(p).powi(2)).sum();
        (squared / scan.cloud.positions.len() as f64).sqrt()
    }

    #[test]
    fn all_views_cover_the_surface_with_the_points_asked_for() {
        let scan = scan_of(&cube(), &ScannerConfig::default()).unwrap();
        assert_eq!(scan.cloud.positions.len(), 20_000);
        assert!(rms(&scan, &cube()) < 1e-9 && scan.cloud.normals.is_none());
        let tree = NearestPoints::new(&scan.cloud.positions);
        let places = crate::sample::surface(&cube(), 2000, 1).positions;
        let far = places.iter().filter(|p| {
            // Twenty thousand on an area of 24 lie about 0.035 apart.
            tree.nearest(**p).is_none_or(|(_, distance)| distance > 0.2)
        });
        assert_eq!(far.count(), 0);
    }

    #[test]
    fn the_noise_is_the_one_asked_for() {
        for noise in [0.004, 0.02] {
            let scan = scan_of(&cube(), &ScannerConfig { noise, ..ScannerConfig::default() }).unwrap();
            let found = rms(&scan, &cube());
            assert!((found / noise - 1.0).abs() < 0.1, "{found} {noise}");
        }
    }

    #[test]
    fn registration_errors_are_bounded_and_the_first_view_has_none() {
        let config = ScannerConfig { registration_error: 0.03, normals: true, ..ScannerConfig::default() };
        let scan = scan_of(&cube(), &config).unwrap();
        let query = MeshQuery::new(&cube()).unwrap();
        for (&p, &view) in scan.cloud.positions.iter().zip(&scan.view_of) {
            let off = query.distance(p);
            assert!(off <= if view == 0 { 1e-9 } else { 0.03 + 1e-9 }, "{off} in view {view}");
        }
        assert!(rms(&scan, &cube()) > 1e-3);
        assert!(scan.cloud.normals.unwrap().iter().all(|n| (n.length() - 1.0).abs() < 1e-9));
    }

    #[test]
    fn one_sided_scans_see_one_side() {
        let config = ScannerConfig { one_sided: Some(DVec3::Z), views: 5, ..ScannerConfig::default() };
        let scan = scan_of(&cube(), &config).unwrap();
        assert!(scan.cloud.positions.iter().all(|p| p.z > -1.0 + 1e-9));
        assert!(scan.directions.iter().all(|d| d.z > 0.0));
        let below = ScannerConfig { directions: vec![-2.0 * DVec3::Z], ..ScannerConfig::default() };
        assert!(scan_of(&cube(), &below).unwrap().cloud.positions.iter().all(|p| (p.z + 1.0).abs() < 1e-9));
    }

    #[test]
    fn what_drops_out_and_what_strays() {
        let ball = sphere(DVec3::ZERO, 1.0, 96, 48);
        let config = ScannerConfig { dropout: 0.25, outliers: 0.1, points: 8000, ..ScannerConfig::default() };
        let scan = scan_of(&ball, &config).unwrap();
        let (stray, own): (Vec<&u32>, Vec<&u32>) =
            scan.view_of.iter().partition(|view| **view as usize == scan.directions.len());
        assert_eq!(stray.len(), 800);
        assert!((own.len() as f64 / 7200.0 - 0.75).abs() < 0.03, "{}", own.len());
        let query = MeshQuery::new(&ball).unwrap();
        let off = scan.cloud.positions.iter().filter(|p| query.distance(**p) > 0.02).count();
        assert!((600..=800).contains(&off), "{off}");
    }

    #[test]
    fn the_sheets_lie_on_the_shape_and_look_out() {
        let scan = scan_of(&cube(), &ScannerConfig { points: 6000, ..ScannerConfig::default() }).unwrap();
        let area = crate::metric::area(&scan.mesh);
        // Several views see the same surface.
        assert!(area > 24.0 * 1.5, "{area}");
        let outwards = scan.mesh.triangles.iter().filter(|triangle| {
            let [a, b, c] = scan.mesh.corners(**triangle).unwrap();
            (b - a).cross(c - a).dot((a + b + c) / 3.0) > 0.0
        });
        // But for slivers across the edges.
        assert!(outwards.count() as f64 > 0.995 * scan.mesh.triangles.len() as f64);
    }

    #[test]
    fn the_seed_decides_and_nothing_is_an_error() {
        let config =
            ScannerConfig { noise: 0.01, dropout: 0.1, outliers: 0.02, points: 2000, ..ScannerConfig::default() };
        assert_eq!(scan_of(&cube(), &config), scan_of(&cube(), &config));
        let other = ScannerConfig { seed: 1, ..config.clone() };
        assert_ne!(scan_of(&cube(), &config).unwrap().cloud, scan_of(&cube(), &other).unwrap().cloud);
        assert!(matches!(scan_of(&TriMesh::default(), &config), Err(SimulateError::Shape(_))));
        let blind = ScannerConfig { grazing_rad: 0.0, ..config };
        assert_eq!(scan_of(&cube(), &blind).err(), Some(SimulateError::NothingSeen));
    }
}
