//! Rows of PLY elements to positions, normals, colours and faces.

use glam::DVec3;
use ply_rs::ply::{PropertyType, ScalarType};

use super::header::Element;
use super::payload::Payload;
use crate::format::number::is_usable;
use crate::format::polygon::Faces;
use crate::format::{FileFormat, FormatError, Place};

/// The columns of a vertex table.
#[derive(Default)]
pub(super) struct Vertices {
    pub(super) positions: Vec<DVec3>,
    pub(super) normals: Option<Vec<DVec3>>,
    pub(super) colors: Option<Vec<[u8; 3]>>,
}

/// What a vertex property means, with its axis or channel.
#[derive(Clone, Copy)]
enum Role {
    Position(usize),
    Normal(usize),
    Color(usize),
    Other,
}

/// Reads the rows of the element `vertex`.
///
/// # Errors
/// When x, y or z is missing, a value is cut off or no number, or a coordinate is not usable.
pub(super) fn read_vertices(element: &Element, payload: &mut impl Payload) -> Result<Vertices, FormatError> {
    let roles: Vec<_> = element.properties.iter().map(|property| role(&property.name, &property.data)).collect();
    let has =
        |wanted: fn(&Role) -> Option<usize>| (0..3).all(|axis| roles.iter().any(|role| wanted(role) == Some(axis)));
    if !has(|role| if let Role::Position(axis) = *role { Some(axis) } else { None }) {
        return Err(FormatError::Unexpected {
            format: FileFormat::Ply,
            place: Place::Line(element.line),
            expected: "the properties x, y and z, once each, in element \"vertex\"".to_owned(),
            found: format!(
                "{:?}",
                element.properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>()
            ),
        });
    }
    let has_normals = has(|role| if let Role::Normal(axis) = *role { Some(axis) } else { None });
    let has_colors = has(|role| if let Role::Color(channel) = *role { Some(channel) } else { None });
    let count = checked_count(element, payload)?;
    let mut positions = Vec::with_capacity(count);
    let mut normals = Vec::with_capacity(if has_normals { count } else { 0 });
    let mut raw_colors = Vec::with_capacity(if has_colors { count } else { 0 });
    for _ in 0..count {
        payload.start_row(element)?;
        let (mut position, mut normal, mut color) = (DVec3::ZERO, DVec3::ZERO, [0.0_f64; 3]);
        for (property, role) in element.properties.iter().zip(&roles) {
            match &property.data {
                PropertyType::List(length, item) => {
                    for _ in 0..list_length(length, item, payload)? {
                        payload.value(item)?;
                    }
                }
                PropertyType::Scalar(scalar) => {
                    let value = payload.value(scalar)?;
                    match *role {
                        Role::Position(axis) if is_usable(value) => position[axis] = value,
                        Role::Position(_) => {
                            return Err(FormatError::CoordinateNotFinite {
                                format: FileFormat::Ply,
                                place: payload.place(),
                                value: value.to_string(),
                            });
                        }
                        Role::Normal(axis) => normal[axis] = value,
                        Role::Color(channel) => color[channel] = value,
                        Role::Other => {}
                    }
                }
            }
        }
        positions.push(position);
        if has_normals {
            normals.push(normal);
        }
        if has_colors {
            raw_colors.push(color);
        }
    }
    let colors = has_colors.then(|| eight_bit(&raw_colors, color_scalar(element, &roles)));
    Ok(Vertices { positions, normals: has_normals.then_some(normals), colors })
}

fn role(name: &str, data: &PropertyType) -> Role {
    if matches!(data, PropertyType::List(..)) {
        return Role::Other;
    }
    match name.to_ascii_lowercase().as_str() {
        "x" => Role::Position(0),
        "y" => Role::Position(1),
        "z" => Role::Position(2),
        "nx" | "normal_x" => Role::Normal(0),
        "ny" | "normal_y" => Role::Normal(1),
        "nz" | "normal_z" => Role::Normal(2),
        "red" | "r" | "diffuse_red" => Role::Color(0),
        "green" | "g" | "diffuse_green" => Role::Color(1),
        "blue" | "b" | "diffuse_blue" => Role::Color(2),
        _ => Role::Other,
    }
}

/// The type of the first colour channel.
fn color_scalar<'a>(element: &'a Element, roles: &[Role]) -> Option<&'a ScalarType> {
    let at = roles.iter().position(|role| matches!(role, Role::Color(_)))?;
    match &element.properties[at].data {
        PropertyType::Scalar(scalar) => Some(scalar),
        PropertyType::List(..) => None,
    }
}

/// Colours as bytes: 16-bit ones lose their low byte, floating-point ones up to 1 are scaled.
fn eight_bit(colors: &[[f64; 3]], scalar: Option<&ScalarType>) -> Vec<[u8; 3]> {
    let scale = match scalar {
        Some(ScalarType::UShort) => 255.0 / 65535.0,
        Some(ScalarType::Float | ScalarType::Double) if colors.iter().flatten().all(|&value| value <= 1.0) => 255.0,
        _ => 1.0,
    };
    // A float-to-integer cast saturates, and takes NaN to 0.
    colors.iter().map(|color| color.map(|value| (value * scale).round() as u8)).collect()
}

