//! The graph of a shape laid out for evaluation: every body placed in one frame, every operation once, operands first.

use glam::{DMat3, DVec2, DVec3};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facet::{Area, Extrusion, Outline, Revolution, Segment, SegmentKind, areas, half_disc};
use crate::{
    BooleanKind, BrepCause, BrepError, CallId, Frame, Isometry, Loop, Node, Primitive, Profile, Region, Shape,
};

/// Most bodies a graph may have once shared parts are counted at every place they are moved to.
pub(crate) const MAX_BODIES: usize = 20_000;

/// How a body's volume is swept.
#[derive(Clone, Debug)]
pub(crate) enum Sweep {
    /// Along a line.
    Extrusion(Extrusion),
    /// About an axis.
    Revolution(Revolution),
}

/// A body to be faceted.
#[derive(Clone, Debug)]
pub(crate) struct PlannedBody {
    /// The call that made it.
    pub(crate) call: CallId,
    /// What it is: volumes that keep clear of one another.
    pub(crate) sweeps: Vec<Sweep>,
}

/// One step of an evaluation; numbers are indices of earlier steps.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A body; index into [`Plan::bodies`].
    Body(usize),
    /// A set operation.
    Boolean {
        /// Which operation.
        kind: BooleanKind,
        /// First operand.
        left: usize,
        /// Second operand.
        right: usize,
        /// Whether to merge faces of one surface.
        clean: bool,
        /// Name and call for errors.
        origin: Origin,
    },
    /// Shapes side by side.
    Compound(Vec<usize>),
}

/// What an error is reported on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// The operation, as a user would name it.
    pub(crate) operation: &'static str,
    /// The program's call.
    pub(crate) call: CallId,
}

impl Origin {
    /// The error of this operation with a cause.
    pub(crate) fn error(self, cause: BrepCause) -> BrepError {
        BrepError { operation: self.operation, call: self.call, cause }
    }
}

/// A laid-out graph; the last step is the result.
#[derive(Debug)]
pub(crate) struct Plan {
    /// All bodies, in the work frame.
    pub(crate) bodies: Vec<PlannedBody>,
    /// All steps, operands before their operations.
    pub(crate) steps: Vec<Step>,
    /// Half the size of everything, measured from the work frame's origin.
    pub(crate) extent: f64,
    /// Lengths below this are none.
    pub(crate) tolerance: f64,
    /// From the frame the bodies are given in back to the world.
    pub(crate) world_from_work: Isometry,
}

impl Plan {
    /// Lays out the graph of `shape`; lengths below `share` of its size are none.
    pub(crate) fn new(shape: &Shape, share: f64) -> Result<Self, BrepError> {
        let world_from_work = work_frame(shape);
        let work_from_world = inverse(&world_from_work);
        let extent = extent(shape, &work_from_world)?;
        let tolerance = share * extent;
        let mut planner = Planner { tolerance, bodies: Vec::new(), steps: Vec::new(), done: FxHashMap::default() };
        planner.lay_out(shape, work_from_world)?;
        Ok(Self { bodies: planner.bodies, steps: planner.steps, extent, tolerance, world_from_work })
    }
}

/// Identity of an isometry, bit by bit.
type Placement = [u64; 12];

struct Planner {
    tolerance: f64,
    bodies: Vec<PlannedBody>,
    steps: Vec<Step>,
    done: FxHashMap<(usize, Placement), usize>,
}

impl Planner {
    /// Depth first without recursion: a program may chain thousands of operations.
    fn lay_out(&mut self, root: &Shape, placement: Isometry) -> Result<usize, BrepError> {
        let mut pending = vec![(root.clone(), placement)];
        while let Some((shape, placement)) = pending.last().cloned() {
            let key = (shape.key(), bits(&placement));
            if self.done.contains_key(&key) {
                pending.pop();
                continue;
            }
            let operands: Vec<(Shape, Isometry)> = match shape.node() {
                Node::Primitive(_) => Vec::new(),
                Node::Boolean { left, right, .. } => vec![(left.clone(), placement), (right.clone(), placement)],
                Node::Transformed { shape, world_from_shape } => {
                    vec![(shape.clone(), compose(&placement, world_from_shape))]
                }
                Node::Compound(parts) => parts.iter().map(|p| (p.clone(), placement)).collect(),
            };
            let find = |(shape, placement): &(Shape, Isometry)| self.done.get(&(shape.key(), bits(placement))).copied();
            let steps: Vec<Option<usize>> = operands.iter().map(find).collect();
            if steps.iter().any(Option::is_none) {
                let open = operands.into_iter().zip(&steps).filter(|(_, s)| s.is_none()).map(|(o, _)| o);
                pending.extend(open);
                continue;
            }
            let steps: Vec<usize> = steps.into_iter().flatten().collect();
            let step = self.step(&shape, &placement, &steps)?;
            self.done.insert(key, step);
            pending.pop();
        }
        Ok(self.done[&(root.key(), bits(&placement))])
    }

