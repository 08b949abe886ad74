//! A PLY file to a mesh, or to a cloud when it has no faces.

use super::elements::{Vertices, read_faces, read_strips, read_vertices, skip};
use super::header::{self, Header};
use super::payload::{AsciiPayload, BinaryPayload, Payload};
use crate::format::cloud::cloud;
use crate::format::polygon::Faces;
use crate::format::read::{Content, ScanFile};
use crate::format::{Encoding, FileFormat, FormatError};
use crate::{Geometry, TriMesh};

/// Reads a PLY file.
///
/// # Errors
/// The header's or the payload's complaint with its line (ascii, header) or byte (binary).
pub(crate) fn read(file: &[u8]) -> Result<ScanFile, FormatError> {
    let header = header::read(file)?;
    let content = if header.encoding == Encoding::Ascii {
        read_payload(&header, &mut AsciiPayload::new(&file[header.payload..], header.lines))?
    } else {
        let big_endian = header.encoding == Encoding::BigEndian;
        read_payload(&header, &mut BinaryPayload::new(file, header.payload, big_endian))?
    };
    Ok(ScanFile::new(FileFormat::Ply, header.encoding, content))
}

fn read_payload(header: &Header, payload: &mut impl Payload) -> Result<Content, FormatError> {
    let vertex_count =
        header.elements.iter().find(|element| element.name == "vertex").map_or(0, |element| element.count);
    let mut vertices: Option<Vertices> = None;
    let mut faces = Faces::default();
    let mut notes = Vec::new();
    for element in &header.elements {
        match element.name.as_str() {
            "vertex" if vertices.is_none() => vertices = Some(read_vertices(element, payload)?),
            "face" if faces.is_empty() => read_faces(element, vertex_count, payload, &mut faces)?,
            "tristrips" => read_strips(element, vertex_count, payload, &mut faces)?,
            _ => skip(element, payload)?,
        }
    }
    if payload.has_rest() {
        notes.push("data after the last element was ignored".to_owned());
    }
    let Some(Vertices { positions, normals, colors }) = vertices.filter(|vertices| !vertices.positions.is_empty())
    else {
        return Err(FormatError::NoGeometry { format: FileFormat::Ply, what: "vertices" });
    };
    notes.extend(faces.notes());
    let geometry = if faces.is_empty() {
        Geometry::Cloud(cloud(positions, normals, colors, &mut notes))
    } else {
        let triangles = faces.into_triangles(&positions);
        Geometry::Mesh(TriMesh { positions, triangles })
    };
    Ok(Content { geometry, unit: header.unit, notes })
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::LengthUnit;

    const SQUARE: &str = "element vertex 4\nproperty float x\nproperty float y\nproperty float z\nelement face 1\n\
        property list uchar int vertex_indices\nend_header\n";

    fn ascii(rows: &str) -> String {
        format!("ply\nformat ascii 1.0\ncomment made by hand, ä\n{SQUARE}{rows}")
    }

    fn binary(order: &str, rows: &[[f32; 3]], count: i32, corners: &[i32]) -> Vec<u8> {
        let big = order == "big";
        let mut file = format!("ply\nformat binary_{order}_endian 1.0\n{SQUARE}").into_bytes();
        let mut push = |bytes: [u8; 4]| {
            let mut bytes = bytes;
            if big {
                bytes.reverse();
            }
            file.extend(bytes);
        };
        rows.iter().flatten().for_each(|value| push(value.to_le_bytes()));
        let mut faces = vec![count as u8];
        for corner in corners {
            faces.extend(if big { corner.to_be_bytes() } else { corner.to_le_bytes() });
        }
        file.extend(faces);
        file
    }

    const CORNERS: [[f32; 3]; 4] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]];

    fn read_mesh(file: &[u8]) -> TriMesh {
        match read(file).unwrap().geometry {
            Geometry::Mesh(mesh) => mesh,
            Geometry::Cloud(_) => panic!("a cloud"),
        }
    }

    #[test]
    fn all_encodings_read_alike() {
        let check = |file: &[u8]| {
            let mesh = read_mesh(file);
            assert_eq!(mesh.positions, CORNERS.map(|corner| DVec3::from(corner.map(f64::from))));
            assert_eq!(mesh.triangles, [[0, 1, 2], [0, 2, 3]]);
        };
        let text = ascii("0 0 0\n1 0 0\n\n1 1.0E0 0 7\n 0 +1 .0\n4 0 1 2 3\n");
        check(text.as_bytes());
        check(text.replace('\n', "\r\n").as_bytes());
        check(format!("\u{feff}{text}").as_bytes());
        check(&binary("little", &CORNERS, 4, &[0, 1, 2, 3]));
        check(&binary("big", &CORNERS, 4, &[0, 1, 2, 3]));
    }

    #[test]
    fn clouds_keep_normals_and_colours() {
        let check = |scalar: &str, row: &str, expected: [u8; 3]| {
            let text = format!(
                "ply\nformat ascii 1.0\ncomment units: inch\nelement vertex 1\nproperty double x\nproperty double y\n\
                 property double z\nproperty float nx\nproperty float ny\nproperty float nz\nproperty {scalar} red\n\
                 property {scalar} green\nproperty {scalar} blue\nproperty list int int extra\nelement face 0\n\
                 property list uchar int vertex_index\nend_header\n1 2 3 0 0 2 {row} 2 8 9\n"
            );
            let file = read(text.as_bytes()).unwrap();
            let Geometry::Cloud(cloud) = file.geometry else { panic!("a mesh") };
            assert_eq!(cloud.positions, [DVec3::new(1.0, 2.0, 3.0)]);
            assert_eq!(cloud.normals, Some(vec![DVec3::Z]));
            assert_eq!(cloud.colors, Some(vec![expected]));
            assert_eq!(file.unit, LengthUnit::Inch);
        };
        check("uchar", "1 2 255", [1, 2, 255]);
        check("ushort", "257 0 65535", [1, 0, 255]);
        check("float", "0.5 0 1", [128, 0, 255]);
        check("float", "128 0 255", [128, 0, 255]);
    }

    #[test]
    fn strips_alternate_and_break() {
        let text = "ply\nformat ascii 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\n\
            element tristrips 1\nproperty list int int vertex_indices\nend_header\n\
            0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 2 0\n9 0 1 2 3 -1 2 3 4 4\n";
        assert_eq!(read_mesh(text.as_bytes()).triangles, [[0, 1, 2], [2, 1, 3], [2, 3, 4]]);
    }

    #[test]
    fn bad_payloads_say_where() {
        let check = |file: &[u8], expected: &str| {
            let error = read(file).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let rows = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n";
        check(ascii("0 0 0\n1 0 0\n1 1 0\n").as_bytes(), "PLY, line 13: the file is cut off here; expected 4 rows");
        check(
            ascii("0 0 0\n1 0\n1 1 0\n0 1 0\n").as_bytes(),
            "PLY, line 12: expected a number, found the end of the line",
        );
        check(ascii("0 0 0\n1 zero 0\n1 1 0\n0 1 0\n").as_bytes(), "PLY, line 12: expected a number, found \"zero\"");
        check(ascii("0 0 0\n1 nan 0\n1 1 0\n0 1 0\n").as_bytes(), "PLY, line 12: the coordinate NaN");
        check(ascii(&format!("{rows}4 0 1 2 4\n")).as_bytes(), "PLY, line 15: a face names vertex 4, but there are 4");
        check(ascii(&format!("{rows}4 0 1 2 -1\n")).as_bytes(), "PLY, line 15: a face names vertex -1");
        check(ascii(&format!("{rows}900 0 1 2 3\n")).as_bytes(), "PLY, line 15: claims 900 items of a list");
        check(ascii(&format!("{rows}-3 0 1 2\n")).as_bytes(), "PLY, line 15: expected the length of a list, found -3");
        check(ascii(&format!("{rows}3 0 1 1.5\n")).as_bytes(), "PLY, line 15: expected the whole number");
        let good = binary("little", &CORNERS, 4, &[0, 1, 2, 3]);
        let payload = good.len() - 65;
        check(&good[..good.len() - 1], "claims 4 items of a list, but the file has room for at most 3");
        check(
            &good[..payload + 40],
            "PLY, line 3: claims 4 rows of element \"vertex\", but the file has room for at most 3",
        );
        let mut nan = good.clone();
        nan[payload + 16..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
        check(&nan, &format!("PLY, byte {}: the coordinate NaN", payload + 16));
        check(
            &binary("little", &CORNERS, 4, &[0, 1, 2, 9]),
            &format!("PLY, byte {}: a face names vertex 9", payload + 61),
        );
        let absurd = String::from_utf8_lossy(&good).replace("face 1", "face 2147483648");
        check(absurd.as_bytes(), "claims 2147483648 rows of element \"face\"");
        check(ascii("").replace("vertex 4", "vertex 0").replace("face 1", "face 0").as_bytes(), "holds no vertices");
        check(
            ascii(rows).replace("property float z\n", "").as_bytes(),
            "PLY, line 4: expected the properties x, y and z",
        );
    }
}
