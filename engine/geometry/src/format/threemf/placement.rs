//! Where an object stands: 3MF's twelve numbers.

use glam::{DAffine3, DVec3};

use crate::format::number::{is_usable, parse_f64};

/// Reads the attribute `transform`: a 4 x 3 matrix, row by row, for points as row vectors. `None` when it is not that.
pub(super) fn parse(text: &str) -> Option<DAffine3> {
    let mut numbers = [0.0; 12];
    let mut words = text.split_ascii_whitespace();
    for number in &mut numbers {
        *number = parse_f64(words.next()?.as_bytes()).filter(|&value| is_usable(value))?;
    }
    let [xx, xy, xz, yx, yy, yz, zx, zy, zz, tx, ty, tz] = numbers;
    words.next().is_none().then(|| {
        DAffine3::from_cols(
            DVec3::new(xx, xy, xz),
            DVec3::new(yx, yy, yz),
            DVec3::new(zx, zy, zz),
            DVec3::new(tx, ty, tz),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_images_of_the_axes() {
        let turn = parse(" 0 1 0  -1 0 0  0 0 1  10 20 30 ").unwrap();
        assert_eq!(turn.transform_point3(DVec3::X), DVec3::new(10.0, 21.0, 30.0));
        assert_eq!(turn.transform_point3(DVec3::Y), DVec3::new(9.0, 20.0, 30.0));
    }

    #[test]
    fn anything_else_is_refused() {
        let check = |text: &str| assert_eq!(parse(text), None, "{text}");
        check("");
        check("1 0 0 0 1 0 0 0 1 0 0");
        check("1 0 0 0 1 0 0 0 1 0 0 0 0");
        check("1 0 0 0 1 0 0 0 nan 0 0 0");
        check("1 0 0 0 1 0 0 0 x 0 0 0");
    }
}
