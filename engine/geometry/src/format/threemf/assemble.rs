//! Objects, placed as the build list says, to one mesh.

use std::collections::BTreeSet;
use std::rc::Rc;

use glam::DAffine3;

use super::model::{Model, Placed};
use super::package::Package;
use crate::format::number::is_usable;
use crate::format::read::Content;
use crate::format::{FileFormat, FormatError};
use crate::{Geometry, TriMesh};

/// Components may hold components; more than a few levels is a file that holds itself.
const DEEPEST: usize = 32;
/// A few nested components can ask for any number of copies; this many triangles or placements is no scan any more.
const MOST_TRIANGLES: usize = 100_000_000;
const MOST_PLACEMENTS: usize = 1_000_000;

/// Builds the mesh of a package.
///
/// # Errors
/// When the build names an object that does not exist or components go round in a circle, or there is no triangle.
pub(super) fn assemble(package: &mut Package<'_>) -> Result<Content, FormatError> {
    let root = package.root()?;
    let model = package.model(&root)?;
    let mut assembly = Assembly { mesh: TriMesh::default(), placements: 0, supports: 0 };
    let mut notes = Vec::new();
    let items = if model.build.is_empty() {
        let items = unreferenced(&model, &root);
        if !items.is_empty() {
            notes.push("the build list is empty; all objects were taken".to_owned());
        }
        items
    } else {
        model.build.clone()
    };
    for item in &items {
        assembly.add(package, &root, &model, item, DAffine3::IDENTITY, 0)?;
    }
    let Assembly { mut mesh, placements: _, supports } = assembly;
    if supports > 0 {
        notes.push(format!("{supports} support structures were left out"));
    }
    if mesh.triangles.is_empty() {
        return Err(FormatError::NoGeometry { format: FileFormat::ThreeMf, what: "triangles" });
    }
    if let Some(factor) = model.unit.factor {
        for point in &mut mesh.positions {
            *point *= factor;
        }
        notes.push(format!("lengths in the unit {} were converted", model.unit.name));
    }
    Ok(Content { geometry: Geometry::Mesh(mesh), unit: model.unit.length, notes })
}

/// Every object that is no other's component, where it stands by itself.
fn unreferenced(model: &Model, root: &str) -> Vec<Placed> {
    let components = model.objects.values().flat_map(|object| &object.components);
    let used: BTreeSet<u64> = components.filter(|component| component.path.is_none()).map(|used| used.object).collect();
    let free = model.objects.keys().filter(|id| !used.contains(id));
    let place = crate::format::Place::Part { name: root.to_owned(), byte: 0 };
    free.map(|&object| Placed { object, path: None, here_from_object: DAffine3::IDENTITY, place: place.clone() })
        .collect()
}

struct Assembly {
    mesh: TriMesh,
    placements: usize,
    supports: usize,
}

