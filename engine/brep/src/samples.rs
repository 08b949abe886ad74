//! Solids made by hand through the topology, with their sizes in closed form: the cases every module here is tested on.

use std::f64::consts::{FRAC_PI_4, PI, SQRT_2, TAU};

use glam::DVec3;
use truck_modeling::Point3;

use crate::topology::{Edge, Face, Shell, Solid, Vertex, Wire};
use crate::{Curve, Frame, Surface};

/// A solid and what is known about it.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) solid: Solid,
    pub(crate) volume: f64,
    pub(crate) area: f64,
    pub(crate) center: DVec3,
    pub(crate) bounds: [DVec3; 2],
}

/// Builds topology from numbered parts. Edges are named by their number plus one, negative when run backwards.
#[derive(Default)]
pub(crate) struct Build {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    faces: Vec<Face>,
}

impl Build {
    pub(crate) fn vertex(&mut self, p: DVec3) -> usize {
        self.vertices.push(Vertex::new(Point3::new(p.x, p.y, p.z)));
        self.vertices.len() - 1
    }

    pub(crate) fn edge(&mut self, from: usize, to: usize, curve: Curve) -> isize {
        self.edges.push(Edge::new_unchecked(&self.vertices[from], &self.vertices[to], curve));
        self.edges.len() as isize
    }

    pub(crate) fn line(&mut self, from: usize, to: usize) -> isize {
        self.edge(from, to, Curve::Line)
    }

    /// A whole circle about `frame.z`, with one vertex on `frame.x`.
    pub(crate) fn circle(&mut self, frame: Frame, radius: f64) -> isize {
        let v = self.vertex(frame.origin + frame.x * radius);
        self.edge(v, v, Curve::Circle { frame, radius })
    }

    /// A face with wires that have the material on their left seen from outside.
    pub(crate) fn face(&mut self, surface: Surface, outward: bool, wires: &[&[isize]]) {
        let wires = wires
            .iter()
            .map(|wire| {
                let mut out: Wire = wire
                    .iter()
                    .map(|&e| {
                        let edge = &self.edges[e.unsigned_abs() - 1];
                        if e > 0 { edge.clone() } else { edge.inverse() }
                    })
                    .collect();
                if !outward {
                    out.invert();
                }
                out
            })
            .collect();
        let face = Face::new_unchecked(wires, surface);
        self.faces.push(if outward { face } else { face.inverse() });
    }

    /// A planar face with outward normal `normal`.
    pub(crate) fn plane(&mut self, origin: DVec3, normal: DVec3, wires: &[&[isize]]) {
        self.face(Surface::Plane { frame: frame(origin, normal) }, true, wires);
    }

    pub(crate) fn shell(&mut self) -> Shell {
        std::mem::take(&mut self.faces).into()
    }

    pub(crate) fn solid(mut self) -> Solid {
        Solid::new_unchecked(vec![self.shell()])
    }

