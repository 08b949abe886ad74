//! A grid of sample points, finer where the part has levels close together, and sets of its cells.

use glam::DVec3;

/// Sample coordinates and cell lengths along each axis. Thin sheets get cells of their own because every interval
/// between two levels has some, so a sheet's volume is measured as well as a block's.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Sample coordinates along x, y and z.
    pub samples: [Vec<f64>; 3],
    weights: [Vec<f64>; 3],
}

/// A set of cells of a [`Grid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Grid {
    /// A grid over the intervals between `levels` (increasing, at least two per axis) of about `resolution` cells along
    /// the longest axis and at least two in every interval.
    pub fn new(levels: &[Vec<f64>; 3], resolution: usize) -> Self {
        let longest = levels.iter().map(|l| l.last().unwrap_or(&0.0) - l.first().unwrap_or(&0.0)).fold(0.0, f64::max);
        let axis = |levels: &Vec<f64>, salt: u64| {
            let mut samples = Vec::new();
            let mut weights = Vec::new();
            for (k, pair) in levels.windows(2).enumerate() {
                let length = pair[1] - pair[0];
                if length <= 0.0 {
                    continue;
                }
                let n = ((resolution as f64 * length / longest.max(f64::MIN_POSITIVE)).round() as usize).max(2);
                let cell = length / n as f64;
                for i in 0..n {
                    // A fixed irregular offset keeps samples off the mesh's edges and off the outlines' symmetry axes.
                    let offset = 0.5 + 0.3 * scatter(salt + (k as u64) * 1009 + i as u64);
                    samples.push(pair[0] + (i as f64 + offset) * cell);
                    weights.push(cell);
                }
            }
            (samples, weights)
        };
        let [(sx, wx), (sy, wy), (sz, wz)] = [axis(&levels[0], 1), axis(&levels[1], 7001), axis(&levels[2], 15013)];
        Self { samples: [sx, sy, sz], weights: [wx, wy, wz] }
    }

    /// Numbers of cells along the axes.
    pub fn shape(&self) -> [usize; 3] {
        [0, 1, 2].map(|a| self.samples[a].len())
    }

    /// Index of a cell; z runs fastest.
    pub fn index(&self, x: usize, y: usize, z: usize) -> usize {
        (x * self.samples[1].len() + y) * self.samples[2].len() + z
    }

    /// The sample point of a cell.
    pub fn point(&self, x: usize, y: usize, z: usize) -> DVec3 {
        DVec3::new(self.samples[0][x], self.samples[1][y], self.samples[2][z])
    }

    /// The empty set.
    pub fn none(&self) -> Bits {
        let [x, y, z] = self.shape();
        Bits { words: vec![0; (x * y * z).div_ceil(64)] }
    }

    /// The volume of a set.
    pub fn volume(&self, bits: &Bits) -> f64 {
        self.volumes(|w| bits.words[w])
    }

    /// Volume of the intersection by volume of the union; zero when both are empty.
    pub fn iou(&self, a: &Bits, b: &Bits) -> f64 {
        let union = self.volumes(|w| a.words[w] | b.words[w]);
        if union > 0.0 { self.volumes(|w| a.words[w] & b.words[w]) / union } else { 0.0 }
    }

    fn volumes(&self, word: impl Fn(usize) -> u64) -> f64 {
        let [nx, ny, nz] = self.shape();
        let mut total = 0.0;
        for x in 0..nx {
            let mut sheet = 0.0;
            for y in 0..ny {
                let start = (x * ny + y) * nz;
                let mut column = 0.0;
                let mut z = 0;
                while z < nz {
                    let bit = start + z;
                    let bits = word(bit / 64) >> (bit % 64);
                    let span = (64 - bit % 64).min(nz - z);
                    if bits != 0 {
                        for (k, w) in self.weights[2][z..z + span].iter().enumerate() {
                            if bits >> k & 1 == 1 {
                                column += w;
                            }
                        }
                    }
                    z += span;
                }
                sheet += column * self.weights[1][y];
            }
            total += sheet * self.weights[0][x];
        }
        total
    }
}

impl Bits {
    /// Whether a cell is in the set.
    pub fn has(&self, index: usize) -> bool {
        self.words[index / 64] >> (index % 64) & 1 == 1
    }

    /// Puts a cell in.
    pub fn insert(&mut self, index: usize) {
        self.words[index / 64] |= 1 << (index % 64);
    }

    /// Everything in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// This less the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// What at least two of three sets hold.
    #[must_use]
    pub fn majority(a: &Self, b: &Self, c: &Self) -> Self {
        let words = (0..a.words.len())
            .map(|i| (a.words[i] & b.words[i]) | (b.words[i] & c.words[i]) | (a.words[i] & c.words[i]))
            .collect();
        Self { words }
    }

    fn zip(&self, other: &Self, f: impl Fn(u64, u64) -> u64) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(&a, &b)| f(a, b)).collect() }
    }
}

/// A fixed pseudo-random number in -1..1 (splitmix64).
fn scatter(seed: u64) -> f64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_intervals_have_their_own_cells_and_volumes_are_exact_for_whole_intervals() {
        let grid = Grid::new(&[vec![0.0, 10.0], vec![0.0, 5.0], vec![0.0, 0.01, 4.0]], 20);
        let mut sheet = grid.none();
        let [nx, ny, nz] = grid.shape();
        let mut all = grid.none();
        for x in 0..nx {
            for y in 0..ny {
                for z in 0..nz {
                    all.insert(grid.index(x, y, z));
                    if grid.point(x, y, z).z < 0.01 {
                        sheet.insert(grid.index(x, y, z));
                    }
                }
            }
        }
        assert!((grid.volume(&sheet) - 0.5).abs() < 1e-9);
        assert!((grid.volume(&all) - 200.0).abs() < 1e-9);
        assert!((grid.iou(&sheet, &all) - 0.0025).abs() < 1e-9);
        assert!((grid.volume(&all.minus(&sheet)) - 199.5).abs() < 1e-9);
        assert_eq!(all.minus(&sheet).union(&sheet), all);
    }
}
