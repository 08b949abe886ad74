//! Points with raw normals, made a cloud.

use glam::DVec3;

use crate::PointCloud;

/// Builds a cloud; normals are brought to unit length. A normal without direction (zero, NaN) makes all of them worthless
/// to whoever relies on one per point: they are then left out with a note.
pub(super) fn cloud(
    positions: Vec<DVec3>,
    normals: Option<Vec<DVec3>>,
    colors: Option<Vec<[u8; 3]>>,
    notes: &mut Vec<String>,
) -> PointCloud {
    let normals = normals.and_then(|raw| {
        let unit: Option<Vec<_>> = raw.iter().map(|normal| normal.try_normalize()).collect();
        if unit.is_none() {
            let count = raw.iter().filter(|normal| normal.try_normalize().is_none()).count();
            notes.push(format!("the normals were left out: {count} of {} have no direction", raw.len()));
        }
        unit
    });
    PointCloud { positions, normals, colors }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_become_unit_or_go() {
        let check = |normals: [DVec3; 2], expected: Option<Vec<DVec3>>| {
            let mut notes = Vec::new();
            let made = cloud(vec![DVec3::ZERO; 2], Some(normals.to_vec()), None, &mut notes);
            assert_eq!(notes.len(), usize::from(expected.is_none()));
            assert_eq!(made.normals, expected);
        };
        check([DVec3::X * 3.0, DVec3::Y], Some(vec![DVec3::X, DVec3::Y]));
        check([DVec3::X, DVec3::ZERO], None);
        check([DVec3::X, DVec3::NAN], None);
    }
}
