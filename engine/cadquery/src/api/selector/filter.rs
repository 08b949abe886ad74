//! What a selector picks from a list of objects.

use glam::DVec3;

use super::{Selector, SelectorError};

/// Directions and sort keys closer than this are the same (`CadQuery`'s default).
const TOLERANCE: f64 = 1e-4;

/// What a selector looks at in an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) center: DVec3,
    /// The outward normal of a planar face, the direction of a straight edge.
    pub(crate) direction: Option<DVec3>,
    /// `CadQuery`'s name of its geometry.
    pub(crate) kind: &'static str,
    pub(crate) radius: Option<f64>,
    pub(crate) length: Option<f64>,
    pub(crate) area: Option<f64>,
}

impl Selector {
    /// The indices of the candidates picked, in the candidates' order.
    pub(crate) fn filter(&self, candidates: &[Candidate]) -> Result<Vec<usize>, SelectorError> {
        let picked = self.picks(candidates)?;
        Ok((0..candidates.len()).filter(|&index| picked[index]).collect())
    }

    fn picks(&self, candidates: &[Candidate]) -> Result<Vec<bool>, SelectorError> {
        let by_direction = |test: &dyn Fn(DVec3) -> bool| {
            candidates.iter().map(|candidate| candidate.direction.is_some_and(test)).collect()
        };
        let both = |left: &Self, right: &Self, keep: fn(bool, bool) -> bool| {
            let (left, right) = (left.picks(candidates)?, right.picks(candidates)?);
            Ok(left.into_iter().zip(right).map(|(a, b)| keep(a, b)).collect())
        };
        let along = |direction: &DVec3| {
            let direction = *direction;
            move |candidate: &Candidate| Some(candidate.center.dot(direction))
        };
        Ok(match self {
            Self::Parallel(direction) => by_direction(&|other| direction.cross(other).length() < TOLERANCE),
            Self::Along(direction) => by_direction(&|other| direction.angle_between(other) < TOLERANCE),
            Self::Perpendicular(direction) => {
                by_direction(&|other| (direction.angle_between(other) - std::f64::consts::FRAC_PI_2).abs() < TOLERANCE)
            }
            Self::Kind(kind) => candidates.iter().map(|candidate| candidate.kind == kind).collect(),
            Self::CenterNth { direction, index, ascending } => nth(candidates, *index, *ascending, along(direction))?,
            Self::ParallelNth { direction, index, ascending } => {
                let parallel = Self::Parallel(*direction).picks(candidates)?;
                let key = along(direction);
                let keys = |index: usize| parallel[index].then(|| key(&candidates[index])).flatten();
                nth_by(candidates.len(), *index, *ascending, keys)?
            }
            Self::RadiusNth { index, ascending } => nth(candidates, *index, *ascending, |c: &Candidate| c.radius)?,
            Self::LengthNth { index, ascending } => nth(candidates, *index, *ascending, |c: &Candidate| c.length)?,
            Self::AreaNth { index, ascending } => nth(candidates, *index, *ascending, |c: &Candidate| c.area)?,
            Self::Nearest(point) => {
                let distance = |index: &usize| candidates[*index].center.distance(*point);
                let nearest = (0..candidates.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
                let nearest = nearest.ok_or(SelectorError::NothingToSort)?;
                (0..candidates.len()).map(|index| index == nearest).collect()
            }
            Self::Box([a, b]) => {
                let between = |p: f64, a: f64, b: f64| (p < a) != (p < b);
                let inside = |p: DVec3| between(p.x, a.x, b.x) && between(p.y, a.y, b.y) && between(p.z, a.z, b.z);
                candidates.iter().map(|candidate| inside(candidate.center)).collect()
            }
            Self::And(left, right) => both(left, right, |a, b| a && b)?,
            Self::Or(left, right) => both(left, right, |a, b| a || b)?,
            Self::Except(left, right) => both(left, right, |a, b| a && !b)?,
            Self::Not(inner) => inner.picks(candidates)?.into_iter().map(|picked| !picked).collect(),
        })
    }
}

fn nth(
    candidates: &[Candidate],
    index: i64,
    ascending: bool,
    key: impl Fn(&Candidate) -> Option<f64>,
) -> Result<Vec<bool>, SelectorError> {
    nth_by(candidates.len(), index, ascending, |at| key(&candidates[at]))
}

/// Groups objects whose keys are equal within the tolerance and picks the nth group; objects without a key are left
/// out. A negative index counts from the last group.
fn nth_by(
    count: usize,
    index: i64,
    ascending: bool,
    key: impl Fn(usize) -> Option<f64>,
) -> Result<Vec<bool>, SelectorError> {
    let mut keyed: Vec<(f64, usize)> = (0..count).filter_map(|at| key(at).map(|key| (key, at))).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(mut start, _)) = keyed.first() else { return Err(SelectorError::NothingToSort) };
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    for (key, at) in keyed {
        if (key - start).abs() > TOLERANCE {
            groups.push(Vec::new());
            start = key;
        }
        if let Some(group) = groups.last_mut() {
            group.push(at);
        }
    }
    if !ascending {
        groups.reverse();
    }
    let outside = SelectorError::IndexOutside { index, count: groups.len() };
    let position = if index < 0 { index + groups.len() as i64 } else { index };
    let group = usize::try_from(position).ok().and_then(|position| groups.get(position)).ok_or(outside)?;
    let mut picked = vec![false; count];
    for &at in group {
        picked[at] = true;
    }
    Ok(picked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The six faces of the box 1 x 2 x 3 in the order -X +X -Y +Y -Z +Z.
    fn faces() -> Vec<Candidate> {
        [DVec3::X * 0.5, DVec3::Y, DVec3::Z * 1.5]
            .into_iter()
            .flat_map(|half| [-half, half])
            .map(|center| Candidate {
                center,
                direction: Some(center.normalize()),
                kind: "PLANE",
                ..Candidate::default()
            })
            .collect()
    }

    #[test]
    fn faces_of_a_box() {
        // Counts are the real CadQuery's answers for Workplane().box(1, 2, 3).faces(...).
        let check = |text: &str, expected: &[usize]| {
            let found = Selector::parse(text).and_then(|selector| selector.filter(&faces()));
            assert_eq!(found.as_deref(), Ok(expected), "{text}");
        };
        check(">Z", &[5]);
        check("<Z", &[4]);
        check("|Z", &[4, 5]);
        check("#Z", &[0, 1, 2, 3]);
        check("+Z", &[5]);
        check("-Z", &[4]);
        check(">Z and not >X", &[5]);
        check("not >Z and >X", &[0, 1, 2, 3, 4, 5]);
        check("not (>Z or <Z)", &[0, 1, 2, 3]);
        check("|Z and >X or |Y", &[2, 3]);
        check(">Z[0]", &[4]);
        check(">Z[-1]", &[5]);
        check(">>Z[1]", &[0, 1, 2, 3]);
        check("<<X[0]", &[1]);
        check("|XY", &[]);
        check("#XZ", &[2, 3]);
        check("%PLANE", &[0, 1, 2, 3, 4, 5]);
        check("%CYLINDER", &[]);
        check(">Z exc >X", &[5]);
    }

    #[test]
    fn indices_outside_and_empty_lists_are_errors() {
        let filter = |text: &str, list: &[Candidate]| Selector::parse(text).unwrap().filter(list);
        assert_eq!(filter(">Z[5]", &faces()), Err(SelectorError::IndexOutside { index: 5, count: 2 }));
        assert_eq!(filter(">Z", &[]), Err(SelectorError::NothingToSort));
        assert_eq!(filter("|Z", &[]), Ok(vec![]));
    }
}
