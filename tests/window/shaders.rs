//! Every shader is valid, and its structures are laid out as the Rust side says.

use std::mem::offset_of;
use std::path::Path;

use naga::valid::{Capabilities, ValidationFlags, Validator};
use partwright::render::{Gpu, PROGRAMS, Renderer, ShaderSources, ShapeUniform, ViewUniform};

fn module(index: usize) -> naga::Module {
    let source = ShaderSources::built_in().program(index);
    naga::front::wgsl::parse_str(&source).unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)))
}

#[test]
fn every_program_is_valid() {
    for (index, program) in PROGRAMS.iter().enumerate() {
        let module = module(index);
        let checked = Validator::new(ValidationFlags::all(), Capabilities::default()).validate(&module);
        checked.unwrap_or_else(|error| panic!("{}: {error:?}", program.name));
        for entry in program.passes.iter().flat_map(|pass| ["vertex", "fragment"].map(|s| format!("{pass}_{s}"))) {
            assert!(module.entry_points.iter().any(|point| point.name == entry), "{entry} is missing");
        }
    }
}

#[test]
fn changed_shaders_are_taken_and_those_that_do_not_fit_are_not() {
    let gpu = match Gpu::without_window() {
        Ok(gpu) => gpu,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let mut renderer = Renderer::new(&gpu);
    let folder = tempfile::tempdir().expect("a folder");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shaders");
    for name in std::iter::once("view").chain(PROGRAMS.iter().map(|program| program.name)) {
        let file = format!("{name}.wgsl");
        std::fs::copy(own.join(&file), folder.path().join(&file)).expect("can be copied");
    }
    let edge = folder.path().join("edge.wgsl");
    let text = std::fs::read_to_string(&edge).expect("it is there");
    std::fs::write(&edge, format!("{text}\n// changed\n")).expect("can be written");
    let changed = ShaderSources::read(folder.path()).expect("it is good");
    renderer.reload(&gpu, changed).expect("it fits");
    // A valid text that asks for a vertex the program does not send.
    let asking = text.replace("@location(2) marks: vec3<u32>", "@location(9) marks: vec3<u32>");
    assert_ne!(asking, text);
    std::fs::write(&edge, asking).expect("can be written");
    let changed = ShaderSources::read(folder.path()).expect("as a text it is good");
    let fault = renderer.reload(&gpu, changed).expect_err("it does not fit");
    assert!(fault.to_string().contains('9'), "{fault}");
}

#[test]
fn every_file_is_a_program_or_part_of_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shaders");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("can be listed").path();
        if path.extension().is_some_and(|extension| extension == "wgsl") {
            let stem = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            assert!(stem == "view" || PROGRAMS.iter().any(|program| program.name == stem), "{stem} is never used");
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
    for index in 0..PROGRAMS.len() {
        let module = module(index);
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
