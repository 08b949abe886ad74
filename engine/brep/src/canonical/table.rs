//! The table of surfaces: equal surfaces of different bodies are one entry.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::{Frame, Isometry, Surface};

/// Index of a surface in its [`SurfaceTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SurfaceId(pub(crate) u32);

/// Index of an axis (an undirected line) in its [`SurfaceTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AxisId(pub(crate) u32);

/// All surfaces and axes of one evaluation.
#[derive(Debug)]
pub(crate) struct SurfaceTable {
    /// Surfaces closer than this everywhere within the part are one.
    tolerance: f64,
    /// Half the size of the part: how far a difference of direction reaches.
    extent: f64,
    surfaces: Vec<Surface>,
    axes: Vec<Frame>,
    /// The orientations of the axes: parallel axes share one, so that their angles agree.
    orientations: Vec<Frame>,
    by_size: FxHashMap<(u8, i64), Vec<SurfaceId>>,
    axis_cells: FxHashMap<i64, Vec<AxisId>>,
}

impl SurfaceTable {
    /// An empty table for a part within `extent` of the origin.
    pub(crate) fn new(tolerance: f64, extent: f64) -> Self {
        Self {
            tolerance,
            extent,
            surfaces: Vec::new(),
            axes: Vec::new(),
            orientations: Vec::new(),
            by_size: FxHashMap::default(),
            axis_cells: FxHashMap::default(),
        }
    }

    /// Moves all surfaces; only for reading afterwards.
    pub(crate) fn move_to(&mut self, world_from_work: &Isometry) {
        for surface in &mut self.surfaces {
            let (Surface::Plane { frame }
            | Surface::Cylinder { frame, .. }
            | Surface::Cone { frame, .. }
            | Surface::Sphere { frame, .. }
            | Surface::Torus { frame, .. }) = surface;
            *frame = Frame {
                origin: world_from_work.point(frame.origin),
                x: world_from_work.direction(frame.x),
                y: world_from_work.direction(frame.y),
                z: world_from_work.direction(frame.z),
            };
        }
    }

    /// Linear tolerance.
    pub(crate) fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// Half the size of the part.
    pub(crate) fn extent(&self) -> f64 {
        self.extent
    }

    /// The surface of an id.
    pub(crate) fn surface(&self, id: SurfaceId) -> &Surface {
        &self.surfaces[id.0 as usize]
    }

    /// The frame of an axis: a point on it, its direction (z) and the direction of angle zero (x).
    pub(crate) fn axis(&self, id: AxisId) -> &Frame {
        &self.axes[id.0 as usize]
    }

    /// The id of `surface`, new if no entry equals it within the tolerance.
    pub(crate) fn intern(&mut self, surface: Surface) -> SurfaceId {
        let (kind, size) = size_key(&surface);
        let cell = self.cell(size);
        for near in [cell, cell - 1, cell + 1] {
            for &id in self.by_size.get(&(kind, near)).map_or(&[][..], Vec::as_slice) {
                if self.same(self.surface(id), &surface) {
                    return id;
                }
            }
        }
        let id = SurfaceId(self.surfaces.len() as u32);
        self.surfaces.push(surface);
        self.by_size.entry((kind, cell)).or_default().push(id);
        id
    }

    /// The id of the line along `frame.z` through `frame.origin`.
    pub(crate) fn intern_axis(&mut self, frame: &Frame) -> AxisId {
        let foot = frame.origin - frame.z * frame.origin.dot(frame.z);
        let cell = self.cell(foot.length());
        for near in [cell, cell - 1, cell + 1] {
            for &id in self.axis_cells.get(&near).map_or(&[][..], Vec::as_slice) {
                let other = self.axis(id);
                if self.parallel(other.z, frame.z) && Self::distance_to_line(frame.origin, other) <= self.tolerance {
                    return id;
                }
            }
        }
        let id = AxisId(self.axes.len() as u32);
        let oriented = self.oriented(canonical_axis(frame));
        self.axes.push(oriented);
        self.axis_cells.entry(cell).or_default().push(id);
        id
    }

    /// The same line with the orientation of the first axis parallel to it.
    fn oriented(&mut self, axis: Frame) -> Frame {
        if let Some(o) = self.orientations.iter().find(|o| o.z.cross(axis.z).length() <= 1e-9) {
            o.at(axis.origin)
        } else {
            self.orientations.push(axis);
            axis
        }
    }

    /// All surfaces.
    pub(crate) fn all(&self) -> &[Surface] {
        &self.surfaces
    }

    fn cell(&self, size: f64) -> i64 {
        (size / (4.0 * self.tolerance)).round() as i64
    }

    fn parallel(&self, a: DVec3, b: DVec3) -> bool {
        a.cross(b).length() * self.extent <= self.tolerance
    }

    fn distance_to_line(p: DVec3, axis: &Frame) -> f64 {
        let d = p - axis.origin;
        (d - axis.z * d.dot(axis.z)).length()
    }

