//! The constrained Delaunay triangulation of a face laid out in a plane, and its refinement.

use glam::{DVec2, DVec3};
use spade::handles::{FixedFaceHandle, InnerTag};
use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, PositionInTriangulation, Triangulation as _};

use super::Tolerance;
use super::chart::Layout;
use crate::Surface;

/// Most points of one face.
pub(super) const MAX_POINTS: usize = 1 << 20;
/// Rounds of refinement: every round at least halves an edge that is too long.
const MAX_ROUNDS: usize = 40;
/// An inner edge may turn this much more than an edge of the boundary: a diagonal between two steps does.
const DIAGONAL: f64 = 1.5;

/// Why a domain was not triangulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The boundary crosses or touches itself.
    Crosses,
    /// The boundary leaves no inside.
    NotBounded,
    /// More points than [`MAX_POINTS`].
    TooFine,
}

struct Node {
    place: Point2<f64>,
    /// Index into the mesh's points, or, counted from the end of the given ones, into the new points.
    id: u32,
}

impl HasPosition for Node {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        self.place
    }
}

type Cdt = ConstrainedDelaunayTriangulation<Node>;

/// A triangulated face: new points (numbered from `first_new`) and triangles counter-clockwise against the natural
/// normal.
pub(super) struct Meshed {
    pub(super) points: Vec<DVec3>,
    pub(super) triangles: Vec<[u32; 3]>,
}

/// Triangulates the face laid out in `layout`, whose wires have the mesh's points `ids`; `position` gives their
/// positions. New points are numbered from `first_new`.
pub(super) fn triangulate(
    surface: &Surface,
    layout: &Layout,
    ids: &[Vec<u32>],
    position: &dyn Fn(u32) -> DVec3,
    first_new: u32,
    tolerance: &Tolerance,
) -> Result<Meshed, Fault> {
    let mut cdt = Cdt::new();
    let mut boundary = Vec::new();
    for (wire, ids) in layout.wires.iter().zip(ids) {
        let mut handles = Vec::with_capacity(wire.len());
        for (&place, &id) in wire.iter().zip(ids) {
            handles.push(insert(&mut cdt, place, id)?);
        }
        for (i, &from) in handles.iter().enumerate() {
            boundary.push((from, handles[(i + 1) % handles.len()]));
        }
    }
    for &(from, to) in &boundary {
        if from == to || !cdt.can_add_constraint(from, to) {
            return Err(Fault::Crosses);
        }
        cdt.add_constraint(from, to);
    }
    let mut points = Vec::new();
    if let Some((point, place)) = layout.extra {
        insert(&mut cdt, place, first_new)?;
        points.push(point);
    }
    // A constraint through a point of another wire would have been split there.
    if boundary.iter().any(|&(from, to)| cdt.get_edge_from_neighbors(from, to).is_none()) {
        return Err(Fault::Crosses);
    }
    let mut inside = inside(&cdt, &boundary)?;
    if !matches!(surface, Surface::Plane { .. }) {
        for _ in 0..MAX_ROUNDS {
            let at = |id: u32| if id < first_new { position(id) } else { points[(id - first_new) as usize] };
            let edges = too_coarse(&cdt, &inside, surface, layout, &at, tolerance);
            let before = points.len();
            for edge in edges {
                // A point inserted for a longer edge may have done away with this one.
                if cdt.get_edge_from_neighbors(edge.from, edge.to).is_none() {
                    continue;
                }
                if points.len() >= MAX_POINTS {
                    return Err(Fault::TooFine);
                }
                add_inner(&mut cdt, edge.middle, &mut points, layout, first_new);
            }
            if points.len() == before {
                break;
            }
            inside = self::inside(&cdt, &boundary)?;
        }
    }
    let triangles =
        cdt.inner_faces().filter(|f| inside[f.fix().index()]).map(|f| f.vertices().map(|v| v.data().id)).collect();
    Ok(Meshed { points, triangles })
}

type Handle = spade::handles::FixedVertexHandle;

fn point2(place: DVec2) -> Point2<f64> {
    spade::mitigate_underflow(Point2::new(place.x, place.y))
}

/// Inserts a point of the boundary. Two at one place are a fault, unless they are the same point.
fn insert(cdt: &mut Cdt, place: DVec2, id: u32) -> Result<Handle, Fault> {
    let before = cdt.num_vertices();
    if let PositionInTriangulation::OnVertex(v) = cdt.locate(point2(place)) {
        return if cdt.vertex(v).data().id == id { Ok(v) } else { Err(Fault::Crosses) };
    }
    let handle = cdt.insert(Node { place: point2(place), id }).map_err(|_| Fault::NotBounded)?;
    if cdt.num_vertices() == before { Err(Fault::Crosses) } else { Ok(handle) }
}

