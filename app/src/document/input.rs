//! What came in: a scan, pictures, a description, or nothing but a program.

use std::sync::Arc;

use glam::DVec3;
use partwright_geometry::format::ScanFile;
use partwright_geometry::{Bounds, Geometry, LengthUnit, PointCloud, Similarity, TriMesh, cloud};

use super::{Picture, Survey};

/// What an item was made from.
#[derive(Clone, Debug)]
pub enum Input {
    /// A mesh or a point cloud.
    Scan(Box<Scan>),
    /// One to four views or photos, in the order the network would see them.
    Pictures(Vec<Picture>),
    /// A text that describes the part.
    Description(String),
    /// A program alone: nothing to compare it with.
    Program,
}

impl Input {
    /// The scan, if it is one.
    pub fn scan(&self) -> Option<&Scan> {
        match self {
            Self::Scan(scan) => Some(scan),
            _ => None,
        }
    }

    /// The pictures; none for an input of another kind.
    pub fn pictures(&self) -> &[Picture] {
        match self {
            Self::Pictures(pictures) => pictures,
            _ => &[],
        }
    }

    /// Whether only a network could make a program of it.
    pub fn needs_network(&self) -> bool {
        matches!(self, Self::Pictures(_) | Self::Description(_))
    }
}

/// Most characters of a description. The network's prompt is the description itself, and it was trained on texts of some
/// hundred words: this is about four hundred.
pub const MOST_DESCRIPTION: usize = 2400;

/// The direction that points up in the scan's coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UpAxis {
    /// +x.
    X,
    /// +y.
    Y,
    /// +z, as CAD has it.
    #[default]
    Z,
}

impl UpAxis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::X, Self::Y, Self::Z];

    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Y => "Y",
            Self::Z => "Z",
        }
    }

    /// The rotation that brings this axis to +z, keeping a right-handed frame: a cyclic change of coordinates.
    fn to_z(self, p: DVec3) -> DVec3 {
        match self {
            Self::X => DVec3::new(p.y, p.z, p.x),
            Self::Y => DVec3::new(p.z, p.x, p.y),
            Self::Z => p,
        }
    }
}

/// What is done to a scan before it is reconstructed, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Preparation {
    /// Only what lies in this box is kept, in the file's coordinates.
    pub crop: Option<Bounds>,
    /// Whether single points far from all others are dropped (clouds only).
    pub without_outliers: bool,
    /// The axis that becomes z.
    pub up: UpAxis,
    /// Whether the middle of the box is moved to the origin.
    pub to_origin: bool,
}

/// A scan as read and as prepared.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The file's content.
    pub file: Arc<ScanFile>,
    /// What is known of `prepared`, once that was looked at.
    pub survey: Option<Arc<Survey>>,
    /// The unit the user confirmed, or the file's.
    pub unit: LengthUnit,
    /// What was asked to be done to it.
    pub preparation: Preparation,
    /// The result of the preparation: what is shown and reconstructed.
    pub prepared: Arc<Geometry>,
    /// The box of `prepared`.
    pub bounds: Bounds,
}

/// Neighbours looked at, and standard deviations beyond their mean distance at which a point is an outlier: the usual
/// choice of statistical outlier removal (Rusu et al., 2008).
const OUTLIER_NEIGHBOURS: usize = 16;
const OUTLIER_DEVIATIONS: f64 = 2.5;

/// Prepares a scan. `None` when nothing with an extent is left.
pub fn prepare(geometry: &Geometry, preparation: &Preparation) -> Option<(Geometry, Bounds)> {
    let mut geometry = match preparation.crop {
        Some(kept) => cropped(geometry, kept),
        None => geometry.clone(),
    };
    if preparation.without_outliers
        && let Geometry::Cloud(points) = &geometry
    {
        let kept = cloud::statistical_inliers(points, OUTLIER_NEIGHBOURS, OUTLIER_DEVIATIONS);
        geometry = Geometry::Cloud(cloud::select(points, &kept));
    }
    if preparation.up != UpAxis::Z {
        turn(&mut geometry, preparation.up);
    }
    let bounds = Bounds::of_geometry(&geometry)?;
    if preparation.to_origin {
        geometry = Similarity::from_translation(-bounds.center()).geometry(&geometry);
    }
    let bounds = Bounds::of_geometry(&geometry)?;
    (bounds.longest_side() > 0.0).then_some((geometry, bounds))
}

