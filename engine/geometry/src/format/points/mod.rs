//! Points as text, one per line: XYZ, PTS, CSV, ASC and their many dialects.
//!
//! Separators are blanks, tabs, commas or semicolons; where they are not commas, a comma may be the decimal sign. A first
//! line may name the columns (also behind `#` or `//`), or count the points (PTS, where several counted blocks may follow
//! one another). Columns without names are told apart by their values: vectors of unit length are normals, whole numbers
//! from 0 to 255 are colours, everything else is ignored.

mod columns;
mod layout;
mod read;

pub(super) use layout::looks_like_points;
pub(super) use read::read;
