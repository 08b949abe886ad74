//! Area, centre and the share of volume of one face.

use std::f64::consts::{FRAC_PI_2, TAU};

use glam::{DVec2, DVec3};

use super::MeasureError;
use super::loops::{self, Coedge, Lifted};
use super::quadrature;
use crate::topology::Face;
use crate::{Curve, Frame, Span, Surface};

/// Area and centre of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceProperties {
    /// Exact area.
    pub area: f64,
    /// Exact centre of area.
    pub center: DVec3,
}

/// Area and centre of area of `face`.
///
/// # Errors
/// When the face's wires do not bound it; see [`MeasureError`].
pub fn face(face: &Face) -> Result<FaceProperties, MeasureError> {
    let reference = face.vertex_iter().next().map_or(face.surface().frame().origin, |v| crate::span::position(&v));
    let m = moments(face, reference)?;
    if m.area == 0.0 {
        return Ok(FaceProperties { area: 0.0, center: reference });
    }
    Ok(FaceProperties { area: m.area, center: reference + m.area_moment / m.area })
}

/// The integrals of a face about a reference point. Those of volume count the cone from the reference point to the face,
/// positive where the face looks away from it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Moments {
    pub(crate) area: f64,
    pub(crate) area_moment: DVec3,
    pub(crate) volume: f64,
    pub(crate) volume_moment: DVec3,
}

/// Components of the integrals: area, its moment, volume, its moment, and the turn of the first parameter (which must
/// come out as a whole number of turns, or zero).
const COMPONENTS: usize = 9;
type Integrals = [f64; COMPONENTS];
const AREA: usize = 0;
const TURN: usize = 8;

fn add(sum: &mut Integrals, part: &Integrals, factor: f64) {
    for (s, p) in sum.iter_mut().zip(part) {
        *s += p * factor;
    }
}

/// The integrals of `face` about `reference`.
pub(crate) fn moments(face: &Face, reference: DVec3) -> Result<Moments, MeasureError> {
    let wires = loops::of_face(face);
    let surface = face.surface();
    let m = surface_moments(&surface, &wires, reference)?;
    if m.iter().any(|x| !x.is_finite()) {
        return Err(MeasureError::NotFinite { surface: surface.kind() });
    }
    let sign = if face.orientation() { 1.0 } else { -1.0 };
    Ok(Moments {
        area: m[AREA],
        area_moment: DVec3::new(m[1], m[2], m[3]),
        volume: sign * m[4],
        volume_moment: sign * DVec3::new(m[5], m[6], m[7]),
    })
}

fn surface_moments(surface: &Surface, wires: &[Vec<Coedge>], reference: DVec3) -> Result<Integrals, MeasureError> {
    let Some(first) = wires.iter().flatten().next() else {
        return match surface {
            Surface::Sphere { .. } | Surface::Torus { .. } => Ok(Chart::closed(surface, reference).turn_total()),
            _ => Err(MeasureError::Unbounded { surface: surface.kind() }),
        };
    };
    let near = first.start();
    let unbound = |gap: f64| MeasureError::WiresDoNotBound { surface: surface.kind(), near, gap };
    let size = wires
        .iter()
        .flatten()
        .flat_map(|c| c.span.breaks().into_iter().map(|t| c.span.point(t).distance(near)))
        .fold(0.0, f64::max);
    match *surface {
        Surface::Plane { .. } | Surface::Cylinder { .. } => {
            let chart = Chart::from_point(surface, near, reference);
            let m = chart.along(wires, None);
            // Where corners lie beside their curves the wires have gaps, which count as far as they go.
            let gaps: f64 = wires.iter().map(|wire| loops::gaps(wire)).sum();
            let allowed = match surface {
                Surface::Cylinder { radius, .. } => 1e-6 + 2.0 * gaps / radius,
                _ => 1e-6 * size + 2.0 * gaps,
            };
            if m[TURN].abs() > allowed { Err(unbound(m[TURN])) } else { Ok(m) }
        }
        Surface::Cone { .. } => {
            let chart = Chart::from_point(surface, near, reference);
            let mut m = chart.along(wires, None);
            let apex = surface.singular_v()[0].unwrap_or(chart.v_from);
            for [from, to] in wires.iter().flat_map(|wire| loops::turns_at_apex(surface, wire, 1e-6 * size)) {
                add(&mut m, &chart.along_apex(apex, from, to), 1.0);
            }
            let turns = (m[TURN] / TAU).round() as i64;
            let gap = m[TURN] - turns as f64 * TAU;
            if gap.abs() > 1e-6 || !(turns == 0 || turns == -1) {
                return Err(unbound(m[TURN]));
            }
            if turns != 0 {
                add(&mut m, &chart.below(apex), 1.0);
            }
            Ok(m)
        }
        Surface::Sphere { frame, radius } => {
            let frame = frame_off_the_wires(frame, radius, wires);
            let chart = Chart::closed(&surface.with_frame(frame), reference);
            let m = chart.along(wires, None);
            Ok(modulo(m, &chart.turn_total()))
        }
        Surface::Torus { .. } => {
            let mut chart = Chart::closed(surface, reference);
            let lifted: Vec<Lifted> = wires.iter().map(|w| Lifted::follow(surface, w)).collect();
            if lifted.iter().any(|l| l.turns[0] != 0 && l.turns[1] != 0) {
                return Err(MeasureError::TorusKnot { near });
            }
            let sum = lifted.iter().fold([0, 0], |s, l| [s[0] + l.turns[0], s[1] + l.turns[1]]);
            if sum != [0, 0] {
                return Err(unbound(sum[0] as f64 * TAU));
            }
            let total = chart.turn_total();
            chart.along_v = lifted.iter().any(|l| l.turns[1] != 0);
            Ok(modulo(chart.along(wires, Some(&lifted)), &total))
        }
    }
}

