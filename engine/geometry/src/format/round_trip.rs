//! What is written reads back the same, here and by readers that are not ours.

use std::io::Cursor;

use glam::DVec3;
use proptest::prelude::*;

use super::{Encoding, FileFormat, FormatError, read, read_bytes, write, write_to};
use crate::{Geometry, LengthUnit, TriMesh};

const WRITABLE: [FileFormat; 4] = [FileFormat::Stl, FileFormat::Ply, FileFormat::Obj, FileFormat::ThreeMf];
const UNITS: [LengthUnit; 4] = [LengthUnit::Millimetre, LengthUnit::Centimetre, LengthUnit::Metre, LengthUnit::Inch];

fn bytes(format: FileFormat, mesh: &TriMesh, unit: LengthUnit) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write_to(format, mesh, unit, &mut out).unwrap();
    out.into_inner()
}

fn mesh_in(file: &[u8]) -> (TriMesh, LengthUnit) {
    let file = read_bytes(file, None).unwrap();
    match file.geometry {
        Geometry::Mesh(mesh) => (mesh, file.unit),
        Geometry::Cloud(_) => panic!("a cloud"),
    }
}

/// Four corners that f32 holds exactly, so that readers of either precision agree.
fn tetrahedron() -> TriMesh {
    TriMesh {
        positions: vec![DVec3::ZERO, DVec3::X * 1.5, DVec3::new(0.0, 2.25, 0.0), DVec3::new(0.125, 0.0, -1000.0)],
        triangles: vec![[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]],
    }
}

fn positions() -> impl Strategy<Value = Vec<[f64; 3]>> {
    let coordinate =
        prop_oneof![-1e3..1e3, Just(0.0), Just(-0.0), any::<f32>().prop_map(|value| f64::from(value) * 1e-10)];
    let coordinate = coordinate.prop_filter("a coordinate is at most 1e30", |value: &f64| value.abs() < 1e30);
    prop::collection::vec(prop::array::uniform3(coordinate), 3..20)
}

proptest! {
    #[test]
    fn meshes_return_as_they_went(
        positions in positions(),
        seeds in prop::collection::vec(prop::array::uniform3(any::<prop::sample::Index>()), 1..30),
        unit in prop::sample::select(UNITS.to_vec()),
    ) {
        let mesh = TriMesh {
            triangles: seeds.iter().map(|seed| seed.each_ref().map(|index| index.index(positions.len()) as u32)).collect(),
            positions: positions.into_iter().map(DVec3::from).collect(),
        };
        for format in [FileFormat::Ply, FileFormat::Obj, FileFormat::ThreeMf] {
            let (found, found_unit) = mesh_in(&bytes(format, &mesh, unit));
            prop_assert_eq!(&found, &mesh, "{}", format);
            prop_assert_eq!(found_unit, unit);
        }
        // STL stores neither vertices nor their order, and f32.
        let (found, found_unit) = mesh_in(&bytes(FileFormat::Stl, &mesh, unit));
        let corners = |mesh: &TriMesh| -> Vec<_> {
            mesh.triangles.iter().flatten().map(|&corner| mesh.positions[corner as usize].as_vec3()).collect()
        };
        prop_assert_eq!(corners(&found), corners(&mesh));
        prop_assert_eq!(found_unit, unit);
    }
}

#[test]
fn an_unknown_unit_stays_unknown_where_the_format_allows() {
    for format in WRITABLE {
        let (_, unit) = mesh_in(&bytes(format, &tetrahedron(), LengthUnit::Unknown));
        let expected = if format == FileFormat::ThreeMf { LengthUnit::Millimetre } else { LengthUnit::Unknown };
        assert_eq!(unit, expected, "{format}");
    }
}

#[test]
fn files_are_named_by_extension_and_known_by_content() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format, encoding) in [
        ("a.STL", FileFormat::Stl, Encoding::LittleEndian),
        ("a.ply", FileFormat::Ply, Encoding::LittleEndian),
        ("a.obj", FileFormat::Obj, Encoding::Ascii),
        ("a.3mf", FileFormat::ThreeMf, Encoding::ZippedXml),
    ] {
        let path = folder.path().join(name);
        write(&path, &tetrahedron(), LengthUnit::Inch).unwrap();
        let misnamed = folder.path().join("misnamed.xyz");
        std::fs::rename(&path, &misnamed).unwrap();
        let file = read(&misnamed).unwrap();
        assert_eq!((file.format, file.encoding), (format, encoding), "{name}");
    }
    for name in ["a.step", "a.xyz", "a"] {
        let error = write(&folder.path().join(name), &tetrahedron(), LengthUnit::Inch).unwrap_err();
        assert!(matches!(error, FormatError::UnknownExtension { .. }), "{error}");
    }
    let error = read(&folder.path().join("absent.stl")).unwrap_err().to_string();
    assert!(error.contains("absent.stl"), "{error}");
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let check = |format, mesh: TriMesh, expected: &str| {
        let error = write_to(format, &mesh, LengthUnit::Inch, &mut Cursor::new(Vec::new())).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let with = |change: fn(&mut TriMesh)| {
        let mut mesh = tetrahedron();
        change(&mut mesh);
        mesh
    };
    for format in WRITABLE {
        check(format, with(|mesh| mesh.triangles[2][1] = 4), "a triangle names vertex 4, but there are 4");
        check(format, with(|mesh| mesh.positions[1].y = f64::NAN), "a coordinate is not finite");
    }
    check(FileFormat::Stl, with(|mesh| mesh.positions[1].y = 1e39), "a coordinate is not finite in 32 bits");
    check(FileFormat::ThreeMf, with(|mesh| mesh.triangles.clear()), "at least one triangle");
    check(FileFormat::Points, tetrahedron(), "cannot hold triangles");
}

