//! An area revolved about its frame's y axis: lines become planes, cylinders and cones, arcs spheres and tori.

use std::f64::consts::{PI, TAU};

use glam::{DVec2, DVec3};

use super::extrusion::angle_about;
use super::mesh::{check_cover, triangulate};
use super::{Area, FacetMesh, FacetTable, Outline, Segment, SegmentKind};
use crate::canonical::{AxisId, Grids, SurfaceId, SurfaceTable, canonical_direction};
use crate::{BrepCause, CallId, Frame, Surface};

/// An area of the half plane x >= 0 revolved about its frame's y axis, turning z into x right-handedly.
#[derive(Clone, Debug)]
pub(crate) struct Revolution {
    /// Where the area lies at angle zero.
    pub(crate) frame: Frame,
    /// What is revolved.
    pub(crate) area: Area,
    /// Angle swept, in (0, 2 pi].
    pub(crate) angle_rad: f64,
}

impl Revolution {
    /// Checks that the area lies on one side of the axis and turns it to the positive one.
    pub(crate) fn new(frame: Frame, area: Area, angle_rad: f64, tolerance: f64) -> Result<Self, BrepCause> {
        let [low, high] = area.bounds();
        let (frame, area) = if low.x >= -tolerance {
            (frame, area)
        } else if high.x <= tolerance {
            let turned = Frame { x: -frame.x, z: -frame.z, ..frame };
            (turned, area.mapped(|p| DVec2::new(-p.x, p.y), true))
        } else {
            return Err(BrepCause::CrossesAxis { from: low.x, to: high.x });
        };
        for segment in area.outlines.iter().flat_map(|o| &o.segments) {
            if let SegmentKind::Arc { center, .. } = segment.kind
                && center.x < -tolerance
            {
                // The surface would be the inner half of a spindle torus.
                return Err(BrepCause::OutOfRange {
                    what: "the centre of a revolved arc",
                    range: "on the profile's side of the axis",
                    value: center.x,
                });
            }
        }
        Ok(Self { frame, area, angle_rad: angle_rad.min(TAU) })
    }

    fn full(&self) -> bool {
        self.angle_rad >= TAU - 1e-9
    }

    /// The axis as a frame: z along it, x towards the area at angle zero.
    fn axis_frame(&self) -> Frame {
        Frame { origin: self.frame.origin, x: self.frame.x, y: -self.frame.z, z: self.frame.y }
    }

    /// Enters the body's surfaces into the table and its ends into the grids.
    pub(crate) fn register(&self, surfaces: &mut SurfaceTable, grids: &mut Grids) {
        let axis = surfaces.intern_axis(&self.axis_frame());
        let [_, high] = self.area.bounds();
        grids.want_radius(axis, high.x);
        if !self.full() {
            let axis_frame = *surfaces.axis(axis);
            for angle in [0.0, self.angle_rad] {
                grids.want_angle(axis, angle_about(&axis_frame, self.direction(angle) + self.frame.origin));
                surfaces.intern(self.cap(angle));
            }
        }
        for segment in self.area.outlines.iter().flat_map(|o| &o.segments) {
            let Some(surface) = self.surface(segment, surfaces) else { continue };
            let SegmentKind::Arc { center, radius, sweep } = segment.kind else {
                for end in [segment.start, segment.end] {
                    grids.want_level(surface, self.frame.y, self.frame.world_from_plane(end));
                }
                continue;
            };
            for end in [segment.start, segment.end] {
                let angle = if sweep.abs() < TAU { (end - center).to_angle() } else { 0.0 };
                grids.want_meridian(surface, radius, self.meridian_angle(surfaces, surface, angle));
            }
        }
    }

