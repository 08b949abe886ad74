//! Which numbers are round.
//!
//! In a known unit drawings are made to 1, 0.5, 0.1, 0.05 or 0.01 mm, or to fractions of an inch. Where the unit is not
//! known, decimal steps follow the size of the part, and a step counts only where the number lies closer to it than chance
//! would have it, or where the scan cannot tell the difference.

use partwright_geometry::LengthUnit;

use super::record::Relation;

/// A number that another may be meant to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) relation: Relation,
    pub(super) value: f64,
}

/// Steps of lengths in drawings, in millimetres, coarsest first.
const MILLIMETRES: [f64; 5] = [1.0, 0.5, 0.1, 0.05, 0.01];
/// Fractions of an inch, coarsest first.
const INCHES: [f64; 7] = [1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015_625];
/// A number this near to a step, as a share of half the step, is so by chance once in seven times.
const SURPRISING: f64 = 0.15;

/// The round numbers near `value`, coarsest step first; `deviation` says how well the value is known, `size` is the
/// part's longest side, `unit` that of the numbers. Zero is one of them only where `zero` says so: no length is.
pub(super) fn round_numbers(value: f64, deviation: f64, size: f64, (unit, zero): (LengthUnit, bool)) -> Vec<Target> {
    let nearest = |step: f64, relation: Relation| {
        let steps = (value / step).round();
        // Multiples of an inverse that is whole are exact where those of the step are not.
        let inverse = (1.0 / step).round();
        let exact = if (inverse * step - 1.0).abs() < 1e-12 { steps / inverse } else { steps * step };
        (steps != 0.0 || zero).then_some(Target { relation, value: exact })
    };
    let surprising = |t: &Target, step: f64| 2.0 * (t.value - value).abs().max(deviation) <= SURPRISING * step;
    let Some(per_unit) = unit.millimetres() else {
        let base = 10f64.powi(size.log10().floor() as i32 - 2);
        let steps = [10.0, 5.0, 1.0, 0.5, 0.1, 0.05, 0.01].map(|s| s * base);
        return steps
            .into_iter()
            .filter_map(|step| nearest(step, Relation::Round).filter(|t| step <= deviation || surprising(t, step)))
            .collect();
    };
    let decimal = MILLIMETRES.iter().filter_map(|mm| nearest(mm / per_unit, Relation::Round));
    let inches = INCHES.iter().filter_map(|inch| {
        let step = inch * 25.4 / per_unit;
        let target = nearest(step, Relation::Inch)?;
        // Millimetres come first in a metric file: only a number that is surprisingly near counts, and no nearer one is
        // passed over for it.
        let near = surprising(&target, step) && (target.value - value).abs() <= 2.0 * deviation;
        (unit == LengthUnit::Inch || near).then_some(target)
    });
    if unit == LengthUnit::Inch {
        let thousandths = [0.1, 0.01, 0.005, 0.001].into_iter().filter_map(|s| nearest(s, Relation::Round));
        return inches.chain(thousandths).collect();
    }
    // A fraction of an inch is believed before hundredths of a millimetre, which everything is near to.
    let (coarse, fine): (Vec<Target>, Vec<Target>) = {
        let all: Vec<Target> = decimal.collect();
        let split = all.len().min(3);
        (all[..split].to_vec(), all[split..].to_vec())
    };
    coarse.into_iter().chain(inches).chain(fine).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_steps_come_first_and_inches_where_they_fit() {
        let first = |value: f64, deviation: f64, unit: LengthUnit| {
            let near = round_numbers(value, deviation, 100.0, (unit, false));
            near.into_iter().find(|t| (t.value - value).abs() <= 2.5 * deviation).map(|t| (t.relation, t.value))
        };
        let mm = LengthUnit::Millimetre;
        assert_eq!(first(9.997, 0.002, mm), Some((Relation::Round, 10.0)));
        assert_eq!(first(9.9301, 0.0005, mm), Some((Relation::Round, 9.93)));
        assert_eq!(first(6.3503, 0.0005, mm), Some((Relation::Inch, 6.35)));
        assert_eq!(first(0.3751, 0.0002, LengthUnit::Inch), Some((Relation::Inch, 0.375)));
        assert_eq!(first(0.9997, 0.0002, LengthUnit::Centimetre), Some((Relation::Round, 1.0)));
    }

    #[test]
    fn without_a_unit_only_what_is_no_chance_is_round() {
        let check = |value: f64, deviation: f64, expected: Option<f64>| {
            let near = round_numbers(value, deviation, 1.0, (LengthUnit::Unknown, false));
            let found = near.into_iter().find(|t| (t.value - value).abs() <= 2.5 * deviation).map(|t| t.value);
            assert_eq!(found, expected, "{value}");
        };
        check(0.500_01, 2e-5, Some(0.5));
        check(0.333_34, 1e-5, None);
        check(0.333_34, 2e-3, Some(0.333));
    }
}