/// Reads the rows of the element `face`. Indices are checked against the header's number of vertices.
///
/// # Errors
/// When there is no list of indices, or a list's length or an index is wrong.
pub(super) fn read_faces(
    element: &Element,
    vertex_count: u64,
    payload: &mut impl Payload,
    faces: &mut Faces,
) -> Result<(), FormatError> {
    let indices = index_list(element)?;
    let count = checked_count(element, payload)?;
    *faces = Faces::with_capacity(count);
    let mut corners = Vec::new();
    for _ in 0..count {
        payload.start_row(element)?;
        read_row(element, indices, payload, |value, place| {
            corners.push(corner(value, vertex_count, place)?);
            Ok(())
        })?;
        faces.push(&corners);
        corners.clear();
    }
    Ok(())
}

/// Reads the rows of the element `tristrips` (Stanford's large scans): runs of alternating triangles, ended by -1.
///
/// # Errors
/// As for faces.
pub(super) fn read_strips(
    element: &Element,
    vertex_count: u64,
    payload: &mut impl Payload,
    faces: &mut Faces,
) -> Result<(), FormatError> {
    let indices = index_list(element)?;
    for _ in 0..checked_count(element, payload)? {
        payload.start_row(element)?;
        let mut run: Vec<u32> = Vec::new();
        read_row(element, indices, payload, |value, place| {
            if value as i64 == -1 {
                run.clear();
                return Ok(());
            }
            run.push(corner(value, vertex_count, place)?);
            if let [.., a, b, c] = *run.as_slice() {
                let triangle = if run.len() % 2 == 1 { [a, b, c] } else { [b, a, c] };
                // Strips are joined by triangles without area, which are no part of the surface.
                if a != b && b != c && c != a {
                    faces.push_triangle(triangle);
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Reads one row, handing over the values of the property numbered `indices`.
fn read_row<P: Payload>(
    element: &Element,
    indices: usize,
    payload: &mut P,
    mut each: impl FnMut(f64, &P) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    for (number, property) in element.properties.iter().enumerate() {
        match &property.data {
            PropertyType::Scalar(scalar) => {
                payload.value(scalar)?;
            }
            PropertyType::List(length, item) => {
                for _ in 0..list_length(length, item, payload)? {
                    let value = payload.value(item)?;
                    if number == indices {
                        each(value, payload)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Reads over the rows of an element of no interest.
///
/// # Errors
/// When they are cut off.
pub(super) fn skip(element: &Element, payload: &mut impl Payload) -> Result<(), FormatError> {
    if element.properties.is_empty() {
        return Ok(());
    }
    for _ in 0..checked_count(element, payload)? {
        payload.start_row(element)?;
        read_row(element, usize::MAX, payload, |_, _| Ok(()))?;
    }
    Ok(())
}

/// The number of the property that lists a face's corners.
fn index_list(element: &Element) -> Result<usize, FormatError> {
    let is_list = |data: &PropertyType| matches!(data, PropertyType::List(..));
    let named = |name: &str| matches!(name, "vertex_indices" | "vertex_index" | "vertex_indexes");
    let found = element.properties.iter().position(|property| named(&property.name) && is_list(&property.data));
    found.or_else(|| element.properties.iter().position(|property| is_list(&property.data))).ok_or_else(|| {
        FormatError::Unexpected {
            format: FileFormat::Ply,
            place: Place::Line(element.line),
            expected: format!("a property \"list ... vertex_indices\" in element \"{}\"", element.name),
            found: "no list".to_owned(),
        }
    })
}

/// The number of rows, once it is known that the remaining bytes can hold as many.
fn checked_count(element: &Element, payload: &impl Payload) -> Result<usize, FormatError> {
    let possible = payload.room(element);
    if element.count > possible {
        return Err(FormatError::CountTooLarge {
            format: FileFormat::Ply,
            place: Place::Line(element.line),
            what: format!("rows of element \"{}\"", element.name),
            claimed: element.count,
            possible,
        });
    }
    Ok(element.count as usize)
}

/// Reads the length of a list, once it is known that the remaining bytes can hold as many items.
fn list_length(length: &ScalarType, item: &ScalarType, payload: &mut impl Payload) -> Result<u64, FormatError> {
    let value = payload.value(length)?;
    if value < 0.0 || value.fract() != 0.0 || !value.is_finite() {
        return Err(FormatError::Unexpected {
            format: FileFormat::Ply,
            place: payload.place(),
            expected: "the length of a list".to_owned(),
            found: value.to_string(),
        });
    }
    let (claimed, possible) = (value as u64, payload.list_room(item));
    if claimed > possible {
        let (place, what) = (payload.place(), "items of a list".to_owned());
        return Err(FormatError::CountTooLarge { format: FileFormat::Ply, place, what, claimed, possible });
    }
    Ok(claimed)
}

fn corner(value: f64, count: u64, payload: &impl Payload) -> Result<u32, FormatError> {
    if value.fract() != 0.0 {
        return Err(FormatError::Unexpected {
            format: FileFormat::Ply,
            place: payload.place(),
            expected: "the whole number of a vertex".to_owned(),
            found: value.to_string(),
        });
    }
    if value >= 0.0 && value < count as f64 && value <= f64::from(u32::MAX) {
        return Ok(value as u32);
    }
    let (place, index) = (payload.place(), value as i64);
    Err(FormatError::IndexOutOfRange { format: FileFormat::Ply, place, index, count, first: 0 })
}
