//! From a graph of bodies to analytic solids.

use std::sync::Arc;

use glam::DVec3;
use manifold_rust::manifold::Manifold;
use partwright_geometry::TriMesh;

use crate::boolean::{self, FacetSoup};
use crate::canonical::{Grids, Resolution, SurfaceTable, note_tangencies, snap_coordinates};
use crate::facet::{FacetMesh, FacetTable};
use crate::measure::{self, MeasureError};
use crate::plan::{Origin, Plan, Step, Sweep};
use crate::rebuild::{HalfedgeMesh, Rebuilt, rebuild};
use crate::topology::{Edge, Face, Solid};
use crate::{BooleanKind, BrepCause, BrepError, CallId, Curve, Node, Shape, Span, Surface};

/// Index of a face in [`Body::faces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u32);

/// Index of an edge in [`Body::edges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EdgeId(pub u32);

/// One face of an evaluated body.
#[derive(Clone, Debug)]
pub struct FaceInfo {
    /// The surface it lies on.
    pub surface: Surface,
    /// Whether the outward normal is the opposite of the surface's natural normal.
    pub reversed: bool,
    /// The program's call that made it.
    pub call: CallId,
    /// Index of the solid it belongs to.
    pub solid: u32,
    /// Exact area.
    pub area: f64,
    /// Centre of area.
    pub center: DVec3,
    /// Its edges, outer loop first.
    pub loops: Vec<Vec<EdgeId>>,
}

/// One edge of an evaluated body.
#[derive(Clone, Debug)]
pub struct EdgeInfo {
    /// The curve it lies on.
    pub curve: Curve,
    /// First vertex; index into [`Body::vertices`].
    pub start: u32,
    /// Second vertex; equal to `start` for a closed edge.
    pub end: u32,
    /// The faces on its two sides.
    pub faces: [FaceId; 2],
    /// Length.
    pub length: f64,
    /// Centre of length.
    pub center: DVec3,
}

/// An evaluated shape: analytic solids with their topology, and the facets they were rebuilt from.
#[derive(Debug, Default)]
pub struct Body {
    /// The solids (topology with analytic geometry).
    pub solids: Vec<Solid>,
    /// Faces of all solids.
    pub faces: Vec<FaceInfo>,
    /// Edges of all solids.
    pub edges: Vec<EdgeInfo>,
    /// Vertices of all solids.
    pub vertices: Vec<DVec3>,
    /// The watertight facet mesh.
    pub mesh: TriMesh,
    /// The face every triangle of `mesh` belongs to.
    pub mesh_faces: Vec<FaceId>,
    /// Exact volume.
    pub volume: f64,
    /// Exact area.
    pub area: f64,
    /// Exact centre of volume.
    pub center: DVec3,
    /// Exact bounding box, lower and upper corner.
    pub bounds: [DVec3; 2],
}

/// How finely bodies are faceted, tried in turn: most shapes pass the first, hard contacts need other facets.
const RESOLUTIONS: [Resolution; 3] = [
    Resolution { segments: 96, phase: 0.0 },
    Resolution { segments: 144, phase: 0.5 },
    Resolution { segments: 240, phase: 0.25 },
];

/// Lengths below this share of a shape's size are none.
const TOLERANCE: f64 = 1e-8;
/// The same where nothing else passes: what was measured or rounded to six digits may miss by the last of them, and is
/// meant to meet.
const WIDE_TOLERANCE: f64 = 2e-6;

/// Evaluates a whole graph at once.
pub(crate) fn evaluate(shape: &Shape) -> Result<Body, BrepError> {
    let origin = Origin { operation: operation_name(shape), call: shape.call() };
    let mut first = None;
    for (tolerance, resolutions) in [(TOLERANCE, &RESOLUTIONS[..]), (WIDE_TOLERANCE, &RESOLUTIONS[..2])] {
        let plan = match Plan::new(shape, tolerance) {
            Ok(plan) => plan,
            Err(error) => return Err(first.unwrap_or(error)),
        };
        for resolution in resolutions {
            let attempt = Faceted::new(&plan, *resolution).and_then(|faceted| faceted.rebuild(&plan, origin));
            match attempt {
                Err(error) if may_pass_finer(&error.cause) => first = first.or(Some(error)),
                Err(error) => return Err(first.unwrap_or(error)),
                done => return done,
            }
        }
    }
    Err(first.unwrap_or_else(|| origin.error(BrepCause::EmptyResult)))
}

