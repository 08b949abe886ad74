//! Triangles that stand more than once between the same three vertices.

use rustc_hash::{FxHashMap, FxHashSet};

use super::inspect::has_repeated_corner;

/// The triangles to keep, by number; all others repeat or cancel one another.
///
/// Of copies with one orientation the first is kept; where more copies run one way round than the other, the first of the
/// majority. As many copies of both are a double sheet. A double sheet that hangs on other triangles is a wall inside a
/// body, left from bodies put together face to face, or a fin without thickness: it bounds nothing, and goes. One that
/// hangs on nothing else is a surface stored for both sides, as some programs do: one side stays, the one that comes first.
pub(super) fn without_duplicates(triangles: &[[u32; 3]]) -> Vec<usize> {
    let mut copies: FxHashMap<[u32; 3], Copies> = FxHashMap::default();
    copies.reserve(triangles.len());
    for (number, &corners) in triangles.iter().enumerate() {
        let (key, is_even) = sorted(corners);
        let entry = copies.entry(key).or_default();
        let (count, first) = if is_even { &mut entry.even } else { &mut entry.odd };
        first.get_or_insert(number);
        *count += 1;
    }
    let is_sheet =
        |corners: [u32; 3]| copies.get(&sorted(corners).0).is_some_and(|copies| copies.even.0 == copies.odd.0);
    let walls = walls(triangles, is_sheet);
    let keeps = |number: &usize| {
        let key = sorted(triangles[*number]).0;
        let Some(Copies { even, odd }) = copies.get(&key) else { return true };
        let first = match even.0.cmp(&odd.0) {
            std::cmp::Ordering::Greater => even.1,
            std::cmp::Ordering::Less => odd.1,
            std::cmp::Ordering::Equal if walls.contains(&key) => None,
            std::cmp::Ordering::Equal => even.1.min(odd.1),
        };
        first == Some(*number)
    };
    (0..triangles.len()).filter(keeps).collect()
}

/// Copies of one triangle: how many, and which comes first, of either orientation.
#[derive(Default)]
struct Copies {
    even: (usize, Option<usize>),
    odd: (usize, Option<usize>),
}

/// The corners in ascending order, and whether that turns them the same way round.
fn sorted([a, b, c]: [u32; 3]) -> ([u32; 3], bool) {
    let mut key = [a, b, c];
    key.sort_unstable();
    (key, key == [a, b, c] || key == [b, c, a] || key == [c, a, b])
}

/// The double sheets that hang on other triangles by at least one edge, directly or through further sheets.
fn walls(triangles: &[[u32; 3]], is_sheet: impl Fn([u32; 3]) -> bool) -> FxHashSet<[u32; 3]> {
    let edges_of = |[a, b, c]: [u32; 3]| [[a.min(b), a.max(b)], [b.min(c), b.max(c)], [c.min(a), c.max(a)]];
    let mut walls = FxHashSet::default();
    let mut sheets_at: FxHashMap<[u32; 2], Vec<[u32; 3]>> = FxHashMap::default();
    let mut others: FxHashSet<[u32; 2]> = FxHashSet::default();
    let (sheets, plain): (Vec<[u32; 3]>, Vec<_>) = triangles.iter().copied().partition(|&corners| is_sheet(corners));
    if sheets.is_empty() {
        return walls;
    }
    for corners in sheets.iter().map(|&corners| sorted(corners).0) {
        for edge in edges_of(corners) {
            let there = sheets_at.entry(edge).or_default();
            if !there.contains(&corners) {
                there.push(corners);
            }
        }
    }
    for corners in plain.into_iter().filter(|&corners| !has_repeated_corner(corners)) {
        others.extend(edges_of(corners).into_iter().filter(|edge| sheets_at.contains_key(edge)));
    }
    let mut open: Vec<[u32; 3]> = others.iter().flat_map(|edge| &sheets_at[edge]).copied().collect();
    while let Some(corners) = open.pop() {
        if walls.insert(corners) {
            open.extend(edges_of(corners).iter().flat_map(|edge| &sheets_at[edge]).copied());
        }
    }
    walls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_sheets() {
        let check = |triangles: &[[u32; 3]], expected: &[usize]| assert_eq!(without_duplicates(triangles), expected);
        check(&[[0, 1, 2], [2, 1, 3]], &[0, 1]);
        check(&[[0, 1, 2], [1, 2, 0], [2, 0, 1]], &[0]);
        // Two one way, one the other.
        check(&[[0, 2, 1], [0, 1, 2], [1, 2, 0]], &[1]);
        // A square stored for both sides.
        check(&[[0, 1, 2], [0, 2, 3], [0, 2, 1], [0, 3, 2]], &[0, 1]);
        // The same square as a wall: its rim belongs to other triangles, its diagonal does not.
        let rim = [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]];
        let wall = [[0, 1, 2], [0, 2, 3], [0, 2, 1], [0, 3, 2]];
        check(&[&rim[..], &wall[..]].concat(), &[0, 1, 2, 3]);
        check(&[&wall[..], &rim[..]].concat(), &[4, 5, 6, 7]);
        check(&[], &[]);
    }
}
