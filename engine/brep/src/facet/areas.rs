//! Profiles whose loops keep clear of one another become areas without any boolean.

use super::{Area, Outline};
use crate::{BrepCause, Profile, Region};

/// Most loops a profile may have for this to be worth its quadratic tests.
const MAX_LOOPS: usize = 200;

/// The areas of a profile, or `None` when some of its loops meet, which takes a boolean of the swept bodies.
pub(crate) fn areas(profile: &Profile, tolerance: f64) -> Result<Option<Vec<Area>>, BrepCause> {
    Ok(match profile {
        Profile::Region(region) => from_region(region, tolerance)?.map(|area| vec![area]),
        Profile::Union(parts) => {
            let mut sum: Option<Vec<Area>> = Some(Vec::new());
            for part in parts {
                // Every part is looked at, so that an unsound one is found even when a boolean is needed.
                let part = areas(part, tolerance)?;
                sum = sum.zip(part).and_then(|(sum, part)| union(sum, part, tolerance));
            }
            sum
        }
        Profile::Difference(a, b) => {
            let (a, b) = (areas(a, tolerance)?, areas(b, tolerance)?);
            a.zip(b).and_then(|(a, b)| difference(a, &b, tolerance))
        }
        Profile::Intersection(a, b) => {
            areas(a, tolerance)?;
            areas(b, tolerance)?;
            None
        }
    })
}

/// The area of a region; `None` when its loops touch.
fn from_region(region: &Region, tolerance: f64) -> Result<Option<Area>, BrepCause> {
    let area = Area::from_region(region, tolerance)?;
    for outline in &area.outlines {
        if let Some(p) = outline.self_contact(tolerance) {
            return Err(BrepCause::SelfIntersectingLoop { x: p.x, y: p.y });
        }
    }
    for (i, a) in area.outlines.iter().enumerate() {
        if area.outlines[i + 1..].iter().any(|b| a.contact(b, tolerance).is_some()) {
            return Ok(None);
        }
    }
    let (outer, holes) = area.outlines.split_at(1);
    for (i, hole) in holes.iter().enumerate() {
        let p = hole.segments[0].start;
        if !outer[0].encloses(p) {
            return Err(BrepCause::HoleOutside { x: p.x, y: p.y });
        }
        let nested = holes.iter().enumerate().any(|(j, other)| j != i && other.encloses(p));
        if nested {
            return Err(BrepCause::LoopsIntersect { x: p.x, y: p.y });
        }
    }
    Ok(Some(area))
}

fn union(mut sum: Vec<Area>, parts: Vec<Area>, tolerance: f64) -> Option<Vec<Area>> {
    if loops(&sum) + loops(&parts) > MAX_LOOPS {
        return None;
    }
    for part in parts {
        let mut covered = false;
        let mut kept = Vec::with_capacity(sum.len() + 1);
        for area in sum {
            match relation(&area, &part, tolerance)? {
                Relation::Apart => kept.push(area),
                Relation::SecondInside => {
                    covered = true;
                    kept.push(area);
                }
                Relation::FirstInside => {}
            }
        }
        if !covered {
            kept.push(part);
        }
        sum = kept;
    }
    Some(sum)
}

fn difference(areas: Vec<Area>, tools: &[Area], tolerance: f64) -> Option<Vec<Area>> {
    if loops(&areas) + loops(tools) > MAX_LOOPS {
        return None;
    }
    let mut rest = areas;
    for tool in tools {
        let mut kept = Vec::with_capacity(rest.len());
        for mut area in rest {
            match relation(&area, tool, tolerance)? {
                Relation::Apart => kept.push(area),
                Relation::FirstInside => {}
                Relation::SecondInside => {
                    if tool.outlines.len() > 1 {
                        return None;
                    }
                    let hole = tool.outlines[0].clone().oriented(false);
                    area.outlines.push(hole);
                    kept.push(area);
                }
            }
        }
        rest = kept;
    }
    Some(rest)
}