/// On a closed surface the boundary integral is known up to whole surfaces: the area tells how many. A face that is
/// nothing but rounding (below 1e-12 of the surface) is taken as empty, not as whole.
fn modulo(mut m: Integrals, total: &Integrals) -> Integrals {
    let surfaces = -(m[AREA] / total[AREA] + 1e-12).floor();
    add(&mut m, total, surfaces);
    m
}

/// Parameters of a surface with the antiderivative's lower end.
struct Chart {
    surface: Surface,
    reference: DVec3,
    v_from: f64,
    /// Order of the Gauss rule that integrates the inner antiderivative exactly.
    inner_order: usize,
    /// Integrate along `dv` instead of `du` (a torus whose wires go round the tube).
    along_v: bool,
}

impl Chart {
    fn from_point(surface: &Surface, p: DVec3, reference: DVec3) -> Self {
        // On planes, cylinders and cones the integrand is a polynomial of degree 3 at most in v.
        Self { surface: *surface, reference, v_from: surface.parameters(p).y, inner_order: 2, along_v: false }
    }

    /// For a sphere or a torus: trigonometric of degree 4 at most over up to a whole turn (or a torus lifted further).
    fn closed(surface: &Surface, reference: DVec3) -> Self {
        let v_from = surface.singular_v()[0].unwrap_or(0.0);
        Self { surface: *surface, reference, v_from, inner_order: 24, along_v: false }
    }

    /// What is integrated over the surface, per parameter area.
    fn density(&self, uv: DVec2) -> Integrals {
        let [du, dv] = self.surface.derivatives(uv);
        let n = du.cross(dv);
        let p = self.surface.point(uv) - self.reference;
        let area = n.length();
        let (a, v) = (p * area, p * p * n * 0.5);
        [area, a.x, a.y, a.z, p.dot(n) / 3.0, v.x, v.y, v.z, 0.0]
    }

    /// The density integrated over v from `v_from` to `v`.
    fn inner(&self, u: f64, v: f64) -> Integrals {
        quadrature::fixed(self.inner_order, self.v_from, v, &mut |v| self.density(DVec2::new(u, v)))
    }

    /// All of a closed surface.
    fn turn_total(&self) -> Integrals {
        let top = self.surface.singular_v()[1].unwrap_or(self.v_from + TAU);
        Self::round(|u| self.inner(u, top))
    }

    /// A cone between its apex at height `apex` and the height where the antiderivative starts.
    fn below(&self, apex: f64) -> Integrals {
        Self::round(|u| {
            let mut m = [0.0; COMPONENTS];
            add(&mut m, &self.inner(u, apex), -1.0);
            m
        })
    }

    /// The boundary integral along a cone's apex, from angle `from` to angle `to`.
    fn along_apex(&self, apex: f64, from: f64, to: f64) -> Integrals {
        let parts = ((to - from).abs() / FRAC_PI_2).ceil().max(1.0);
        let mut sum = [0.0; COMPONENTS];
        for i in 0..parts as usize {
            let at = |i: usize| from + (to - from) * (i as f64 / parts);
            let mut leg = |u: f64| {
                let mut m = self.inner(u, apex);
                m[TURN] = -1.0;
                m
            };
            add(&mut sum, &quadrature::fixed(self.inner_order.max(16), at(i), at(i + 1), &mut leg), -1.0);
        }
        sum
    }

    /// Integral over a turn of u: the trapezoid rule, exact for the trigonometric degrees that occur.
    fn round(f: impl Fn(f64) -> Integrals) -> Integrals {
        const NODES: usize = 16;
        let mut sum = [0.0; COMPONENTS];
        for i in 0..NODES {
            add(&mut sum, &f(TAU * i as f64 / NODES as f64), TAU / NODES as f64);
        }
        sum[TURN] = 0.0;
        sum
    }