    /// The facets.
    pub(crate) fn facets(
        &self,
        surfaces: &mut SurfaceTable,
        grids: &Grids,
        table: &mut FacetTable,
        call: CallId,
    ) -> Result<FacetMesh, BrepCause> {
        let tolerance = surfaces.tolerance();
        let axis = surfaces.intern_axis(&self.axis_frame());
        let turns = self.turns(axis, surfaces, grids);
        let meridians: Vec<Meridian> = self.area.outlines.iter().map(|o| self.meridian(o, surfaces, grids)).collect();
        let mut mesh = FacetMesh::default();
        // Corner index of point `i` of the concatenated outlines at turn `j`; one corner for all turns on the axis.
        let flat: Vec<DVec2> = meridians.iter().flat_map(|m| m.points.iter().copied()).collect();
        let mut first = Vec::with_capacity(flat.len());
        for p in &flat {
            first.push(mesh.positions.len() as u32);
            let foot = self.frame.origin + self.frame.y * p.y;
            if p.x <= tolerance {
                mesh.positions.push(foot);
            } else {
                mesh.positions.extend(turns.iter().map(|turn| foot + *turn * p.x));
            }
        }
        let on_axis = |i: usize| flat[i].x <= tolerance;
        let corner = |i: usize, j: usize| first[i] + if on_axis(i) { 0 } else { (j % turns.len()) as u32 };
        let strips = if self.full() { turns.len() } else { turns.len() - 1 };
        let mut offset = 0;
        for meridian in &meridians {
            let size = meridian.points.len();
            let faces: Vec<Option<u32>> =
                meridian.walls.iter().map(|w| w.map(|surface| table.face(call, surface))).collect();
            for i in 0..size {
                let (a, b) = (offset + i, offset + (i + 1) % size);
                let Some(face) = faces[meridian.wall_of[i]] else { continue };
                if on_axis(a) && on_axis(b) {
                    continue;
                }
                let planar = matches!(surfaces.surface(table.faces[face as usize].surface), Surface::Plane { .. });
                let split = |[p, q, r, s]: [u32; 4], positions: &[DVec3]| {
                    let [x, y, z] = [p, q, s].map(|v| positions[v as usize]);
                    let along = canonical_direction(y - x) == y - x;
                    let across = canonical_direction(z - x) == z - x;
                    if along == across { [[p, r, q], [p, s, r]] } else { [[p, s, q], [q, s, r]] }
                };
                let quads: Vec<[[u32; 3]; 2]> = (0..strips)
                    .map(|j| split([corner(a, j), corner(b, j), corner(b, j + 1), corner(a, j + 1)], &mesh.positions))
                    .collect();
                if planar {
                    mesh.facet(table, surfaces, face, quads.into_iter().flatten());
                } else {
                    for quad in quads {
                        mesh.facet(table, surfaces, face, quad);
                    }
                }
            }
            offset += size;
        }
        if !self.full() {
            let polygons: Vec<Vec<DVec2>> = meridians.iter().map(|m| m.points.clone()).collect();
            let triangles = triangulate(&polygons, tolerance * 1e-3);
            check_cover(&self.area, &polygons, &triangles)?;
            let start = table.face(call, surfaces.intern(self.cap(0.0)));
            let at = |j: usize| triangles.iter().map(move |t| t.map(|i| corner(i as usize, j)));
            mesh.facet(table, surfaces, start, at(0).collect::<Vec<_>>());
            // Half a turn ends in the plane it began in: both ends may be one face, along the axis.
            let last = surfaces.intern(self.cap(self.angle_rad));
            let end = if table.faces[start as usize].surface == last { start } else { table.face(call, last) };
            let reversed: Vec<[u32; 3]> = at(strips).map(|[a, b, c]| [a, c, b]).collect();
            mesh.facet(table, surfaces, end, reversed);
        }
        Ok(mesh)
    }

    /// Direction away from the axis at an angle of the revolution.
    fn direction(&self, angle_rad: f64) -> DVec3 {
        self.frame.x * angle_rad.cos() - self.frame.z * angle_rad.sin()
    }

    /// Directions away from the axis of all grid turns, from the first to the last.
    fn turns(&self, axis: AxisId, surfaces: &SurfaceTable, grids: &Grids) -> Vec<DVec3> {
        let axis_frame = surfaces.axis(axis);
        let along = axis_frame.z.dot(self.frame.y).signum();
        let from = angle_about(axis_frame, self.frame.origin + self.frame.x);
        let direction = |angle: f64| axis_frame.x * angle.cos() + axis_frame.y * angle.sin();
        let grid = grids.axis(axis);
        if self.full() {
            let mut turns: Vec<f64> = grid.to_vec();
            turns.sort_unstable_by(|a, b| (along * a).total_cmp(&(along * b)));
            return turns.into_iter().map(direction).collect();
        }
        let turned = |angle: f64| (along * (angle - from)).rem_euclid(TAU);
        let near = 1e-9;
        let mut inner: Vec<f64> =
            grid.iter().copied().filter(|a| turned(*a) > near && turned(*a) < self.angle_rad - near).collect();
        inner.sort_unstable_by(|a, b| turned(*a).total_cmp(&turned(*b)));
        let mut turns = vec![self.direction(0.0)];
        turns.extend(inner.into_iter().map(direction));
        turns.push(self.direction(self.angle_rad));
        turns
    }

    /// The plane of the area at an angle of the revolution.
    fn cap(&self, angle_rad: f64) -> Surface {
        let x = self.direction(angle_rad);
        Surface::Plane { frame: Frame { origin: self.frame.origin, x, y: self.frame.y, z: x.cross(self.frame.y) } }
    }

