//! Neighbouring features that differ only in where they stand become one.

use super::Draft;

/// Merges neighbouring drafts of one kind, plane and sweep into one feature of several regions.
pub fn grouped(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut merged: Vec<Draft> = Vec::new();
    for draft in drafts {
        let alike = |other: &Draft| {
            other.feature.kind == draft.feature.kind
                && other.feature.plane == draft.feature.plane
                && other.feature.sweep == draft.feature.sweep
        };
        match merged.last_mut().filter(|last| alike(last)) {
            Some(last) => {
                last.feature.regions.extend(draft.feature.regions);
                last.polygons.extend(draft.polygons);
                last.sure &= draft.sure;
            }
            None => merged.push(draft),
        }
    }
    merged
}