fn loops(areas: &[Area]) -> usize {
    areas.iter().map(|a| a.outlines.len()).sum()
}

/// How two areas without contact lie.
enum Relation {
    Apart,
    FirstInside,
    SecondInside,
}

/// `None` when the areas meet, or when holes of the one lie inside the other.
fn relation(a: &Area, b: &Area, tolerance: f64) -> Option<Relation> {
    let meet = |p: &Outline| b.outlines.iter().any(|q| p.contact(q, tolerance).is_some());
    if a.outlines.iter().any(meet) {
        return None;
    }
    let start = |area: &Area| area.outlines[0].segments[0].start;
    let inside = |inner: &Area, outer: &Area| outer.outlines[0].encloses(start(inner));
    let in_hole = |inner: &Area, outer: &Area| outer.outlines[1..].iter().any(|h| h.encloses(start(inner)));
    let swallows_hole = |inner: &Area, outer: &Area| {
        outer.outlines[1..].iter().any(|h| inner.outlines[0].encloses(h.segments[0].start))
    };
    for (inner, outer, relation) in [(a, b, Relation::FirstInside), (b, a, Relation::SecondInside)] {
        if inside(inner, outer) {
            return match (in_hole(inner, outer), swallows_hole(inner, outer)) {
                (true, _) => Some(Relation::Apart),
                (false, true) => None,
                (false, false) => Some(relation),
            };
        }
    }
    Some(Relation::Apart)
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::Loop;

    fn disc(x: f64, radius: f64) -> Profile {
        let outer = Loop::Circle { center: DVec2::new(x, 0.0), radius };
        Profile::Region(Region { outer, holes: Vec::new() })
    }

    fn minus(a: Profile, b: Profile) -> Profile {
        Profile::Difference(Box::new(a), Box::new(b))
    }

    /// Number of areas, of outlines and the total area over pi; `None` when a boolean is needed.
    #[track_caller]
    fn check(profile: &Profile, expected: Option<(usize, usize, f64)>) {
        let found = areas(profile, 1e-7).expect("sound loops").map(|areas| {
            let outlines: Vec<&Outline> = areas.iter().flat_map(|a| &a.outlines).collect();
            let size: f64 = outlines.iter().map(|o| o.signed_area()).sum::<f64>() / std::f64::consts::PI;
            (areas.len(), outlines.len(), (size * 1e9).round() / 1e9)
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn nested_and_disjoint_profiles_need_no_boolean() {
        check(&disc(0.0, 5.0), Some((1, 1, 25.0)));
        check(&minus(disc(0.0, 5.0), disc(1.0, 2.0)), Some((1, 2, 21.0)));
        check(&minus(disc(0.0, 5.0), disc(20.0, 2.0)), Some((1, 1, 25.0)));
        check(&minus(disc(0.0, 5.0), disc(0.0, 9.0)), Some((0, 0, 0.0)));
        check(&minus(disc(0.0, 5.0), disc(3.0, 2.0)), None);
        check(&minus(disc(0.0, 5.0), disc(4.0, 2.0)), None);
        check(&Profile::Union(vec![disc(0.0, 5.0), disc(20.0, 2.0)]), Some((2, 2, 29.0)));
        check(&Profile::Union(vec![disc(0.0, 5.0), disc(1.0, 2.0)]), Some((1, 1, 25.0)));
        check(&Profile::Union(vec![disc(1.0, 2.0), disc(0.0, 5.0)]), Some((1, 1, 25.0)));
        let ring = minus(disc(0.0, 5.0), disc(0.0, 3.0));
        check(&Profile::Union(vec![ring.clone(), disc(0.0, 1.0)]), Some((2, 3, 17.0)));
        check(&Profile::Union(vec![ring.clone(), disc(0.0, 4.0)]), None);
        check(&minus(disc(0.0, 9.0), ring), None);
    }
}
