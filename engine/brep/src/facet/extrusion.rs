//! A prism over an area: planes for lines, cylinders for arcs.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};

use super::mesh::{Corner, check_cover, panel, triangulate};
use super::{Area, FacetMesh, FacetTable, Outline, SegmentKind};
use crate::canonical::{AxisId, Grids, SurfaceId, SurfaceTable};
use crate::{BrepCause, CallId, Frame, Surface};

/// An area swept along its frame's z axis.
#[derive(Clone, Debug)]
pub(crate) struct Extrusion {
    /// Where the area lies.
    pub(crate) frame: Frame,
    /// What is swept.
    pub(crate) area: Area,
    /// Lower end along z.
    pub(crate) from: f64,
    /// Upper end along z.
    pub(crate) to: f64,
}

/// The surface and, on a cylinder, the axis of a wall.
type Wall = (SurfaceId, Option<AxisId>);

impl Extrusion {
    /// Enters the body's surfaces into the table and its arc ends into the grids.
    pub(crate) fn register(&self, surfaces: &mut SurfaceTable, grids: &mut Grids) {
        for end in [self.from, self.to] {
            surfaces.intern(self.cap(end));
        }
        for outline in &self.area.outlines {
            for segment in &outline.segments {
                let (surface, axis) = self.wall(segment, surfaces);
                for end in [self.from, self.to] {
                    grids.want_level(
                        surface,
                        self.frame.z,
                        self.frame.world_from_plane(segment.start) + self.frame.z * end,
                    );
                }
                let (SegmentKind::Arc { radius, sweep, .. }, Some(axis)) = (segment.kind, axis) else { continue };
                grids.want_radius(axis, radius);
                if sweep.abs() < TAU {
                    let frame = *surfaces.axis(axis);
                    for end in [segment.start, segment.end] {
                        grids.want_angle(axis, angle_about(&frame, self.frame.world_from_plane(end)));
                    }
                }
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
        let rings: Vec<Ring> = self.area.outlines.iter().map(|o| self.ring(o, surfaces, grids)).collect();
        let polygons: Vec<Vec<DVec2>> = rings.iter().map(|r| r.points.clone()).collect();
        let flat: Vec<DVec2> = polygons.concat();
        let tolerance = surfaces.tolerance();
        let mut mesh = FacetMesh::default();
        let columns: Vec<Vec<Corner>> = rings
            .iter()
            .flat_map(|ring| (0..ring.points.len()).map(|i| self.column(ring, i, grids, tolerance)).collect::<Vec<_>>())
            .zip(&flat)
            .map(|(heights, p)| {
                let foot = self.frame.world_from_plane(*p);
                let corner = |height: f64| {
                    mesh.positions.push(foot + self.frame.z * height);
                    Corner { index: mesh.positions.len() as u32 - 1, height }
                };
                heights.into_iter().map(corner).collect()
            })
            .collect();
        let low = |i: u32| columns[i as usize][0].index;
        let high = |i: u32| columns[i as usize][columns[i as usize].len() - 1].index;
        let triangles = triangulate(&polygons, tolerance * 1e-3);
        check_cover(&self.area, &polygons, &triangles)?;
        let bottom = table.face(call, surfaces.intern(self.cap(self.from)));
        mesh.facet(table, surfaces, bottom, triangles.iter().map(|[a, b, c]| [*a, *c, *b].map(low)));
        let top = table.face(call, surfaces.intern(self.cap(self.to)));
        mesh.facet(table, surfaces, top, triangles.iter().map(|t| t.map(high)));
        let mut offset = 0;
        for ring in &rings {
            let size = ring.points.len();
            let faces: Vec<u32> = ring.walls.iter().map(|w| table.face(call, *w)).collect();
            for i in 0..size {
                let (a, b) = (offset + i, offset + (i + 1) % size);
                let panel = panel(&mesh.positions, &columns[a], &columns[b], tolerance);
                mesh.facet(table, surfaces, faces[ring.wall_of[i]], panel);
            }
            offset += size;
        }
        Ok(mesh)
    }

    /// Heights of the corners over a point of a ring: where the walls on its two sides break.
    fn column(&self, ring: &Ring, i: usize, grids: &Grids, tolerance: f64) -> Vec<f64> {
        let before = (i + ring.points.len() - 1) % ring.points.len();
        let foot = self.frame.world_from_plane(ring.points[i]);
        let (from, to) = (foot + self.frame.z * self.from, foot + self.frame.z * self.to);
        let mut walls = vec![ring.walls[ring.wall_of[i]], ring.walls[ring.wall_of[before]]];
        walls.dedup();
        let parts = walls.into_iter().flat_map(|wall| grids.levels(wall, from, to, tolerance));
        let mut heights: Vec<f64> = parts.map(|t| self.from + (self.to - self.from) * t).collect();
        heights.push(self.from);
        heights.push(self.to);
        heights.sort_unstable_by(f64::total_cmp);
        heights.dedup_by(|a, b| *a - *b <= tolerance);
        heights
    }

    fn cap(&self, end: f64) -> Surface {
        Surface::Plane { frame: self.frame.at(self.frame.origin + self.frame.z * end) }
    }

    fn wall(&self, segment: &super::Segment, surfaces: &mut SurfaceTable) -> Wall {
        match segment.kind {
            SegmentKind::Line => {
                let along = segment.end - segment.start;
                let direction = (self.frame.x * along.x + self.frame.y * along.y).normalize();
                let frame = Frame {
                    origin: self.frame.world_from_plane(segment.start),
                    x: direction,
                    y: self.frame.z,
                    z: direction.cross(self.frame.z),
                };
                (surfaces.intern(Surface::Plane { frame }), None)
            }
            SegmentKind::Arc { center, radius, .. } => {
                let frame = self.frame.at(self.frame.world_from_plane(center));
                (surfaces.intern(Surface::Cylinder { frame, radius }), Some(surfaces.intern_axis(&frame)))
            }
        }
    }

    fn ring(&self, outline: &Outline, surfaces: &mut SurfaceTable, grids: &Grids) -> Ring {
        let mut ring = Ring { points: Vec::new(), wall_of: Vec::new(), walls: Vec::new() };
        for segment in &outline.segments {
            let (surface, axis) = self.wall(segment, surfaces);
            let wall = ring.walls.len();
            ring.walls.push(surface);
            let full = matches!(segment.kind, SegmentKind::Arc { sweep, .. } if sweep.abs() >= TAU);
            if !full {
                ring.push(segment.start, wall);
            }
            let (SegmentKind::Arc { center, radius, sweep }, Some(axis)) = (segment.kind, axis) else { continue };
            let axis_frame = *surfaces.axis(axis);
            // The axis may run against the frame; angles then turn the other way.
            let along = axis_frame.z.dot(self.frame.z).signum();
            let from = angle_about(&axis_frame, self.frame.world_from_plane(segment.start));
            let direction = sweep.signum() * along;
            let near = 1e-3f64.min(surfaces.tolerance() / radius);
            let turned = |angle: f64| (direction * (angle - from)).rem_euclid(TAU);
            let mut angles: Vec<f64> = grids.axis(axis).to_vec();
            if !full {
                angles.retain(|a| turned(*a) > near && turned(*a) < sweep.abs() - near);
            }
            angles.sort_unstable_by(|a, b| turned(*a).total_cmp(&turned(*b)));
            for angle in angles {
                let offset = (axis_frame.x * angle.cos() + axis_frame.y * angle.sin()) * radius;
                let local = DVec2::new(offset.dot(self.frame.x), offset.dot(self.frame.y));
                ring.push(center + local, wall);
            }
        }
        ring
    }
}

/// An outline as a polygon.
struct Ring {
    points: Vec<DVec2>,
    /// Index into `walls` of the side that starts at each point.
    wall_of: Vec<usize>,
    walls: Vec<SurfaceId>,
}

impl Ring {
    fn push(&mut self, point: DVec2, wall: usize) {
        self.points.push(point);
        self.wall_of.push(wall);
    }
}

/// Angle of a point about the z axis of `axis`.
pub(super) fn angle_about(axis: &Frame, point: DVec3) -> f64 {
    let local = axis.local_from_world(point);
    local.y.atan2(local.x)
}