impl Assembly {
    /// Adds a placed object and all its components; `build_from_here` places what the object is placed in.
    fn add(
        &mut self,
        package: &mut Package<'_>,
        part: &str,
        model: &Rc<Model>,
        placed: &Placed,
        build_from_here: DAffine3,
        depth: usize,
    ) -> Result<(), FormatError> {
        let problem = |expected: &str, found: String| FormatError::Unexpected {
            format: FileFormat::ThreeMf,
            place: placed.place.clone(),
            expected: expected.to_owned(),
            found,
        };
        self.placements += 1;
        if depth > DEEPEST {
            return Err(problem("components that end somewhere", format!("more than {DEEPEST} levels")));
        }
        if self.placements > MOST_PLACEMENTS {
            return Err(problem("a countable number of components", format!("more than {MOST_PLACEMENTS}")));
        }
        let (part, model) = match &placed.path {
            Some(path) => (path.as_str(), package.model(path)?),
            None => (part, Rc::clone(model)),
        };
        let Some(object) = model.objects.get(&placed.object) else {
            return Err(problem("the id of an object in the same part", format!("{}", placed.object)));
        };
        if object.is_support {
            self.supports += 1;
            return Ok(());
        }
        let build_from_object = build_from_here * placed.here_from_object;
        if self.mesh.triangles.len() + object.mesh.triangles.len() > MOST_TRIANGLES {
            return Err(problem("a mesh that fits into memory", format!("more than {MOST_TRIANGLES} triangles")));
        }
        let first = self.mesh.positions.len();
        if !object.mesh.triangles.is_empty() {
            for &point in &object.mesh.positions {
                let point = build_from_object.transform_point3(point);
                if !point.to_array().into_iter().all(is_usable) {
                    return Err(FormatError::CoordinateNotFinite {
                        format: FileFormat::ThreeMf,
                        place: placed.place.clone(),
                        value: point.to_string(),
                    });
                }
                self.mesh.positions.push(point);
            }
            if u32::try_from(self.mesh.positions.len()).is_err() {
                return Err(problem("a mesh that fits into memory", "more than 4294967295 vertices".to_owned()));
            }
        }
        // A mirroring transform turns the surface inside out; the other way round it faces outwards again.
        let is_mirrored = build_from_object.matrix3.determinant() < 0.0;
        self.mesh.triangles.extend(object.mesh.triangles.iter().map(|corners| {
            let [a, b, c] = corners.map(|corner| corner + first as u32);
            if is_mirrored { [a, c, b] } else { [a, b, c] }
        }));
        for component in &object.components {
            self.add(package, part, &model, component, build_from_object, depth + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use glam::DVec3;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use crate::format::threemf::read;
    use crate::{Geometry, LengthUnit, TriMesh};

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const MESH: &str = "<mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" y=\"0\" z=\"0\"/>\
        <vertex x=\"0\" y=\"2\" z=\"0\"/></vertices><triangles><triangle v1=\"0\" v2=\"1\" v3=\"2\"/></triangles></mesh>";
    const RELS: &str = "<Relationships><Relationship Target=\"/3D/root.model\" Id=\"r\" \
        Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel\"/></Relationships>";

    fn model(unit: &str, resources: &str, build: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model {unit} xmlns=\"core\">\
             <resources>{resources}</resources><build>{build}</build></model>"
        )
    }

    fn read_mesh(bytes: &[u8]) -> (TriMesh, LengthUnit, Vec<String>) {
        let file = read(bytes).unwrap();
        match file.geometry {
            Geometry::Mesh(mesh) => (mesh, file.unit, file.notes),
            Geometry::Cloud(_) => panic!("a cloud"),
        }
    }

    fn object(id: u64, content: &str) -> String {
        format!("<object id=\"{id}\">{content}</object>")
    }

    #[test]
    fn the_build_places_objects_and_components() {
        let components = "<components><component objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 0 0 5\"/>\
            <component objectid=\"1\" transform=\"-1 0 0 0 1 0 0 0 1 0 0 0\"/></components>";
        let resources = object(1, MESH) + &object(2, components) + &object(3, MESH);
        let build = "<item objectid=\"2\" transform=\"0 1 0 -1 0 0 0 0 1 100 0 0\"/>";
        let (mesh, unit, _) = read_mesh(&archive(&[("3D/root.model", &model("unit=\"inch\"", &resources, build))]));
        assert_eq!(unit, LengthUnit::Inch);
        let expected = [
            (100.0, 0.0, 5.0),
            (100.0, 1.0, 5.0),
            (98.0, 0.0, 5.0),
            (100.0, 0.0, 0.0),
            (100.0, -1.0, 0.0),
            (98.0, 0.0, 0.0),
        ];
        assert_eq!(mesh.positions, expected.map(DVec3::from));
        // The mirrored copy keeps its outside.
        assert_eq!(mesh.triangles, [[0, 1, 2], [3, 5, 4]]);
    }

    #[test]
    fn objects_may_live_in_other_parts() {
        let group = "<components><component objectid=\"1\" p:path=\"/3D/Objects/one.model\"/></components>";
        let root = model("", &object(8, group), "<item objectid=\"8\"/>");
        let other = model("", &object(1, MESH), "");
        let bytes = archive(&[("3D/Objects/one.model", &other), ("_rels/.rels", RELS), ("3D/root.model", &root)]);
        let (mesh, unit, notes) = read_mesh(&bytes);
        assert_eq!((mesh.triangles.len(), unit, notes.len()), (1, LengthUnit::Millimetre, 0));
    }

    #[test]
    fn units_supports_and_empty_builds() {
        let check = |unit: &str, expected: LengthUnit, x: f64| {
            let text = model(&format!("unit=\"{unit}\""), &object(1, MESH), "");
            let (mesh, unit, notes) = read_mesh(&archive(&[("3D/root.model", &text)]));
            assert_eq!((unit, mesh.positions[1].x), (expected, x));
            assert_eq!(notes[0], "the build list is empty; all objects were taken");
        };
        check("millimeter", LengthUnit::Millimetre, 1.0);
        check("micron", LengthUnit::Millimetre, 0.001);
        check("foot", LengthUnit::Inch, 12.0);
        check("meter", LengthUnit::Metre, 1.0);
        let support = format!("<object id=\"2\" type=\"support\">{MESH}</object>");
        let text = model("", &(object(1, MESH) + &support), "<item objectid=\"1\"/><item objectid=\"2\"/>");
        let (mesh, _, notes) = read_mesh(&archive(&[("a.model", &text)]));
        assert_eq!((mesh.triangles.len(), notes), (1, vec!["1 support structures were left out".to_owned()]));
    }

    #[test]
    fn bad_files_say_where() {
        let check_bytes = |bytes: &[u8], expected: &str| {
            let error = read(bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let check = |text: &str, expected: &str| check_bytes(&archive(&[("3D/root.model", text)]), expected);
        let item = "<item objectid=\"1\"/>";
        let whole = model("", &object(1, MESH), item);
        let whole_bytes = archive(&[("3D/root.model", &whole)]);
        check_bytes(
            &whole_bytes[..whole_bytes.len() / 2],
            "the file is cut off here; expected the directory of a zip archive",
        );
        check_bytes(&archive(&[("readme.txt", "hello")]), "expected a part named like 3D/3dmodel.model");
        check_bytes(&archive(&[("_rels/.rels", RELS)]), "3MF, 3D/root.model byte 0: expected this part in the archive");
        let place = format!(
            "3MF, 3D/root.model byte {}: a face names vertex 3, but there are 3",
            whole.find("<triangle ").unwrap()
        );
        check(&whole.replace("v3=\"2\"", "v3=\"3\""), &place);
        check(&whole.replace("v3=\"2\"", ""), "expected the attributes v1, v2 and v3");
        check(&whole.replace("y=\"2\"", "y=\"inf\""), "the coordinate inf");
        check(&whole.replace("y=\"2\"", "y=\"b\""), "expected a number as a coordinate, found \"b\"");
        check(&model("unit=\"mile\"", "", ""), "expected the unit micron, millimeter");
        check(&model("", "", "<item objectid=\"7\"/>"), "expected the id of an object in the same part, found 7");
        check(&model("", "", ""), "holds no triangles");
        check(&whole[..whole.find("<triangle ").unwrap()], "the file is cut off here; expected </object>");
        check(&whole.replace("</mesh>", "</wrong>"), "expected well-formed XML");
        check(
            &model("", &(object(1, MESH) + &object(1, MESH)), item),
            "expected every object's id once, found id 1 again",
        );
        let ring = object(1, "<components><component objectid=\"1\"/></components>");
        check(&model("", &ring, item), "expected components that end somewhere, found more than 32 levels");
        let doubling: String = (1..30)
            .map(|id| {
                object(id, &format!("<components>{0}{0}</components>", format!("<component objectid=\"{}\"/>", id + 1)))
            })
            .collect();
        check(&model("", &(doubling + &object(30, MESH)), item), "expected a countable number of components");
    }

    #[test]
    fn an_archive_may_not_grow_without_bound() {
        let bomb = model("", &object(1, &" ".repeat(40 << 20)), "");
        let error = read(&archive(&[("3D/root.model", &bomb)])).unwrap_err().to_string();
        assert!(error.contains("unpacks to more than 200 times"), "{error}");
    }
}