/// The facet mesh alone, without the rebuild: for IoU and rewards.
///
/// # Errors
/// As for [`Shape::body`].
pub fn facet_mesh(shape: &Shape) -> Result<Arc<TriMesh>, BrepError> {
    let plan = Plan::new(shape, TOLERANCE)?;
    let faceted = Faceted::new(&plan, RESOLUTIONS[0])?;
    let soup = faceted.soup();
    if soup.triangles.is_empty() {
        return Err(Origin { operation: operation_name(shape), call: shape.call() }.error(BrepCause::EmptyResult));
    }
    let positions = soup.positions.iter().map(|p| plan.world_from_work.point(*p)).collect();
    Ok(Arc::new(TriMesh { positions, triangles: soup.triangles }))
}

/// Whether other facets may avoid the fault.
fn may_pass_finer(cause: &BrepCause) -> bool {
    matches!(
        cause,
        BrepCause::BooleanFailed { .. }
            | BrepCause::RebuildFailed { .. }
            | BrepCause::AreaMismatch { .. }
            | BrepCause::VolumeMismatch { .. }
    )
}

fn operation_name(shape: &Shape) -> &'static str {
    match shape.node() {
        Node::Primitive(primitive) => primitive.name(),
        Node::Boolean { kind, .. } => kind.name(),
        Node::Transformed { .. } => "transform",
        Node::Compound(_) => "compound",
    }
}

/// A plan's bodies as facets, and the result of its booleans on them.
struct Faceted {
    surfaces: SurfaceTable,
    table: FacetTable,
    /// The bodies that stand side by side in the result.
    lumps: Vec<Manifold>,
    /// For every body face: faces of one class and one surface may become one.
    merge_class: Vec<u32>,
}

impl Faceted {
    fn new(plan: &Plan, resolution: Resolution) -> Result<Self, BrepError> {
        let mut surfaces = SurfaceTable::new(plan.tolerance, plan.extent);
        let mut grids = Grids::default();
        for sweep in plan.bodies.iter().flat_map(|b| &b.sweeps) {
            match sweep {
                Sweep::Extrusion(extrusion) => extrusion.register(&mut surfaces, &mut grids),
                Sweep::Revolution(revolution) => revolution.register(&mut surfaces, &mut grids),
            }
        }
        note_tangencies(&mut surfaces, &mut grids);
        grids.finish(resolution, plan.extent, plan.tolerance);
        let mut table = FacetTable::default();
        let mut face_ranges = Vec::with_capacity(plan.bodies.len());
        let mut meshes: Vec<FacetMesh> = Vec::with_capacity(plan.bodies.len());
        for body in &plan.bodies {
            let first = table.faces.len();
            let mut mesh = FacetMesh::default();
            for sweep in &body.sweeps {
                let (operation, facets) = match sweep {
                    Sweep::Extrusion(extrusion) => {
                        ("extrude", extrusion.facets(&mut surfaces, &grids, &mut table, body.call))
                    }
                    Sweep::Revolution(revolution) => {
                        ("revolve", revolution.facets(&mut surfaces, &grids, &mut table, body.call))
                    }
                };
                mesh.append(facets.map_err(|cause| Origin { operation, call: body.call }.error(cause))?);
            }
            meshes.push(mesh);
            face_ranges.push(first..table.faces.len());
        }
        snap_coordinates(meshes.iter_mut().map(|m| &mut m.positions), plan.tolerance * 0.1);
        let lumps = run(plan, &meshes)?;
        let merge_class = merge_classes(plan, &face_ranges, table.faces.len());
        Ok(Self { surfaces, table, lumps, merge_class })
    }