/// The part of a scan within a box: the triangles with all corners in it, or the points.
fn cropped(geometry: &Geometry, kept: Bounds) -> Geometry {
    match geometry {
        Geometry::Mesh(mesh) => {
            let inside: Vec<bool> = mesh.positions.iter().map(|p| kept.contains(*p)).collect();
            let mut new_index = vec![u32::MAX; mesh.positions.len()];
            let mut positions = Vec::new();
            for (index, p) in mesh.positions.iter().enumerate().filter(|(index, _)| inside[*index]) {
                new_index[index] = positions.len() as u32;
                positions.push(*p);
            }
            let triangles = mesh
                .triangles
                .iter()
                .map(|t| t.map(|v| new_index[v as usize]))
                .filter(|t| t.iter().all(|v| *v != u32::MAX))
                .collect();
            Geometry::Mesh(TriMesh { positions, triangles })
        }
        Geometry::Cloud(points) => {
            let kept: Vec<usize> =
                (0..points.positions.len()).filter(|&i| kept.contains(points.positions[i])).collect();
            Geometry::Cloud(cloud::select(points, &kept))
        }
    }
}

fn turn(geometry: &mut Geometry, up: UpAxis) {
    let turn = |points: &mut Vec<DVec3>| points.iter_mut().for_each(|p| *p = up.to_z(*p));
    match geometry {
        Geometry::Mesh(mesh) => turn(&mut mesh.positions),
        Geometry::Cloud(PointCloud { positions, normals, .. }) => {
            turn(positions);
            normals.iter_mut().for_each(turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud() -> Geometry {
        let positions = (0..1000)
            .map(|i| {
                DVec3::new(f64::from(i % 10), f64::from(i / 10 % 10), f64::from(i / 100) * 0.5) + DVec3::splat(100.0)
            })
            .collect();
        Geometry::Cloud(PointCloud { positions, normals: None, colors: None })
    }

    #[track_caller]
    fn check(preparation: Preparation, low: [f64; 3], high: [f64; 3]) {
        let (_, bounds) = prepare(&cloud(), &preparation).expect("points are left");
        assert_eq!((bounds.min.to_array(), bounds.max.to_array()), (low, high));
    }

    #[test]
    fn steps_do_what_they_say() {
        check(Preparation::default(), [100.0; 3], [109.0, 109.0, 104.5]);
        check(Preparation { to_origin: true, ..Preparation::default() }, [-4.5, -4.5, -2.25], [4.5, 4.5, 2.25]);
        check(Preparation { up: UpAxis::Y, ..Preparation::default() }, [100.0; 3], [104.5, 109.0, 109.0]);
        check(Preparation { up: UpAxis::X, ..Preparation::default() }, [100.0; 3], [109.0, 104.5, 109.0]);
        let crop = Bounds { min: DVec3::splat(99.0), max: DVec3::splat(102.0) };
        check(Preparation { crop: Some(crop), ..Preparation::default() }, [100.0; 3], [102.0; 3]);
    }

    #[test]
    fn a_crop_that_leaves_nothing_is_said() {
        let crop = Bounds { min: DVec3::splat(-2.0), max: DVec3::splat(-1.0) };
        assert!(prepare(&cloud(), &Preparation { crop: Some(crop), ..Preparation::default() }).is_none());
    }

    #[test]
    fn a_far_point_is_an_outlier() {
        let Geometry::Cloud(mut points) = cloud() else { unreachable!("it is a cloud") };
        points.positions.push(DVec3::splat(500.0));
        let preparation = Preparation { without_outliers: true, ..Preparation::default() };
        let (_, bounds) = prepare(&Geometry::Cloud(points), &preparation).expect("points are left");
        assert!(bounds.max.max_element() < 200.0);
    }
}
