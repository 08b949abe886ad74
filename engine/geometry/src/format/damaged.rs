//! Damaged files of every format: cut off, changed, torn. None may panic, hang or yield an unusable shape.

use std::io::Cursor;

use glam::DVec3;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{FileFormat, FormatError, LARGEST_COORDINATE, read_bytes, write_to};
use crate::{Geometry, LengthUnit, TriMesh};

/// Whole files of every format and dialect, small enough that a single changed byte matters.
fn whole_files() -> Vec<Vec<u8>> {
    let mesh = TriMesh {
        positions: vec![DVec3::ZERO, DVec3::X, DVec3::Y, DVec3::Z],
        triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
    };
    let written = [FileFormat::Stl, FileFormat::Ply, FileFormat::Obj, FileFormat::ThreeMf].map(|format| {
        let mut out = Cursor::new(Vec::new());
        write_to(format, &mesh, LengthUnit::Millimetre, &mut out).unwrap();
        out.into_inner()
    });
    let ply = "element vertex 5\nproperty float x\nproperty float y\nproperty float z\nproperty float nx\nproperty float ny\n\
        property float nz\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\n\
        property list uchar int vertex_indices\nelement tristrips 1\nproperty list int int vertex_indices\nend_header\n";
    let mut big_endian = format!("ply\nformat binary_big_endian 1.0\ncomment units=cm\n{ply}").into_bytes();
    for i in 0..5_u8 {
        for value in [i, i * i, 1, 0, 0, 1] {
            big_endian.extend(f32::from(value).to_be_bytes());
        }
        big_endian.extend([i, 100, 255]);
    }
    big_endian.push(5);
    big_endian.extend([0_i32, 1, 2, 3, 4, 4, 0, 1, 2, -1].iter().flat_map(|index| index.to_be_bytes()));
    let texts = [
        format!(
            "ply\nformat ascii 1.0\n{ply}0 0 0 0 0 1 1 2 3\n1 0 0 0 0 1 1 2 3\n2 1 0 0 0 1 1 2 3\n1 2 0 0 0 1 1 2 3\n\
             0 1 0 0 0 1 1 2 3\n5 0 1 2 3 4\n4 0 1 2 -1\n"
        ),
        "solid part\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid\n"
            .to_owned(),
        "# units=mm\nmtllib a.mtl\nv 0 0 0 1 0 0\nv 1 0 0 1 0 0\nv 1 1 0 1 0 0\nv 0 1 0 1 0 0\nv .5 2 0 0 0 0\nvt 0 0\n\
         vn 0 0 1\nf 1/1/1 2/1/1 3/1/1\nf -5//1 -3//1 \\\n -2//1\nf 1 2 3 5 4\n"
            .to_owned(),
        "v 0 0 0\nv 1 0 0\nvn 0 0 1\nvn 0 0 1\n".to_owned(),
        "x,y,z,nx,ny,nz,r,g,b\n0,0,0,0,0,1,1,2,3\n1,0,0,0,0,1,255,2,3\n".to_owned(),
        "2\n0 0 0 -12 1 2 3\n1 0 0 300 255 2 3\n".to_owned(),
        "0,5;0;0;x\n1,5;2;3;y\n".to_owned(),
        "// X Y Z\n0\t0\t0\n1\t0\t0\n".to_owned(),
    ];
    written.into_iter().chain([big_endian]).chain(texts.map(String::into_bytes)).collect()
}

/// What is put in place of a number or a word.
const NASTY: [&str; 16] = [
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "255",
    "4294967295",
    "2147483648",
    "-2147483649",
    "99999999999999999999999",
    "",
    " ",
    "\n",
    "\r",
    "solid",
    "\u{feff}",
];

/// One damage done to a file.
#[derive(Clone, Debug)]
enum Damage {
    CutAt(Index),
    Set(Index, u8),
    Flip(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    ReplaceWord(Index, usize),
    SetWordOfFour(Index, u32),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<Index>().prop_map(Damage::CutAt),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (any::<Index>(), 0..NASTY.len()).prop_map(|(at, word)| Damage::ReplaceWord(at, word)),
        (any::<Index>(), prop::sample::select(vec![0, 1 << 31, u32::MAX, 0x7FC0_0000, 0x7F80_0000, 0x7F00_0000]))
            .prop_map(|(at, word)| Damage::SetWordOfFour(at, word)),
    ]
}