    /// The boundary integral along all wires.
    fn along(&self, wires: &[Vec<Coedge>], lifted: Option<&[Lifted]>) -> Integrals {
        let mut sum = [0.0; COMPONENTS];
        for (w, wire) in wires.iter().enumerate() {
            for (c, coedge) in wire.iter().enumerate() {
                let lift = |t: f64, raw: DVec2| lifted.map_or(raw, |l| l[w].at(c, t, raw));
                let sign = if coedge.forward { 1.0 } else { -1.0 };
                add(&mut sum, &self.along_edge(&coedge.span, lift), sign);
            }
        }
        sum
    }

    fn along_edge(&self, span: &Span, lift: impl Fn(f64, DVec2) -> DVec2) -> Integrals {
        let mut integrand = |t: f64| {
            let [p, velocity, _] = span.jet(t);
            let raw = self.surface.parameters(p);
            let rates = self.surface.parameter_rates(raw, velocity);
            let uv = lift(t, raw);
            let mut out = [0.0; COMPONENTS];
            if self.along_v {
                let from_zero =
                    quadrature::fixed(self.inner_order, 0.0, uv.x, &mut |u| self.density(DVec2::new(u, uv.y)));
                add(&mut out, &from_zero, rates.y);
            } else {
                add(&mut out, &self.inner(uv.x, uv.y), -rates.x);
            }
            out[TURN] = rates.x;
            out
        };
        let breaks = span.breaks();
        if let Some(order) = self.exact_order(span) {
            let mut sum = [0.0; COMPONENTS];
            for w in breaks.windows(2) {
                add(&mut sum, &quadrature::fixed(order, w[0], w[1], &mut integrand), 1.0);
            }
            return sum;
        }
        // The scale of every component, from the sizes of the edge and of the surface.
        let length = breaks.windows(2).map(|w| span.point(w[0]).distance(span.point(w[1]))).sum::<f64>();
        let reach = breaks.iter().map(|&t| span.point(t).distance(self.reference)).fold(length, f64::max);
        let (area, volume) = (length * reach, length * reach * reach);
        let moment = volume * reach;
        let turn = if matches!(self.surface, Surface::Plane { .. }) { length } else { 1.0 };
        let scale = [area, volume, volume, volume, volume, moment, moment, moment, turn];
        quadrature::over(&breaks, scale, integrand)
    }

    /// The Gauss order that is exact (to rounding) on each part of `span` between its breaks, where there is one.
    fn exact_order(&self, span: &Span) -> Option<usize> {
        // Twelve nodes integrate trigonometric polynomials of degree 4 over a quarter turn to 1e-17.
        const QUARTER_TURN: usize = 12;
        let parallel = |frame: &Frame| frame.z.cross(self.surface.frame().z).length_squared() < 1e-24;
        match (&self.surface, span.curve()) {
            (Surface::Plane { .. }, Curve::Line) => Some(2),
            // A line on a cylinder or a cone is a generator: u does not change and the integral vanishes.
            (Surface::Cylinder { .. } | Surface::Cone { .. }, Curve::Line) => Some(1),
            // On a cylinder, the ellipse of an oblique plane turns about the cylinder's axis at a constant rate.
            (Surface::Plane { .. } | Surface::Cylinder { .. }, Curve::Circle { .. } | Curve::Ellipse { .. }) => {
                Some(QUARTER_TURN)
            }
            (_, Curve::Circle { frame, .. }) if parallel(frame) && !self.along_v => Some(QUARTER_TURN),
            _ => None,
        }
    }
}

/// A frame of the sphere whose poles lie away from the wires: the sphere's own if it will do.
fn frame_off_the_wires(own: Frame, radius: f64, wires: &[Vec<Coedge>]) -> Frame {
    /// The sine from which the quadrature near a pole is still cheap.
    const ENOUGH: f64 = 0.25;
    let points: Vec<DVec3> = wires
        .iter()
        .flatten()
        .flat_map(|c| c.samples(8).into_iter().map(|t| (c.span.point(t) - own.origin) / radius))
        .collect();
    let clearance = |axis: DVec3| {
        let sine = |p: &DVec3| p.cross(axis).length();
        points.iter().map(sine).fold(f64::INFINITY, f64::min)
    };
    let mut best = own;
    let mut best_clearance = clearance(own.z);
    for latitude in 0..6 {
        for longitude in 0..8 {
            if best_clearance >= ENOUGH {
                return best;
            }
            let (v, u) = (FRAC_PI_2 * f64::from(latitude) / 6.0, TAU * f64::from(longitude) / 8.0 + 0.1);
            let axis = own.x * (v.cos() * u.cos()) + own.y * (v.cos() * u.sin()) + own.z * v.sin();
            let side = if axis.dot(own.x).abs() < 0.9 { own.x } else { own.y };
            let found = clearance(axis);
            if found > best_clearance
                && let Some(frame) = Frame::from_normal(own.origin, axis, side)
            {
                (best, best_clearance) = (frame, found);
            }
        }
    }
    best
}
