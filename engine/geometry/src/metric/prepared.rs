//! One side of a comparison, prepared once and compared with many.

use std::sync::OnceLock;

use glam::DVec3;

use super::{
    CompareConfig, Comparison, Deviation, DeviationField, IouMethod, NotSolid, Overlap, Solid, area, chamfer,
    deviation, inside_tests, iou,
};
use crate::{
    Bounds, Geometry, PointCloud, TriMesh, nearest::NearestPoints, query::MeshQuery, sample, valid::MeshFault,
};

/// A mesh or cloud with everything that comparing it needs, each part made when first asked for.
///
/// A pool scores hundreds of candidates against one scan: prepare the scan, then ask with each candidate. Usable from
/// several threads at once.
pub struct PreparedReference {
    shape: Geometry,
    config: CompareConfig,
    bounds: Option<Bounds>,
    solid: OnceLock<Result<Solid, NotSolid>>,
    query: OnceLock<Result<MeshQuery, MeshFault>>,
    reference_samples: OnceLock<Samples>,
    candidate_samples: OnceLock<Samples>,
}

/// Points on the surface and their tree.
struct Samples {
    points: Vec<DVec3>,
    tree: NearestPoints,
}

impl Samples {
    fn new(points: Vec<DVec3>) -> Self {
        Self { tree: NearestPoints::new(&points), points }
    }
}

impl PreparedReference {
    /// Prepares a mesh.
    pub fn new(mesh: &TriMesh, config: CompareConfig) -> Self {
        Self::of_geometry(Geometry::Mesh(mesh.clone()), config)
    }

    /// Prepares a cloud, which has distances but no volume.
    pub fn of_cloud(cloud: &PointCloud, config: CompareConfig) -> Self {
        Self::of_geometry(Geometry::Cloud(cloud.clone()), config)
    }

    /// Prepares a scan of either kind.
    pub fn of_geometry(shape: Geometry, config: CompareConfig) -> Self {
        Self {
            bounds: Bounds::of_geometry(&shape),
            shape,
            config,
            solid: OnceLock::new(),
            query: OnceLock::new(),
            reference_samples: OnceLock::new(),
            candidate_samples: OnceLock::new(),
        }
    }

    /// What was prepared.
    pub fn geometry(&self) -> &Geometry {
        &self.shape
    }

    /// Its box; `None` without finite points.
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// The mesh as a volume.
    ///
    /// # Errors
    /// [`NotSolid`], saying why it is none. A cloud never is.
    pub fn solid(&self) -> Result<&Solid, NotSolid> {
        let solid = self.solid.get_or_init(|| match &self.shape {
            Geometry::Mesh(mesh) => Solid::new(mesh),
            Geometry::Cloud(_) => Err(NotSolid::Fault(MeshFault::NoTriangles)),
        });
        solid.as_ref().map_err(|reason| *reason)
    }

    /// The mesh as a surface to measure distances to.
    ///
    /// # Errors
    /// [`MeshFault`] when the mesh is faulty or this is a cloud.
    pub fn query(&self) -> Result<&MeshQuery, MeshFault> {
        let query = self.query.get_or_init(|| match &self.shape {
            Geometry::Mesh(mesh) => MeshQuery::new(mesh),
            Geometry::Cloud(_) => Err(MeshFault::NoTriangles),
        });
        query.as_ref().map_err(|fault| *fault)
    }

    /// The IoU with a candidate. Only what it needs is prepared, which makes this the quickest way to rank.
    pub fn overlap(&self, candidate: &TriMesh) -> Overlap {
        self.overlap_with(&Self::new(candidate, self.config))
    }

    /// The Chamfer distance to a candidate, [`super::chamfer`] with this side as the first.
    pub fn chamfer(&self, candidate: &TriMesh) -> f64 {
        self.chamfer_with(&Self::new(candidate, self.config))
    }

    /// How far this side is from a candidate's surface, per vertex or point: the heat map on the scan.
    ///
    /// # Errors
    /// [`MeshFault`] when the candidate is faulty.
    pub fn deviation(&self, candidate: &TriMesh) -> Result<DeviationField, MeshFault> {
        Ok(self.deviation_from(&MeshQuery::new(candidate)?))
    }