mod other_readers {
    //! Exports checked by readers that are not ours.

    use ply_rs::parser::Parser;
    use ply_rs::ply::{DefaultElement, Property};

    use super::*;

    #[test]
    fn stl() {
        let expected = tetrahedron();
        let file = bytes(FileFormat::Stl, &expected, LengthUnit::Millimetre);
        assert!(!file.starts_with(b"solid"));
        let mesh = stl_io::read_stl(&mut Cursor::new(file)).unwrap();
        mesh.validate().unwrap();
        assert_eq!((mesh.vertices.len(), mesh.faces.len()), (4, 4));
        assert_eq!(DVec3::from(mesh.faces[0].normal.0.map(f64::from)), DVec3::Z);
    }

    #[test]
    fn ply() {
        let expected = tetrahedron();
        let file = bytes(FileFormat::Ply, &expected, LengthUnit::Millimetre);
        let ply = Parser::<DefaultElement>::new().read_ply(&mut Cursor::new(file)).unwrap();
        let row = &ply.payload["vertex"][3];
        assert_eq!(["x", "y", "z"].map(|name| row[name].clone()), [0.125, 0.0, -1000.0].map(Property::Double));
        assert_eq!(ply.payload["face"].len(), 4);
        assert_eq!(ply.payload["face"][1]["vertex_indices"], Property::ListInt(vec![0, 3, 1]));
    }

    #[test]
    fn obj() {
        let expected = tetrahedron();
        let file = bytes(FileFormat::Obj, &expected, LengthUnit::Millimetre);
        assert_eq!(by_tobj(&file), expected);
    }

    #[test]
    fn threemf() {
        let expected = tetrahedron();
        let file = bytes(FileFormat::ThreeMf, &expected, LengthUnit::Inch);
        let models = ::threemf::read(Cursor::new(file)).unwrap();
        let mesh = models[0].resources.object[0].mesh.as_ref().unwrap();
        let corners: Vec<_> = mesh.triangles.triangle.iter().map(|t| [t.v1, t.v2, t.v3].map(|v| v as u32)).collect();
        assert_eq!(corners, expected.triangles);
        assert_eq!((mesh.vertices.vertex[3].x, mesh.vertices.vertex[3].z), (0.125, -1000.0));
        assert!(matches!(models[0].unit, ::threemf::model::Unit::Inch));
    }

    fn by_tobj(file: &[u8]) -> TriMesh {
        let options = tobj::LoadOptions { triangulate: true, single_index: false, ..Default::default() };
        let no_materials = |_: &std::path::Path| Err(tobj::LoadError::OpenFileFailed);
        let (models, _) = tobj::load_obj_buf(&mut Cursor::new(file), &options, no_materials).unwrap();
        let mesh = &models[0].mesh;
        TriMesh {
            positions: mesh
                .positions
                .chunks_exact(3)
                .map(|p| DVec3::new(p[0].into(), p[1].into(), p[2].into()))
                .collect(),
            triangles: mesh.indices.chunks_exact(3).map(|t| [t[0], t[1], t[2]]).collect(),
        }
    }

    /// The OBJ reader is our own, so it is compared with one that is not.
    #[test]
    fn obj_reading_agrees_with_tobj() {
        let square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\n";
        for faces in
            ["f 1 2 3 4", "f 1/1/1 2/1/1 3/1/1", "f -4//1 -3//1 -2//1\nf 1//1 3//1 4//1", "f 1 2 3\nf 1/1 3/1 4/1"]
        {
            let text = format!("{square}{faces}\n");
            let (ours, _) = mesh_in(text.as_bytes());
            let theirs = by_tobj(text.as_bytes());
            let corners = |mesh: &TriMesh| -> Vec<_> {
                mesh.triangles.iter().flatten().map(|&corner| mesh.positions[corner as usize]).collect()
            };
            assert_eq!(corners(&ours), corners(&theirs), "{faces}");
        }
    }

    /// So is the ascii STL reader.
    #[test]
    fn ascii_stl_reading_agrees_with_stl_io() {
        let facet = |z: f64| {
            format!(
                "facet normal 0 0 1\nouter loop\nvertex 0 0 {z}\nvertex 1.5e0 0 {z}\nvertex 0 1 {z}\nendloop\nendfacet\n"
            )
        };
        let text = format!("solid two facets\n{}{}endsolid\n", facet(0.0), facet(0.25));
        let theirs = stl_io::read_stl(&mut Cursor::new(&text)).unwrap();
        let (ours, _) = mesh_in(text.as_bytes());
        let expected: Vec<_> = theirs.vertices.iter().map(|vertex| DVec3::from(vertex.0.map(f64::from))).collect();
        assert_eq!(ours.positions, expected);
        assert_eq!(ours.triangles.len(), theirs.faces.len());
    }
}

/// Every scan of the benchmark, where this machine has it. The benchmark is not part of the repository.
#[test]
fn benchmark_scans_load() {
    let bench = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench");
    let mut open = vec![bench.clone()];
    let mut loaded = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| {
                FileFormat::from_extension(&extension.to_string_lossy()) == Some(FileFormat::Ply)
            }) {
                let file = read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let is_empty = match &file.geometry {
                    Geometry::Mesh(mesh) => mesh.triangles.is_empty(),
                    Geometry::Cloud(cloud) => cloud.positions.is_empty(),
                };
                assert!(!is_empty, "{}", path.display());
                loaded += 1;
            }
        }
    }
    if loaded == 0 {
        eprintln!("skipped: no scans under {}", bench.display());
    }
}