    /// The surface swept by a segment; none for a line on the axis.
    fn surface(&self, segment: &Segment, surfaces: &mut SurfaceTable) -> Option<SurfaceId> {
        let tolerance = surfaces.tolerance();
        let axis = self.axis_frame();
        let at = |height: f64| axis.at(axis.origin + axis.z * height);
        let surface = match segment.kind {
            SegmentKind::Line => {
                let (a, b) = (segment.start, segment.end);
                let along = b - a;
                if a.x.abs() <= tolerance && b.x.abs() <= tolerance {
                    return None;
                }
                if along.x.abs() <= tolerance {
                    Surface::Cylinder { frame: axis, radius: f64::midpoint(a.x, b.x) }
                } else if along.y.abs() <= tolerance {
                    Surface::Plane { frame: at(f64::midpoint(a.y, b.y)) }
                } else {
                    // Seen so that the radius grows along z.
                    let grows = along.x * along.y > 0.0;
                    let (frame, half_angle_rad) = (at(a.y), (along.x / along.y).abs().atan());
                    let frame = if grows { frame } else { Frame { y: -frame.y, z: -frame.z, ..frame } };
                    Surface::Cone { frame, radius: a.x.max(0.0), half_angle_rad }
                }
            }
            SegmentKind::Arc { center, radius, .. } => {
                if center.x.abs() <= tolerance {
                    Surface::Sphere { frame: at(center.y), radius }
                } else {
                    Surface::Torus { frame: at(center.y), major_radius: center.x, minor_radius: radius }
                }
            }
        };
        Some(surfaces.intern(surface))
    }

    /// An angle of the profile's plane as an angle on the canonical surface, whose axis may run the other way.
    fn meridian_angle(&self, surfaces: &SurfaceTable, surface: SurfaceId, angle: f64) -> f64 {
        let (Surface::Sphere { frame, .. } | Surface::Torus { frame, .. }) = surfaces.surface(surface) else {
            return angle;
        };
        if frame.z.dot(self.frame.y) < 0.0 { -angle } else { angle }
    }

    fn meridian(&self, outline: &Outline, surfaces: &mut SurfaceTable, grids: &Grids) -> Meridian {
        let tolerance = surfaces.tolerance();
        let mut meridian = Meridian { points: Vec::new(), wall_of: Vec::new(), walls: Vec::new() };
        for segment in &outline.segments {
            let surface = self.surface(segment, surfaces);
            let wall = meridian.walls.len();
            meridian.walls.push(surface);
            let full = matches!(segment.kind, SegmentKind::Arc { sweep, .. } if sweep.abs() >= TAU);
            if !full {
                meridian.push(segment.start, wall, tolerance);
            }
            let Some(surface) = surface else { continue };
            let SegmentKind::Arc { center, radius, sweep } = segment.kind else {
                if !matches!(surfaces.surface(surface), Surface::Plane { .. }) {
                    let axis_point = |p: DVec2| self.frame.origin + self.frame.y * p.y;
                    let (a, b) = (axis_point(segment.start), axis_point(segment.end));
                    for t in grids.levels(surface, a, b, tolerance) {
                        meridian.push(segment.point(t), wall, tolerance);
                    }
                }
                continue;
            };
            let from = (segment.start - center).to_angle();
            let direction = sweep.signum();
            let near = 1e-3f64.min(tolerance / radius);
            let turned = |angle: f64| (direction * (angle - from)).rem_euclid(TAU);
            let mut angles: Vec<f64> =
                grids.meridian(surface).iter().map(|a| self.meridian_angle(surfaces, surface, *a)).collect();
            if !full {
                angles.retain(|a| turned(*a) > near && turned(*a) < sweep.abs() - near);
            }
            angles.sort_unstable_by(|a, b| turned(*a).total_cmp(&turned(*b)));
            for angle in angles {
                meridian.push(center + DVec2::from_angle(angle) * radius, wall, tolerance);
            }
        }
        meridian
    }
}

/// An outline as a polygon of the half plane.
struct Meridian {
    points: Vec<DVec2>,
    wall_of: Vec<usize>,
    walls: Vec<Option<SurfaceId>>,
}

impl Meridian {
    fn push(&mut self, point: DVec2, wall: usize, tolerance: f64) {
        let x = if point.x <= tolerance { 0.0 } else { point.x };
        self.points.push(DVec2::new(x, point.y));
        self.wall_of.push(wall);
    }
}

/// The half disc whose revolution is a ball, the triangle or trapezium of a cone, the disc of a torus.
pub(crate) fn half_disc(radius: f64) -> Outline {
    let (low, high) = (DVec2::new(0.0, -radius), DVec2::new(0.0, radius));
    Outline {
        segments: vec![
            Segment { start: low, end: high, kind: SegmentKind::Arc { center: DVec2::ZERO, radius, sweep: PI } },
            Segment { start: high, end: low, kind: SegmentKind::Line },
        ],
    }
}
