//! One part's XML to objects and a build list.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::BufRead;

use glam::{DAffine3, DVec3};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::placement;
use crate::LengthUnit;
use crate::TriMesh;
use crate::format::number::{is_usable, parse_f64, parse_i64};
use crate::format::{FileFormat, FormatError, Place};

/// What a model part says.
#[derive(Default)]
pub(super) struct Model {
    pub(super) unit: Unit,
    pub(super) objects: BTreeMap<u64, Object>,
    pub(super) build: Vec<Placed>,
}

/// The unit, with the factor that brings lengths into it: 3MF knows more units than the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) length: LengthUnit,
    pub(super) factor: Option<f64>,
    pub(super) name: &'static str,
}

impl Default for Unit {
    fn default() -> Self {
        Self { length: LengthUnit::Millimetre, factor: None, name: "millimeter" }
    }
}

/// A shape, or a group of placed shapes.
#[derive(Default)]
pub(super) struct Object {
    pub(super) mesh: TriMesh,
    pub(super) components: Vec<Placed>,
    /// Material that holds the part up while it is printed.
    pub(super) is_support: bool,
}

/// An object put somewhere, by a component or the build list.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) object: u64,
    /// The part that holds the object, when it is another one.
    pub(super) path: Option<String>,
    pub(super) here_from_object: DAffine3,
    /// Where it is written.
    pub(super) place: Place,
}

/// Reads a model part.
///
/// # Errors
/// When the XML is damaged or a value is missing or unusable.
pub(super) fn read(part: &str, source: impl BufRead) -> Result<Model, FormatError> {
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut model = Model::default();
    let mut object: Option<(u64, Object)> = None;
    let mut seen_model = false;
    loop {
        buffer.clear();
        let start = reader.buffer_position();
        let event = reader.read_event_into(&mut buffer);
        let at = |byte| Place::Part { name: part.to_owned(), byte };
        match event {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let tag = Tag { part, byte: start, start: tag };
                match (tag.start.local_name().into_inner(), &mut object) {
                    ("model", _) => {
                        seen_model = true;
                        model.unit = tag.unit()?;
                    }
                    ("object", _) => {
                        let is_support = matches!(tag.text("type").as_deref(), Some("support" | "solidsupport"));
                        object = Some((tag.id("id")?, Object { is_support, ..Object::default() }));
                    }
                    ("vertex", Some((_, object))) => object.mesh.positions.push(tag.point()?),
                    ("triangle", Some((_, object))) => {
                        let triangle = tag.triangle(object.mesh.positions.len())?;
                        object.mesh.triangles.push(triangle);
                    }
                    ("component", Some((_, object))) => object.components.push(tag.placed()?),
                    ("item", None) => model.build.push(tag.placed()?),
                    _ => {}
                }
            }
            Ok(Event::End(tag)) if tag.local_name().into_inner() == "object" => {
                if let Some((id, finished)) = object.take()
                    && model.objects.insert(id, finished).is_some()
                {
                    return Err(FormatError::Unexpected {
                        format: FileFormat::ThreeMf,
                        place: at(start),
                        expected: "every object's id once".to_owned(),
                        found: format!("id {id} again"),
                    });
                }
            }
            Ok(Event::Eof) if seen_model && object.is_none() => return Ok(model),
            Ok(Event::Eof) => {
                let expected = if seen_model { "</object>" } else { "<model>" };
                return Err(FormatError::Truncated {
                    format: FileFormat::ThreeMf,
                    place: at(start),
                    expected: expected.to_owned(),
                });
            }
            Ok(_) => {}
            Err(error) => return Err(damaged(part, reader.error_position(), &error)),
        }
    }
}

/// The error for a part that cannot be unpacked or is not well-formed.
pub(super) fn damaged(part: &str, byte: u64, error: &impl Display) -> FormatError {
    FormatError::Unexpected {
        format: FileFormat::ThreeMf,
        place: Place::Part { name: part.to_owned(), byte },
        expected: "well-formed XML in a readable archive".to_owned(),
        found: format!("damage: {error}"),
    }
}

/// An element's start, with its place.
struct Tag<'a, 'b> {
    part: &'a str,
    byte: u64,
    start: BytesStart<'b>,
}

impl Tag<'_, '_> {
    fn place(&self) -> Place {
        Place::Part { name: self.part.to_owned(), byte: self.byte }
    }