    /// All lumps' triangles in one list.
    fn soup(&self) -> FacetSoup {
        let mut all = FacetSoup::default();
        for lump in &self.lumps {
            let soup = boolean::soup(lump);
            let offset = all.positions.len() as u32;
            all.positions.extend(soup.positions);
            all.triangles.extend(soup.triangles.iter().map(|t| t.map(|v| v + offset)));
            all.facets.extend(soup.facets);
            all.inverted.extend(soup.inverted);
        }
        all
    }

    fn rebuild(mut self, plan: &Plan, origin: Origin) -> Result<Body, BrepError> {
        self.surfaces.move_to(&plan.world_from_work);
        let mut body = Body::default();
        let (mut topology, mut edges) = (Vec::new(), Vec::new());
        for lump in &self.lumps {
            let mut soup = boolean::soup(lump);
            for p in &mut soup.positions {
                *p = plan.world_from_work.point(*p);
            }
            let fail = |reason| origin.error(BrepCause::RebuildFailed { reason });
            let mut mesh = HalfedgeMesh::from_soup(&soup, plan.tolerance, &self.table, &self.surfaces).map_err(fail)?;
            let rebuilt = rebuild(&mut mesh, &self.table, &self.surfaces, &self.merge_class).map_err(fail)?;
            topology.extend(rebuilt.faces.iter().map(|f| f.topology.clone()));
            edges.extend(rebuilt.edges.iter().map(|e| e.topology.clone()));
            body.append(&mesh, rebuilt, &self.table);
        }
        if body.solids.is_empty() {
            return Err(origin.error(BrepCause::EmptyResult));
        }
        body.measure(&topology, &edges).map_err(|cause| origin.error(cause))?;
        Ok(body)
    }
}

/// Runs the steps of a plan on the bodies' meshes.
fn run(plan: &Plan, meshes: &[FacetMesh]) -> Result<Vec<Manifold>, BrepError> {
    let mut uses = vec![0usize; plan.steps.len()];
    for step in &plan.steps {
        match step {
            Step::Body(_) => {}
            Step::Boolean { left, right, .. } => {
                uses[*left] += 1;
                uses[*right] += 1;
            }
            Step::Compound(parts) => parts.iter().for_each(|p| uses[*p] += 1),
        }
    }
    let mut values: Vec<Option<Arc<Vec<Manifold>>>> = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let mut take = |i: usize, values: &mut Vec<Option<Arc<Vec<Manifold>>>>| {
            uses[i] -= 1;
            let value = if uses[i] == 0 { values[i].take() } else { values[i].clone() };
            value.unwrap_or_default()
        };
        let value = match step {
            Step::Body(body) => {
                let origin = Origin { operation: "body", call: plan.bodies[*body].call };
                let operand = boolean::operand(&meshes[*body], plan.tolerance);
                Arc::new(vec![operand.map_err(|cause| origin.error(cause))?])
            }
            Step::Boolean { kind, left, right, .. } if left == right => {
                let same = take(*left, &mut values);
                take(*right, &mut values);
                if *kind == BooleanKind::Cut { Arc::default() } else { same }
            }
            Step::Boolean { kind, left, right, origin, .. } => {
                let fail = |cause| origin.error(cause);
                let left = take(*left, &mut values);
                let right = take(*right, &mut values);
                let left = united(&left).map_err(fail)?;
                let right = united(&right).map_err(fail)?;
                Arc::new(vec![boolean::combine(*kind, &left, &right).map_err(fail)?])
            }
            Step::Compound(parts) => match parts[..] {
                [one] => take(one, &mut values),
                _ => Arc::new(parts.iter().flat_map(|p| take(*p, &mut values).to_vec()).collect()),
            },
        };
        values.push(Some(value));
    }
    let result = values.pop().flatten().unwrap_or_default();
    Ok(result.iter().filter(|m| !m.is_empty()).cloned().collect())
}

/// Several bodies side by side as one operand.
fn united(parts: &[Manifold]) -> Result<Manifold, BrepCause> {
    let mut parts = parts.iter();
    let Some(first) = parts.next() else { return Ok(Manifold::empty()) };
    parts.try_fold(first.clone(), |sum, part| boolean::combine(BooleanKind::Union, &sum, part))
}