    /// The six faces of a box; `outward` is false for the walls of a void.
    pub(crate) fn cuboid(&mut self, min: DVec3, max: DVec3, outward: bool) {
        let corner = |i: usize| {
            let pick = |bit: usize, axis: usize| if i >> bit & 1 == 1 { max[axis] } else { min[axis] };
            DVec3::new(pick(0, 0), pick(1, 1), pick(2, 2))
        };
        let v: Vec<usize> = (0..8).map(|i| self.vertex(corner(i))).collect();
        let mut edge = std::collections::BTreeMap::new();
        for (a, b) in [(0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (3, 7), (2, 6)] {
            let e = self.line(v[a], v[b]);
            edge.insert((a, b), e);
            edge.insert((b, a), -e);
        }
        let quads = [
            ([0, 2, 3, 1], -DVec3::Z),
            ([4, 5, 7, 6], DVec3::Z),
            ([0, 1, 5, 4], -DVec3::Y),
            ([2, 6, 7, 3], DVec3::Y),
            ([0, 4, 6, 2], -DVec3::X),
            ([1, 3, 7, 5], DVec3::X),
        ];
        for (q, normal) in quads {
            let mut wire: Vec<isize> = (0..4).map(|i| edge[&(q[i], q[(i + 1) % 4])]).collect();
            if !outward {
                wire = wire.iter().rev().map(|e| -e).collect();
            }
            // The walls of a void look the other way, through the face's flag rather than the plane's normal.
            self.face(Surface::Plane { frame: frame(corner(q[0]), normal) }, outward, &[&wire]);
        }
    }
}

pub(crate) fn frame(origin: DVec3, normal: DVec3) -> Frame {
    let side = if normal.x.abs() < 0.9 * normal.length() { DVec3::X } else { DVec3::Y };
    Frame::from_normal(origin, normal, side).expect("the side is not parallel to the normal")
}

/// A frame along no axis.
fn tilted() -> Frame {
    Frame::from_normal(DVec3::new(3.0, -5.0, 2.0), DVec3::new(0.4, 0.3, 1.0), DVec3::X).expect("not parallel")
}

/// The box of a disc of the given radius about `center`.
fn disc_box(center: DVec3, normal: DVec3, radius: f64) -> [DVec3; 2] {
    let reach = (DVec3::ONE - normal * normal).max(DVec3::ZERO);
    let reach = radius * DVec3::new(reach.x.sqrt(), reach.y.sqrt(), reach.z.sqrt());
    [center - reach, center + reach]
}

fn hull(a: [DVec3; 2], b: [DVec3; 2]) -> [DVec3; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}

pub(crate) fn cuboid() -> Sample {
    let (min, max) = (DVec3::new(1.0, 2.0, 3.0), DVec3::new(3.0, 6.0, 8.0));
    let mut b = Build::default();
    b.cuboid(min, max, true);
    Sample { name: "box", solid: b.solid(), volume: 40.0, area: 76.0, center: (min + max) * 0.5, bounds: [min, max] }
}

/// A box with a void in it.
pub(crate) fn hollow() -> Sample {
    let (min, max) = (DVec3::ZERO, DVec3::new(10.0, 8.0, 6.0));
    let (low, high) = (DVec3::new(1.0, 2.0, 1.0), DVec3::new(4.0, 4.0, 3.0));
    let mut b = Build::default();
    b.cuboid(min, max, true);
    let outer = b.shell();
    b.cuboid(low, high, false);
    let solid = Solid::new_unchecked(vec![outer, b.shell()]);
    let center = ((min + max) * 0.5 * 480.0 - (low + high) * 0.5 * 12.0) / 468.0;
    Sample { name: "hollow_box", solid, volume: 468.0, area: 376.0 + 32.0, center, bounds: [min, max] }
}

/// A cylinder, tilted, without a seam or with the one `OpenCASCADE` writes.
pub(crate) fn cylinder(seam: bool) -> Sample {
    let (f, r, h) = (tilted(), 2.0, 5.0);
    let mut b = Build::default();
    let bottom = b.circle(f, r);
    let top = b.circle(f.at(f.origin + f.z * h), r);
    b.plane(f.origin, -f.z, &[&[-bottom]]);
    b.plane(f.origin + f.z * h, f.z, &[&[top]]);
    let side = Surface::Cylinder { frame: f, radius: r };
    if seam {
        let up = b.line(0, 1);
        b.face(side, true, &[&[bottom, up, -top, -up]]);
    } else {
        b.face(side, true, &[&[bottom], &[-top]]);
    }
    Sample {
        name: if seam { "cylinder_seam" } else { "cylinder" },
        solid: b.solid(),
        volume: PI * r * r * h,
        area: TAU * r * (r + h),
        center: f.origin + f.z * (h / 2.0),
        bounds: hull(disc_box(f.origin, f.z, r), disc_box(f.origin + f.z * h, f.z, r)),
    }
}

/// A plate with a round hole: a reversed cylinder.
pub(crate) fn plate() -> Sample {
    let (min, max) = (DVec3::ZERO, DVec3::new(10.0, 6.0, 2.0));
    let (center, r) = (DVec3::new(3.0, 3.0, 0.0), 1.5);
    let mut b = Build::default();
    b.cuboid(min, max, true);
    let faces: Vec<Face> = b.shell().into_iter().collect();
    let f = frame(center, DVec3::Z);
    let bottom = b.circle(f, r);
    let top = b.circle(f.at(center + DVec3::Z * 2.0), r);
    for (i, mut face) in faces.into_iter().enumerate() {
        let hole: Option<Wire> = match i {
            0 => Some([b.edges[bottom as usize - 1].clone()].into_iter().collect()),
            1 => Some([b.edges[top as usize - 1].inverse()].into_iter().collect()),
            _ => None,
        };
        if let Some(wire) = hole {
            face.add_boundary(wire);
        }
        b.faces.push(face);
    }
    b.face(Surface::Cylinder { frame: f, radius: r }, false, &[&[-bottom], &[top]]);
    let hole = PI * r * r * 2.0;
    Sample {
        name: "plate_with_hole",
        solid: b.solid(),
        volume: 120.0 - hole,
        area: 2.0 * (60.0 + 20.0 + 12.0) - TAU * r * r + TAU * r * 2.0,
        center: (DVec3::new(5.0, 3.0, 1.0) * 120.0 - (center + DVec3::Z) * hole) / (120.0 - hole),
        bounds: [min, max],
    }
}

/// Half a cylinder: arcs and generators.
pub(crate) fn half_cylinder() -> Sample {
    let (r, h) = (2.0, 3.0);
    let mut b = Build::default();
    let v: Vec<usize> =
        [(r, 0.0), (-r, 0.0), (r, h), (-r, h)].into_iter().map(|(x, z)| b.vertex(DVec3::new(x, 0.0, z))).collect();
    let top_frame = Frame::WORLD.at(DVec3::Z * h);
    let bottom = b.edge(v[0], v[1], Curve::Circle { frame: Frame::WORLD, radius: r });
    let top = b.edge(v[2], v[3], Curve::Circle { frame: top_frame, radius: r });
    let (chord_bottom, chord_top) = (b.line(v[1], v[0]), b.line(v[3], v[2]));
    let (right, left) = (b.line(v[0], v[2]), b.line(v[1], v[3]));
    b.plane(DVec3::ZERO, -DVec3::Z, &[&[-bottom, -chord_bottom]]);
    b.plane(DVec3::Z * h, DVec3::Z, &[&[top, chord_top]]);
    b.plane(DVec3::ZERO, -DVec3::Y, &[&[chord_bottom, right, -chord_top, -left]]);
    b.face(Surface::Cylinder { frame: Frame::WORLD, radius: r }, true, &[&[bottom, left, -top, -right]]);
    Sample {
        name: "half_cylinder",
        solid: b.solid(),
        volume: PI * r * r / 2.0 * h,
        area: PI * r * r + PI * r * h + 2.0 * r * h,
        center: DVec3::new(0.0, 4.0 * r / (3.0 * PI), h / 2.0),
        bounds: [DVec3::new(-r, 0.0, 0.0), DVec3::new(r, r, h)],
    }
}

/// A cylinder cut obliquely at 45 degrees: an ellipse.
pub(crate) fn oblique_cylinder() -> Sample {
    let (r, h) = (2.0, 5.0);
    let mut b = Build::default();
    let bottom = b.circle(Frame::WORLD, r);
    let normal = DVec3::new(-1.0, 0.0, 1.0) / SQRT_2;
    let middle = DVec3::Z * h;
    let cut = Frame::from_normal(middle, normal, DVec3::new(1.0, 0.0, 1.0)).expect("not parallel");
    let v = b.vertex(middle + cut.x * (r * SQRT_2));
    let top = b.edge(v, v, Curve::Ellipse { frame: cut, major_radius: r * SQRT_2, minor_radius: r });
    b.plane(DVec3::ZERO, -DVec3::Z, &[&[-bottom]]);
    b.plane(middle, normal, &[&[top]]);
    b.face(Surface::Cylinder { frame: Frame::WORLD, radius: r }, true, &[&[bottom], &[-top]]);
    // Height over (x, y) is h + x.
    Sample {
        name: "oblique_cylinder",
        solid: b.solid(),
        volume: PI * r * r * h,
        area: PI * r * r * (1.0 + SQRT_2) + TAU * r * h,
        center: DVec3::new(r * r / (4.0 * h), 0.0, h / 2.0 + r * r / (8.0 * h)),
        bounds: [DVec3::new(-r, -r, 0.0), DVec3::new(r, r, h + r)],
    }
}

/// A cone from its base to its apex, pointing down; its face has one wire only.
pub(crate) fn cone() -> Sample {
    let (f, r, h) = (tilted(), 2.0, 3.0);
    let mut b = Build::default();
    let base = b.circle(f, r);
    let slope = (r / h).atan();
    b.plane(f.origin, f.z, &[&[base]]);
    b.face(Surface::Cone { frame: f, radius: r, half_angle_rad: slope }, true, &[&[-base]]);
    let apex = f.origin - f.z * h;
    Sample {
        name: "cone",
        solid: b.solid(),
        volume: PI * r * r * h / 3.0,
        area: PI * r * (r + r.hypot(h)),
        center: f.origin - f.z * (h / 4.0),
        bounds: hull(disc_box(f.origin, f.z, r), [apex, apex]),
    }
}

/// A frustum of a very slender cone: its apex is ten thousand heights away.
pub(crate) fn frustum() -> Sample {
    let (r0, r1, h) = (2.0, 2.0002, 2.0);
    let mut b = Build::default();
    let top_frame = Frame::WORLD.at(DVec3::Z * h);
    let (bottom, top) = (b.circle(Frame::WORLD, r0), b.circle(top_frame, r1));
    let half_angle_rad = ((r1 - r0) / h).atan();
    b.plane(DVec3::ZERO, -DVec3::Z, &[&[-bottom]]);
    b.plane(DVec3::Z * h, DVec3::Z, &[&[top]]);
    b.face(Surface::Cone { frame: Frame::WORLD, radius: r0, half_angle_rad }, true, &[&[bottom], &[-top]]);
    let volume = PI * h / 3.0 * (r0 * r0 + r0 * r1 + r1 * r1);
    let moment = PI * h * h / 12.0 * (r0 * r0 + 2.0 * r0 * r1 + 3.0 * r1 * r1);
    Sample {
        name: "frustum",
        solid: b.solid(),
        volume,
        area: PI * (r0 * r0 + r1 * r1) + PI * (r0 + r1) * h.hypot(r1 - r0),
        center: DVec3::Z * (moment / volume),
        bounds: [DVec3::new(-r1, -r1, 0.0), DVec3::new(r1, r1, h)],
    }
}

/// A whole sphere: a face without wires.
pub(crate) fn sphere() -> Sample {
    let (f, r) = (tilted(), 3.0);
    let mut b = Build::default();
    b.face(Surface::Sphere { frame: f, radius: r }, true, &[]);
    Sample {
        name: "sphere",
        solid: b.solid(),
        volume: 4.0 / 3.0 * PI * r.powi(3),
        area: 4.0 * PI * r * r,
        center: f.origin,
        bounds: [f.origin - DVec3::splat(r), f.origin + DVec3::splat(r)],
    }
}

/// A ball cut by the plane at `height` across `axis` (a unit vector), the part below kept: a cap or nearly a ball.
fn cut_ball(name: &'static str, axis: DVec3, height: f64) -> Sample {
    let (polar, r) = (tilted(), 3.0);
    let c = polar.origin;
    let cut = frame(c + axis * height, axis);
    let rim_radius = (r * r - height * height).sqrt();
    let mut b = Build::default();
    let rim = b.circle(cut, rim_radius);
    b.plane(cut.origin, axis, &[&[rim]]);
    b.face(Surface::Sphere { frame: polar, radius: r }, true, &[&[-rim]]);
    let h = r + height;
    let volume = PI * h * h / 3.0 * (3.0 * r - h);
    // The centre of a cap of height h lies 3 (2r - h)^2 / (4 (3r - h)) from the centre of the ball.
    let off = 3.0 * (2.0 * r - h).powi(2) / (4.0 * (3.0 * r - h));
    let mut bounds = disc_box(cut.origin, axis, rim_radius);
    for d in [DVec3::X, DVec3::Y, DVec3::Z] {
        for p in [d * r, -d * r] {
            if p.dot(axis) <= height {
                bounds = hull(bounds, [c + p, c + p]);
            }
        }
    }
    Sample {
        name,
        solid: b.solid(),
        volume,
        area: TAU * r * h + PI * rim_radius.powi(2),
        center: c - axis * off,
        bounds,
    }
}

/// An eighth of a ball: three quarter circles through the poles.
pub(crate) fn octant() -> Sample {
    let r = 2.0;
    let mut b = Build::default();
    let o = b.vertex(DVec3::ZERO);
    let axes = [DVec3::X, DVec3::Y, DVec3::Z];
    let v = axes.map(|a| b.vertex(a * r));
    let spokes = v.map(|v| b.line(o, v));
    let arcs = [0, 1, 2].map(|i| {
        let j = (i + 1) % 3;
        let frame = Frame::from_normal(DVec3::ZERO, axes[i].cross(axes[j]), axes[i]).expect("not parallel");
        b.edge(v[i], v[j], Curve::Circle { frame, radius: r })
    });
    for i in 0..3 {
        let j = (i + 1) % 3;
        b.plane(DVec3::ZERO, -axes[i].cross(axes[j]), &[&[spokes[j], -arcs[i], -spokes[i]]]);
    }
    b.face(Surface::Sphere { frame: Frame::WORLD, radius: r }, true, &[&arcs]);
    Sample {
        name: "ball_octant",
        solid: b.solid(),
        volume: PI * r.powi(3) / 6.0,
        area: 5.0 * PI * r * r / 4.0,
        center: DVec3::splat(3.0 * r / 8.0),
        bounds: [DVec3::ZERO, DVec3::splat(r)],
    }
}

/// A ball with a cylindrical hole along an axis that is not the polar one.
pub(crate) fn bead() -> Sample {
    let (r, hole) = (5.0, 3.0);
    let h = 4.0;
    let axis = frame(DVec3::ZERO, DVec3::X);
    let mut b = Build::default();
    let (low, high) = (b.circle(axis.at(-DVec3::X * h), hole), b.circle(axis.at(DVec3::X * h), hole));
    b.face(Surface::Sphere { frame: Frame::WORLD, radius: r }, true, &[&[low], &[-high]]);
    b.face(Surface::Cylinder { frame: axis, radius: hole }, false, &[&[-low], &[high]]);
    Sample {
        name: "bead",
        solid: b.solid(),
        volume: 4.0 / 3.0 * PI * h.powi(3),
        area: TAU * (r + hole) * 2.0 * h,
        center: DVec3::ZERO,
        bounds: [DVec3::new(-h, -r, -r), DVec3::new(h, r, r)],
    }
}

/// A whole torus: a face without wires.
pub(crate) fn torus() -> Sample {
    let (major, minor) = (5.0, 2.0);
    let mut b = Build::default();
    b.face(Surface::Torus { frame: Frame::WORLD, major_radius: major, minor_radius: minor }, true, &[]);
    let reach = DVec3::new(major + minor, major + minor, minor);
    Sample {
        name: "torus",
        solid: b.solid(),
        volume: TAU * PI * major * minor * minor,
        area: TAU * TAU * major * minor,
        center: DVec3::ZERO,
        bounds: [-reach, reach],
    }
}

/// A quarter of a torus between two discs: wires round the tube.
pub(crate) fn elbow() -> Sample {
    let (major, minor) = (5.0, 2.0);
    let mut b = Build::default();
    let first = Frame::from_normal(DVec3::X * major, DVec3::Y, DVec3::X).expect("not parallel");
    let second = Frame::from_normal(DVec3::Y * major, -DVec3::X, DVec3::Y).expect("not parallel");
    let (start, end) = (b.circle(first, minor), b.circle(second, minor));
    b.plane(first.origin, -first.z, &[&[-start]]);
    b.plane(second.origin, second.z, &[&[end]]);
    let surface = Surface::Torus { frame: Frame::WORLD, major_radius: major, minor_radius: minor };
    b.face(surface, true, &[&[start], &[-end]]);
    let volume = PI * minor * minor * PI / 2.0 * major;
    // The section's first moment about the axis is pi minor^2 (major^2 + minor^2 / 4).
    let along = PI * minor * minor * (major * major + minor * minor / 4.0) / volume;
    Sample {
        name: "elbow",
        solid: b.solid(),
        volume,
        area: TAU * minor * PI / 2.0 * major + TAU * minor * minor,
        center: DVec3::new(along, along, 0.0),
        bounds: [DVec3::new(0.0, 0.0, -minor), DVec3::new(major + minor, major + minor, minor)],
    }
}

/// The outer half of a torus on a cylinder: wires round the axis.
pub(crate) fn ring() -> Sample {
    let (major, minor) = (5.0, 2.0);
    let mut b = Build::default();
    let up = Frame::WORLD.at(DVec3::Z * minor);
    let (low, high) = (b.circle(Frame::WORLD.at(-DVec3::Z * minor), major), b.circle(up, major));
    let surface = Surface::Torus { frame: Frame::WORLD, major_radius: major, minor_radius: minor };
    b.face(surface, true, &[&[low], &[-high]]);
    b.face(Surface::Cylinder { frame: Frame::WORLD, radius: major }, false, &[&[-low], &[high]]);
    let section = PI * minor * minor / 2.0;
    let reach = DVec3::new(major + minor, major + minor, minor);
    Sample {
        name: "half_ring",
        solid: b.solid(),
        volume: TAU * (major * section + 2.0 / 3.0 * minor.powi(3)),
        area: TAU * (major * PI * minor + 2.0 * minor * minor) + TAU * major * 2.0 * minor,
        center: DVec3::ZERO,
        bounds: [-reach, reach],
    }
}

/// All samples.
pub(crate) fn all() -> Vec<Sample> {
    vec![
        cuboid(),
        hollow(),
        cylinder(false),
        cylinder(true),
        plate(),
        half_cylinder(),
        oblique_cylinder(),
        cone(),
        frustum(),
        sphere(),
        cut_ball("cap", tilted().z, -1.0),
        cut_ball("dimpled_ball", tilted().z, 2.5),
        cut_ball("tilted_cap", DVec3::new(FRAC_PI_4.cos(), 0.0, FRAC_PI_4.sin()), -0.5),
        cut_ball("tilted_ball", DVec3::new(FRAC_PI_4.cos(), 0.0, FRAC_PI_4.sin()), 2.0),
        octant(),
        bead(),
        torus(),
        elbow(),
        ring(),
    ]
}
