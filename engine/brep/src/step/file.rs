//! A whole STEP file: header, product, units and the solids.

use std::io::Write;

use glam::DVec3;
use partwright_geometry::LengthUnit;

use super::StepConfig;
use super::data::{Data, Id, list, string};
use super::solid::SolidWriter;
use crate::measure::face_bounds;
use crate::topology::Solid;

/// Why a STEP file was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// There is nothing to write.
    #[error("there is no solid to write: a STEP file of a part needs at least one solid with faces")]
    Empty,
    /// A coordinate is not a finite number.
    #[error("solid {solid} has a coordinate that is not a finite number and cannot be written")]
    NotFinite {
        /// Index of the solid.
        solid: usize,
    },
    /// The output refused the bytes.
    #[error("writing STEP failed: {0}")]
    Io(#[from] std::io::Error),
}

/// Writes `solids` as one product, one representation item per solid, in the unit `config` names.
///
/// # Errors
/// When there is no solid, a coordinate is not finite, or `out` fails.
pub fn write(solids: &[Solid], config: &StepConfig, mut out: impl Write) -> Result<(), StepError> {
    for (i, solid) in solids.iter().enumerate() {
        let finite = solid.face_iter().flat_map(face_bounds).all(DVec3::is_finite);
        if !finite {
            return Err(StepError::NotFinite { solid: i });
        }
    }
    let mut data = Data::default();
    let mut writer = SolidWriter::default();
    let items: Vec<Id> = solids.iter().filter_map(|s| writer.solid(&mut data, s)).collect();
    if items.is_empty() {
        return Err(StepError::Empty);
    }
    product(&mut data, config, &items);
    let header = format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME({},{},(''),(''),{},{},'');\n\
         FILE_SCHEMA(('AUTOMOTIVE_DESIGN {{ 1 0 10303 214 1 1 1 1 }}'));\nENDSEC;\nDATA;\n",
        string(&config.file_name),
        string(&config.time_stamp),
        string(&config.program),
        string(&config.program),
    );
    out.write_all(header.as_bytes())?;
    out.write_all(data.text().as_bytes())?;
    out.write_all(b"ENDSEC;\nEND-ISO-10303-21;\n")?;
    out.flush()?;
    Ok(())
}

/// The product that `items` are the shape of.
fn product(data: &mut Data, config: &StepConfig, items: &[Id]) {
    let context = context(data, config.unit);
    let shape = data.add(&format!(
        "ADVANCED_BREP_SHAPE_REPRESENTATION({},({}),{context})",
        string(&config.product),
        list(items)
    ));
    let name = string(&config.product);
    let application = data.add("APPLICATION_CONTEXT('core data for automotive mechanical design processes')");
    data.add(&format!(
        "APPLICATION_PROTOCOL_DEFINITION('international standard','automotive_design',2000,{application})"
    ));
    let product_context = data.add(&format!("PRODUCT_CONTEXT('',{application},'mechanical')"));
    let product = data.add(&format!("PRODUCT({name},{name},'',({product_context}))"));
    data.add(&format!("PRODUCT_RELATED_PRODUCT_CATEGORY('part',$,({product}))"));
    let formation = data.add(&format!("PRODUCT_DEFINITION_FORMATION('','',{product})"));
    let design = data.add(&format!("PRODUCT_DEFINITION_CONTEXT('part definition',{application},'design')"));
    let definition = data.add(&format!("PRODUCT_DEFINITION('design','',{formation},{design})"));
    let definition_shape = data.add(&format!("PRODUCT_DEFINITION_SHAPE('','',{definition})"));
    data.add(&format!("SHAPE_DEFINITION_REPRESENTATION({definition_shape},{shape})"));
}

