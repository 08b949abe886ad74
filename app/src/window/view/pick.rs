//! What is under the pointer: a vertex before an edge before a face, and points of the scan.
//!
//! Nothing is read back from the GPU. Faces are hit by a ray; vertices and edges by their distance on the screen, if the ray
//! to them is free; points of a cloud by going along the ray as far as the nearest point allows.

use std::sync::Arc;

use egui::{Pos2, Rect, Ui};
use glam::{DVec3, Vec2};
use partwright_geometry::Geometry;
use partwright_geometry::nearest::NearestPoints;
use partwright_geometry::query::MeshQuery;

use super::measure::{Element, Picked};
use crate::document::{Part, Side};
use crate::render::{Camera, Projection, Section};
use crate::window::app::Window;
use crate::window::command::Action;

/// How near the pointer has to be to an edge, in points of the screen.
const EDGE_REACH: f32 = 5.0;
/// How near it has to be to a vertex, or to a point of a cloud.
const POINT_REACH: f32 = 8.0;
/// What may lie before a vertex or an edge that is seen, as a share of the shape's radius: rays are cast in f32.
const HIDDEN: f64 = 2e-3;

/// What a shape is picked with.
pub(super) enum Picker {
    /// Triangles.
    Mesh(Box<MeshQuery>),
    /// Points of a cloud.
    Cloud(Arc<Geometry>, NearestPoints),
    /// Nothing to be picked.
    Nothing,
}

impl Picker {
    /// For the scan.
    pub(super) fn of_geometry(geometry: &Arc<Geometry>) -> Self {
        match &**geometry {
            Geometry::Mesh(mesh) => MeshQuery::new(mesh).map_or(Self::Nothing, |query| Self::Mesh(query.into())),
            Geometry::Cloud(cloud) => Self::Cloud(Arc::clone(geometry), NearestPoints::new(&cloud.positions)),
        }
    }

    /// For the part.
    pub(super) fn of_part(part: &Part) -> Self {
        MeshQuery::new(&part.mesh.mesh).map_or(Self::Nothing, |query| Self::Mesh(query.into()))
    }
}

/// How the scene is seen in a view, and where the pointer is.
#[derive(Clone, Copy)]
struct Sight {
    camera: Camera,
    scene_origin: DVec3,
    section: Option<Section>,
    area: Rect,
}

impl Sight {
    /// The ray through a point of the screen, in the scan's coordinates.
    fn ray(&self, at: Pos2) -> (DVec3, DVec3) {
        let at = (at - self.area.center()) / self.area.height();
        let (origin, direction) = self.camera.ray(Vec2::new(at.x, at.y));
        (origin.as_dvec3() + self.scene_origin, direction.as_dvec3())
    }

    fn place(&self, p: DVec3) -> Option<Pos2> {
        let at = self.camera.project((p - self.scene_origin).as_vec3())?;
        Some(self.area.center() + egui::vec2(at.x, at.y) * self.area.height())
    }

    fn depth(&self, p: DVec3) -> f32 {
        self.camera.depth((p - self.scene_origin).as_vec3())
    }

    /// By how much things at `p` look smaller than at the camera's target.
    fn shrinks(&self, p: DVec3) -> f64 {
        match self.camera.projection {
            Projection::Parallel => 1.0,
            Projection::Perspective => f64::from(self.depth(p).max(1e-6)),
        }
    }

    fn is_cut(&self, p: DVec3) -> bool {
        self.section.is_some_and(|section| section.normal.dot(p) > section.distance)
    }

    /// The length that a point of the screen covers at `p`.
    fn length_of_point(&self, p: DVec3) -> f64 {
        f64::from(2.0 * self.camera.half_height / self.area.height().max(1.0)) * self.shrinks(p)
    }

    /// The first triangle that is seen along a ray: what a section cuts away is not.
    fn hit(&self, query: &MeshQuery, from: DVec3, direction: DVec3) -> Option<(usize, DVec3)> {
        let mut origin = from;
        for _ in 0..16 {
            let hit = query.ray(origin, direction)?;
            if !self.is_cut(hit.point) {
                return Some((hit.triangle, hit.point));
            }
            origin = hit.point + direction * (1e-6 * (1.0 + hit.distance));
        }
        None
    }

    /// Whether nothing of the shape lies before a point of it.
    fn is_seen(&self, query: &MeshQuery, p: DVec3) -> bool {
        let Some(at) = self.place(p).filter(|_| !self.is_cut(p)) else { return false };
        let (from, direction) = self.ray(at);
        let margin = query.bounds().diagonal() * 0.5 * HIDDEN;
        let reach = (p - from).dot(direction) - margin;
        self.hit(query, from, direction).is_none_or(|(_, point)| (point - from).dot(direction) >= reach)
    }
}