    fn step(&mut self, shape: &Shape, placement: &Isometry, operands: &[usize]) -> Result<usize, BrepError> {
        let call = shape.call();
        let step = match shape.node() {
            Node::Primitive(primitive) => return self.primitive(primitive, call, placement),
            Node::Transformed { .. } => {
                // The last step must be the root, so that a moved root is a step too.
                Step::Compound(vec![operands[0]])
            }
            Node::Boolean { kind, clean, .. } => {
                let origin = Origin { operation: kind.name(), call };
                Step::Boolean { kind: *kind, left: operands[0], right: operands[1], clean: *clean, origin }
            }
            Node::Compound(_) => Step::Compound(operands.to_vec()),
        };
        Ok(self.push(step))
    }

    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    fn primitive(&mut self, primitive: &Primitive, call: CallId, placement: &Isometry) -> Result<usize, BrepError> {
        let origin = Origin { operation: primitive.name(), call };
        let fail = |cause| origin.error(cause);
        check_numbers(primitive, self.tolerance).map_err(fail)?;
        let tolerance = self.tolerance;
        match primitive {
            Primitive::Extrusion { frame, profile, from, to } => {
                let (frame, mirrored) = place(frame, placement);
                let (from, to) = if mirrored { (-to, -from) } else { (*from, *to) };
                self.profile(profile, origin, &mut |area| Ok(Sweep::Extrusion(Extrusion { frame, area, from, to })))
            }
            Primitive::Revolution { frame, profile, angle_rad } => {
                let (frame, mirrored) = place(frame, placement);
                // A mirror image turns the other way: the axis is turned over and the profile with it.
                let frame = if mirrored { Frame { y: -frame.y, z: -frame.z, ..frame } } else { frame };
                self.profile(profile, origin, &mut |area| {
                    let area = if mirrored { area.mapped(|p| DVec2::new(p.x, -p.y), true) } else { area };
                    Revolution::new(frame, area, *angle_rad, tolerance).map(Sweep::Revolution)
                })
            }
            Primitive::Sphere { frame, radius } => self.turned(frame, placement, half_disc(*radius), origin),
            Primitive::Cone { frame, bottom_radius, top_radius, height } => {
                let corners = [(0.0, 0.0), (*bottom_radius, 0.0), (*top_radius, *height), (0.0, *height)];
                let mut corners: Vec<DVec2> = corners.map(DVec2::from).to_vec();
                corners.dedup_by(|a, b| a.distance(*b) <= tolerance);
                let next = corners.iter().cycle().skip(1);
                let sides = corners.iter().zip(next);
                let segments = sides.map(|(a, b)| Segment { start: *a, end: *b, kind: SegmentKind::Line }).collect();
                self.turned(frame, placement, Outline { segments }, origin)
            }
            Primitive::Torus { frame, major_radius, minor_radius } => {
                let (center, radius) = (DVec2::new(*major_radius, 0.0), *minor_radius);
                let seam = center + DVec2::new(radius, 0.0);
                let kind = SegmentKind::Arc { center, radius, sweep: std::f64::consts::TAU };
                let outline = Outline { segments: vec![Segment { start: seam, end: seam, kind }] };
                self.turned(frame, placement, outline, origin)
            }
        }
    }

    /// A full revolution about the z axis of `frame` of an outline in (distance, height).
    fn turned(
        &mut self,
        frame: &Frame,
        placement: &Isometry,
        outline: Outline,
        origin: Origin,
    ) -> Result<usize, BrepError> {
        let (frame, mirrored) = place(frame, placement);
        let z = if mirrored { -frame.z } else { frame.z };
        let frame = Frame { origin: frame.origin, x: frame.x, y: z, z: frame.x.cross(z) };
        let area = Area { outlines: vec![outline] };
        let turn = Revolution::new(frame, area, std::f64::consts::TAU, self.tolerance);
        let sweep = turn.map(Sweep::Revolution).map_err(|cause| origin.error(cause))?;
        self.body(vec![sweep], origin)
    }