    fn same(&self, a: &Surface, b: &Surface) -> bool {
        let near = |x: f64, y: f64| (x - y).abs() <= self.tolerance;
        match (*a, *b) {
            (Surface::Plane { frame: f }, Surface::Plane { frame: g }) => {
                self.parallel(f.z, g.z) && (g.origin - f.origin).dot(f.z).abs() <= self.tolerance
            }
            (Surface::Cylinder { frame: f, radius: r }, Surface::Cylinder { frame: g, radius: s }) => {
                near(r, s) && self.parallel(f.z, g.z) && Self::distance_to_line(g.origin, &f) <= self.tolerance
            }
            (
                Surface::Cone { frame: f, radius: r, half_angle_rad: p },
                Surface::Cone { frame: g, radius: s, half_angle_rad: q },
            ) => {
                let apex = |frame: &Frame, radius: f64, angle: f64| frame.origin - frame.z * (radius / angle.tan());
                f.z.dot(g.z) > 0.0
                    && self.parallel(f.z, g.z)
                    && (p - q).abs() * self.extent <= self.tolerance
                    && apex(&f, r, p).distance(apex(&g, s, q)) <= 4.0 * self.tolerance / p.tan().min(1.0)
            }
            (Surface::Sphere { frame: f, radius: r }, Surface::Sphere { frame: g, radius: s }) => {
                near(r, s) && f.origin.distance(g.origin) <= self.tolerance
            }
            (
                Surface::Torus { frame: f, major_radius: r, minor_radius: p },
                Surface::Torus { frame: g, major_radius: s, minor_radius: q },
            ) => near(r, s) && near(p, q) && self.parallel(f.z, g.z) && f.origin.distance(g.origin) <= self.tolerance,
            _ => false,
        }
    }
}

/// Kind and one number that equal surfaces share, to find candidates by.
fn size_key(surface: &Surface) -> (u8, f64) {
    match surface {
        Surface::Plane { frame } => (0, frame.origin.dot(frame.z).abs()),
        Surface::Cylinder { radius, .. } => (1, *radius),
        // Cones of one apex are few; their reference radius is arbitrary, so all share a cell.
        Surface::Cone { .. } => (2, 0.0),
        Surface::Sphere { radius, .. } => (3, *radius),
        Surface::Torus { minor_radius, .. } => (4, *minor_radius),
    }
}

/// The same line with a direction and an angle zero that do not depend on which body came first, where the line runs
/// along a world axis.
fn canonical_axis(frame: &Frame) -> Frame {
    let aligned = [DVec3::X, DVec3::Y, DVec3::Z].into_iter().zip([DVec3::Y, DVec3::Z, DVec3::X]);
    for (z, x) in aligned {
        if frame.z.cross(z).length() < 1e-12 {
            let origin = frame.origin - z * frame.origin.dot(z);
            return Frame { origin, x, y: z.cross(x), z };
        }
    }
    *frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> SurfaceTable {
        SurfaceTable::new(1e-6, 100.0)
    }

    fn frame(origin: [f64; 3], z: [f64; 3]) -> Frame {
        let z = DVec3::from(z).normalize();
        Frame::from_normal(origin.into(), z, z.any_orthonormal_vector()).expect("a unit normal and its perpendicular")
    }

    #[track_caller]
    fn check(a: Surface, b: Surface, same: bool) {
        let mut table = table();
        assert_eq!(table.intern(a) == table.intern(b), same);
    }

    #[test]
    fn equal_surfaces_are_one() {
        let plane = |o, n| Surface::Plane { frame: frame(o, n) };
        check(plane([0.0, 0.0, 5.0], [0.0, 0.0, 1.0]), plane([7.0, -3.0, 5.0], [0.0, 0.0, -1.0]), true);
        check(plane([0.0, 0.0, 5.0], [0.0, 0.0, 1.0]), plane([0.0, 0.0, -5.0], [0.0, 0.0, 1.0]), false);
        check(plane([0.0, 0.0, 0.0], [1.0, 0.0, 1.0]), plane([1.0, 4.0, -1.0], [1.0, 1e-12, 1.0]), true);
        let cylinder = |o, n, radius| Surface::Cylinder { frame: frame(o, n), radius };
        check(cylinder([1.0, 2.0, 0.0], [0.0, 0.0, 1.0], 4.0), cylinder([1.0, 2.0, 9.0], [0.0, 0.0, -1.0], 4.0), true);
        check(cylinder([1.0, 2.0, 0.0], [0.0, 0.0, 1.0], 4.0), cylinder([1.0, 2.1, 0.0], [0.0, 0.0, 1.0], 4.0), false);
        let cone = |o, n, radius| Surface::Cone { frame: frame(o, n), radius, half_angle_rad: 0.25f64.atan() };
        check(cone([0.0; 3], [0.0, 0.0, 1.0], 4.0), cone([0.0, 0.0, 4.0], [0.0, 0.0, 1.0], 5.0), true);
        check(cone([0.0; 3], [0.0, 0.0, 1.0], 4.0), cone([0.0; 3], [0.0, 0.0, -1.0], 4.0), false);
        let sphere = |o, radius| Surface::Sphere { frame: frame(o, [0.0, 0.0, 1.0]), radius };
        check(sphere([1.0; 3], 2.0), sphere([1.0; 3], 2.0 + 1e-9), true);
        check(sphere([1.0; 3], 2.0), sphere([1.0; 3], 2.1), false);
    }

    #[test]
    fn a_line_is_one_axis_whatever_its_direction() {
        let mut table = table();
        let a = table.intern_axis(&frame([1.0, 2.0, 3.0], [0.0, 0.0, 1.0]));
        let b = table.intern_axis(&frame([1.0, 2.0, -50.0], [0.0, 0.0, -1.0]));
        let c = table.intern_axis(&frame([1.0, 2.5, 3.0], [0.0, 0.0, 1.0]));
        assert_eq!(a, b);
        assert_ne!(a, c);
    }
}
