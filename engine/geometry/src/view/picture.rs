//! A square picture, and how views become tiles of a larger one.

/// A square picture, RGB with 8 bits each, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    side_px: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    pub fn plain(side_px: u32, color: [u8; 3]) -> Self {
        Self { side_px, rgb: color.repeat(side_px as usize * side_px as usize) }
    }

    /// A picture of `side_px * side_px * 3` bytes; `None` when there are more or fewer.
    pub fn from_rgb(side_px: u32, rgb: Vec<u8>) -> Option<Self> {
        (rgb.len() == side_px as usize * side_px as usize * 3).then_some(Self { side_px, rgb })
    }

    /// Width and height, in pixels.
    pub fn side_px(&self) -> u32 {
        self.side_px
    }

    /// All bytes, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// All bytes, row by row.
    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// The pixel in a column and row; `None` outside the picture.
    pub fn pixel(&self, column: u32, row: u32) -> Option<[u8; 3]> {
        let start = self.start(column, row)?;
        self.rgb.get(start..start + 3)?.try_into().ok()
    }

    /// Changes a pixel; one outside the picture is left out.
    pub(super) fn set(&mut self, column: u32, row: u32, color: [u8; 3]) {
        if let Some(start) = self.start(column, row) {
            self.rgb[start..start + 3].copy_from_slice(&color);
        }
    }

    /// Puts a smaller picture where its upper left corner comes to `column` and `row`; what lies outside is left out.
    pub(super) fn put(&mut self, tile: &Self, column: u32, row: u32) {
        let width = tile.side_px.min(self.side_px.saturating_sub(column)) as usize * 3;
        let line_bytes = (tile.side_px as usize * 3).max(1);
        for (target_row, line) in (row..).zip(tile.rgb.chunks_exact(line_bytes)) {
            let Some(start) = self.start(column, target_row) else { return };
            self.rgb[start..start + width].copy_from_slice(&line[..width]);
        }
    }

    /// Four pictures in two rows, each in a border.
    pub(super) fn grid(tiles: &[Self; 4], border_px: u32, border: [u8; 3]) -> Self {
        let cell_px = tiles.iter().map(Self::side_px).max().unwrap_or_default() + 2 * border_px;
        let mut grid = Self::plain(2 * cell_px, border);
        for (place, tile) in (0..).zip(tiles) {
            grid.put(tile, place % 2 * cell_px + border_px, place / 2 * cell_px + border_px);
        }
        grid
    }

    fn start(&self, column: u32, row: u32) -> Option<usize> {
        let is_inside = column < self.side_px && row < self.side_px;
        is_inside.then_some((row as usize * self.side_px as usize + column as usize) * 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_a_border_around_each_tile() {
        let colors = [[1; 3], [2; 3], [3; 3], [4; 3]];
        let grid = Picture::grid(&colors.map(|color| Picture::plain(5, color)), 2, [9; 3]);
        assert_eq!(grid.side_px(), 18);
        let check = |column, row, expected: u8| {
            assert_eq!(grid.pixel(column, row), Some([expected; 3]), "{column} {row}");
        };
        for (edge, inside) in [(1, 2), (7, 6), (10, 11), (16, 15)] {
            check(edge, 4, 9);
            check(4, edge, 9);
            check(inside, 4, if inside < 9 { 1 } else { 2 });
            check(4, inside, if inside < 9 { 1 } else { 3 });
        }
        check(11, 11, 4);
        assert_eq!(grid.pixel(18, 0), None);
        assert_eq!(grid.pixel(0, 18), None);
    }

    #[test]
    fn bytes_must_fit_the_side() {
        assert!(Picture::from_rgb(2, vec![0; 12]).is_some());
        assert!(Picture::from_rgb(2, vec![0; 11]).is_none());
    }
}