    fn body(&mut self, sweeps: Vec<Sweep>, origin: Origin) -> Result<usize, BrepError> {
        if self.bodies.len() >= MAX_BODIES {
            let cause =
                BrepCause::TooLarge { what: "the number of bodies", value: self.bodies.len() + 1, limit: MAX_BODIES };
            return Err(origin.error(cause));
        }
        self.bodies.push(PlannedBody { call: origin.call, sweeps });
        let body = self.bodies.len() - 1;
        Ok(self.push(Step::Body(body)))
    }

    /// A boolean of profiles is the same boolean of the bodies swept from them.
    fn profile(
        &mut self,
        profile: &Profile,
        origin: Origin,
        sweep: &mut dyn FnMut(Area) -> Result<Sweep, BrepCause>,
    ) -> Result<usize, BrepError> {
        let fail = |cause| origin.error(cause);
        if let Some(areas) = areas(profile, self.tolerance).map_err(fail)? {
            let sweeps: Result<Vec<Sweep>, BrepCause> = areas.into_iter().map(sweep).collect();
            let sweeps = sweeps.map_err(fail)?;
            if sweeps.is_empty() {
                return Err(fail(BrepCause::EmptyProfile));
            }
            return self.body(sweeps, origin);
        }
        self.apart(profile, origin, sweep)
    }

    /// The operands of a profile's boolean, each for itself.
    fn apart(
        &mut self,
        profile: &Profile,
        origin: Origin,
        sweep: &mut dyn FnMut(Area) -> Result<Sweep, BrepCause>,
    ) -> Result<usize, BrepError> {
        let (kind, parts): (BooleanKind, Vec<Profile>) = match profile {
            Profile::Region(region) => {
                // Its holes touch: each is cut for itself.
                let alone = |outline: &Loop| Profile::Region(Region { outer: outline.clone(), holes: Vec::new() });
                let loops = std::iter::once(&region.outer).chain(&region.holes);
                (BooleanKind::Cut, loops.map(alone).collect())
            }
            Profile::Union(parts) => (BooleanKind::Union, parts.clone()),
            Profile::Difference(a, b) => (BooleanKind::Cut, vec![(**a).clone(), (**b).clone()]),
            Profile::Intersection(a, b) => (BooleanKind::Intersect, vec![(**a).clone(), (**b).clone()]),
        };
        let mut result = None;
        for part in parts {
            let right = self.profile(&part, origin, sweep)?;
            result = Some(match result {
                None => right,
                Some(left) => self.push(Step::Boolean { kind, left, right, clean: true, origin }),
            });
        }
        result.ok_or_else(|| origin.error(BrepCause::EmptyProfile))
    }
}

fn check_numbers(primitive: &Primitive, tolerance: f64) -> Result<(), BrepCause> {
    let positive = |what, value: f64| match value {
        v if !v.is_finite() => Err(BrepCause::NotFinite { what }),
        v if v <= tolerance => Err(BrepCause::NotPositive { what, value }),
        _ => Ok(()),
    };
    match primitive {
        Primitive::Extrusion { from, to, .. } => positive("the height of the extrusion", to - from),
        Primitive::Revolution { angle_rad, .. } => {
            positive("the angle of revolution", *angle_rad)?;
            if *angle_rad > std::f64::consts::TAU + 1e-9 {
                let range = "between 0 and 360 degrees";
                return Err(BrepCause::OutOfRange {
                    what: "the angle of revolution",
                    range,
                    value: angle_rad.to_degrees(),
                });
            }
            Ok(())
        }
        Primitive::Sphere { radius, .. } => positive("the radius", *radius),
        Primitive::Cone { bottom_radius, top_radius, height, .. } => {
            positive("the height", *height)?;
            positive("the larger radius", bottom_radius.max(*top_radius))?;
            if bottom_radius.min(*top_radius) < 0.0 {
                return Err(BrepCause::NotPositive {
                    what: "the smaller radius",
                    value: bottom_radius.min(*top_radius),
                });
            }
            Ok(())
        }
        Primitive::Torus { major_radius, minor_radius, .. } => {
            positive("the minor radius", *minor_radius)?;
            if major_radius - minor_radius <= tolerance {
                let range = "above the minor radius";
                return Err(BrepCause::OutOfRange { what: "the major radius", range, value: *major_radius });
            }
            Ok(())
        }
    }
}