fn apply(file: &mut Vec<u8>, damage: &Damage) {
    if file.is_empty() {
        return;
    }
    let span = |at: &Index, length: usize| {
        let start = at.index(file.len());
        start..(start + length).min(file.len())
    };
    match damage {
        Damage::CutAt(at) => file.truncate(at.index(file.len())),
        Damage::Set(at, byte) => {
            let at = at.index(file.len());
            file[at] = *byte;
        }
        Damage::Flip(at, bit) => {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
        }
        Damage::Remove(at, length) => drop(file.drain(span(at, *length))),
        Damage::Repeat(at, length) => {
            let span = span(at, *length);
            let copy = file[span.clone()].to_vec();
            file.splice(span.start..span.start, copy);
        }
        Damage::ReplaceWord(at, word) => {
            let start = at.index(file.len());
            let end = file[start..].iter().position(u8::is_ascii_whitespace).map_or(file.len(), |end| start + end);
            file.splice(start..end, NASTY[*word].bytes());
        }
        Damage::SetWordOfFour(at, word) => {
            let span = span(at, 4);
            let length = span.len();
            file[span].copy_from_slice(&word.to_le_bytes()[..length]);
        }
    }
}

/// Whatever is read can be relied on; whatever is refused says of which format it was taken for.
fn check(file: &[u8], hint: Option<&str>) {
    match read_bytes(file, hint) {
        Ok(found) => {
            let (positions, triangles) = match &found.geometry {
                Geometry::Mesh(mesh) => {
                    assert!(!mesh.triangles.is_empty());
                    (&mesh.positions, mesh.triangles.as_slice())
                }
                Geometry::Cloud(cloud) => {
                    let count = cloud.positions.len();
                    assert!(cloud.colors.as_ref().is_none_or(|colors| colors.len() == count));
                    let is_unit = |normal: &DVec3| (normal.length() - 1.0).abs() < 1e-6;
                    assert!(cloud.normals.as_ref().is_none_or(|all| all.len() == count && all.iter().all(is_unit)));
                    (&cloud.positions, [].as_slice())
                }
            };
            assert!(!positions.is_empty());
            assert!(positions.iter().all(|point| point.abs().max_element() <= LARGEST_COORDINATE));
            assert!(triangles.iter().flatten().all(|&corner| (corner as usize) < positions.len()));
        }
        Err(FormatError::EmptyFile) => assert!(file.is_empty()),
        Err(FormatError::Write(error)) => panic!("an error of writing: {error}"),
        Err(error) => {
            let text = error.to_string();
            let names_format =
                ["STL", "PLY", "OBJ", "3MF", "point text", "not a scan file"].iter().any(|name| text.starts_with(name));
            assert!(names_format, "{text}");
        }
    }
}

#[test]
fn whole_files_are_whole() {
    for file in whole_files() {
        read_bytes(&file, None).unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(&file)));
    }
}

#[test]
fn every_length_of_every_file() {
    for file in whole_files() {
        for length in 0..file.len() {
            check(&file[..length], None);
        }
    }
}

proptest! {
    // PROPTEST_CASES=100000 asks for more.
    #[test]
    fn damaged_files(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..6),
        hint in prop::sample::select(vec![None, Some("stl"), Some("obj"), Some("xyz"), Some("nonsense")]),
    ) {
        let files = whole_files();
        let mut file = which.get(&files).clone();
        for damage in &damages {
            apply(&mut file, damage);
        }
        check(&file, hint);
    }

    /// The XML inside a 3MF, which damage to the compressed archive would hardly reach.
    #[test]
    fn damaged_models(damages in prop::collection::vec(damage(), 1..6)) {
        let mut model = b"<?xml version=\"1.0\"?><model unit=\"inch\"><resources><object id=\"1\"><mesh><vertices>\
            <vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" z=\"0\"/></vertices>\
            <triangles><triangle v1=\"0\" v2=\"1\" v3=\"2\"/></triangles></mesh></object><object id=\"2\"><components>\
            <component objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 0 0 5\"/></components></object></resources>\
            <build><item objectid=\"2\"/></build></model>".to_vec();
        for damage in &damages {
            apply(&mut model, damage);
        }
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("3D/3dmodel.model", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, &model).unwrap();
        check(archive.finish().unwrap().get_ref(), None);
    }
}
