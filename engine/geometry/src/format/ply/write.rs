//! Binary PLY out: positions in f64, so that a round trip changes nothing.

use std::io::{self, Write};

use glam::DVec3;
use ply_rs::ply::{
    Addable as _, DefaultElement, ElementDef, Encoding, Header, KeyMap, PropertyDef, PropertyType, ScalarType, Version,
};
use ply_rs::writer::Writer;

use crate::format::FormatError;
use crate::format::unit_hint::unit_comment;
use crate::{LengthUnit, PointCloud, TriMesh};

/// Writes a little-endian PLY. The header is `ply-rs`'s; its payload writer stores wrong list lengths (see the module).
///
/// # Errors
/// What `out` returns.
pub(crate) fn write(mesh: &TriMesh, unit: LengthUnit, out: &mut impl Write) -> Result<(), FormatError> {
    let mut header = header(unit);
    // `int` rather than `uint`: more readers expect it, and u32 indices below 2^31 are the same bytes.
    let corners = PropertyType::List(
        ScalarType::UChar,
        if mesh.positions.len() > i32::MAX as usize { ScalarType::UInt } else { ScalarType::Int },
    );
    header.elements.add(element("vertex", mesh.positions.len(), [("x", double()), ("y", double()), ("z", double())]));
    header.elements.add(element("face", mesh.triangles.len(), [("vertex_indices", corners)]));
    write_header(&header, out)?;
    in_blocks(out, &mesh.positions, |point, block| push(*point, block))?;
    in_blocks(out, &mesh.triangles, |triangle, block| {
        block.push(3);
        block.extend(triangle.iter().flat_map(|corner| corner.to_le_bytes()));
    })?;
    Ok(())
}

/// Writes the points of a cloud with their normals; colours are left out.
///
/// # Errors
/// What `out` returns.
pub(crate) fn write_cloud(cloud: &PointCloud, unit: LengthUnit, out: &mut impl Write) -> Result<(), FormatError> {
    let mut header = header(unit);
    let mut vertex = element("vertex", cloud.positions.len(), ["x", "y", "z"].map(|name| (name, double())));
    if cloud.normals.is_some() {
        for name in ["nx", "ny", "nz"] {
            vertex.properties.add(PropertyDef::new(name.to_owned(), double()));
        }
    }
    header.elements.add(vertex);
    write_header(&header, out)?;
    match &cloud.normals {
        None => in_blocks(out, &cloud.positions, |point, block| push(*point, block))?,
        Some(normals) => {
            let both: Vec<(DVec3, DVec3)> = cloud.positions.iter().copied().zip(normals.iter().copied()).collect();
            in_blocks(out, &both, |(point, normal), block| {
                push(*point, block);
                push(*normal, block);
            })?;
        }
    }
    Ok(())
}

fn header(unit: LengthUnit) -> Header {
    let mut header = Header {
        encoding: Encoding::BinaryLittleEndian,
        version: Version { major: 1, minor: 0 },
        obj_infos: Vec::new(),
        comments: vec!["written by Partwright".to_owned()],
        elements: KeyMap::new(),
    };
    header.comments.extend(unit_comment(unit).map(str::to_owned));
    header
}

fn write_header(header: &Header, out: &mut impl Write) -> Result<(), FormatError> {
    let mut head = Vec::new();
    Writer::<DefaultElement>::new().write_header(&mut head, header)?;
    Ok(out.write_all(&head)?)
}

fn double() -> PropertyType {
    PropertyType::Scalar(ScalarType::Double)
}

fn push(vector: DVec3, block: &mut Vec<u8>) {
    block.extend(vector.to_array().iter().flat_map(|value| value.to_le_bytes()));
}

fn element<const N: usize>(name: &str, count: usize, properties: [(&str, PropertyType); N]) -> ElementDef {
    let mut element = ElementDef::new(name.to_owned());
    element.count = count;
    for (name, data) in properties {
        element.properties.add(PropertyDef::new(name.to_owned(), data));
    }
    element
}

/// Encodes items a block at a time.
fn in_blocks<T>(out: &mut impl Write, items: &[T], encode: impl Fn(&T, &mut Vec<u8>)) -> io::Result<()> {
    const ITEMS: usize = 4096;
    let mut block = Vec::new();
    for chunk in items.chunks(ITEMS) {
        block.clear();
        for item in chunk {
            encode(item, &mut block);
        }
        out.write_all(&block)?;
    }
    Ok(())
}