/// The image of a frame, made right-handed by turning its z axis over; the flag says whether it was.
fn place(frame: &Frame, placement: &Isometry) -> (Frame, bool) {
    let mirrored = placement.linear.determinant() < 0.0;
    let x = clean_direction(placement.direction(frame.x));
    let y = clean_direction(placement.direction(frame.y));
    (Frame { origin: placement.point(frame.origin), x, y, z: clean_direction(x.cross(y)) }, mirrored)
}

/// Rounding noise taken off a unit vector, so that axis-aligned parts are exactly so.
fn clean_direction(v: DVec3) -> DVec3 {
    let round = |c: f64| if (c - c.round()).abs() < 1e-14 { c.round() + 0.0 } else { c };
    DVec3::new(round(v.x), round(v.y), round(v.z))
}

fn compose(a: &Isometry, b: &Isometry) -> Isometry {
    Isometry { linear: a.linear * b.linear, translation: a.point(b.translation) }
}

fn inverse(a: &Isometry) -> Isometry {
    let linear = a.linear.transpose();
    Isometry { linear, translation: -(linear * a.translation) }
}

fn bits(a: &Isometry) -> Placement {
    let mut values = [0; 12];
    let columns = a.linear.to_cols_array();
    for (to, from) in values.iter_mut().zip(columns.iter().chain(a.translation.as_ref())) {
        // -0.0 and 0.0 place alike.
        *to = (from + 0.0).to_bits();
    }
    values
}

/// The frame of the first body: parts that are turned as a whole are evaluated where they are axis-aligned.
fn work_frame(shape: &Shape) -> Isometry {
    let mut shape = shape.clone();
    let mut placement = Isometry { linear: DMat3::IDENTITY, translation: DVec3::ZERO };
    let frame = loop {
        let next = match shape.node() {
            Node::Primitive(
                Primitive::Extrusion { frame, .. }
                | Primitive::Revolution { frame, .. }
                | Primitive::Sphere { frame, .. }
                | Primitive::Cone { frame, .. }
                | Primitive::Torus { frame, .. },
            ) => break *frame,
            Node::Boolean { left, .. } => left.clone(),
            Node::Transformed { shape, world_from_shape } => {
                placement = compose(&placement, world_from_shape);
                shape.clone()
            }
            Node::Compound(parts) => match parts.first() {
                Some(first) => first.clone(),
                None => break Frame::WORLD,
            },
        };
        shape = next;
    };
    let (frame, _) = place(&frame, &placement);
    let linear = DMat3::from_cols(frame.x, frame.y, frame.z);
    let aligned = linear.to_cols_array().iter().all(|c| [-1.0, 0.0, 1.0].contains(c));
    let finite = linear.is_finite();
    Isometry { linear: if aligned || !finite { DMat3::IDENTITY } else { linear }, translation: DVec3::ZERO }
}

/// A bound on the coordinates of all bodies.
fn extent(shape: &Shape, placement: &Isometry) -> Result<f64, BrepError> {
    let mut reach: f64 = 0.0;
    let mut seen: FxHashSet<(usize, Placement)> = FxHashSet::default();
    let mut pending = vec![(shape.clone(), *placement)];
    while let Some((shape, placement)) = pending.pop() {
        if !seen.insert((shape.key(), bits(&placement))) {
            continue;
        }
        if seen.len() > 4 * MAX_BODIES {
            let cause =
                BrepCause::TooLarge { what: "the number of moved parts", value: seen.len(), limit: 4 * MAX_BODIES };
            return Err(BrepError { operation: "evaluate", call: shape.call(), cause });
        }
        match shape.node() {
            Node::Primitive(primitive) => {
                let (frame, size) = primitive.size();
                let far = placement.point(frame.origin).abs().max_element() + size;
                if !far.is_finite() || far > 1e9 {
                    let cause =
                        BrepCause::OutOfRange { what: "a coordinate", range: "within 1e9 of the origin", value: far };
                    return Err(BrepError { operation: primitive.name(), call: shape.call(), cause });
                }
                reach = reach.max(far);
            }
            Node::Boolean { left, right, .. } => {
                pending.push((left.clone(), placement));
                pending.push((right.clone(), placement));
            }
            Node::Transformed { shape, world_from_shape } => {
                pending.push((shape.clone(), compose(&placement, world_from_shape)));
            }
            Node::Compound(parts) => pending.extend(parts.iter().map(|p| (p.clone(), placement))),
        }
    }
    Ok(reach.max(1e-6))
}
