//! The archive: finding the model parts and unpacking them within bounds.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::model::{self, Model};
use crate::format::{FileFormat, FormatError, Place};

/// How many times larger than the archive a part may unpack. The XML of meshes shrinks to a tenth or so; a bomb grows a
/// thousandfold.
const LARGEST_GROWTH: u64 = 200;
/// Any part may be this large, however small the archive.
const ALWAYS_ALLOWED: u64 = 16 << 20;

/// An opened archive, with the models read so far.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    largest_part: u64,
    models: BTreeMap<String, Rc<Model>>,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| FormatError::Truncated {
            format: FileFormat::ThreeMf,
            place: Place::Byte(bytes.len() as u64),
            expected: format!("the directory of a zip archive ({error})"),
        })?;
        let largest_part = (bytes.len() as u64).saturating_mul(LARGEST_GROWTH).max(ALWAYS_ALLOWED);
        Ok(Self { archive, largest_part, models: BTreeMap::new() })
    }

    /// The name of the part that holds the build list: the one that the package's relations call the 3D model, or else the
    /// first that is named like one.
    pub(super) fn root(&mut self) -> Result<String, FormatError> {
        if let Some(target) = self.start_part()? {
            return Ok(target);
        }
        let is_model = |name: &&str| name.to_ascii_lowercase().ends_with(".model");
        let mut names: Vec<_> = self.archive.file_names().filter_map(Result::ok).map(String::from).collect();
        names.sort();
        names.iter().map(String::as_str).find(is_model).map(str::to_owned).ok_or_else(|| FormatError::Unexpected {
            format: FileFormat::ThreeMf,
            place: Place::Byte(0),
            expected: "a part named like 3D/3dmodel.model in the archive".to_owned(),
            found: format!("{} other parts", names.len()),
        })
    }

    /// The model in the part named `path`, with or without a leading slash.
    pub(super) fn model(&mut self, path: &str) -> Result<Rc<Model>, FormatError> {
        let name = path.trim_start_matches('/').to_owned();
        if let Some(model) = self.models.get(&name) {
            return Ok(Rc::clone(model));
        }
        let part = self.part(&name)?;
        let model = Rc::new(model::read(&name, part)?);
        self.models.insert(name, Rc::clone(&model));
        Ok(model)
    }

    /// A part's bytes, which end with an error where they grow beyond reason.
    fn part(&mut self, name: &str) -> Result<impl std::io::BufRead, FormatError> {
        let limit = self.largest_part;
        let file = self.archive.by_name(name).map_err(|error| match error {
            ZipError::FileNotFound => FormatError::Unexpected {
                format: FileFormat::ThreeMf,
                place: Place::Part { name: name.to_owned(), byte: 0 },
                expected: "this part in the archive".to_owned(),
                found: "none of that name".to_owned(),
            },
            other => model::damaged(name, 0, &other),
        })?;
        Ok(BufReader::with_capacity(1 << 16, Bounded { inner: file, left: limit }))
    }

    /// The target of the relation to the 3D model in `_rels/.rels`.
    fn start_part(&mut self) -> Result<Option<String>, FormatError> {
        const RELATIONS: &str = "_rels/.rels";
        if self.archive.index_for_name(RELATIONS).is_none() {
            return Ok(None);
        }
        let mut reader = Reader::from_reader(self.part(RELATIONS)?);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().into_inner() == "Relationship" => {
                    let (mut is_model, mut target) = (false, None);
                    for attribute in tag.attributes().with_checks(false).flatten() {
                        match attribute.key.local_name().into_inner() {
                            "Type" => is_model = attribute.value.ends_with("/3dmodel"),
                            "Target" => target = Some(attribute.value.trim_start_matches('/').to_owned()),
                            _ => {}
                        }
                    }
                    if let (true, Some(target)) = (is_model, target) {
                        return Ok(Some(target));
                    }
                }
                Ok(Event::Eof) => return Ok(None),
                Ok(_) => {}
                Err(error) => return Err(model::damaged(RELATIONS, reader.error_position(), &error)),
            }
        }
    }
}

/// A reader that fails instead of giving more than it may.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            std::io::Error::other(format!("it unpacks to more than {LARGEST_GROWTH} times the size of the file"))
        })?;
        Ok(count)
    }
}