/// The representation context: units and accuracy.
fn context(data: &mut Data, unit: LengthUnit) -> Id {
    let metric =
        |data: &mut Data, prefix: &str| data.add(&format!("(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT({prefix},.METRE.))"));
    let length = match unit {
        LengthUnit::Millimetre | LengthUnit::Unknown => metric(data, ".MILLI."),
        LengthUnit::Centimetre => metric(data, ".CENTI."),
        LengthUnit::Metre => metric(data, "$"),
        LengthUnit::Inch => {
            let millimetre = metric(data, ".MILLI.");
            let dimensions = data.add("DIMENSIONAL_EXPONENTS(1.,0.,0.,0.,0.,0.,0.)");
            let inch = data.add(&format!("LENGTH_MEASURE_WITH_UNIT(LENGTH_MEASURE(25.4),{millimetre})"));
            data.add(&format!("(CONVERSION_BASED_UNIT('INCH',{inch})LENGTH_UNIT()NAMED_UNIT({dimensions}))"))
        }
    };
    let angle = data.add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))");
    let solid_angle = data.add("(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())");
    let accuracy = data
        .add(&format!("UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE(1.E-07),{length},'distance_accuracy_value','')"));
    data.add(&format!(
        "(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT(({accuracy}))\
         GLOBAL_UNIT_ASSIGNED_CONTEXT(({length},{angle},{solid_angle}))REPRESENTATION_CONTEXT('',''))"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn text(solids: &[Solid], config: &StepConfig) -> String {
        let mut out = Vec::new();
        write(solids, config, &mut out).expect("the samples can be written");
        String::from_utf8(out).expect("STEP is ASCII")
    }

    fn count(text: &str, name: &str) -> usize {
        text.matches(&format!("={name}(")).count()
    }

    /// Every sample with its counts of faces, edges, vertices, and the surfaces it must mention. With the environment
    /// variable `PARTWRIGHT_STEP_SAMPLES` the files are kept in that folder, for `tests/python/step_reread.py`.
    #[test]
    fn samples_are_written_whole() {
        let keep = std::env::var_os("PARTWRIGHT_STEP_SAMPLES").map(std::path::PathBuf::from);
        for s in samples::all() {
            let text = text(std::slice::from_ref(&s.solid), &StepConfig::default());
            let faces = s.solid.face_iter().count();
            assert_eq!(count(&text, "ADVANCED_FACE"), faces, "{}", s.name);
            for face in s.solid.face_iter() {
                let name = match face.surface().kind() {
                    "plane" => "PLANE",
                    "cylinder" => "CYLINDRICAL_SURFACE",
                    "cone" => "CONICAL_SURFACE",
                    "sphere" => "SPHERICAL_SURFACE",
                    _ => "TOROIDAL_SURFACE",
                };
                assert!(count(&text, name) > 0, "{} {name}", s.name);
            }
            let used: std::collections::HashSet<_> = s.solid.edge_iter().map(|e| e.id()).collect();
            let added = if s.name == "torus" { 2 } else { 0 };
            assert_eq!(count(&text, "EDGE_CURVE"), used.len() + added, "{}", s.name);
            references_are_defined_before_the_end(&text);
            if let Some(folder) = &keep {
                std::fs::create_dir_all(folder).expect("the folder can be made");
                std::fs::write(folder.join(s.name).with_extension("step"), &text).expect("the file can be written");
                let values = [s.bounds[0].to_array(), s.bounds[1].to_array()].concat();
                let values = format!(
                    "{{\"volume\":{:?},\"area\":{:?},\"bounds\":{values:?},\"solids\":1,\"faces\":{faces}}}",
                    s.volume, s.area
                );
                std::fs::write(folder.join(s.name).with_extension("json"), values).expect("the file can be written");
            }
        }
    }

    fn references_are_defined_before_the_end(text: &str) {
        let defined: std::collections::HashSet<&str> =
            text.lines().filter(|l| l.starts_with('#')).filter_map(|l| l.split('=').next()).collect();
        for line in text.lines().filter(|l| l.starts_with('#')) {
            let (_, value) = line.split_once('=').expect("an instance");
            for part in value.split('#').skip(1) {
                let digits = part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
                assert!(defined.contains(format!("#{digits}").as_str()), "#{digits} in {line}");
            }
        }
    }

    #[test]
    fn the_same_solid_gives_the_same_bytes() {
        for (a, b) in samples::all().into_iter().zip(samples::all()) {
            assert_eq!(text(&[a.solid], &StepConfig::default()), text(&[b.solid], &StepConfig::default()));
        }
    }

    #[test]
    fn units_names_and_several_solids() {
        let config = StepConfig { product: "Größe".into(), unit: LengthUnit::Inch, ..StepConfig::default() };
        let text = text(&[samples::cuboid().solid, samples::hollow().solid], &config);
        for part in ["CONVERSION_BASED_UNIT('INCH'", "PRODUCT('Gr\\X2\\00F6\\X0\\", "BREP_WITH_VOIDS", "'Partwright "] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(count(&text, "MANIFOLD_SOLID_BREP"), 1);
    }

    #[test]
    fn nothing_to_write_is_an_error() {
        assert!(matches!(write(&[], &StepConfig::default(), std::io::sink()), Err(StepError::Empty)));
    }
}