/// Inserts a point of the surface, unless it would fall on the boundary or on a point.
fn add_inner(cdt: &mut Cdt, place: DVec2, points: &mut Vec<DVec3>, layout: &Layout, first_new: u32) {
    let at = point2(place);
    match cdt.locate(at) {
        PositionInTriangulation::OnFace(_) => {}
        PositionInTriangulation::OnEdge(e) if !cdt.is_constraint_edge(e.as_undirected()) => {}
        _ => return,
    }
    let id = first_new + points.len() as u32;
    if cdt.insert(Node { place: at, id }).is_ok() {
        points.push(layout.chart.point(place));
    }
}

/// For every face of the triangulation, whether it is inside the boundary: flooded from the left of each of its edges.
fn inside(cdt: &Cdt, boundary: &[(Handle, Handle)]) -> Result<Vec<bool>, Fault> {
    let mut inside = vec![false; cdt.num_all_faces()];
    let mut stack: Vec<FixedFaceHandle<InnerTag>> = Vec::new();
    for &(from, to) in boundary {
        let edge = cdt.get_edge_from_neighbors(from, to).ok_or(Fault::Crosses)?;
        let face = edge.face().as_inner().ok_or(Fault::NotBounded)?.fix();
        if !inside[face.index()] {
            inside[face.index()] = true;
            stack.push(face);
        }
    }
    while let Some(face) = stack.pop() {
        for edge in cdt.face(face).adjacent_edges() {
            if edge.is_constraint_edge() {
                continue;
            }
            let next = edge.rev().face().as_inner().ok_or(Fault::NotBounded)?.fix();
            if !inside[next.index()] {
                inside[next.index()] = true;
                stack.push(next);
            }
        }
    }
    // The right of every edge must be outside, or the wires do not separate anything.
    for &(from, to) in boundary {
        let edge = cdt.get_edge_from_neighbors(to, from).ok_or(Fault::Crosses)?;
        if edge.face().as_inner().is_some_and(|f| inside[f.fix().index()]) {
            return Err(Fault::NotBounded);
        }
    }
    Ok(inside)
}

/// An inner edge that leaves the surface or turns too far.
struct CoarseEdge {
    from: Handle,
    to: Handle,
    /// Where to divide it.
    middle: DVec2,
    length: f64,
}

/// The edges to divide, the longest first.
fn too_coarse(
    cdt: &Cdt,
    inside: &[bool],
    surface: &Surface,
    layout: &Layout,
    position: &dyn Fn(u32) -> DVec3,
    tolerance: &Tolerance,
) -> Vec<CoarseEdge> {
    let is_inside = |e: spade::handles::DirectedEdgeHandle<'_, Node, (), spade::CdtEdge<()>, ()>| {
        e.face().as_inner().is_some_and(|f| inside[f.fix().index()])
    };
    let mut out = Vec::new();
    for edge in cdt.undirected_edges() {
        let directed = edge.as_directed();
        if edge.is_constraint_edge() || !is_inside(directed) || !is_inside(directed.rev()) {
            continue;
        }
        let [from, to] = edge.vertices();
        let (a, b) = (position(from.data().id), position(to.data().id));
        let off = surface.signed_distance((a + b) * 0.5).abs();
        let turn = surface.normal_at(a).dot(surface.normal_at(b)).clamp(-1.0, 1.0).acos();
        // A cone's apex has no normal of its own.
        let at_apex = layout.extra.is_some_and(|(apex, _)| a == apex || b == apex);
        if off > tolerance.chord() * 1.01 || (!at_apex && turn > tolerance.angle_rad() * DIAGONAL) {
            let place = |p: Point2<f64>| DVec2::new(p.x, p.y);
            let (p, q) = (place(from.position()), place(to.position()));
            let middle = layout.chart.middle(p, q);
            let middle = if falls_inside(cdt, inside, middle) { middle } else { (p + q) * 0.5 };
            out.push(CoarseEdge { from: from.fix(), to: to.fix(), middle, length: a.distance(b) });
        }
    }
    out.sort_by(|a, b| b.length.total_cmp(&a.length));
    out
}

fn falls_inside(cdt: &Cdt, inside: &[bool], place: DVec2) -> bool {
    match cdt.locate(point2(place)) {
        PositionInTriangulation::OnFace(f) => inside[f.index()],
        PositionInTriangulation::OnEdge(e) => !cdt.is_constraint_edge(e.as_undirected()),
        _ => false,
    }
}
