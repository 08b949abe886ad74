//! Every shader is valid, and its structures are laid out as the Rust side says.

use std::mem::offset_of;
use std::path::Path;

use naga::valid::{Capabilities, ValidationFlags, Validator};
use partwright::render::{PROGRAMS, ShapeUniform, ViewUniform, program_source};

fn module(name: &str) -> naga::Module {
    let source = program_source(name).expect("there is such a program");
    naga::front::wgsl::parse_str(&source).unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)))
}

#[test]
fn every_program_is_valid() {
    for (name, _) in PROGRAMS {
        let module = module(name);
        let checked = Validator::new(ValidationFlags::all(), Capabilities::default()).validate(&module);
        checked.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        for stage in ["vertex", "fragment"] {
            let entry = format!("{name}_{stage}");
            assert!(module.entry_points.iter().any(|point| point.name == entry), "{entry} is missing");
        }
    }
}

#[test]
fn every_file_is_a_program_or_part_of_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shaders");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("can be listed").path();
        if path.extension().is_some_and(|extension| extension == "wgsl") {
            let stem = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            assert!(stem == "view" || PROGRAMS.iter().any(|(name, _)| *name == stem), "{stem} is never used");
        }
    }
}

#[test]
fn structures_are_laid_out_alike() {
    let view: &[(&str, usize)] = &[
        ("clip_from_scene", offset_of!(ViewUniform, clip_from_scene)),
        ("eye_in_scene", offset_of!(ViewUniform, eye_in_scene)),
        ("section", offset_of!(ViewUniform, section)),
        ("section_color", offset_of!(ViewUniform, section_color)),
        ("size_px", offset_of!(ViewUniform, size_px)),
    ];
    let shape: &[(&str, usize)] = &[
        ("scene_from_shape", offset_of!(ShapeUniform, scene_from_shape)),
        ("color", offset_of!(ShapeUniform, color)),
        ("back_color", offset_of!(ShapeUniform, back_color)),
        ("highlight_color", offset_of!(ShapeUniform, highlight_color)),
        ("edge_color", offset_of!(ShapeUniform, edge_color)),
        ("heat", offset_of!(ShapeUniform, heat)),
        ("stroke", offset_of!(ShapeUniform, stroke)),
    ];
    for (program, _) in PROGRAMS {
        let module = module(program);
        check(&module, "View", view, size_of::<ViewUniform>());
        check(&module, "Shape", shape, size_of::<ShapeUniform>());
    }
}

#[track_caller]
fn check(module: &naga::Module, name: &str, members: &[(&str, usize)], size: usize) {
    let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name));
    let Some((_, naga::Type { inner: naga::TypeInner::Struct { members: theirs, span }, .. })) = found else {
        panic!("{name} is no structure of the shader");
    };
    let theirs: Vec<(&str, usize)> =
        theirs.iter().map(|m| (m.name.as_deref().unwrap_or_default(), m.offset as usize)).collect();
    assert_eq!(theirs, members, "{name}");
    assert_eq!(*span as usize, size, "{name}");
}
