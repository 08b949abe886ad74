//! Right programs made wrong: what a network learns to improve (`CADReasoner`, arXiv 2603.29847).

use partwright_cadquery::rewrite::without_one_body;
use partwright_geometry::{Bounds, TriMesh};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

/// Most numbers that are changed at once.
const MOST_CHANGED: usize = 4;
/// The most by which a number is off.
const MOST_OFF: i64 = 30;

/// A program like `program`, which makes `part`, but for a fault or two; the same for the same draws. `None` where it has
/// nothing that could be made wrong.
pub fn damaged(program: &str, part: &TriMesh, random: &mut ChaCha8Rng) -> Option<String> {
    // A part may be the very box around it.
    drawn(program, part, random).filter(|found| found != program)
}

fn drawn(program: &str, part: &TriMesh, random: &mut ChaCha8Rng) -> Option<String> {
    match random.random_range(0..10) {
        0..5 => off_by(program, random),
        5..8 => {
            let shorter = without_one_body(program).choose(random).cloned();
            match shorter {
                // Some of what is left may be off, too.
                Some(shorter) if random.random::<f64>() < 0.4 => off_by(&shorter, random).or(Some(shorter)),
                Some(shorter) => Some(shorter),
                None => off_by(program, random),
            }
        }
        // What one falls back on: the box around all of it, or one of its bodies alone.
        8 => around(part),
        _ => {
            let mut alone = without_one_body(program).choose(random).cloned()?;
            while let Some(shorter) = without_one_body(&alone).choose(random).cloned() {
                alone = shorter;
            }
            Some(alone)
        }
    }
}

/// Some whole numbers of the program, those of its sketches and bodies, changed.
fn off_by(program: &str, random: &mut ChaCha8Rng) -> Option<String> {
    let numbers = numbers(program);
    let count = random.random_range(1..=MOST_CHANGED).min(numbers.len());
    if count == 0 {
        return None;
    }
    let mut places = rand::seq::index::sample(random, numbers.len(), count).into_vec();
    // From the end, so that places before it stay.
    places.sort_unstable_by(|a, b| b.cmp(a));
    let mut text = program.to_owned();
    for place in places {
        let (start, end) = numbers[place];
        let value: i64 = text[start..end].parse().ok()?;
        let off = random.random_range(1..=MOST_OFF) * if random.random() { 1 } else { -1 };
        let off = if (value + off).abs() > 200 { -off } else { off };
        text.replace_range(start..end, &(value + off).to_string());
    }
    (text != program).then_some(text)
}

/// Where whole numbers stand that are arguments: after a bracket or a comma, the sign included.
fn numbers(program: &str) -> Vec<(usize, usize)> {
    let bytes = program.as_bytes();
    let mut found = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        let begins = i > 0 && matches!(bytes[i - 1], b'(' | b',' | b'=');
        let digits = i + usize::from(bytes[i] == b'-');
        let end = bytes[digits..].iter().take_while(|b| b.is_ascii_digit()).count() + digits;
        if begins && end > digits && matches!(bytes.get(end), Some(b',' | b')')) {
            found.push((i, end));
            i = end;
        } else {
            i += 1;
        }
    }
    found
}

/// The box around a part, as a program.
fn around(part: &TriMesh) -> Option<String> {
    let bounds = Bounds::of_mesh(part)?;
    let [x, y, z] = bounds.size().to_array().map(|side| (side.round() as i64).max(1));
    Some(format!("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box({x},{y},{z})"))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::reward::{Maker as _, OfThisProcess};

    const PROGRAM: &str = "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-25))\nr=w0.sketch().rect(200,100)\
        .push([(-50,20)]).circle(15,mode='s').finalize().extrude(50).union(w0.workplane(offset=50/2).box(40,40,100))";

    #[test]
    fn numbers_are_found_with_their_signs() {
        let found: Vec<&str> = numbers(PROGRAM).into_iter().map(|(start, end)| &PROGRAM[start..end]).collect();
        assert_eq!(found, ["0", "0", "-25", "200", "100", "-50", "20", "15", "50", "40", "40", "100"]);
        assert!(numbers("r=a.box(1.5,x2,3/2)").is_empty());
    }

    #[test]
    fn damaged_programs_differ_and_most_of_them_make_something() {
        let maker = OfThisProcess::default();
        let part = maker.make(PROGRAM).unwrap();
        let mut made = 0;
        for seed in 0..60 {
            let draw = || ChaCha8Rng::seed_from_u64(seed);
            let found = damaged(PROGRAM, &part, &mut draw()).unwrap();
            assert_ne!(found, PROGRAM);
            assert_eq!(damaged(PROGRAM, &part, &mut draw()), Some(found.clone()));
            made += usize::from(maker.make(&found).is_ok());
        }
        assert!(made > 45, "{made} of 60");
    }
}