/// Faces below one cleaning boolean may merge; all others stay what their bodies made them.
fn merge_classes(plan: &Plan, face_ranges: &[std::ops::Range<usize>], faces: usize) -> Vec<u32> {
    let mut classes: Vec<u32> = (0..faces as u32).collect();
    let mut class_of_step: Vec<Option<u32>> = vec![None; plan.steps.len()];
    for (i, step) in plan.steps.iter().enumerate().rev() {
        let class = class_of_step[i];
        let mut hand_down = |operand: usize, class: Option<u32>| {
            class_of_step[operand] = class_of_step[operand].or(class);
        };
        match step {
            Step::Body(body) => {
                if let Some(class) = class {
                    classes[face_ranges[*body].clone()].fill(class);
                }
            }
            Step::Boolean { left, right, clean, .. } => {
                let class = class.or(clean.then_some((faces + i) as u32));
                hand_down(*left, class);
                hand_down(*right, class);
            }
            Step::Compound(parts) => parts.iter().for_each(|p| hand_down(*p, class)),
        }
    }
    classes
}

impl Body {
    /// Adds the solids of one rebuilt mesh.
    fn append(&mut self, mesh: &HalfedgeMesh, rebuilt: Rebuilt, table: &FacetTable) {
        let (faces, edges) = (self.faces.len() as u32, self.edges.len() as u32);
        let (vertices, corners) = (self.vertices.len() as u32, self.mesh.positions.len() as u32);
        let solids = self.solids.len() as u32;
        self.solids.extend(rebuilt.solids);
        self.vertices.extend(rebuilt.vertices);
        self.faces.extend(rebuilt.faces.iter().map(|face| FaceInfo {
            surface: face.surface,
            reversed: face.reversed,
            call: table.faces[face.body_face as usize].call,
            solid: solids + face.solid,
            area: 0.0,
            center: DVec3::ZERO,
            loops: face.loops.iter().map(|l| l.iter().map(|e| EdgeId(edges + e)).collect()).collect(),
        }));
        self.edges.extend(rebuilt.edges.iter().map(|edge| EdgeInfo {
            curve: edge.curve.clone(),
            start: vertices + edge.start,
            end: vertices + edge.end,
            faces: edge.faces.map(|f| FaceId(faces.saturating_add(f))),
            length: 0.0,
            center: DVec3::ZERO,
        }));
        self.mesh.positions.extend(&mesh.positions);
        self.mesh.triangles.extend(mesh.triangles.iter().map(|t| t.map(|v| v + corners)));
        self.mesh_faces.extend(rebuilt.triangle_faces.iter().map(|f| FaceId(f.map_or(u32::MAX, |f| faces + f))));
    }

    /// Measures faces, edges and the whole from the analytic geometry, and compares with the facets.
    fn measure(&mut self, topology: &[Face], edges: &[Edge]) -> Result<(), BrepCause> {
        let failed = |error: MeasureError| BrepCause::RebuildFailed { reason: error.to_string() };
        let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
        for face in topology {
            let [l, h] = measure::face_bounds(face);
            (low, high) = (low.min(l), high.max(h));
        }
        let reference = (low + high) / 2.0;
        self.bounds = [low, high];
        let mut moment = DVec3::ZERO;
        for (info, face) in self.faces.iter_mut().zip(topology) {
            let m = measure::moments(face, reference).map_err(failed)?;
            info.area = m.area;
            info.center = reference + m.area_moment / m.area;
            self.area += m.area;
            self.volume += m.volume;
            moment += m.volume_moment;
        }
        self.center = reference + moment / self.volume;
        for (info, edge) in self.edges.iter_mut().zip(edges) {
            let span = Span::of_edge(edge);
            info.length = span.length();
            info.center = span.center();
        }
        self.compare_with_facets(reference)
    }