/// Selects what is clicked, or takes it as an end of a measure; remembers what is under the pointer.
pub(super) fn pick(window: &mut Window, ui: &Ui, response: &egui::Response, sides: &[Side]) {
    let at = response.hover_pos().filter(|_| !response.dragged());
    let measuring = window.state.measuring.is_some();
    // The scan is there to be measured, not to be selected.
    let asked = sides.iter().filter(|side| measuring || **side == Side::Result);
    let hit = at.and_then(|pointer| asked.into_iter().find_map(|side| hit(window, *side, response.rect, pointer)));
    if let Some(measuring) = &mut window.state.measuring
        && response.hovered()
        && measuring.hovered != hit
    {
        measuring.hovered = hit;
        ui.ctx().request_repaint();
    }
    if sides.contains(&Side::Result) {
        let hovered =
            hit.map(|hit| hit.element).filter(|element| matches!(element, Element::Face(_) | Element::Edge(_)));
        if window.state.selection.hovered != hovered {
            window.state.selection.hovered = hovered;
            ui.ctx().request_repaint();
        }
    }
    if !response.clicked() {
        return;
    }
    if measuring {
        window.actions.extend(hit.map(Action::Pick));
    } else if sides.contains(&Side::Result) {
        window.actions.push(match hit.map(|hit| hit.element) {
            Some(Element::Edge(edge)) => Action::SelectEdge(edge),
            Some(Element::Face(face)) => Action::SelectFace(Some(face)),
            _ => Action::SelectFace(None),
        });
    }
}

fn hit(window: &Window, side: Side, area: Rect, pointer: Pos2) -> Option<Picked> {
    let state = &window.state;
    let (_, ready) = window.views.ready(side)?;
    let sight = Sight { camera: state.camera, scene_origin: state.scene_origin, section: state.section, area };
    let picker = ready.pick.get()?;
    match (side, picker) {
        (Side::Input, Picker::Mesh(query)) => scan_vertex(&sight, query, pointer),
        (Side::Input, Picker::Cloud(geometry, tree)) => cloud_point(&sight, geometry, tree, pointer),
        (Side::Result, Picker::Mesh(query)) => {
            let part = window.document.active()?.program.part.as_deref()?;
            let edges_shown = state.edges || state.wireframe;
            let vertex = || vertex(&sight, query, part, pointer).filter(|_| state.measuring.is_some());
            let line = || vertex().or_else(|| edge(&sight, query, part, pointer));
            edges_shown.then(line).flatten().or_else(|| face(&sight, query, part, pointer))
        }
        _ => None,
    }
}

fn face(sight: &Sight, query: &MeshQuery, part: &Part, pointer: Pos2) -> Option<Picked> {
    let (from, direction) = sight.ray(pointer);
    let (triangle, point) = sight.hit(query, from, direction)?;
    let face = *part.mesh.triangle_faces.get(triangle)?;
    Some(Picked { point, element: Element::Face(face) })
}

/// Something near the pointer, by how near it is on the screen.
struct Candidate {
    away: f32,
    depth: f32,
    picked: Picked,
}