    /// An attribute's value by its name without prefix.
    fn text(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let found = attributes.with_checks(false).flatten().find(|found| found.key.local_name().into_inner() == name);
        found.map(|attribute| attribute.value.into_owned())
    }

    fn unexpected(&self, expected: &str, found: Option<&str>) -> FormatError {
        FormatError::Unexpected {
            format: FileFormat::ThreeMf,
            place: self.place(),
            expected: expected.to_owned(),
            found: found.map_or_else(|| "no such attribute".to_owned(), |found| format!("{found:?}")),
        }
    }

    fn id(&self, name: &str) -> Result<u64, FormatError> {
        let text = self.text(name);
        let id = text.as_deref().and_then(|text| parse_i64(text.trim().as_bytes()));
        id.and_then(|id| u64::try_from(id).ok())
            .ok_or_else(|| self.unexpected(&format!("a number as the attribute \"{name}\""), text.as_deref()))
    }

    fn unit(&self) -> Result<Unit, FormatError> {
        let of = |length, factor, name| Ok(Unit { length, factor, name });
        let text = self.text("unit");
        match text.as_deref() {
            None | Some("millimeter") => of(LengthUnit::Millimetre, None, "millimeter"),
            Some("centimeter") => of(LengthUnit::Centimetre, None, "centimeter"),
            Some("meter") => of(LengthUnit::Metre, None, "meter"),
            Some("inch") => of(LengthUnit::Inch, None, "inch"),
            Some("foot") => of(LengthUnit::Inch, Some(12.0), "foot"),
            Some("micron") => of(LengthUnit::Millimetre, Some(0.001), "micron"),
            other => Err(self.unexpected("the unit micron, millimeter, centimeter, inch, foot or meter", other)),
        }
    }

    /// The attributes x, y and z; read in one pass, since a file has millions of them.
    fn point(&self) -> Result<DVec3, FormatError> {
        let mut point = [None; 3];
        for attribute in self.start.attributes().with_checks(false).flatten() {
            let Some(axis) = ["x", "y", "z"].iter().position(|&axis| axis == attribute.key.into_inner()) else {
                continue;
            };
            let Some(value) = parse_f64(attribute.value.trim().as_bytes()) else {
                return Err(self.unexpected("a number as a coordinate", Some(&attribute.value)));
            };
            if !is_usable(value) {
                return Err(FormatError::CoordinateNotFinite {
                    format: FileFormat::ThreeMf,
                    place: self.place(),
                    value: attribute.value.into_owned(),
                });
            }
            point[axis] = Some(value);
        }
        match point {
            [Some(x), Some(y), Some(z)] => Ok(DVec3::new(x, y, z)),
            _ => Err(self.unexpected("the attributes x, y and z", None)),
        }
    }

    /// The attributes v1, v2 and v3.
    fn triangle(&self, count: usize) -> Result<[u32; 3], FormatError> {
        let mut corners = [None; 3];
        for attribute in self.start.attributes().with_checks(false).flatten() {
            let Some(slot) = ["v1", "v2", "v3"].iter().position(|&name| name == attribute.key.into_inner()) else {
                continue;
            };
            let Some(index) = parse_i64(attribute.value.trim().as_bytes()) else {
                return Err(self.unexpected("the whole number of a vertex", Some(&attribute.value)));
            };
            let Some(corner) = u32::try_from(index).ok().filter(|&corner| (corner as usize) < count) else {
                return Err(FormatError::IndexOutOfRange {
                    format: FileFormat::ThreeMf,
                    place: self.place(),
                    index,
                    count: count as u64,
                    first: 0,
                });
            };
            corners[slot] = Some(corner);
        }
        match corners {
            [Some(a), Some(b), Some(c)] => Ok([a, b, c]),
            _ => Err(self.unexpected("the attributes v1, v2 and v3", None)),
        }
    }

    fn placed(&self) -> Result<Placed, FormatError> {
        let here_from_object = match self.text("transform") {
            None => DAffine3::IDENTITY,
            Some(text) => placement::parse(&text)
                .ok_or_else(|| self.unexpected("12 finite numbers as the attribute \"transform\"", Some(&text)))?,
        };
        Ok(Placed { object: self.id("objectid")?, path: self.text("path"), here_from_object, place: self.place() })
    }
}
