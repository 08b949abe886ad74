//! Positions of a prompt's tokens: one number for text and points, three for patches of pictures.

use super::NetworkError;

/// Positions of one sequence along time, row and column.
pub type Positions = [Vec<i64>; 3];

/// Position ids of a prompt, and the position of the first token after it.
///
/// Text and points count on together on all three axes. A picture of `grid_thw` patches, of which `merge` x `merge` make
/// a token, starts at the count `s`: time, row and column of its token are `s + t`, `s + row`, `s + column`; text goes on
/// at `s` plus the longest of the three extents. This is `get_rope_index` of transformers 4.50 for pictures (frames of
/// one second).
///
/// # Errors
/// [`NetworkError::PictureTokensDiffer`] where the grids and the picture tokens do not agree.
pub fn rope_index(
    ids: &[u32],
    picture_tokens: &[u32],
    grids: &[[usize; 3]],
    merge: usize,
) -> Result<(Positions, i64), NetworkError> {
    let is_picture = |id: &u32| picture_tokens.contains(id);
    let extents = |[t, h, w]: &[usize; 3]| [*t, h / merge, w / merge];
    let tokens = ids.iter().filter(|id| is_picture(id)).count();
    let merged: usize = grids.iter().map(|grid| extents(grid).iter().product::<usize>()).sum();
    if tokens != merged {
        return Err(NetworkError::PictureTokensDiffer { tokens, merged });
    }
    let mut positions = Positions::default();
    let mut grids = grids.iter();
    let (mut next, mut i) = (0, 0);
    while i < ids.len() {
        if is_picture(&ids[i])
            && let Some(grid) = grids.next()
        {
            let [frames, rows, columns] = extents(grid);
            let block = frames * rows * columns;
            if ids.len() - i < block || !ids[i..i + block].iter().all(is_picture) {
                return Err(NetworkError::PictureTokensDiffer { tokens, merged });
            }
            for n in 0..block {
                let place = [n / (rows * columns), n / columns % rows, n % columns];
                for (axis, offset) in positions.iter_mut().zip(place) {
                    axis.push(next + offset as i64);
                }
            }
            next += frames.max(rows).max(columns) as i64;
            i += block;
        } else {
            for axis in &mut positions {
                axis.push(next);
            }
            next += 1;
            i += 1;
        }
    }
    Ok((positions, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_counts_on_all_axes() {
        let (positions, next) = rope_index(&[5, 6, 7], &[9], &[], 2).unwrap();
        assert_eq!((positions, next), ([vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 2]], 3));
    }

    #[test]
    fn a_picture_counts_rows_and_columns_and_text_resumes_after_the_longest() {
        let (positions, next) = rope_index(&[5, 9, 9, 9, 9, 9, 9, 6], &[9], &[[1, 4, 6]], 2).unwrap();
        assert_eq!(positions[0], [0, 1, 1, 1, 1, 1, 1, 4]);
        assert_eq!(positions[1], [0, 1, 1, 1, 2, 2, 2, 4]);
        assert_eq!(positions[2], [0, 1, 2, 3, 1, 2, 3, 4]);
        assert_eq!(next, 5);
    }

    #[test]
    fn two_pictures_stand_side_by_side() {
        let (positions, next) = rope_index(&[9, 9, 9], &[9], &[[1, 2, 2], [2, 2, 2]], 2).unwrap();
        assert_eq!((positions[0].as_slice(), next), ([0, 1, 2].as_slice(), 3));
    }

    #[test]
    fn tokens_must_match_the_grids() {
        for (ids, grid) in [(vec![9, 9, 9], [1, 4, 4]), (vec![9, 9, 5, 9, 9], [1, 4, 4]), (vec![9], [1, 0, 4])] {
            assert!(rope_index(&ids, &[9], &[grid], 2).is_err(), "{ids:?}");
        }
    }
}