/// The candidate nearest on the screen that is seen; of those as near as each other the one nearer to the eye.
fn nearest_seen(sight: &Sight, query: &MeshQuery, mut candidates: Vec<Candidate>) -> Option<Picked> {
    // Half a point of the screen cannot be told apart by hand.
    let rank = |candidate: &Candidate| ((candidate.away * 2.0) as u32, candidate.depth);
    candidates.sort_by(|a, b| {
        let (a, b) = (rank(a), rank(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    // Each costs a ray; beyond a few of them nobody can aim.
    candidates.into_iter().take(24).map(|candidate| candidate.picked).find(|picked| sight.is_seen(query, picked.point))
}

fn vertex(sight: &Sight, query: &MeshQuery, part: &Part, pointer: Pos2) -> Option<Picked> {
    let positions = &part.mesh.mesh.positions;
    let mut ends: Vec<u32> = part
        .mesh
        .edges
        .iter()
        .filter_map(|edge| Some([*edge.points.first()?, *edge.points.last()?]))
        .flatten()
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let near = ends.into_iter().filter_map(|end| {
        let point = *positions.get(end as usize)?;
        let away = sight.place(point)?.distance(pointer);
        let picked = Picked { point, element: Element::Vertex };
        (away <= POINT_REACH).then(|| Candidate { away, depth: sight.depth(point), picked })
    });
    nearest_seen(sight, query, near.collect())
}

fn edge(sight: &Sight, query: &MeshQuery, part: &Part, pointer: Pos2) -> Option<Picked> {
    let positions = &part.mesh.mesh.positions;
    let mut candidates = Vec::new();
    for (index, edge) in part.mesh.edges.iter().enumerate() {
        let points = edge.points.iter().map(|&p| positions.get(p as usize).copied());
        let mut before: Option<(DVec3, Pos2)> = None;
        let mut best: Option<(f32, DVec3)> = None;
        for point in points {
            let here = point.and_then(|point| Some((point, sight.place(point)?)));
            if let (Some(from), Some(to)) = (before, here) {
                let (away, point) = nearest_on_segment(sight, from, to, pointer);
                if best.is_none_or(|(least, _)| away < least) {
                    best = Some((away, point));
                }
            }
            before = here;
        }
        if let Some((away, point)) = best.filter(|(away, _)| *away <= EDGE_REACH) {
            let picked = Picked { point, element: Element::Edge(index as u32) };
            candidates.push(Candidate { away, depth: sight.depth(point), picked });
        }
    }
    nearest_seen(sight, query, candidates)
}

/// How far a segment is from the pointer on the screen, and its point there.
fn nearest_on_segment(sight: &Sight, from: (DVec3, Pos2), to: (DVec3, Pos2), pointer: Pos2) -> (f32, DVec3) {
    let along = to.1 - from.1;
    let length_sq = along.length_sq();
    let t = if length_sq > 0.0 { ((pointer - from.1).dot(along) / length_sq).clamp(0.0, 1.0) } else { 0.0 };
    let away = (from.1 + along * t).distance(pointer);
    // In perspective equal lengths are shorter on the screen the farther away they are.
    let (near, far) = (sight.shrinks(from.0), sight.shrinks(to.0));
    let t = f64::from(t);
    let whole = (1.0 - t) * far + t * near;
    let t = if whole > 0.0 { t * near / whole } else { t };
    (away, from.0.lerp(to.0, t))
}

/// The corner of the triangle under the pointer that is nearest to it.
fn scan_vertex(sight: &Sight, query: &MeshQuery, pointer: Pos2) -> Option<Picked> {
    let (from, direction) = sight.ray(pointer);
    let (triangle, hit) = sight.hit(query, from, direction)?;
    let corners = query.mesh().corners(*query.mesh().triangles.get(triangle)?)?;
    let point = corners.into_iter().min_by(|a, b| a.distance(hit).total_cmp(&b.distance(hit)))?;
    Some(Picked { point, element: Element::ScanPoint })
}

/// The first point of a cloud along the pointer's ray that is near enough to it on the screen.
fn cloud_point(sight: &Sight, geometry: &Geometry, tree: &NearestPoints, pointer: Pos2) -> Option<Picked> {
    let Geometry::Cloud(cloud) = geometry else { return None };
    let (from, direction) = sight.ray(pointer);
    // From where the first point can be met on.
    let target = sight.camera.target.as_dvec3() + sight.scene_origin;
    let (_, to_nearest) = tree.nearest(from)?;
    let start = from + direction * to_nearest;
    let mut at = start;
    // No point lies within the distance to the nearest one, so it can be gone along the ray as far; most rays end within
    // some tens of steps.
    for _ in 0..256 {
        let (index, distance) = tree.nearest(at)?;
        let point = *cloud.positions.get(index)?;
        let reach = sight.length_of_point(at) * f64::from(POINT_REACH);
        if distance <= reach && !sight.is_cut(point) {
            // Of those within reach here the one nearest to the ray.
            let from_ray = |p: DVec3| (p - from).cross(direction).length_squared();
            let near = tree.within(at, reach).into_iter().filter_map(|(index, _)| cloud.positions.get(index).copied());
            let near = near.filter(|p| !sight.is_cut(*p));
            let point = near.min_by(|a, b| from_ray(*a).total_cmp(&from_ray(*b))).unwrap_or(point);
            return Some(Picked { point, element: Element::ScanPoint });
        }
        at += direction * (distance - reach * 0.5).max(reach);
        // Past everything: farther from the target than the farthest point can be.
        if (at - target).dot(direction) > 0.0 && at.distance(start) > 2e4 * f64::from(sight.camera.half_height) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use glam::Vec3;
    use partwright_geometry::{PointCloud, TriMesh};

    use super::*;
    use crate::render::StandardView;

    fn sight(projection: Projection, view: StandardView) -> Sight {
        let mut camera = Camera { projection, ..Camera::default() };
        camera.look_from(view);
        camera.fit(Vec3::ZERO, 10.0, 1.0);
        let area = Rect::from_min_size(Pos2::new(100.0, 50.0), egui::vec2(400.0, 400.0));
        Sight { camera, scene_origin: DVec3::new(7.0, -3.0, 2.0), section: None, area }
    }

    /// Two squares across z, at 0 and at -4, in the scan's coordinates of `sight`.
    fn squares() -> MeshQuery {
        let square = |z: f64, half: f64| {
            [[-half, -half], [half, -half], [half, half], [-half, half]]
                .map(|[x, y]| DVec3::new(x, y, z) + DVec3::new(7.0, -3.0, 2.0))
        };
        let positions = [square(0.0, 5.0), square(-4.0, 8.0)].concat();
        MeshQuery::new(&TriMesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]] })
            .expect("it is a mesh")
    }

    #[test]
    fn what_lies_behind_is_not_seen() {
        let query = squares();
        for projection in [Projection::Parallel, Projection::Perspective] {
            let sight = sight(projection, StandardView::Top);
            let at = |x, y, z| DVec3::new(x, y, z) + sight.scene_origin;
            assert!(sight.is_seen(&query, at(5.0, 5.0, 0.0)));
            assert!(sight.is_seen(&query, at(8.0, 8.0, -4.0)), "it stands out at the side");
            assert!(!sight.is_seen(&query, at(2.0, 2.0, -4.0)), "the upper square is before it");
            let cut = Sight { section: Some(Section { normal: DVec3::Z, distance: 1.0 }), ..sight };
            assert!(cut.is_seen(&query, at(2.0, 2.0, -4.0)), "the upper square is cut away");
            assert!(!cut.is_seen(&query, at(5.0, 5.0, 0.0)));
        }
    }

    #[test]
    fn the_corner_of_a_scan_nearest_to_the_pointer_is_taken() {
        let query = squares();
        let sight = sight(Projection::Parallel, StandardView::Top);
        let near = DVec3::new(4.0, 4.5, 0.0) + sight.scene_origin;
        let picked = scan_vertex(&sight, &query, sight.place(near).expect("in view")).expect("there is the square");
        assert_eq!(picked.point, DVec3::new(5.0, 5.0, 0.0) + sight.scene_origin);
        assert_eq!(picked.element, Element::ScanPoint);
    }

    #[test]
    fn segments_are_measured_on_the_screen() {
        for projection in [Projection::Parallel, Projection::Perspective] {
            let sight = sight(projection, StandardView::Isometric);
            let [a, b] = [DVec3::new(-5.0, 0.0, 3.0), DVec3::new(6.0, 2.0, -4.0)].map(|p| p + sight.scene_origin);
            let ends = [a, b].map(|p| (p, sight.place(p).expect("in view")));
            let on = a.lerp(b, 0.3);
            let (away, point) = nearest_on_segment(&sight, ends[0], ends[1], sight.place(on).expect("in view"));
            assert!(away < 1e-3 && point.distance(on) < 1e-3, "{projection:?}: {away} {point}");
            let (away, point) = nearest_on_segment(&sight, ends[0], ends[1], ends[1].1 + (ends[1].1 - ends[0].1));
            assert!(point.distance(b) < 1e-6 && away > 10.0, "it ends at its end");
        }
    }

    #[test]
    fn the_first_point_of_a_cloud_along_the_ray_is_taken() {
        for projection in [Projection::Parallel, Projection::Perspective] {
            let sight = sight(projection, StandardView::Front);
            let grid = (0..1600).map(|i| (f64::from(i % 40) * 0.4 - 8.0, f64::from(i / 40) * 0.4 - 8.0));
            // A wall in front, at y = -2, and one behind.
            let walls = grid.flat_map(|(x, z)| [DVec3::new(x, -2.0, z), DVec3::new(x, 3.0, z)]);
            let positions: Vec<DVec3> = walls.map(|p| p + sight.scene_origin).collect();
            let (wanted, tree) = (positions[2 * (40 * 25 + 13)], NearestPoints::new(&positions));
            let cloud = Geometry::Cloud(PointCloud { positions, normals: None, colors: None });
            let at = sight.place(wanted).expect("in view") + egui::vec2(1.0, -1.5);
            let picked = cloud_point(&sight, &cloud, &tree, at).expect("it is there");
            assert_eq!(picked.point, wanted, "{projection:?}");
            let beside = Pos2::new(101.0, 51.0);
            assert!(cloud_point(&sight, &cloud, &tree, beside).is_none(), "nothing is there");
        }
    }
}