    /// A face's facets lie at most as far from its surface as measured on them, so that the volumes differ by at most
    /// that distance times the area.
    fn compare_with_facets(&self, reference: DVec3) -> Result<(), BrepCause> {
        let mut faceted = 0.0;
        let mut facet_areas = vec![0.0; self.faces.len()];
        let mut sagittas = vec![0.0f64; self.faces.len()];
        for (triangle, face) in self.mesh.triangles.iter().zip(&self.mesh_faces) {
            let corners = triangle.map(|v| self.mesh.positions[v as usize]);
            let [a, b, c] = corners.map(|p| p - reference);
            faceted += a.dot(b.cross(c)) / 6.0;
            let at = face.0 as usize;
            if let Some(info) = self.faces.get(at) {
                facet_areas[at] += (b - a).cross(c - a).length() / 2.0;
                sagittas[at] = sagittas[at].max(sagitta(&info.surface, corners));
            }
        }
        let size = (self.bounds[1] - self.bounds[0]).max_element();
        let mut allowed = 1e-6 * size * self.area + 1e-9 * self.volume.abs();
        for ((face, facet_area), sagitta) in self.faces.iter().zip(&facet_areas).zip(&sagittas) {
            let largest = SAGITTA * round_radius(&face.surface).min(size);
            allowed += sagitta.min(largest) * face.area.max(*facet_area);
        }
        let mismatch = (self.volume - faceted).abs() > allowed;
        if mismatch || !self.volume.is_finite() {
            return Err(BrepCause::VolumeMismatch { analytic: self.volume, faceted });
        }
        Ok(())
    }
}

/// How far a triangle bends from a round surface: measured at the middles of its sides and its own.
fn sagitta(surface: &Surface, [a, b, c]: [DVec3; 3]) -> f64 {
    if matches!(surface, Surface::Plane { .. }) {
        return 0.0;
    }
    let points = [(a + b) / 2.0, (b + c) / 2.0, (c + a) / 2.0, (a + b + c) / 3.0];
    points.into_iter().map(|p| surface.signed_distance(p).abs()).fold(0.0, f64::max)
}

/// Largest sagitta of the coarsest facets, as a part of the radius: 24 steps of a turn, each a quarter too wide.
const SAGITTA: f64 = 0.014;

/// The radius by which a surface's sagitta is bounded; zero for a plane.
fn round_radius(surface: &Surface) -> f64 {
    match *surface {
        Surface::Plane { .. } => 0.0,
        Surface::Cylinder { radius, .. } | Surface::Sphere { radius, .. } => radius,
        // A cone's radius grows along its axis as far as the part does.
        Surface::Cone { .. } => f64::INFINITY,
        Surface::Torus { major_radius, minor_radius, .. } => major_radius + minor_radius,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    fn rod(radius: f64) -> Shape {
        Shape::cylinder(Frame::WORLD, radius, -20.0, 20.0, CallId(0))
    }

    #[test]
    fn a_volume_that_is_not_that_of_the_facets_is_refused() {
        let plate = Shape::cuboid(Frame::WORLD, DVec3::splat(-10.0), DVec3::splat(10.0), CallId(0));
        let bored = plate.boolean(BooleanKind::Cut, &rod(2.0), true, CallId(1));
        let mut body = evaluate(&bored).expect("a plate with a hole");
        assert_eq!(body.compare_with_facets(DVec3::ZERO), Ok(()));
        // The analytic side lost the hole, or a part of it that facets do not explain.
        let exact = body.volume;
        for lost in [20.0 * 4.0 * std::f64::consts::PI, 10.0] {
            body.volume = exact + lost;
            let found = body.compare_with_facets(DVec3::ZERO);
            assert!(matches!(found, Err(BrepCause::VolumeMismatch { .. })), "{lost}: {found:?}");
        }
        // The facets lost the hole.
        body.volume = exact;
        let whole = evaluate(&plate).expect("a box");
        (body.mesh, body.mesh_faces) = (whole.mesh, whole.mesh_faces);
        assert!(matches!(body.compare_with_facets(DVec3::ZERO), Err(BrepCause::VolumeMismatch { .. })));
    }
}
