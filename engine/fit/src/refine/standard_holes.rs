//! Diameters that holes are drilled with for metric screws.
//!
//! Clearance holes: ISO 273:1979, series fine, medium, coarse. Tap drills: nominal diameter less pitch for the coarse threads
//! of ISO 261, to the drill sizes of ISO 2306:1972. Lengths in millimetres.

/// A screw's nominal diameter with its tap drill and its clearance holes (fine, medium, coarse).
struct Screw {
    nominal: f64,
    tap_drill: f64,
    clearance: [f64; 3],
}

const fn screw(nominal: f64, tap_drill: f64, clearance: [f64; 3]) -> Screw {
    Screw { nominal, tap_drill, clearance }
}

const SCREWS: [Screw; 15] = [
    screw(1.6, 1.25, [1.7, 1.8, 2.0]),
    screw(2.0, 1.6, [2.2, 2.4, 2.6]),
    screw(2.5, 2.05, [2.7, 2.9, 3.1]),
    screw(3.0, 2.5, [3.2, 3.4, 3.6]),
    screw(4.0, 3.3, [4.3, 4.5, 4.8]),
    screw(5.0, 4.2, [5.3, 5.5, 5.8]),
    screw(6.0, 5.0, [6.4, 6.6, 7.0]),
    screw(8.0, 6.8, [8.4, 9.0, 10.0]),
    screw(10.0, 8.5, [10.5, 11.0, 12.0]),
    screw(12.0, 10.2, [13.0, 13.5, 14.5]),
    screw(14.0, 12.0, [15.0, 15.5, 16.5]),
    screw(16.0, 14.0, [17.0, 17.5, 18.5]),
    screw(20.0, 17.5, [21.0, 22.0, 24.0]),
    screw(24.0, 21.0, [25.0, 26.0, 28.0]),
    screw(30.0, 26.5, [31.0, 33.0, 35.0]),
];

/// The standard diameter nearest to `diameter_mm` and what it is for.
pub(super) fn nearest(diameter_mm: f64) -> Option<(f64, String)> {
    let all = SCREWS.iter().flat_map(|s| {
        let named = [(s.clearance[1], "clearance, medium"), (s.tap_drill, "tap drill")]
            .into_iter()
            .chain([(s.clearance[0], "clearance, fine"), (s.clearance[2], "clearance, coarse")]);
        named.map(|(diameter, purpose)| (diameter, s.nominal, purpose))
    });
    // Of equal diameters the first one stays: smaller screws, and the commoner purpose first.
    all.fold(None, |best: Option<(f64, f64, &str)>, new| {
        let closer = best.is_none_or(|b| (new.0 - diameter_mm).abs() < (b.0 - diameter_mm).abs());
        if closer { Some(new) } else { best }
    })
    .map(|(diameter, nominal, purpose)| (diameter, format!("M{nominal} {purpose}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_named() {
        let check = |diameter: f64, expected: (f64, &str)| {
            assert_eq!(nearest(diameter), Some((expected.0, expected.1.to_owned())));
        };
        check(6.59, (6.6, "M6 clearance, medium"));
        check(4.21, (4.2, "M5 tap drill"));
        check(8.52, (8.5, "M10 tap drill"));
    }
}
