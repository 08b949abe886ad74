//! The two files of one shard.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use partwright_geometry::save;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::Value;

use super::{DatasetError, Line};
use crate::generate::Record;
use crate::{Sample, Views};

/// A shard that is whole: its tensors are all there, and as many lines.
#[derive(Clone, Debug)]
pub(super) struct ShardFile {
    tensors: PathBuf,
    lines: PathBuf,
    /// Where each line begins, and the end.
    starts: Vec<u64>,
    points: Rows,
    views: Option<Rows>,
    /// The indices it was made from.
    pub(super) indices: Range<u64>,
}

/// Where the rows of a tensor lie in the file.
#[derive(Clone, Copy, Debug)]
struct Rows {
    start: u64,
    row_bytes: u64,
}

/// The entry of the header that names the indices a shard was made from, as in `0..4096`.
const INDICES: &str = "indices";
/// Headers are far shorter.
const MOST_HEADER_BYTES: u64 = 1 << 20;

fn extended(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}

/// Writes a shard, its lines last: where they are, all is there.
pub(super) fn write(path: &Path, records: &[Record], indices: Range<u64>) -> Result<(), DatasetError> {
    let tensors = extended(path, "safetensors");
    let failed = |error: &dyn std::fmt::Display| DatasetError::damaged(&tensors, error.to_string());
    let count = records.len();
    let per_part = records.first().map_or(0, |record| record.sample.points.len());
    let points: Vec<u8> =
        records.iter().flat_map(|record| record.sample.points.iter().flatten().flat_map(|v| v.to_le_bytes())).collect();
    let views: Vec<u8> =
        records.iter().flat_map(|record| record.sample.views.rgb().unwrap_or_default().into_owned()).collect();
    let mut named = vec![(
        "points",
        TensorView::new(Dtype::F32, vec![count, per_part, 3], &points).map_err(|error| failed(&error))?,
    )];
    if let Some(bytes) = records.first().and_then(|record| record.sample.views.rgb()).map(|bytes| bytes.len()) {
        let side = (bytes / 3).isqrt();
        let view = TensorView::new(Dtype::U8, vec![count, side, side, 3], &views).map_err(|error| failed(&error))?;
        named.push(("views", view));
    }
    // One entry alone: the order of several would change from run to run.
    let metadata = HashMap::from([(INDICES.to_owned(), format!("{}..{}", indices.start, indices.end))]);
    let bytes = safetensors::serialize(named, Some(metadata)).map_err(|error| failed(&error))?;
    // A shard that is written again has no lines while it is not whole.
    let lines = extended(path, "jsonl");
    match fs::remove_file(&lines) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(DatasetError::named(&lines, &error)),
        _ => {}
    }
    save::atomically(&tensors, |file| file.write_all(&bytes))?;
    save::atomically(&lines, |file| {
        for record in records {
            serde_json::to_writer(&mut *file, &Line::of(record))?;
            file.write_all(b"\n")?;
        }
        Ok::<_, std::io::Error>(())
    })?;
    Ok(())
}

impl ShardFile {
    /// Finds the parts of a shard.
    ///
    /// # Errors
    /// A file that is missing, cut off or not what it should be.
    pub(super) fn open(path: &Path) -> Result<Self, DatasetError> {
        let (tensors, lines) = (extended(path, "safetensors"), extended(path, "jsonl"));
        let header = read_header(&tensors)?;
        let starts = line_starts(&lines)?;
        let damaged = |why: &str| DatasetError::damaged(&tensors, why);
        let indices = header.json["__metadata__"][INDICES].as_str().and_then(|text| {
            let (first, end) = text.split_once("..")?;
            Some(first.parse().ok()?..end.parse().ok()?)
        });
        let indices = indices.ok_or_else(|| damaged("it does not name its indices"))?;
        let points = header.rows("points").ok_or_else(|| damaged("it has no points"))?;
        let rows = header.count("points").unwrap_or_default();
        if starts.len() as u64 != rows + 1 {
            let why = format!("it has {} lines, and there are points of {rows} parts", starts.len() - 1);
            return Err(DatasetError::damaged(&lines, why));
        }
        let views = header.rows("views");
        Ok(Self { tensors, lines, starts, points, views, indices })
    }