    /// Everything about this side (`a`) and a candidate (`b`).
    pub fn compare(&self, candidate: &TriMesh) -> Comparison {
        self.compare_with(&Self::new(candidate, self.config))
    }

    /// Everything about this side (`a`) and another that is prepared too (`b`).
    pub fn compare_with(&self, other: &Self) -> Comparison {
        let Overlap { iou, method } = self.overlap_with(other);
        let deviation = self.summary_towards(other);
        let deviation_back = other.summary_towards(self);
        Comparison {
            iou,
            iou_method: method,
            chamfer: self.chamfer_with(other),
            deviation,
            deviation_back,
            hausdorff: deviation.zip(deviation_back).map(|(there, back)| there.max.max(back.max)),
            volume_a: self.solid().ok().map(Solid::volume),
            volume_b: other.solid().ok().map(Solid::volume),
            area_a: self.area(),
            area_b: other.area(),
            bounds_a: self.bounds,
            bounds_b: other.bounds,
        }
    }

    /// [`Self::overlap`] with a side that is prepared too.
    pub fn overlap_with(&self, other: &Self) -> Overlap {
        let undefined = |reason: String| Overlap { iou: None, method: IouMethod::Undefined { reason } };
        if [self, other].iter().any(|side| matches!(side.shape, Geometry::Cloud(_))) {
            return undefined("a point cloud has no volume".into());
        }
        let reason = match (self.solid(), other.solid()) {
            (Ok(a), Ok(b)) => return Overlap { iou: Some(iou::overlap(a, b)), method: IouMethod::Boolean },
            (Err(a), Ok(_)) => format!("the first mesh is not a solid: {a}"),
            (Ok(_), Err(b)) => format!("the second mesh is not a solid: {b}"),
            (Err(a), Err(b)) => format!("neither mesh is a solid: {a}; {b}"),
        };
        let (Ok(a), Ok(b)) = (self.query(), other.query()) else { return undefined(reason) };
        let count = inside_tests::count_inside(a, b, self.config.inside_points, self.config.seed);
        match count.iou() {
            Some(iou) => Overlap { iou: Some(iou), method: IouMethod::InsideTests { points: count.points, reason } },
            None => undefined(format!("{reason}; and none of {} points is inside either", count.points)),
        }
    }

    fn chamfer_with(&self, other: &Self) -> f64 {
        let (a, b) = (self.as_reference(), other.as_candidate());
        chamfer::chamfer_of_points(&a.points, &a.tree, &b.points, &b.tree)
    }

    fn area(&self) -> Option<f64> {
        match &self.shape {
            Geometry::Mesh(mesh) => Some(area(mesh)),
            Geometry::Cloud(_) => None,
        }
    }

    fn deviation_from(&self, target: &MeshQuery) -> DeviationField {
        match &self.shape {
            Geometry::Mesh(mesh) => deviation::deviation_with_samples(mesh, &self.as_reference().points, target),
            Geometry::Cloud(cloud) => deviation::deviation_of_points(&cloud.positions, target),
        }
    }

    /// Distances from this side to the other: to its surface, or to its nearest point when it is a cloud.
    fn summary_towards(&self, other: &Self) -> Option<Deviation> {
        match &other.shape {
            Geometry::Mesh(_) => self.deviation_from(other.query().ok()?).summary,
            Geometry::Cloud(_) => {
                let to = &other.as_reference().tree;
                let distances =
                    self.as_reference().points.iter().filter_map(|&p| to.nearest(p)).map(|(_, d)| d).collect();
                Deviation::of(distances)
            }
        }
    }

    fn as_reference(&self) -> &Samples {
        self.reference_samples.get_or_init(|| self.sampled(self.config.seed))
    }

    fn as_candidate(&self) -> &Samples {
        self.candidate_samples.get_or_init(|| self.sampled(chamfer::other_seed(self.config.seed)))
    }

    /// Samples of a mesh, or all points of a cloud: its own sampling is all that is known of its surface.
    fn sampled(&self, seed: u64) -> Samples {
        Samples::new(match &self.shape {
            Geometry::Mesh(mesh) => sample::surface(mesh, self.config.samples, seed).positions,
            Geometry::Cloud(cloud) => cloud.positions.iter().copied().filter(|p| p.is_finite()).collect(),
        })
    }
}