    /// How many samples it has.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// All its lines.
    pub(super) fn lines(&self) -> Result<Vec<Line>, DatasetError> {
        let text = fs::read_to_string(&self.lines).map_err(|error| DatasetError::named(&self.lines, &error))?;
        text.lines().map(|line| self.line_of(line.as_bytes())).collect()
    }

    /// One line.
    pub(super) fn line(&self, row: usize) -> Result<Line, DatasetError> {
        let (start, end) = (self.starts[row], self.starts[row + 1]);
        self.line_of(&read_at(&self.lines, start, end - start)?)
    }

    /// One sample.
    pub(super) fn sample(&self, row: usize) -> Result<Sample, DatasetError> {
        let line = self.line(row)?;
        let rows = |rows: Rows| read_at(&self.tensors, rows.start + row as u64 * rows.row_bytes, rows.row_bytes);
        let coordinate = |bytes: &[u8]| bytes.try_into().map_or(f32::NAN, f32::from_le_bytes);
        let points = rows(self.points)?
            .chunks_exact(12)
            .map(|point| [coordinate(&point[..4]), coordinate(&point[4..8]), coordinate(&point[8..])])
            .collect();
        let views = self.views.map(rows).transpose()?.map_or(Views::Absent, Views::Drawn);
        Ok(Sample { program: line.program, points, captions: line.captions, views })
    }

    fn line_of(&self, bytes: &[u8]) -> Result<Line, DatasetError> {
        serde_json::from_slice(bytes).map_err(|error| DatasetError::damaged(&self.lines, error.to_string()))
    }
}

struct Header {
    json: Value,
    /// Where the tensors begin.
    base: u64,
}

impl Header {
    fn count(&self, name: &str) -> Option<u64> {
        self.json[name]["shape"][0].as_u64()
    }

    fn rows(&self, name: &str) -> Option<Rows> {
        let offset = |place: usize| self.json[name]["data_offsets"][place].as_u64();
        let (start, end, count) = (offset(0)?, offset(1)?, self.count(name)?);
        let row_bytes = end.checked_sub(start)?.checked_div(count).unwrap_or_default();
        Some(Rows { start: self.base + start, row_bytes })
    }
}

/// The header of a safetensors file, which is as long as it says.
fn read_header(path: &Path) -> Result<Header, DatasetError> {
    let named = |error: &std::io::Error| DatasetError::named(path, error);
    let mut file = File::open(path).map_err(|error| named(&error))?;
    let bytes = file.metadata().map_err(|error| named(&error))?.len();
    let mut length = [0; 8];
    let cut_off = || DatasetError::damaged(path, "it is cut off");
    file.read_exact(&mut length).map_err(|_| cut_off())?;
    let length = u64::from_le_bytes(length);
    if length > MOST_HEADER_BYTES || 8 + length > bytes {
        return Err(cut_off());
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header).map_err(|_| cut_off())?;
    let json: Value =
        serde_json::from_slice(&header).map_err(|error| DatasetError::damaged(path, error.to_string()))?;
    let ends = json.as_object().into_iter().flatten().filter_map(|(_, tensor)| tensor["data_offsets"][1].as_u64());
    let base = 8 + length;
    if base + ends.max().unwrap_or_default() != bytes {
        return Err(cut_off());
    }
    Ok(Header { json, base })
}

fn line_starts(path: &Path) -> Result<Vec<u64>, DatasetError> {
    let named = |error: &std::io::Error| DatasetError::named(path, error);
    let mut reader = BufReader::new(File::open(path).map_err(|error| named(&error))?);
    let (mut starts, mut at, mut line) = (vec![0], 0, Vec::new());
    while let read = reader.read_until(b'\n', &mut line).map_err(|error| named(&error))?
        && read > 0
    {
        if line.last() != Some(&b'\n') {
            return Err(DatasetError::damaged(path, "its last line is cut off"));
        }
        at += read as u64;
        starts.push(at);
        line.clear();
    }
    Ok(starts)
}

fn read_at(path: &Path, start: u64, count: u64) -> Result<Vec<u8>, DatasetError> {
    let mut bytes = vec![0; count as usize];
    let mut read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)
    };
    read().map_err(|error| DatasetError::named(path, &error))?;
    Ok(bytes)
}
